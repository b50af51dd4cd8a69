private import Artifacts
internal import Diagnostics
internal import Documents
private import Foundation
private import Glibc
private import Parallelism
private import Processes
private import Reproducibility
package import StageKit

/// The process that runs one attempt of a stage: `orchestrate exec-stage --ticket F`.
package enum StageChild {
  /// Runs the stage of a ticket and returns the exit status. Events go to descriptor 1 as it was at
  /// the start; what the stage prints goes to the log.
  ///
  /// - Parameter runFolder: of a job of a cluster: this execution writes its events and outputs
  ///   there and nowhere else.
  package static func run(
    ticketPath: String, runFolder: String? = nil, catalogue: StageCatalogue
  ) -> Int32 {
    var descriptor = fcntl(1, F_DUPFD_CLOEXEC, 10)
    dup2(2, 1)
    let ticket: Ticket
    do {
      let read = try Ticket.read(DurableFile.read(ticketPath))
      ticket = try runFolder.map { try moved(read, to: $0, &descriptor) } ?? read
    } catch {
      return refuse(ticketPath, error, descriptor)
    }
    StopFlag.install()
    if ticket.parenting == .engine { ParentDeath.follow(engine: ticket.engine) }
    signal(SIGPIPE, SIG_IGN)
    setenv("TMPDIR", ticket.temporary, 1)
    for name in ticket.withheld ?? [] { unsetenv(name) }
    for (name, value) in ticket.environment.sorted(by: { $0.key < $1.key }) {
      setenv(name, value, 1)
    }
    chdir(ticket.folder)
    let channel = ChildChannel(
      descriptor: descriptor, metricsPath: ticket.checkpoints + "/metrics.ndjson")
    CrashPoint.stageStarted.reached()
    do {
      let (outcome, outputs) = try run(ticket, catalogue, channel)
      channel.send(.finished(outcome, outputs: outputs))
      return 0
    } catch is CancellationError {
      channel.send(.stopped)
      return FailureClass.interrupted.rawValue
    } catch {
      if let command = error as? CommandFailure { channel.send(.commandEnded(command.end)) }
      let failure = FailureTranslation.failure(error)
      channel.send(.failed(failure))
      return failure.failureClass.rawValue
    }
  }

  /// Trouble with a file is told to the engine, as trouble of the stage's own would be.
  private static func refuse(_ path: String, _ error: any Error, _ descriptor: Int32) -> Int32 {
    let isThere = access(path, F_OK) == 0
    let failure = (error as? Failure).flatMap { $0.failureClass == .io && isThere ? $0 : nil }
    let what = failure?.diagnostics.first?.message ?? "'\(path)' is not a ticket"
    let line = Array("orchestrate: \(what)\n".utf8)
    _ = write(2, line, line.count)
    guard let failure else { return FailureClass.usage.rawValue }
    ChildChannel(descriptor: descriptor, metricsPath: "").send(.failed(failure))
    return failure.failureClass.rawValue
  }

  /// A ticket whose outputs lie in the folder of an execution.
  private static func moved(_ ticket: Ticket, to folder: String, _ events: inout Int32) throws
    -> Ticket
  {
    var ticket = ticket
    ticket.temporary = folder + "/tmp"
    for port in ticket.outputs { ticket.outputFolders[port.name] = "\(folder)/out/\(port.name)" }
    for path in ticket.outputFolders.values.sorted() + [ticket.temporary] {
      try DurableFile.makeFolder(path)
    }
    events = open(folder + "/events", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard events >= 0 else { throw SystemError.failure("open", folder + "/events") }
    return ticket
  }

  private static func run(
    _ ticket: Ticket, _ catalogue: StageCatalogue, _ channel: ChildChannel
  ) throws -> (StageOutcome, [String: ArtifactManifest]) {
    guard let stage = catalogue[ticket.kind], stage.version == ticket.version else {
      throw Diagnostic(
        "run.other-version",
        "the run was planned with version \(ticket.version) of '\(ticket.kind)', this program has "
          + (catalogue[ticket.kind].map { "version \($0.version)" } ?? "none"),
        fix: "type 'orchestrate run' to plan with this program"
      ).failure(.badInput)
    }
    let read = stage.read(Node(ticket.parameters.value, file: "parameters of \(ticket.stage)"))
    if !read.diagnostics.isEmpty { throw Failure(read.diagnostics, .internal) }
    let references = ReferenceRecorder()
    let placed = PlacedObjects()
    let context = StageContext(
      pool: ThreadPool(threads: ticket.threads), inputs: ticket.inputs, files: ticket.files,
      outputs: ticket.outputFolders, checkpoints: checkpoints(ticket, channel),
      references: references, shard: role(of: ticket),
      answers: ProjectFolder(root: ticket.project).answers, placed: placed,
      chunkResults: { chunkResults(ticket, port: $0, purpose: $1) },
      sink: { channel.report($0) }, stopRequested: { StopFlag.isRaised })
    let outcome = try read.run(context)
    if ticket.shard != nil { return (outcome, [:]) }
    try stageWorkspace(ticket)
    CrashPoint.stageDone.reached()
    try LineageFiles.write(
      kind: ticket.kind, version: ticket.version, parameters: ticket.parameters.value,
      files: ticket.files.mapValues { $0.map(\.digest) }, inputs: ticket.inputs,
      outputs: ticket.outputs, folders: ticket.outputFolders)
    var outputs: [String: ArtifactManifest] = [:]
    let store = ArtifactStore(ProjectFolder(root: ticket.project))
    var links = try OutputLinks(
      folders: ticket.outputs.compactMap { ticket.outputFolders[$0.name] })
    for port in ticket.outputs {
      guard let folder = ticket.outputFolders[port.name], let type = port.types.first else {
        continue
      }
      let manifest = try ArtifactStore.seal(
        folder: folder, type: type, references: references.references(of: port.name),
        links: &links, into: store, placed: placed)
      if manifest.files.isEmpty, !port.isOptional {
        throw Diagnostic(
          "stage.empty-output",
          "stage '\(ticket.stage)' ended without writing anything to its output '\(port.name)'"
        ).failure(.stageFailed)
      }
      outputs[port.name] = manifest
    }
    CrashPoint.outputsSealed.reached()
    return (outcome, outputs)
  }

  /// Copies what the stage wrote into the workspace to the folders that are sealed.
  private static func stageWorkspace(_ ticket: Ticket) throws {
    let store = ArtifactStore(ProjectFolder(root: ticket.project))
    let files = WorkspaceStore(store, folder: ticket.folder)
    for port in ticket.outputs {
      guard let path = port.workspace, let folder = ticket.outputFolders[port.name] else {
        continue
      }
      try files.stage(path, into: folder, by: ticket.stage)
    }
  }

  private static func role(of ticket: Ticket) -> ShardRole {
    if let shard = ticket.shard { return .part(index: shard, count: ticket.shards) }
    return ticket.shards > 1 ? .gather(runParts: { try ShardedStage.run(ticket) }) : .whole
  }

  /// Results of chunks belong to the request without the rows it is asked of.
  private static func chunkResults(_ ticket: Ticket, port: String, purpose: String)
    -> any ChunkResults
  {
    let project = ProjectFolder(root: ticket.project)
    let files = ticket.files.map { parameter, files in
      JSONMember(parameter, .array(files.map { .string($0.digest.hex) }))
    }
    let inputs = ticket.inputs.filter { $0.key != port }.map {
      JSONMember($0.key, .string($0.value.digest.hex))
    }
    let request = Digest(
      canonical: .object([
        "format": "orchestrate.chunks.1", "kind": .string(ticket.kind.name),
        "version": .integer(Int64(ticket.version)), "parameters": ticket.parameters.value,
        "port": .string(port), "purpose": .string(purpose), "inputs": .object(inputs),
        "files": .object(files),
      ]))
    return FolderChunkResults(
      folder: project.chunks + "/" + request.hex,
      store: ArtifactStore(project, stamps: ProjectObjectStamps(toRead: project)))
  }

  private static func checkpoints(_ ticket: Ticket, _ channel: ChildChannel) -> ChildCheckpoints {
    let folder = FolderCheckpoints(
      folder: ticket.checkpoints, warn: { channel.report(.message($0)) },
      willAppear: { _ in try channel.keepMetrics() },
      didAppear: { channel.report(.checkpoint(step: $0)) })
    return ChildCheckpoints(folder: folder, channel: channel)
  }
}
