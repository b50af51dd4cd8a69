import Diagnostics
import Documents
import Foundation
import Processes
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

@Suite struct RunStoreTests {
  static let fingerprint = Digest(of: [1])

  static let spec = RunSpec(
    pipelineName: "p", pipelinePath: "/p.yaml", pipelineDigest: Digest(of: []),
    stages: [
      StageRequest(stage: "a", kind: "drill", version: 1, parameters: ["x": 1.5, "y": "z"]),
      StageRequest(
        stage: "b", kind: "drill", version: 1, inputs: ["in": .stage(name: "a", port: "files")]),
    ])

  /// A store with one run, and what a test does again and again.
  final class Bench {
    let folder: TemporaryFolder
    let store: RunStore
    let run: RunRecord
    var seq = 0

    init() throws {
      folder = try TemporaryFolder()
      store = try RunStore.open(folder.path + "/state.sqlite")
      run = try store.createRun(RunStoreTests.spec, at: 100)
    }

    func job(_ stage: String) throws -> JobRecord {
      try #require(try store.jobs(ofRun: run.id).first { $0.stage == stage })
    }

    @discardableResult
    func move(_ stage: String, _ event: JobEvent, _ fingerprint: Digest? = nil) throws -> RunEvent {
      seq += 1
      return try store.move(
        job(stage), .init(event, fingerprint: fingerprint), seq: seq, at: 100 + Double(seq))
    }

    func begin(_ stage: String, token: Int64) throws -> AttemptRecord {
      seq += 1
      return try store.beginAttempt(
        of: job(stage), fingerprint: RunStoreTests.fingerprint, token: token,
        move: .init(.started, fingerprint: RunStoreTests.fingerprint), seq: seq,
        at: 100 + Double(seq)
      ).attempt
    }

    func finish(_ attempt: AttemptRecord, _ stage: String, _ outcome: StageOutcome) throws {
      seq += 1
      let request = try #require(run.spec.stage(stage))
      let result = ResultRecord(
        fingerprint: attempt.fingerprint, request: request, inputs: ["in": Digest(of: [2])],
        outcome: outcome, outputs: ["files": Digest(of: [3])], seconds: 2,
        provenance: ["threads": "2"])
      let isRefusal = outcome != .succeeded
      _ = try store.finishAttempt(
        attempt, of: job(stage), isRefusal ? .refused : .succeeded, seconds: 2, result: result,
        isVerdict: isRefusal, move: .init(isRefusal ? .gateRefused : .finished), seq: seq,
        at: 100 + Double(seq))
    }
  }

  @Test("a run comes back as it was recorded, its spec to the last number")
  func roundTrip() throws {
    let bench = try Bench()
    let again = try RunStore.open(bench.folder.path + "/state.sqlite")
    #expect(try again.lastRun() == bench.run)
    #expect(try again.lastRun()?.spec == Self.spec)
    #expect(try again.jobs(ofRun: bench.run.id).map(\.stage) == ["a", "b"])
    #expect(try again.jobs(ofRun: bench.run.id).map(\.state) == [.waiting, .waiting])
  }

  @Test("a move that is not in the table throws and changes nothing")
  func illegalMove() throws {
    let bench = try Bench()
    do {
      try bench.move("a", .finished)
      Issue.record("a waiting job has finished")
    } catch let failure as Failure {
      #expect(failure.failureClass == .internal)
      #expect(
        failure.diagnostics[0].message
          == "job 'a' cannot move from 'waiting' by 'finished'")
    }
    #expect(try bench.job("a").state == .waiting)
    #expect(try bench.store.lastSeq(ofRun: bench.run.id) == 0)
  }

  @Test("a result is recorded with its job in one step, and found by its request")
  func results() throws {
    let bench = try Bench()
    let token = try bench.store.takeToken()
    try bench.move("a", .inputsReady, Self.fingerprint)
    let attempt = try bench.begin("a", token: token)
    #expect(try bench.store.result(for: Self.fingerprint) == nil)
    try bench.finish(attempt, "a", .refused(["too low", "too few"]))
    let result = try #require(try bench.store.result(for: Self.fingerprint))
    #expect(result.outcome == .refused(["too low", "too few"]))
    #expect(result.request == Self.spec.stages[0])
    #expect(result.outputs == ["files": Digest(of: [3])])
    #expect(try bench.job("a").state == .refused)
    #expect(try bench.store.lastFinishedJob(ofStage: "a")?.fingerprint == Self.fingerprint)
    #expect(try bench.store.lastFinishedJob(ofStage: "b") == nil)
  }

  @Test("an attempt of an engine that was replaced writes nothing")
  func fencing() throws {
    let bench = try Bench()
    let token = try bench.store.takeToken()
    try bench.move("a", .inputsReady, Self.fingerprint)
    let attempt = try bench.begin("a", token: token)
    #expect(try bench.store.takeToken() == token + 1)
    do {
      try bench.finish(attempt, "a", .succeeded)
      Issue.record("a fenced attempt has written its result")
    } catch let failure as Failure {
      #expect(failure.diagnostics[0].code == "run.fenced")
      #expect(failure.failureClass == .locked)
    }
    #expect(try bench.store.result(for: Self.fingerprint) == nil)
    #expect(try bench.job("a").state == .running)
  }

  @Test("what a dead engine left is closed: attempts lost, jobs and run interrupted")
  func recovery() throws {
    let bench = try Bench()
    let token = try bench.store.takeToken()
    try bench.move("a", .inputsReady, Self.fingerprint)
    let attempt = try bench.begin("a", token: token)
    try bench.store.setProcess(.current, ofAttempt: attempt.id)
    let open = try bench.store.openAttempts()
    #expect(open.map(\.id) == [attempt.id])
    #expect(open.first?.process == .current)
    try bench.store.closeOpenAttempts(at: 500)
    #expect(try bench.store.openAttempts().isEmpty)
    #expect(try bench.job("a").state == .interrupted)
    #expect(try bench.job("b").state == .waiting)
    #expect(try bench.store.lastRun()?.state == .interrupted)
    try bench.store.closeOpenAttempts(at: 501)
    #expect(try bench.store.lastAttempt(ofStage: "a")?.state == .lost)
  }

  @Test("states can be told from the events alone")
  func fold() throws {
    let bench = try Bench()
    let token = try bench.store.takeToken()
    try bench.move("a", .inputsReady, Self.fingerprint)
    try bench.finish(try bench.begin("a", token: token), "a", .succeeded)
    try bench.move("b", .inputsReady, Digest(of: [9]))
    try bench.move("b", .gaveUp)
    try bench.move("b", .resumed)
    var states: [String: JobState] = ["a": .waiting, "b": .waiting]
    for line in try bench.store.eventLines(ofRun: bench.run.id, types: ["job"]) {
      let json = try JSONReader.parse(Array(line.utf8), file: "event")
      let stage = try #require(json["stage"]?.stringValue)
      let event = try #require(json["event"]?.stringValue.flatMap(JobEvent.init(rawValue:)))
      states[stage] = states[stage]?.after(event)
    }
    for job in try bench.store.jobs(ofRun: bench.run.id) {
      #expect(states[job.stage] == job.state)
    }
    #expect(try bench.store.lastSeq(ofRun: bench.run.id) == bench.seq)
  }

  @Test("a step's metric is written over, progress is not kept")
  func metrics() throws {
    let bench = try Bench()
    let job = try bench.job("a")
    func event(_ seq: Int, _ event: StageEvent) -> (job: Int64, event: RunEvent) {
      (job.id, RunEvent(seq: seq, time: 1, stage: "a", body: .stage(event)))
    }
    try bench.store.record(
      [
        event(1, .metric(name: "loss", step: 1, value: 3)),
        event(2, .metric(name: "loss", step: 2, value: 2)),
        event(3, .metric(name: "loss", step: 1, value: 3.5)),
        event(4, .metric(name: "loss", step: 3, value: .nan)),
        event(5, .progress(done: 1, total: 2, unit: "steps", rates: [:])),
        event(6, .count(name: "rows", value: 4)), event(7, .count(name: "rows", value: 5)),
        event(8, .checkpoint(step: 2)),
      ], run: bench.run.id)
    #expect(
      try bench.store.metrics(ofJob: job.id) == [
        MetricRecord(name: "loss", step: 1, value: 3.5),
        MetricRecord(name: "loss", step: 2, value: 2),
      ])
    #expect(try bench.store.tallies(ofJob: job.id).map(\.value) == [5])
    #expect(
      try bench.store.eventLines(ofRun: bench.run.id) == [
        #"{"seq":6,"time":1.0,"type":"count","stage":"a","name":"rows","value":4}"#,
        #"{"seq":7,"time":1.0,"type":"count","stage":"a","name":"rows","value":5}"#,
        #"{"seq":8,"time":1.0,"type":"checkpoint","stage":"a","step":2}"#,
      ])
  }

  @Test("events of a stage are found among those of the run, which have none")
  func stageEvents() throws {
    let bench = try Bench()
    try bench.store.appendEvent(
      RunEvent(
        seq: 1, time: 1,
        body: .runStarted(
          run: bench.run.id, pipeline: "p", stages: ["a", "b"], isResumed: false)),
      run: bench.run.id)
    for (seq, stage) in [(2, "a"), (3, "b")] {
      try bench.store.appendEvent(
        RunEvent(
          seq: seq, time: 1, stage: stage,
          body: .stage(.message(Diagnostic("x.y", stage, severity: .warning)))),
        run: bench.run.id)
    }
    #expect(try bench.store.eventLines(ofRun: bench.run.id).count == 3)
    let own = try bench.store.eventLines(ofRun: bench.run.id, stage: "b", types: ["message"])
    #expect(own.count == 1 && own[0].contains(#""message":"b""#))
  }

  @Test("the stat cache keeps all 64 bits of device and inode")
  func stats() throws {
    let bench = try Bench()
    let record = StatRecord(
      device: .max, inode: .max - 1, size: 5, modified: 6, changed: 7, digest: Digest(of: [1]),
      recorded: 8)
    try bench.store.record([record])
    #expect(try bench.store.stat(device: .max, inode: .max - 1) == record)
    #expect(try bench.store.stat(device: .max, inode: .max) == nil)
  }

  @Test("a database that is none is named, with what to do")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("state.sqlite", String(repeating: "not a database ", count: 100))
    do {
      _ = try RunStore.open(path)
      Issue.record("text was opened as a database")
    } catch let failure as Failure {
      #expect(failure.failureClass == .io)
      #expect(failure.diagnostics[0].code == "store.damaged")
      #expect(failure.diagnostics[0].message.contains(path))
      #expect(failure.diagnostics[0].message.contains("(SQLITE_NOTADB)"))
    }
  }

  @Test("a database of a newer version is refused and left as it is")
  func newer() throws {
    let bench = try Bench()
    try Self.execute(
      "INSERT INTO grdb_migrations (identifier) VALUES ('999 the future')",
      bench.folder.path + "/state.sqlite")
    for open in [{ try RunStore.open($0) }, { try RunStore.openToRead($0) }] {
      do {
        _ = try open(bench.folder.path + "/state.sqlite")
        Issue.record("a newer database was opened")
      } catch let failure as Failure {
        #expect(failure.diagnostics[0].code == "store.newer")
      }
    }
  }

  @Test("the file itself refuses what the table of states does not know")
  func checks() throws {
    let bench = try Bench()
    let path = bench.folder.path + "/state.sqlite"
    for statement in [
      "UPDATE job SET state = 'done'", "UPDATE job SET state = 'running'",
      "UPDATE job SET state = 'failed'", "UPDATE job SET finished = 1",
      "UPDATE run SET state = 'succeeded'", "UPDATE job SET run = 99",
      "INSERT INTO job (run, position, stage, state) VALUES (1, 5, 'a', 'waiting')",
      "UPDATE run SET created = 'yesterday'",
    ] {
      #expect(throws: Failure.self, "\(statement)") { try Self.execute(statement, path) }
    }
    try bench.move("a", .inputsReady, Self.fingerprint)
    #expect(throws: Failure.self) { try Self.execute("UPDATE event SET line = '{}'", path) }
  }

  /// Runs a statement with the SQLite that is linked in anyway.
  static func execute(_ statement: String, _ path: String) throws {
    typealias Open =
      @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>)
      -> Int32
    typealias Execute =
      @convention(c) (
        OpaquePointer?, UnsafePointer<CChar>, OpaquePointer?, OpaquePointer?, OpaquePointer?
      ) -> Int32
    typealias Close = @convention(c) (OpaquePointer?) -> Int32
    func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
      try #require(dlsym(nil, name))
    }
    var handle: OpaquePointer?
    let open = unsafeBitCast(try symbol("sqlite3_open"), to: Open.self)
    let execute = unsafeBitCast(try symbol("sqlite3_exec"), to: Execute.self)
    let close = unsafeBitCast(try symbol("sqlite3_close"), to: Close.self)
    #expect(open(path, &handle) == 0)
    defer { _ = close(handle) }
    _ = execute(handle, "PRAGMA foreign_keys = ON", nil, nil, nil)
    let status = execute(handle, statement, nil, nil, nil)
    if status != 0 { throw Diagnostic("test.sql", "status \(status)").failure(.io) }
  }

  @Test("there is nothing to read where nothing ran")
  func absent() throws {
    let folder = try TemporaryFolder()
    #expect(try RunStore.openToRead(folder.path + "/state.sqlite") == nil)
    #expect(try DurableFile.names(in: folder.path).isEmpty)
  }
}
