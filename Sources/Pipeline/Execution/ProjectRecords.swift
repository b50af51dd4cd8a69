package import Artifacts
package import Planning
package import Reproducibility
package import RunStore
package import StageKit

/// A project's past, as the planner asks for it.
package struct ProjectRecords: RecordedResults, RecordedCheckpoints {
  private let store: RunStore
  private let artifacts: ArtifactStore

  package init(store: RunStore, artifacts: ArtifactStore) {
    self.store = store
    self.artifacts = artifacts
  }

  /// For looking only; a project without a past gives ``NoRecords``.
  package init?(toRead project: ProjectFolder) throws {
    guard let store = try RunStore.openToRead(project.database) else { return nil }
    self.init(store: store, artifacts: ArtifactStore(project))
  }

  package func result(for fingerprint: Digest) throws -> RecordedResult? {
    guard let record = try store.result(for: fingerprint) else { return nil }
    return RecordedResult(
      fingerprint: fingerprint, request: record.request, inputs: record.inputs,
      outcome: record.outcome, outputs: record.outputs,
      isComplete: try record.outputs.values.allSatisfy { try artifacts.isWhole($0) })
  }

  package func lastResult(ofStage name: String) throws -> RecordedResult? {
    guard let fingerprint = try store.lastFinishedJob(ofStage: name)?.fingerprint else {
      return nil
    }
    return try result(for: fingerprint)
  }

  package func artifact(_ digest: Digest) throws -> InputArtifact? {
    try artifacts.artifact(digest)
  }

  package func latestStep(for fingerprint: Digest) throws -> Int? {
    try FolderCheckpoints(folder: artifacts.project.checkpoints(of: fingerprint)).latestStep()
  }
}

/// The project's stat cache, in its database.
package struct ProjectStatCache: StatCache {
  private let store: RunStore

  package init(_ store: RunStore) { self.store = store }

  package func entry(for key: StatKey) throws -> StatCacheEntry? {
    guard let row = try store.stat(device: key.device, inode: key.inode), row.size == key.size,
      row.modified == key.modified, row.changed == key.changed
    else { return nil }
    return StatCacheEntry(digest: row.digest, recorded: row.recorded)
  }

  package func record(_ entries: [(key: StatKey, entry: StatCacheEntry)]) throws {
    try store.record(
      entries.map { key, entry in
        StatRecord(
          device: key.device, inode: key.inode, size: key.size, modified: key.modified,
          changed: key.changed, digest: entry.digest, recorded: entry.recorded)
      })
  }
}
