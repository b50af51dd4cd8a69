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
  package let shared: SharedStore?
  /// Held as long as the session.
  package let ownership: ProjectOwnership
  let stamps: ProjectObjectStamps
  private var warnings: [Diagnostic]
  private var taken: Int64?

  /// Newer than that of every engine before; taken when it is first asked for, before an attempt.
  package var token: Int64 {
    get throws {
      if let taken { return taken }
      let token = try store.takeToken()
      taken = token
      return token
    }
  }

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
    // Whom another host may overtake has its token before it writes anything.
    if ownership.canBeLost {
      let token = try store.takeToken()
      taken = token
      store.guardWrites(with: token)
    }
    // An engine that ended in order has left nothing among the objects.
    let isLeft = try store.hasOpenWork()
    try project.sweep(objects: isLeft, keeping: SlurmLeftovers.kept(project))
    try Self.sweepCheckpoints(project, store)
    try Self.checkUnflushed(store, artifacts)
    // Last: the next engine looks among the objects by this alone, should this one die before.
    try Self.closeLeft(store, isLeft)
    CrashPoint.projectOpened.reached()
  }

  private static func closeLeft(_ store: RunStore, _ isLeft: Bool) throws {
    if isLeft { try store.closeOpenAttempts(at: Date().timeIntervalSince1970) }
    CrashPoint.attemptsClosed.reached()
  }

  deinit { close() }

  /// Writes down what is left to be and closes the store. Nothing else is asked of it afterwards.
  package func close() {
    let fresh = stamps.takeFresh()
    if !fresh.isEmpty { try? store.record(objects: fresh) }
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

  /// Objects that an engine has recorded and not seen on the disk: one that a loss of power has taken
  /// is removed, so that its stage runs again; the others are flushed now.
  private static func checkUnflushed(_ store: RunStore, _ artifacts: ArtifactStore) throws {
    let objects = try store.unflushedObjects()
    if objects.isEmpty { return }
    var whole: [Digest] = []
    for object in objects {
      let path = artifacts.path(of: object)
      if (try? Digest(file: path)) == object {
        whole.append(object)
      } else {
        try DurableFile.remove(path)
      }
    }
    let flusher = ObjectFlusher(artifacts)
    flusher.add(whole)
    _ = try flusher.drain()
    try store.forgetUnflushed(objects)
  }

  /// Checkpoints of requests that have a result are of no use any more.
  private static func sweepCheckpoints(_ project: ProjectFolder, _ store: RunStore) throws {
    for name in try DurableFile.names(in: project.checkpoints) {
      guard let fingerprint = Digest(hex: name), try store.outcome(for: fingerprint) != nil
      else { continue }
      try DurableFile.remove(project.checkpoints(of: fingerprint))
    }
  }
}
