package import Artifacts
internal import Diagnostics
package import Processes

/// Being the one engine of a project: a lock that the kernel drops when this process dies, and on a
/// folder that hosts share a lease besides.
package final class ProjectOwnership {
  private let lock: FileLock
  private let lease: ProjectLease?

  /// - Throws: ``Failure`` of class `locked` that names the holder; `CancellationError` when a stop
  ///   was asked for while waiting.
  package init(_ project: ProjectFolder, patience: LockPatience = .none) throws {
    lock = try FileLock(path: Self.lockPath(project), patience: patience)
    lease =
      try FileSystem.isOnNetwork(project.state)
      ? ProjectLease(folder: project.lease, timing: .ofEnvironment, patience: patience) : nil
  }

  /// Whether another engine may take over while this one lives.
  package var canBeLost: Bool { lease != nil }

  /// - Throws: ``Failure`` `run.fenced` of class `locked` when another engine has taken over.
  /// - Parameter isThorough: false relies on the last renewal; true looks now.
  package func check(isThorough: Bool = false) throws {
    guard let lease else { return }
    guard try isThorough ? lease.isLost() : lease.isKnownLost else { return }
    throw Self.fenced(by: lease.successor())
  }

  private static func fenced(by holder: LockHolder?) -> Failure {
    Diagnostic(
      "run.fenced",
      "this engine was silent for too long: \(holder?.text ?? "another one") has taken the project over",
      fix: "nothing of it is lost or done twice; 'orchestrate status' shows where the run stands"
    ).failure(.locked)
  }

  /// On a folder that hosts share each host has a lock of its own.
  private static func lockPath(_ project: ProjectFolder) -> String {
    guard FileSystem.isOnNetwork(project.state) else { return project.lock }
    let name = HostIdentity.name.map {
      $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." ? $0 : "_"
    }
    return "\(project.lock)-\(String(name))"
  }

  /// Who works on the project now, in words; nil when nobody does as far as this host can tell.
  package static func holder(of project: ProjectFolder) -> String? {
    let path = lockPath(project)
    if FileLock.isHeld(path) { return FileLock.holder(path)?.text ?? "another process" }
    guard FileSystem.isOnNetwork(project.state),
      let claim = try? LeaseClaims(folder: project.lease).newest(), claim.beat != nil,
      let owner = claim.owner, !owner.process.isOfThisBoot
    else { return nil }
    return owner.text
  }
}
