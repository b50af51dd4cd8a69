import Diagnostics
import Documents
import Foundation
import Glibc
import Reports
import Reproducibility
import RunStore
import StageKit
import Synchronization
import TestSupport
import Testing

@Suite("tracking")
struct TrackingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  private static func metric(_ step: Int, _ value: Double, at time: Double = 10) -> RunEvent {
    RunEvent(
      seq: step, time: time, stage: "sft",
      body: .stage(.metric(name: "loss", step: step, value: value)))
  }

  private var spec: RunSpec {
    let input = InputFile(name: "a.jsonl", path: "/x/a.jsonl", digest: Digest(of: [1]), bytes: 1)
    return RunSpec(
      pipelineName: "p", pipelinePath: "/x/p.yaml", pipelineDigest: Digest(of: []),
      stages: [
        StageRequest(
          stage: "raw", kind: "ingest", version: 1, files: ["path": [input]],
          outputs: [Port("records", .records, help: "")]),
        StageRequest(
          stage: "sft", kind: "sft", version: 1,
          inputs: ["train": .stage(name: "raw", port: "records")]),
      ])
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    try DurableFile.read(folder.path + "/" + name)
  }

  // MARK: - TensorBoard

  @Test("CRC-32C of the check string of the catalogue")
  func checkSum() { #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283) }

  @Test("records are those that TensorBoard's own reader was given")
  func records() {
    #expect(
      Self.hex(TensorBoardFile.versionRecord(time: 1_700_000_000))
        == "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d")
    #expect(
      Self.hex(
        TensorBoardFile.scalarRecord(
          tag: "train/loss", step: 1, value: 2.5, time: 1_700_000_001))
        == "200000000000000029eda9500900004040fc54d94110012a130a110a0a747261696e2f6c6f737315"
        + "0000204035305392")
  }

  @Test("a resumed run goes on in its file, without a second head")
  func eventFile() throws {
    for step in 1...2 {
      let file = try TensorBoardFile(folder: folder.path, time: 5, suffix: "run1")
      try file.take([Self.metric(step, 0.5)])
    }
    let head = TensorBoardFile.versionRecord(time: 5)
    let first = TensorBoardFile.scalarRecord(tag: "sft/loss", step: 1, value: 0.5, time: 10)
    let second = TensorBoardFile.scalarRecord(tag: "sft/loss", step: 2, value: 0.5, time: 10)
    #expect(try bytes("events.out.tfevents.5.run1") == head + first + second)
  }

  // MARK: - Lineage

  @Test("a run and its stages are OpenLineage events with one start and one end each")
  func lineage() throws {
    let file = try LineageFile(
      path: folder.path + "/l.ndjson", spec: spec, project: "/x", run: 3)
    let digest = Digest(of: [7]).hex
    let outputs = JSONMember("outputs", .object([JSONMember("records", .string(digest))]))
    try file.take([
      RunEvent(
        seq: 1, time: 1.5,
        body: .runStarted(run: 3, pipeline: "p", stages: ["raw", "sft"], isResumed: false)),
      RunEvent(
        seq: 2, time: 2, stage: "raw", body: .job(event: .started, state: .running, detail: [])),
      Self.metric(3, 1),
      RunEvent(
        seq: 4, time: 3, stage: "raw",
        body: .job(event: .finished, state: .succeeded, detail: [outputs])),
      RunEvent(
        seq: 5, time: 4, stage: "sft", body: .job(event: .started, state: .running, detail: [])),
      RunEvent(
        seq: 6, time: 5, stage: "sft", body: .job(event: .gaveUp, state: .failed, detail: [])),
      RunEvent(seq: 7, time: 6, body: .runFinished(state: .failed, exitStatus: 1, resume: nil)),
    ])
    let lines = try bytes("l.ndjson").split(separator: 10).map {
      try JSONReader.parse(Array($0), file: "l")
    }
    let types = lines.map { $0["eventType"]?.stringValue }
    #expect(types == ["START", "START", "COMPLETE", "START", "FAIL", "FAIL"])
    #expect(lines[0]["eventTime"]?.stringValue == "1970-01-01T00:00:01.500Z")
    for line in lines {
      for key in ["eventTime", "producer", "schemaURL"] { #expect(line[key] != nil) }
      let id = line["run"]?["runId"]?.stringValue ?? ""
      #expect(UUID(uuidString: id) != nil)
      #expect(line["job"]?["namespace"]?.stringValue == "orchestrate")
    }
    let ids = lines.map { $0["run"]?["runId"]?.stringValue ?? "" }
    #expect(ids[1] == ids[2] && ids[0] == ids[5] && Set(ids).count == 3)
    let parent = lines[1]["run"]?["facets"]?["parent"]
    #expect(parent?["run"]?["runId"]?.stringValue == ids[0])
    #expect(parent?["_schemaURL"] != nil && parent?["_producer"] != nil)
    let made = lines[2]["outputs"]?.arrayValue?.first
    #expect(made?["name"]?.stringValue == "p/raw.records")
    #expect(made?["facets"]?["version"]?["datasetVersion"]?.stringValue == digest)
    #expect(lines[3]["inputs"]?.arrayValue?.first?["name"]?.stringValue == "p/raw.records")
    #expect(lines[1]["inputs"]?.arrayValue?.first?["name"]?.stringValue == "p/a.jsonl")
  }

  @Test("each try has an identifier of its own, after a resume as well, and keeps it to its end")
  func tries() throws {
    func event(_ seq: Int, _ move: JobEvent, _ state: JobState) -> RunEvent {
      RunEvent(
        seq: seq, time: 2, stage: "raw", body: .job(event: move, state: state, detail: []))
    }
    let first = try LineageFile(path: folder.path + "/t.ndjson", spec: spec, project: "/x", run: 3)
    try first.take([
      event(2, .started, .running), event(3, .tryFailed, .ready), event(4, .started, .running),
    ])
    // Killed here: the engine after it ends the second try and begins a third.
    let second = try LineageFile(
      path: folder.path + "/t.ndjson", spec: spec, project: "/x", run: 3, tries: ["raw": 2])
    try second.take([
      event(5, .engineLost, .interrupted), event(6, .started, .running),
      event(7, .finished, .succeeded),
    ])
    let ids = try bytes("t.ndjson").split(separator: 10).map {
      try JSONReader.parse(Array($0), file: "t")["run"]?["runId"]?.stringValue ?? ""
    }
    #expect(ids.count == 6 && Set(ids).count == 3)
    #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[4] == ids[5])
  }

  // MARK: - CSV

  @Test("values of steps are rows of a table, with one head over all runs")
  func table() throws {
    for run in 1...2 {
      let table = try MetricsTable(path: folder.path + "/m.csv", run: Int64(run))
      try table.take([Self.metric(4, 0.25)])
      try table.take([
        RunEvent(
          seq: 1, time: 11, stage: "a",
          body: .stage(.metric(name: "odd,\"name\"", step: 0, value: .nan)))
      ])
    }
    let rows = ["1,sft,loss,4,10.0,0.25", "1,a,\"odd,\"\"name\"\"\",0,11.0,nan"]
    let second = rows.map { "2" + $0.dropFirst() }
    let lines = ["run,stage,metric,step,time,value"] + rows + second
    #expect(
      String(decoding: try bytes("m.csv"), as: UTF8.self) == lines.joined(separator: "\r\n")
        + "\r\n")
  }

  // MARK: - The queue

  /// Records on the queue's thread what it is given.
  private final class Notes: Tracker, Sendable {
    let name = "notes"
    let seen = Mutex<[Int]>([])
    let isBroken: Bool
    let microseconds: UInt32

    init(isBroken: Bool = false, microseconds: UInt32 = 0) {
      (self.isBroken, self.microseconds) = (isBroken, microseconds)
    }

    func take(_ events: [RunEvent]) throws {
      usleep(microseconds)
      if isBroken { throw Diagnostic("x.y", "no room").failure(.io) }
      seen.withLock { $0 += events.map(\.seq) }
    }

    func finish() {}
  }

  @Test("a tracker that fails is left alone and told once; the others get everything in order")
  func failure() {
    let (good, bad) = (Notes(), Notes(isBroken: true))
    let queue = TrackingQueue([bad, good])
    for step in 1...500 { queue.receive(Self.metric(step, 1)) }
    let problems = queue.finish(seconds: 10)
    #expect(good.seen.withLock { $0 } == Array(1...500))
    #expect(problems.map(\.message) == ["tracking to notes has ended early: no room"])
  }

  @Test("a tracker that hangs holds nobody up")
  func hang() {
    let queue = TrackingQueue([Notes(microseconds: 3_000_000)])
    let start = ContinuousClock.now
    for step in 1...1000 { queue.receive(Self.metric(step, 1)) }
    #expect(ContinuousClock.now - start < .seconds(1))
    let problems = queue.finish(seconds: 0.2)
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(problems.map(\.code) == ["tracking.late"])
  }

  @Test("beyond its bound the queue drops values of steps, counts them, and keeps all else")
  func bound() {
    let notes = Notes(microseconds: 200_000)
    let queue = TrackingQueue([notes])
    queue.receive(Self.metric(0, 1))
    usleep(50_000)
    for step in 1...TrackingQueue.waitingMax + 10 { queue.receive(Self.metric(step, 1)) }
    queue.receive(
      RunEvent(seq: -1, time: 1, body: .runFinished(state: .succeeded, exitStatus: 0, resume: nil)))
    let problems = queue.finish(seconds: 20)
    #expect(problems.map(\.message) == ["10 values of steps were not tracked"])
    #expect(notes.seen.withLock { $0.last } == -1)
  }

  @Test("a server that is not there is a warning, not a failure")
  func noServer() throws {
    let run = try MLflowRun(address: "http://127.0.0.1:9", spec: spec, run: 1)
    let queue = TrackingQueue([run])
    queue.receive(
      RunEvent(
        seq: 1, time: 1, body: .runStarted(run: 1, pipeline: "p", stages: [], isResumed: false)))
    let problems = queue.finish(seconds: 30)
    #expect(problems.count == 1)
    #expect(problems.first?.message.contains("cannot be reached") == true)
  }
}
