internal import Diagnostics
private import Foundation
private import Glibc
internal import Planning
internal import Reproducibility
internal import StageKit

/// Makes sure that files outside the store still are what the run was planned with.
struct InputCheck {
  let cache: any StatCache

  /// - Throws: ``Failure`` of class `badInput` that names the file that changed or is gone.
  func check(_ request: StageRequest, externals: [ExternalTree]) throws {
    for (_, files) in request.files.sorted(by: { $0.key < $1.key }) {
      for file in files { try check(file.path, file.digest, file.bytes) }
    }
    for external in externals {
      for file in external.manifest.files {
        try check("\(external.folder)/\(file.name)", file.digest, file.size)
      }
    }
  }

  private func check(_ path: String, _ digest: Digest, _ size: Int) throws {
    var info = stat()
    guard stat(path, &info) == 0 else { throw changed(path, "is gone") }
    guard Int(info.st_size) == size else { throw changed(path, "has changed") }
    let key = StatKey(
      device: UInt64(info.st_dev), inode: UInt64(info.st_ino), size: Int64(info.st_size),
      modified: Self.nanoseconds(info.st_mtim), changed: Self.nanoseconds(info.st_ctim))
    if let entry = try cache.entry(for: key), entry.digest == digest, entry.isTrusted(for: key) {
      return
    }
    let began = Int64(Date().timeIntervalSince1970 * 1e9)
    guard try Digest(file: path) == digest else { throw changed(path, "has changed") }
    try cache.record([(key, StatCacheEntry(digest: digest, recorded: began))])
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private func changed(_ path: String, _ what: String) -> Failure {
    Diagnostic(
      "run.input-changed",
      "the input '\(SafeText.escaped(path, limit: 300))' \(what) since the run was planned",
      fix: "type 'orchestrate run' to plan with today's files"
    ).failure(.badInput)
  }
}
