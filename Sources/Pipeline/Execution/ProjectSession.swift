package import Artifacts
package import Diagnostics
private import Foundation
package import Processes
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
  package let shared: SharedStore?
  /// Held as long as the session.
  package let ownership: ProjectOwnership
  let stamps: ProjectObjectStamps
  private var warnings: [Diagnostic]

  /// - Parameters:
  ///   - shared: where results of other projects are looked for and this one's are offered.
  ///   - patience: what to do while another engine is at work.
  /// - Throws: ``Failure`` of class `locked` while another engine runs, of class `io` when the
  ///   state cannot be used.
  package init(
    _ project: ProjectFolder, shared: SharedStore? = nil, patience: LockPatience = .none
  ) throws {
    self.project = project
    self.shared = shared
    try DurableFile.makeFolder(project.state)
    ownership = try ProjectOwnership(project, patience: patience)
    warnings = RunStore.warnings(project.database)
    try project.create()
    store = try RunStore.open(project.database)
    stamps = ProjectObjectStamps(store)
    artifacts = ArtifactStore(project, stamps: stamps)
    SlurmLeftovers.end(project)
    let open = try store.openAttempts()
    for attempt in open {
      if let process = attempt.process { ProcessGroups.kill(leader: process) }
    }
    // Processes of an engine on another host are none of this one's.
    if open.contains(where: { $0.process?.isOfThisBoot ?? true }) {
      ProcessGroups.killAll(marked: Self.marker(project))
    }
    token = try store.takeToken()
    if ownership.canBeLost { store.guardWrites(with: token) }
    try store.closeOpenAttempts(at: Date().timeIntervalSince1970)
    try project.sweep()
    try Self.sweepCheckpoints(project, store)
    CrashPoint.projectOpened.reached()
  }

  deinit {
    try? store.record(objects: stamps.takeFresh())
    store.close()
  }

  /// What there is to tell since the last call: damage that was found, trouble with the shared cache.
  package func takeWarnings() -> [Diagnostic] {
    defer { warnings.removeAll() }
    return warnings + stamps.takeWarnings() + (shared?.takeWarnings() ?? [])
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
