package import Artifacts
private import Diagnostics
private import Foundation
internal import Processes
private import Reproducibility
package import RunStore

/// The right to change a project: holds its lock, its record and its store.
///
/// Opening takes the lock before the database is touched, ends what a dead engine left running,
/// closes its attempts, and sweeps what it left half-written.
package final class ProjectSession {
  package let project: ProjectFolder
  package let store: RunStore
  package let artifacts: ArtifactStore
  /// Newer than that of every engine before.
  package let token: Int64
  private let lock: FileLock

  /// - Throws: ``Failure`` of class `locked` while another engine runs, of class `io` when the
  ///   state cannot be used.
  package init(_ project: ProjectFolder) throws {
    self.project = project
    try DurableFile.makeFolder(project.state)
    lock = try FileLock(path: project.lock)
    try project.create()
    store = try RunStore.open(project.database)
    artifacts = ArtifactStore(project)
    SlurmLeftovers.end(project)
    let open = try store.openAttempts()
    for attempt in open {
      if let process = attempt.process { ProcessGroups.kill(leader: process) }
    }
    if !open.isEmpty { ProcessGroups.killAll(marked: Self.marker(project)) }
    try store.closeOpenAttempts(at: Date().timeIntervalSince1970)
    try project.sweep()
    try Self.sweepCheckpoints(project, store)
    token = try store.takeToken()
    CrashPoint.projectOpened.reached()
  }

  /// Set in the environment of every process of the project.
  package static func marker(_ project: ProjectFolder) -> String {
    "ORCHESTRATE_PROJECT=\(project.state)"
  }

  /// Checkpoints of requests that have a result are of no use any more.
  private static func sweepCheckpoints(_ project: ProjectFolder, _ store: RunStore) throws {
    for name in try DurableFile.names(in: project.checkpoints) {
      guard let fingerprint = Digest(hex: name), try store.result(for: fingerprint) != nil
      else { continue }
      try DurableFile.remove(project.checkpoints(of: fingerprint))
    }
  }
}
