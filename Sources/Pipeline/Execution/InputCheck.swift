internal import Diagnostics
private import Foundation
private import Parallelism
internal import Planning
private import Processes
internal import Reproducibility
internal import StageKit

/// Makes sure that files outside the store still are what the run was planned with.
struct InputCheck {
  let cache: any StatCache

  /// - Returns: by path, the stamps of the request's files that are settled.
  /// - Throws: ``Failure`` of class `badInput` that names the file that changed or is gone.
  func check(_ request: StageRequest, externals: [ExternalTree]) throws -> [String: FileStamp] {
    var stamps: [String: FileStamp] = [:]
    for (_, files) in request.files.sorted(by: { $0.key < $1.key }) {
      for file in files where !file.isFolder {
        stamps[file.path] = try check(file.path, file.digest, file.bytes)
      }
      for folder in files where folder.isFolder { try check(folder: folder) }
    }
    for external in externals {
      for file in external.manifest.files {
        _ = try check("\(external.folder)/\(file.name)", file.digest, file.size)
      }
    }
    return stamps
  }

  private func check(_ path: String, _ digest: Digest, _ size: Int) throws -> FileStamp? {
    guard let stamp = FileStamp(ofFile: path) else { throw changed(path, "is gone") }
    guard Int(stamp.size) == size else { throw changed(path, "has changed") }
    let key = StatKey(
      device: stamp.device, inode: stamp.inode, size: stamp.size, modified: stamp.modified,
      changed: stamp.changed)
    let tick = FileSystem.stampTick(of: path)
    if let entry = try cache.entry(for: key), entry.digest == digest,
      entry.isTrusted(for: key, tick: tick)
    {
      return stamp
    }
    let began = Int64(Date().timeIntervalSince1970 * 1e9)
    guard try Digest(file: path) == digest else { throw changed(path, "has changed") }
    let entry = StatCacheEntry(digest: digest, recorded: began)
    try cache.record([(key, entry)])
    return entry.isTrusted(for: key, tick: tick) ? stamp : nil
  }

  private func check(folder: InputFile) throws {
    let digester = FileDigester(
      cache: cache, pool: ThreadPool(threads: 2), now: LoadedPipeline.clock)
    let found = FoundFolder(name: folder.name, path: folder.path, left: folder.left)
    guard try digester.digest(of: found).digest == folder.digest else {
      throw changed(folder.path, "has changed")
    }
  }

  private func changed(_ path: String, _ what: String) -> Failure {
    Diagnostic(
      "run.input-changed",
      "the input '\(SafeText.escaped(path, limit: 300))' \(what) since the run was planned",
      fix: "type 'orchestrate run' to plan with today's files"
    ).failure(.badInput)
  }
}
