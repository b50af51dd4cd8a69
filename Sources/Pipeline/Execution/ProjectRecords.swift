package import Artifacts
private import Diagnostics
internal import Documents
private import Foundation
package import Planning
package import Reproducibility
package import RunStore
package import StageKit

/// A project's past, as the planner asks for it.
package struct ProjectRecords: RecordedResults, RecordedCheckpoints {
  /// Nil where nothing ever ran.
  private let store: RunStore?
  private let artifacts: ArtifactStore
  private let shared: SharedStore?

  package init(store: RunStore?, artifacts: ArtifactStore, shared: SharedStore? = nil) {
    self.store = store
    self.artifacts = artifacts
    self.shared = shared
  }

  /// For looking only; nil for a project without a past and without a shared store.
  package init?(toRead project: ProjectFolder, shared: SharedStore? = nil) throws {
    let store = try RunStore.openToRead(project.database)
    if store == nil, shared == nil { return nil }
    self.init(store: store, toRead: project, shared: shared)
  }

  /// For looking only, over a database that is open.
  package init(store: RunStore?, toRead project: ProjectFolder, shared: SharedStore? = nil) {
    let artifacts = ArtifactStore(project, stamps: store.map { ProjectObjectStamps($0) })
    self.init(store: store, artifacts: artifacts, shared: shared)
  }

  package func result(for fingerprint: Digest) throws -> RecordedResult? {
    let own = try own(fingerprint)
    if let own, own.isComplete { return own }
    guard let found = shared?.find(fingerprint, local: artifacts) else { return own }
    return RecordedResult(
      fingerprint: fingerprint, request: own?.request ?? Self.request(found), inputs: [:],
      outcome: found.outcome, outputs: found.outputs, isComplete: true, isShared: true)
  }

  private func own(_ fingerprint: Digest) throws -> RecordedResult? {
    guard let record = try store?.result(for: fingerprint) else { return nil }
    return RecordedResult(
      fingerprint: fingerprint, request: record.request, inputs: record.inputs,
      outcome: record.outcome, outputs: record.outputs,
      isComplete: try record.outputs.values.allSatisfy { try artifacts.isWhole($0) })
  }

  /// A request without what is of one project alone.
  private static func request(_ shared: SharedResult) -> StageRequest {
    let kind = shared.request["kind"]?.stringValue ?? ""
    return StageRequest(
      stage: kind, kind: StageKind(kind), version: shared.request["version"]?.integerValue ?? 0,
      parameters: shared.request["parameters"] ?? .object([]))
  }

  package func outcome(for fingerprint: Digest) throws -> RecordedOutcome? {
    let own = try store?.outcome(for: fingerprint).map {
      RecordedOutcome(
        outcome: $0.outcome, outputs: $0.outputs, isComplete: try artifacts.isWhole($0))
    }
    if own?.isComplete == true || shared == nil { return own }
    guard let found = try result(for: fingerprint) else { return own }
    return RecordedOutcome(
      outcome: found.outcome, outputs: found.outputs, isComplete: found.isComplete,
      isShared: found.isShared)
  }

  package func reading<T>(_ body: () throws -> T) throws -> T {
    guard let store else { return try body() }
    return try store.reading(body)
  }

  package func lastResult(ofStage name: String) throws -> RecordedResult? {
    guard let fingerprint = try store?.lastFinishedJob(ofStage: name)?.fingerprint else {
      return nil
    }
    return try own(fingerprint)
  }

  package func artifact(_ digest: Digest) throws -> InputArtifact? {
    try artifacts.artifact(digest) ?? shared?.artifact(digest, beside: artifacts)
  }

  package func hasResult(ofShape shape: Digest, inputs: [String: Digest]) throws -> Bool {
    if try store?.hasResult(ofShape: shape, inputs: inputs) == true { return true }
    return shared?.hasResult(ofShape: shape, inputs: inputs) ?? false
  }

  /// What the result's stage said and cost; numbers of its artifacts of type `scores` stand beside
  /// its metrics.
  package func facts(of fingerprint: Digest) throws -> ResultFacts? {
    guard let store, var facts = try store.facts(of: fingerprint),
      let result = try store.result(for: fingerprint)
    else { return nil }
    for port in result.request.outputs where port.types == [.scores] {
      guard let digest = result.outputs[port.name] else { continue }
      facts.metrics.merge(ScoreNumbers.read(try artifacts.artifact(digest))) { said, _ in said }
    }
    return facts
  }

  package func registered(_ reference: RegistryReference) throws -> Digest? {
    let folder = RegistryFolder(
      state: artifacts.project.state, environment: ProcessInfo.processInfo.environment)
    guard let version = try folder.read().version(reference) else { return nil }
    let model = version.manifest.model
    if try artifact(model) == nil {
      throw Diagnostic(
        "registry.absent-files",
        "version \(version.number) of '\(reference.name)' is registered, but its model "
          + "\(model.short) is not in this project's store",
        fix:
          "set ORCHESTRATE_CACHE to the folder that the run which made it wrote to, or bring back "
          + "that project's .orchestrate"
      ).failure(.badInput)
    }
    return model
  }

  package func latestStep(for fingerprint: Digest) throws -> Int? {
    try FolderCheckpoints(folder: artifacts.project.checkpoints(of: fingerprint)).latestStep()
  }
}

extension ArtifactStore {
  /// Whether every object of the outputs is there with its size.
  package func isWhole(_ result: TakenResult) throws -> Bool {
    if let objects = result.objects {
      return objects.allSatisfy { holds($0.digest, size: $0.size) }
    }
    return try result.outputs.values.allSatisfy { try isWhole($0) }
  }
}

/// The project's stat cache, in its database.
package struct ProjectStatCache: StatCache {
  private let store: RunStore

  package init(_ store: RunStore) { self.store = store }

  package func entry(for key: StatKey) throws -> StatCacheEntry? {
    try entries(for: [key]).first ?? nil
  }

  package func entries(for keys: [StatKey]) throws -> [StatCacheEntry?] {
    zip(keys, try store.stats(keys.map { ($0.device, $0.inode) })).map { key, row in
      guard let row, row.size == key.size, row.modified == key.modified,
        row.changed == key.changed
      else { return nil }
      return StatCacheEntry(digest: row.digest, recorded: row.recorded)
    }
  }

  package func folder(_ path: String) throws -> FolderCacheEntry? {
    try store.folder(path).map { FolderCacheEntry(stamp: $0.stamp, digest: $0.digest) }
  }

  package func record(folder path: String, _ entry: FolderCacheEntry) throws {
    try store.record(folder: path, stamp: entry.stamp, digest: entry.digest)
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
