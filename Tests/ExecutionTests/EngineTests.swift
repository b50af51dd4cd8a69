import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Planning
import Processes
import Reproducibility
import RunStore
import StageKit
import Synchronization
import TestSupport
import Testing

/// A process that only exists in the test: says what the test tells it to.
final class ScriptedProcess: StageProcess {
  let events: Int32
  let identity: ProcessIdentity? = nil
  private let writeEnd: Int32
  private var exit: ChildProcess.Exit?
  private let onStop: [ChildMessage]

  /// - Parameters:
  ///   - messages: said at once; nil as `exit`: it runs until stopped or killed.
  ///   - onStop: said when a stop is requested, before ending with 130; empty: stops are ignored.
  init(_ messages: [ChildMessage], exit: ChildProcess.Exit?, onStop: [ChildMessage] = []) {
    guard let pipe = Pipe.make() else { preconditionFailure("no descriptor left") }
    Pipe.setNonBlocking(pipe.read)
    events = pipe.read
    writeEnd = pipe.write
    self.onStop = onStop
    say(messages)
    if let exit { end(exit) }
  }

  deinit { close(events) }

  func requestStop() {
    if exit != nil || onStop.isEmpty { return }
    say(onStop)
    end(.exited(130))
  }

  func kill() { if exit == nil { end(.signalled(9)) } }
  func reap() -> ChildProcess.Exit? { exit }

  private func say(_ messages: [ChildMessage]) {
    for message in messages {
      guard var line = try? JSONEncoder().encode(message) else { continue }
      line.append(10)
      _ = line.withUnsafeBytes { write(writeEnd, $0.baseAddress, $0.count) }
    }
  }

  private func end(_ exit: ChildProcess.Exit) {
    self.exit = exit
    close(writeEnd)
  }
}

/// Launches what a test's closure makes of the ticket.
struct ScriptedLauncher: StageLauncher {
  var make: (Ticket) throws -> ScriptedProcess

  func launch(_ ticket: Ticket, ticketPath: String, log: String) throws -> any StageProcess {
    try make(ticket)
  }
}

final class EventList: RunObserver {
  var events: [RunEvent] = []
  func receive(_ event: RunEvent) { events.append(event) }

  /// `stage:event` of every move.
  var moves: [String] {
    events.compactMap { event in
      guard case .job(let what, _, _) = event.body else { return nil }
      return "\(event.stage ?? ""):\(what.rawValue)"
    }
  }
}

@Suite struct EngineTests {
  let folder: TemporaryFolder
  let project: ProjectFolder

  init() throws {
    folder = try TemporaryFolder()
    project = ProjectFolder(root: folder.path)
  }

  static let output = Port("files", .files, help: "")

  func spec(_ stages: [StageRequest], externals: [ExternalTree] = []) -> RunSpec {
    RunSpec(
      pipelineName: "p", pipelinePath: folder.path + "/p.yaml", pipelineDigest: Digest(of: []),
      stages: stages, externals: externals)
  }

  func request(
    _ name: String, inputs: [String: InputBinding] = [:], retry: RetryPolicy = RetryPolicy(),
    timeout: Double? = nil, files: [String: [InputFile]] = [:]
  ) -> StageRequest {
    StageRequest(
      stage: name, kind: "x", version: 1, parameters: ["name": .string(name)], inputs: inputs,
      files: files, outputs: [Self.output], retry: retry, timeoutSeconds: timeout)
  }

  /// What a good attempt does: writes a file and says so.
  static func succeed(_ ticket: Ticket, _ text: String = "bytes") throws -> ScriptedProcess {
    let out = try #require(ticket.outputFolders["files"])
    try DurableFile.writeFleeting(Array("\(ticket.stage) \(text)".utf8), to: out + "/f")
    let manifest = try ArtifactStore.seal(folder: out, type: .files, references: [])
    return ScriptedProcess(
      [.finished(.succeeded, outputs: ["files": manifest])], exit: .exited(0))
  }

  /// Runs a spec as a fresh engine would; returns how it went and what was seen.
  @discardableResult
  func run(
    _ spec: RunSpec?, places: Int = 1, grace: Double = 5,
    _ make: @escaping (Ticket) throws -> ScriptedProcess
  ) throws -> (conclusion: RunConclusion, seen: EventList) {
    let session = try ProjectSession(project)
    let seen = EventList()
    let options = Engine.Options(threads: 2, places: places, graceSeconds: grace)
    let launcher = ScriptedLauncher(make: make)
    let engine: Engine
    if let spec {
      engine = try Engine.start(
        spec, in: session, launcher: launcher, observer: seen, options: options)
    } else {
      let last = try #require(try session.store.lastRun())
      engine = try Engine.resume(
        last, in: session, launcher: launcher, observer: seen, options: options)
    }
    return (try engine.runToEnd(), seen)
  }

  @Test("a run does each stage once, and a second run does nothing")
  func secondRun() throws {
    let spec = spec([
      request("a"), request("b", inputs: ["in": .stage(name: "a", port: "files")]),
    ])
    let first = try run(spec) { ticket in
      if ticket.stage == "b" {
        #expect(ticket.inputs["in"]?.tree.names == ["f"])
        #expect(ticket.threads == 2)
      }
      return try Self.succeed(ticket)
    }
    #expect(first.conclusion.exitStatus == 0)
    #expect(
      first.seen.moves == [
        "a:inputs_ready", "a:started", "a:finished", "b:inputs_ready", "b:started", "b:finished",
      ])
    #expect(first.seen.events.map(\.seq) == Array(1...first.seen.events.count))
    let second = try run(spec) { ticket in
      Issue.record("'\(ticket.stage)' ran again")
      return try Self.succeed(ticket)
    }
    #expect(second.seen.moves == ["a:inputs_ready", "a:reused", "b:inputs_ready", "b:reused"])
    #expect(try DurableFile.names(in: project.attempts).isEmpty)
  }

  @Test("an upstream that comes out the same stops the change there")
  func earlyCutoff() throws {
    func both(_ version: Int) -> RunSpec {
      var a = request("a")
      a.version = version
      return spec([a, request("b", inputs: ["in": .stage(name: "a", port: "files")])])
    }
    try run(both(1)) { try Self.succeed($0) }
    let second = try run(both(2)) { ticket in
      #expect(ticket.stage == "a")
      return try Self.succeed(ticket)
    }
    #expect(second.seen.moves.suffix(2) == ["b:inputs_ready", "b:reused"])
    let third = try run(both(3)) { try Self.succeed($0, $0.stage == "a" ? "other" : "bytes") }
    #expect(third.seen.moves.suffix(2) == ["b:started", "b:finished"])
  }

  @Test("a failing stage is tried as often as it says, and the class of its failure ends the run")
  func retries() throws {
    var tries = 0
    let spec = spec([request("a", retry: RetryPolicy(attempts: 3, backoffSeconds: 0.01))])
    let failed = try run(spec) { _ in
      tries += 1
      return ScriptedProcess(
        [.failed(Diagnostic("io.eio", "broken").failure(.io))], exit: .exited(74))
    }
    #expect(tries == 3)
    #expect(failed.conclusion.exitStatus == 74)
    #expect(failed.conclusion.canResume)
    #expect(failed.seen.moves.suffix(2) == ["a:started", "a:gave_up"])
    let session = try RunStore.openToRead(project.database)
    #expect(try session?.lastAttempt(ofStage: "a")?.failure?.failureClass == .io)
    let resumed = try run(nil) { try Self.succeed($0) }
    #expect(resumed.conclusion.exitStatus == 0)
    #expect(resumed.seen.moves == ["a:resumed", "a:inputs_ready", "a:started", "a:finished"])
  }

  @Test("bad input is not tried again and ends with 65")
  func badInput() throws {
    var tries = 0
    let spec = spec([request("a", retry: RetryPolicy(attempts: 3))])
    let result = try run(spec) { _ in
      tries += 1
      return ScriptedProcess(
        [.failed(Diagnostic("x.y", "bad").failure(.badInput))], exit: .exited(65))
    }
    #expect(tries == 1)
    #expect(result.conclusion.exitStatus == 65)
  }

  @Test("a resume is not offered where a file of the plan is no longer the same")
  func overtaken() throws {
    for (code, canResume) in [("source.changed", false), ("ingest.bad-row", true)] {
      let bench = try EngineTests()
      let ended = try bench.run(bench.spec([bench.request("a")])) { _ in
        ScriptedProcess(
          [.failed(Diagnostic(code, "it changed").failure(.badInput))], exit: .exited(65))
      }
      #expect(ended.conclusion.state == .failed)
      #expect(ended.conclusion.canResume == canResume)
    }
  }

  @Test(
    "a process that ends without a word is told by how it ended",
    arguments: [
      (ChildProcess.Exit.signalled(9), Int32(1), "the process of stage 'a' was killed (SIGKILL)"),
      (.signalled(11), 70, "the process of stage 'a' crashed (SIGSEGV)"),
      (.exited(3), 1, "the process of stage 'a' ended with 3 without a word"),
    ])
  func crashes(exit: ChildProcess.Exit, status: Int32, message: String) throws {
    let result = try run(spec([request("a")])) { _ in ScriptedProcess([], exit: exit) }
    #expect(result.conclusion.exitStatus == status)
    #expect(result.conclusion.failures[0].failure.diagnostics[0].message == message)
  }

  @Test("a word of success from a process that then crashed is not believed")
  func crashAfterFinish() throws {
    let result = try run(spec([request("a")])) { ticket in
      let out = try #require(ticket.outputFolders["files"])
      try DurableFile.writeFleeting([1], to: out + "/f")
      let manifest = try ArtifactStore.seal(folder: out, type: .files, references: [])
      return ScriptedProcess(
        [.finished(.succeeded, outputs: ["files": manifest])], exit: .signalled(11))
    }
    #expect(result.conclusion.exitStatus == 70)
  }

  @Test(
    "a stage over its time is stopped, and killed when it does not listen",
    arguments: [true, false])
  func timeout(listens: Bool) throws {
    let result = try run(spec([request("a", timeout: 0.05)]), grace: 0.05) { _ in
      ScriptedProcess([], exit: nil, onStop: listens ? [.stopped] : [])
    }
    #expect(result.conclusion.exitStatus == 1)
    #expect(
      result.conclusion.failures[0].failure.diagnostics[0].message
        == "stage 'a' ran longer than its timeout of 0.05 s")
  }

  @Test("a refusal keeps its outputs, blocks what needs it, is cached and ends with 3")
  func refusal() throws {
    let spec = spec([
      request("gate"), request("export", inputs: ["in": .stage(name: "gate", port: "files")]),
    ])
    let refused = try run(spec) { ticket in
      let out = try #require(ticket.outputFolders["files"])
      try DurableFile.writeFleeting([1], to: out + "/f")
      let manifest = try ArtifactStore.seal(folder: out, type: .files, references: [])
      return ScriptedProcess(
        [.finished(.refused(["0.7 is below 0.85"]), outputs: ["files": manifest])],
        exit: .exited(0))
    }
    #expect(refused.conclusion.exitStatus == 3)
    #expect(refused.conclusion.refusals.map(\.reasons) == [["0.7 is below 0.85"]])
    #expect(refused.seen.moves.suffix(2) == ["gate:gate_refused", "export:need_failed"])
    for spec in [spec, nil] {
      let again = try run(spec) { ticket in
        Issue.record("'\(ticket.stage)' ran again")
        return try Self.succeed(ticket)
      }
      #expect(again.conclusion.exitStatus == 3)
      #expect(again.conclusion.refusals.map(\.reasons) == [["0.7 is below 0.85"]])
    }
  }

  @Test("what is independent of a failure is done")
  func keepGoing() throws {
    let spec = spec([
      request("bad"), request("behind", inputs: ["in": .stage(name: "bad", port: "files")]),
      request("good"),
    ])
    let result = try run(spec) { ticket in
      ticket.stage == "bad" ? ScriptedProcess([], exit: .exited(1)) : try Self.succeed(ticket)
    }
    #expect(result.conclusion.exitStatus == 1)
    let states = try RunStore.openToRead(project.database)?.jobs(ofRun: 1).map(\.state)
    #expect(states == [.failed, .blocked, .succeeded])
  }

  @Test("outputs that are gone from the store are made again")
  func lostOutputs() throws {
    let spec = spec([request("a")])
    try run(spec) { try Self.succeed($0) }
    try DurableFile.remove(project.objects)
    let again = try run(spec) { try Self.succeed($0) }
    #expect(again.seen.moves == ["a:inputs_ready", "a:started", "a:finished"])
  }

  @Test("an input file that changed since planning stops the stage with 65")
  func changedFile() throws {
    let path = try folder.write("data.jsonl", "{}\n")
    let file = InputFile(
      name: "data.jsonl", path: path, digest: try Digest(file: path), bytes: 3)
    let spec = spec([request("a", files: ["sources[0].path": [file]])])
    try folder.write("data.jsonl", "[]\n")
    let result = try run(spec) { try Self.succeed($0) }
    #expect(result.conclusion.exitStatus == 65)
    #expect(
      result.conclusion.failures[0].failure.diagnostics[0].message
        == "the input '\(path)' has changed since the run was planned")
    try folder.write("data.jsonl", "{}\n")
    #expect(try run(nil) { try Self.succeed($0) }.conclusion.exitStatus == 0)
    try DurableFile.remove(path)
    var other = spec
    other.stages[0].version = 2
    #expect(
      try run(other) { try Self.succeed($0) }.conclusion.failures[0].failure.diagnostics[0].message
        == "the input '\(path)' is gone since the run was planned")
  }

  @Test("two places run two stages at the same time")
  func parallel() throws {
    var running = 0
    var most = 0
    let spec = spec([request("a"), request("b"), request("c")])
    try run(spec, places: 2) { ticket in
      running += 1
      most = max(most, running)
      let process = try Self.succeed(ticket)
      running -= ticket.stage == "a" ? 0 : 1
      return process
    }
    #expect(most == 2)
  }

  @Test("a second engine is refused while one holds the project")
  func locked() throws {
    let session = try ProjectSession(project)
    #expect(throws: Failure.self) { _ = try ProjectSession(project) }
    withExtendedLifetime(session) {}
  }

  @Test("the planner sees results, last results and checkpoints of a project")
  func records() throws {
    let spec = spec([request("a")])
    try run(spec) { ticket in
      try FolderCheckpoints(folder: ticket.checkpoints).save(step: 7, arithmetic: "") { folder in
        try DurableFile.writeFleeting([1], to: folder + "/s")
      }
      return ScriptedProcess([], exit: .exited(1))
    }
    let records = try #require(try ProjectRecords(toRead: project))
    let fingerprint = Fingerprint.of(spec.stages[0], inputs: [:])
    #expect(try records.latestStep(for: fingerprint) == 7)
    #expect(try records.result(for: fingerprint) == nil)
    try run(nil) { try Self.succeed($0) }
    #expect(try records.latestStep(for: fingerprint) == nil)
    let result = try #require(try records.result(for: fingerprint))
    #expect(result.isComplete)
    #expect(try records.lastResult(ofStage: "a") == result)
    #expect(try records.artifact(try #require(result.outputs["files"]))?.tree.names == ["f"])
  }
}
