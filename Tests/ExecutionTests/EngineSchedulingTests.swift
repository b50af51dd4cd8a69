import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Processes
import Reproducibility
import RunStore
import StageKit
import Synchronization
import TestSupport
import Testing

/// Approvals, cancelling, hooks and retries through the engine and its store.
extension EngineTests {
  func options(_ change: (inout Engine.Options) -> Void = { _ in }) -> Engine.Options {
    var options = Engine.Options(threads: 4, places: 1, graceSeconds: 1)
    change(&options)
    return options
  }

  func run(
    _ spec: RunSpec?, _ options: Engine.Options,
    _ make: @escaping (Ticket) throws -> ScriptedProcess
  ) throws -> (conclusion: RunConclusion, seen: EventList) {
    let session = try ProjectSession(project)
    let seen = EventList()
    let launcher = ScriptedLauncher(make: make)
    let engine =
      try spec.map {
        try Engine.start($0, in: session, launcher: launcher, observer: seen, options: options)
      }
      ?? Engine.resume(
        try #require(try session.store.lastRun()), in: session, launcher: launcher,
        observer: seen, options: options)
    let conclusion = try engine.runToEnd()
    try checkFold(session.store, conclusion.run)
    return (conclusion, seen)
  }

  /// The jobs are what their events add up to.
  private func checkFold(_ store: RunStore, _ run: Int64) throws {
    var states: [String: JobState] = [:]
    for line in try store.eventLines(ofRun: run, types: ["job"]) {
      let event = try JSONReader.parse(Array(line.utf8), file: "event")
      guard let stage = event["stage"]?.stringValue,
        let move = event["event"]?.stringValue.flatMap(JobEvent.init(rawValue:))
      else { continue }
      states[stage] = (states[stage] ?? .waiting).after(move)
    }
    for job in try store.jobs(ofRun: run) {
      #expect(job.state == states[job.stage] ?? .waiting, "\(job.stage)")
    }
  }

  var approved: [StageRequest] {
    var ok = request("ok", inputs: ["model.files": .stage(name: "model", port: "files")])
    ok.kind = .approval
    ok.parameters = ["message": "Ship it?"]
    ok.outputs = []
    ok.needs = ["model"]
    var ship = request("ship")
    ship.needs = ["ok"]
    return [request("model"), ok, ship]
  }

  private func decide(_ decision: ApprovalRecord.Decision) throws {
    let session = try ProjectSession(project)
    let run = try #require(try session.store.lastRun())
    _ = try ApprovalDesk(session.store).decide(
      decision, stage: "ok", of: run, who: "ann", note: "looks good",
      seq: try session.store.lastSeq(ofRun: run.id) + 1, at: 5)
  }

  @Test("an approval ends the run with 5, is kept, and lets a resume go on")
  func approval() throws {
    let first = try run(spec(approved), options()) { try Self.succeed($0) }
    #expect(first.conclusion.exitStatus == 5)
    #expect(first.conclusion.canResume)
    #expect(first.conclusion.awaiting.map(\.stage) == ["ok"])
    #expect(first.seen.moves.suffix(2) == ["ok:inputs_ready", "ok:approval_asked"])
    // Nobody has decided: it is asked again.
    #expect(try run(nil, options()) { try Self.succeed($0) }.conclusion.exitStatus == 5)
    try decide(.approved)
    #expect(throws: Failure.self) { try decide(.approved) }
    let resumed = try run(nil, options()) { try Self.succeed($0) }
    #expect(resumed.conclusion.exitStatus == 0)
    #expect(resumed.seen.moves.suffix(3) == ["ship:inputs_ready", "ship:started", "ship:finished"])
    let store = try #require(try RunStore.openToRead(project.database))
    let records = try store.approvals(ofRun: 1)
    #expect(records.map(\.who) == ["ann"])
    #expect(records.map(\.note) == ["looks good"])
    // The same again is not asked about; another model is.
    #expect(try run(spec(approved), options()) { try Self.succeed($0) }.conclusion.exitStatus == 0)
    var other = approved
    other[0].version = 2
    let again = try run(spec(other), options()) { try Self.succeed($0, "other bytes") }
    #expect(again.conclusion.exitStatus == 5)
  }

  @Test("a rejection blocks what needs it, ends the run with 3 and is final")
  func rejection() throws {
    _ = try run(spec(approved), options()) { try Self.succeed($0) }
    try decide(.rejected)
    for spec in [nil, spec(approved)] {
      let result = try run(spec, options()) { try Self.succeed($0) }
      #expect(result.conclusion.exitStatus == 3)
      #expect(result.conclusion.refusals.map(\.reasons) == [["rejected by ann: looks good"]])
    }
  }

  /// Asks the engine of run 1 from another thread, as soon as a job of it is in `state`.
  private func ask(
    when state: JobState, _ requests: @escaping @Sendable (Int64) -> [EngineRequest]
  ) -> AnswerBox {
    let box = AnswerBox()
    let project = project
    Thread.detachNewThread {
      var answers: [EngineAnswer?] = []
      for _ in 0..<1500 {
        usleep(20_000)
        guard let store = try? RunStore.openToRead(project.database),
          let jobs = try? store.jobs(ofRun: 1), jobs.contains(where: { $0.state == state }),
          let token = try? store.currentToken()
        else { continue }
        answers = requests(token).map { try? Mailbox(project).ask($0) }
        break
      }
      box.answers.withLock { $0 = answers }
    }
    return box
  }

  @Test("a run that waits takes decisions and cancels of other commands", arguments: [0, 1, 2, 3])
  func requests(which: Int) throws {
    let box = ask(when: .awaitingApproval) { token in
      let requests = [
        EngineRequest(.approve, run: 1, token: token, stage: "ok", note: "fine"),
        EngineRequest(.reject, run: 1, token: token, stage: "ok"),
        EngineRequest(.cancel, run: 1, token: token),
        EngineRequest(.cancel, run: 1, token: token, stage: "ok"),
      ]
      return [EngineRequest(.cancel, run: 1, token: token + 1), requests[which]]
    }
    let result = try run(spec(approved), options { $0.waitsForApproval = true }) {
      try Self.succeed($0)
    }
    #expect(box.wait().map { $0?.isAccepted } == [false, true])
    #expect(result.conclusion.exitStatus == [0, 3, 130, 130][which])
    let states = try RunStore.openToRead(project.database)?.jobs(ofRun: 1).map(\.state)
    let expected: [[JobState]] = [
      [.succeeded, .succeeded, .succeeded], [.succeeded, .refused, .blocked],
      [.succeeded, .cancelled, .cancelled], [.succeeded, .cancelled, .blocked],
    ]
    #expect(states == expected[which])
    #expect(try DurableFile.names(in: project.state + "/requests").isEmpty)
    #expect(try Mailbox(project).ask(EngineRequest(.cancel, run: 1, token: 1)) == nil)
  }

  @Test("a running stage that is cancelled stops; a resume takes it up again")
  func cancelRunning() throws {
    let box = ask(when: .running) { [EngineRequest(.cancel, run: 1, token: $0, stage: "a")] }
    let result = try run(spec([request("a")]), options()) { _ in
      ScriptedProcess([], exit: nil, onStop: [.stopped])
    }
    #expect(box.wait().map { $0?.isAccepted } == [true])
    #expect(result.conclusion.exitStatus == 130)
    #expect(result.seen.moves.suffix(2) == ["a:stopped", "a:cancelled"])
    #expect(try run(nil, options()) { try Self.succeed($0) }.conclusion.exitStatus == 0)
  }

  @Test(
    "hooks run after the end with what they need to know, and change nothing",
    arguments: [true, false])
  func hooks(succeeds: Bool) throws {
    let out = folder.path + "/told"
    let told = "echo $ORCHESTRATE_HOOK $ORCHESTRATE_STATE $ORCHESTRATE_EXIT_STATUS >> '\(out)'"
    var plan = spec([request("a")])
    plan.hooks = RunHooks(
      [
        .init(.onSuccess, ["/bin/sh", "-c", told]), .init(.onFailure, ["sh", "-c", told]),
        .init(.onFinish, ["/bin/sh", "-c", told + "; echo broken >&2; exit 7"]),
      ])
    let result = try run(plan, options()) {
      succeeds ? try Self.succeed($0) : ScriptedProcess([], exit: .exited(1))
    }
    #expect(result.conclusion.exitStatus == (succeeds ? 0 : 1))
    let lines = String(decoding: try DurableFile.read(out), as: UTF8.self).split(separator: "\n")
    #expect(
      lines
        == (succeeds
          ? ["on_success succeeded 0", "on_finish succeeded 0"]
          : ["on_failure failed 1", "on_finish failed 1"]))
    let log = String(
      decoding: try DurableFile.read(project.logs + "/hooks-run-1.log"), as: UTF8.self)
    #expect(log.contains("broken"))
    let problems = result.seen.events.compactMap { event -> String? in
      guard case .hook(_, let problem, _) = event.body else { return nil }
      return problem ?? "well"
    }
    #expect(problems == ["well", "ended with status 7"])
  }

  @Test("a hook that hangs is ended")
  func hookTimeout() throws {
    var plan = spec([request("a")])
    plan.hooks = RunHooks([.init(.onFinish, ["sleep", "100"])], timeoutSeconds: 0.1)
    let start = ContinuousClock.now
    #expect(try run(plan, options()) { try Self.succeed($0) }.conclusion.exitStatus == 0)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("a stage is told its try and its devices, and how its command ended decides on a retry")
  func attempts() throws {
    var seen: [[String: String]] = []
    var stage = request(
      "a", retry: RetryPolicy(attempts: 5, on: [.exitStatus(75)]))
    stage.resources = ResourceRequest(cpu: 3, gpu: 1)
    let result = try run(spec([stage]), options { $0.gpus = ["2", "4"] }) { ticket in
      seen.append(ticket.environment)
      #expect(ticket.threads == 3)
      let status: Int32 = seen.count < 3 ? 75 : 1
      let failure = Diagnostic("stage.command-failed", "no").failure(.stageFailed)
      return ScriptedProcess(
        [.commandEnded(.status(status)), .failed(failure)], exit: .exited(1))
    }
    #expect(seen.map { $0["ORCHESTRATE_ATTEMPT"] } == ["1", "2", "3"])
    #expect(seen.allSatisfy { $0["CUDA_VISIBLE_DEVICES"] == "2" })
    #expect(result.conclusion.exitStatus == 1)
  }

  @Test("a crash of this program that it noticed is not tried again; a signal is")
  func internalBug() throws {
    for (message, exit, expected) in [
      ([ChildMessage.failed(Diagnostic("internal.x", "bug").failure(.internal))], 70, 1),
      ([], nil as Int32?, 3),
    ] {
      var tries = 0
      var stage = request("a", retry: RetryPolicy(attempts: 3))
      stage.version = expected
      _ = try run(spec([stage]), options()) { _ in
        tries += 1
        return ScriptedProcess(message, exit: exit.map { .exited($0) } ?? .signalled(11))
      }
      #expect(tries == expected)
    }
  }

  @Test("what asks for more than there is is refused before a run is recorded")
  func tooLarge() throws {
    var stage = request("a")
    stage.resources = ResourceRequest(cpu: 5, memoryBytes: 3 << 30, gpu: 1)
    let session = try ProjectSession(project)
    let plan = spec([stage])
    var limits = options()
    limits.memoryBytes = 1 << 30
    let error = #expect(throws: Failure.self) {
      _ = try Engine.start(
        plan, in: session, launcher: ScriptedLauncher { try Self.succeed($0) },
        observer: EventList(), options: limits)
    }
    #expect(
      error?.diagnostics.map(\.message) == [
        "stage 'a' asks for 5 cpus, but this run has 4",
        "stage 'a' asks for 3 GB of memory, but this run has 1 GB",
        "stage 'a' asks for 1 gpu, but this run has none",
      ])
    #expect(try session.store.lastRun() == nil)
  }

  @Test("a chain of the same request runs once")
  func longChain() throws {
    let stages = (0..<300).map { index in
      var stage = request("s\(index)")
      stage.parameters = ["name": "same"]
      stage.needs = index == 0 ? [] : ["s\(index - 1)"]
      return stage
    }
    let result = try run(spec(stages), options()) { try Self.succeed($0, "same") }
    #expect(result.conclusion.exitStatus == 0)
    #expect(result.seen.moves.filter { $0.hasSuffix(":started") }.count == 1)
  }
}

/// Answers that another thread got.
final class AnswerBox: Sendable {
  let answers = Mutex<[EngineAnswer?]?>(nil)

  /// At most half a minute.
  func wait() -> [EngineAnswer?] {
    for _ in 0..<3000 {
      if let answers = answers.withLock({ $0 }) { return answers }
      usleep(10_000)
    }
    return []
  }
}
