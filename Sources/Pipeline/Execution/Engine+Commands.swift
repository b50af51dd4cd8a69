internal import Artifacts
internal import Diagnostics
internal import Processes
internal import Reproducibility
internal import RunStore
internal import StageKit

extension Engine {
  /// How a command that the engine started has ended; takes what it left into the store.
  func endOfCommand(
    _ attempt: LiveAttempt, _ place: AttemptPlace, _ stage: String, _ exit: ChildProcess.Exit
  ) throws -> Scheduler.End {
    if exit == .exited(0) {
      guard let request = requests[stage] else { preconditionFailure("no stage '\(stage)'") }
      try session.ownership.check(isThorough: true)
      do {
        outputs[stage] = try take(request, attempt, place)
        CrashPoint.outputsPublished.reached()
        return .succeeded
      } catch let failure as Failure where failure.failureClass == .stageFailed {
        return failed(stage, failure, .failed)
      }
    }
    if attempt.hasTimedOut { return failed(stage, timeout(stage), .timeout) }
    if attempt.isStopRequested { return .stopped }
    let end: CommandFailure.End
    let how: String
    switch exit {
    case .exited(let status): (end, how) = (.status(status), "ended with status \(status)")
    case .signalled(let signal):
      (end, how) = (.signal(signal), "was ended by \(ChildProcess.signalName(signal))")
    }
    if Self.isKilledForMemory(end, memoryKills) {
      return failed(stage, Self.outOfMemory(stage, isCertain: true), .outOfMemory)
    }
    let failure = Diagnostic(
      "stage.command-failed", "the command \(how)",
      fix: "'orchestrate logs \(stage)' shows what it printed"
    ).failure(.stageFailed)
    return failed(stage, failure, Self.reason(failure, end))
  }

  /// Copies what the command wrote into the workspace, and moves what it wrote into its private
  /// folders. Flushes come later; until then the objects are recorded as not flushed.
  private func take(_ request: StageRequest, _ attempt: LiveAttempt, _ place: AttemptPlace) throws
    -> [String: Digest]
  {
    var digests: [String: Digest] = [:]
    var objects: [ResultObject] = []
    var staged: [(manifest: ArtifactManifest, folder: String)] = []
    var links = try OutputLinks(
      folders: request.outputs.compactMap { place.outputFolders[$0.name] })
    for port in request.outputs {
      if let path = port.workspace {
        let taken = try workspace.files.take(path, by: request.stage)
        digests[port.name] = taken.manifestDigest
        objects += taken.objects.map { ResultObject(digest: $0.digest, size: $0.size) }
        workspace.remember(taken.files)
        continue
      }
      guard let folder = place.outputFolders[port.name], let type = port.types.first else {
        continue
      }
      let manifest = try ArtifactStore.seal(
        folder: folder, type: type, references: [], links: &links, into: session.artifacts,
        flushes: false)
      if manifest.files.isEmpty, !port.isOptional {
        throw Diagnostic(
          "stage.empty-output",
          "stage '\(request.stage)' ended without writing anything to its output '\(port.name)'"
        ).failure(.stageFailed)
      }
      digests[port.name] = manifest.digest
      objects += manifest.files.map { ResultObject(digest: $0.digest, size: $0.size) }
      objects.append(
        ResultObject(digest: manifest.digest, size: manifest.canonicalBytes.count))
      staged.append((manifest, folder))
    }
    CrashPoint.outputsSealed.reached()
    try session.artifacts.publish(staged, flushes: false)
    attempt.unflushed = objects.map(\.digest)
    if objects.count <= ProjectSession.resultObjectsMax { attempt.objects = objects }
    return digests
  }

  /// Files of the workspace that a process with a ticket has staged: known from now on.
  func takeFromTicket(_ request: StageRequest, _ manifests: [String: ArtifactManifest]) throws {
    for port in request.outputs {
      guard let path = port.workspace, let manifest = manifests[port.name] else { continue }
      let wanted = WorkspaceKeeper.Wanted(
        stage: request.stage, path: path, artifact: manifest.digest)
      if try !workspace.differing([wanted]).isEmpty {
        try workspace.putBack(wanted, from: session.artifacts)
      }
    }
  }

  /// Puts back what the workspace does not hold as the result has it.
  func keepWorkspace(_ stage: String, _ outputs: [String: Digest]) throws {
    guard let request = requests[stage], request.writesWorkspace else { return }
    for item in try workspace.differing(request.workspaceOutputs(outputs)) {
      try workspace.putBack(item, from: session.artifacts)
    }
  }
}
