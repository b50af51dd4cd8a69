internal import Artifacts
internal import Diagnostics
private import Foundation
internal import Planning
private import Processes
internal import Reproducibility
internal import RunStore
internal import StageKit

/// Keeps the files that stages write into the pipeline's folder as the store has them.
///
/// What is there is known by its stamps; only a file with a new stamp is read, and only one with
/// other bytes is replaced.
final class WorkspaceKeeper {
  let files: WorkspaceStore
  private let cache: ProjectStatCache
  private var ticks = StampTicks()
  /// Files taken so lately that a change of theirs could hide behind the clock's tick.
  private var unsettled: [WorkspaceStore.Taken.File] = []

  /// Longer files are not read again to settle them; the next run may do it.
  private static let settledBytesMax = 1 << 20

  init(_ files: WorkspaceStore, cache: ProjectStatCache) {
    self.files = files
    self.cache = cache
  }

  // MARK: - Putting right

  /// An output that lies in the workspace, and the artifact it should be.
  struct Wanted {
    var stage: String
    var path: WorkspacePath
    var artifact: Digest
  }

  /// What of these the workspace does not hold as it should.
  func differing(_ wanted: [Wanted]) throws -> [Wanted] {
    let current = wanted.map { item in (try? files.current(item.path)) ?? [] }
    let keys = current.flatMap { $0.map { Self.key($0.stamp) } }
    var digests = try known(current.flatMap { $0 }, keys)[...]
    var wrong: [Wanted] = []
    for (item, found) in zip(wanted, current) {
      let own = digests.prefix(found.count)
      digests = digests.dropFirst(found.count)
      let entries = zip(found, own).compactMap { file, digest in
        digest.map {
          ArtifactManifest.File(
            name: file.name, size: Int(file.stamp.size), digest: $0,
            isExecutable: file.isExecutable)
        }
      }
      if entries.isEmpty || entries.count < found.count
        || ArtifactManifest(type: .files, files: entries).digest != item.artifact
      {
        wrong.append(item)
      }
    }
    return wrong
  }

  /// Puts the artifact back under its name.
  ///
  /// - Throws: ``Failure`` of class `io` when the store has it no longer.
  func putBack(_ item: Wanted, from store: ArtifactStore) throws {
    guard let manifest = try store.manifest(item.artifact) else {
      throw Diagnostic(
        "store.missing-artifact",
        "the artifact \(item.artifact.short) of '\(item.path.name)' is not whole",
        fix: "type 'orchestrate run': what made it runs again"
      ).failure(.io)
    }
    try files.putBack(manifest, at: item.path) { path, file in
      guard let stamp = FileStamp(ofFile: path), Int(stamp.size) == file.size,
        WorkspaceScan.isExecutable(path) == (file.executable == true)
      else { return false }
      return try known([.init(name: "", path: path, stamp: stamp)], [Self.key(stamp)])[0]
        == file.digest
    }
    for file in try files.current(item.path) {
      guard let entry = manifest.files.first(where: { $0.name == file.name }) else { continue }
      unsettled.append(
        .init(path: file.path, stamp: file.stamp, digest: entry.digest, recorded: 0))
    }
  }

  /// Digests of files by their stamps, read where those are new; nil for one that cannot be read.
  private func known(_ found: [WorkspaceStore.Current], _ keys: [StatKey]) throws -> [Digest?] {
    var fresh: [(key: StatKey, entry: StatCacheEntry)] = []
    var digests: [Digest?] = []
    for (index, entry) in try cache.entries(for: keys).enumerated() {
      let key = keys[index]
      let file = found[index]
      if let entry, entry.isTrusted(for: key, tick: ticks.tick(of: file.path, key)) {
        digests.append(entry.digest)
        continue
      }
      let began = LoadedPipeline.clock()
      let digest = try? Digest(file: file.path)
      if let digest, FileStamp(ofFile: file.path) == file.stamp {
        let entry = StatCacheEntry(digest: digest, recorded: began)
        if entry.isTrusted(for: key, tick: ticks.tick(of: file.path, key)) {
          fresh.append((key, entry))
        }
      }
      digests.append(digest)
    }
    if !fresh.isEmpty { try cache.record(fresh) }
    return digests
  }

  // MARK: - Remembering what was taken

  func remember(_ taken: [WorkspaceStore.Taken.File]) { unsettled += taken }

  /// Reads small files again whose time stamps have become older than the clock's tick, so that the
  /// next run trusts their stamps; waits for the youngest when `isLast`.
  func settle(isLast: Bool) throws {
    if unsettled.isEmpty || (!isLast && unsettled.count < 256) { return }
    let items = unsettled
    unsettled.removeAll()
    if isLast {
      let newest = items.map { max($0.stamp.modified, $0.stamp.changed) }.max() ?? 0
      let tick = items.first.map { ticks.tick(of: $0.path, Self.key($0.stamp)) } ?? 0
      let left = newest + tick - LoadedPipeline.clock()
      if left > 0, left < 50_000_000 { usleep(UInt32(left / 1000 + 1000)) }
    }
    var settled: [(key: StatKey, entry: StatCacheEntry)] = []
    for item in items {
      let key = Self.key(item.stamp)
      let tick = ticks.tick(of: item.path, key)
      var recorded = item.recorded
      if recorded <= max(key.modified, key.changed) + tick {
        let began = LoadedPipeline.clock()
        guard began > max(key.modified, key.changed) + tick else {
          if !isLast { unsettled.append(item) }
          continue
        }
        guard item.stamp.size <= Self.settledBytesMax,
          (try? Digest(file: item.path)) == item.digest
        else { continue }
        recorded = began
      }
      guard FileStamp(ofFile: item.path) == item.stamp else { continue }
      settled.append((key, StatCacheEntry(digest: item.digest, recorded: recorded)))
    }
    try cache.record(settled)
  }

  private static func key(_ stamp: FileStamp) -> StatKey {
    StatKey(
      device: stamp.device, inode: stamp.inode, size: stamp.size, modified: stamp.modified,
      changed: stamp.changed)
  }
}

extension RunSpec {
  /// Of the pipeline file.
  var folder: String { DurableFile.parent(of: pipelinePath) }
}

extension StageRequest {
  /// Outputs of the stage that lie in the workspace, as artifacts of a result.
  func workspaceOutputs(_ outputs: [String: Digest]) -> [WorkspaceKeeper.Wanted] {
    self.outputs.compactMap { port in
      guard let path = port.workspace, let artifact = outputs[port.name] else { return nil }
      return WorkspaceKeeper.Wanted(stage: stage, path: path, artifact: artifact)
    }
  }

  var writesWorkspace: Bool { outputs.contains { $0.workspace != nil } }
}
