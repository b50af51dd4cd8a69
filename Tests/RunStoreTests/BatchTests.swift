import Documents
import Foundation
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// Many writes in one transaction, and look-ups that do not read what they need not.
@Suite struct BatchTests {
  @Test("what a batch has written is seen by others after the commit, and by itself at once")
  func batch() throws {
    let bench = try RunStoreTests.Bench()
    let path = bench.folder.path + "/state.sqlite"
    func others() throws -> JobState? {
      try RunStore.openToRead(path)?.jobs(ofRun: bench.run.id).first?.state
    }
    bench.store.beginBatch()
    try bench.move("a", .inputsReady, RunStoreTests.fingerprint)
    #expect(try bench.job("a").state == .ready)
    #expect(try others() == .waiting)
    try bench.store.commit()
    #expect(try others() == .ready)
    try bench.move("a", .reused, RunStoreTests.fingerprint)
    #expect(try others() == .ready)
    try bench.store.endBatch()
    #expect(try others() == .succeeded)
    try bench.move("a", .outputsLost)
    #expect(try others() == .waiting)
  }

  @Test("what must survive a loss of power does not wait for the batch, and takes it along")
  func fullSync() throws {
    let bench = try RunStoreTests.Bench()
    bench.store.beginBatch()
    try bench.move("a", .inputsReady, RunStoreTests.fingerprint)
    _ = try bench.store.takeToken()
    let other = try RunStore.openToRead(bench.folder.path + "/state.sqlite")
    #expect(try other?.jobs(ofRun: bench.run.id).first?.state == .ready)
  }

  @Test("a move that fails inside a batch undoes itself and nothing else")
  func savepoint() throws {
    let bench = try RunStoreTests.Bench()
    bench.store.beginBatch()
    try bench.move("a", .inputsReady, RunStoreTests.fingerprint)
    #expect(throws: (any Error).self) { try bench.move("b", .finished) }
    try bench.store.endBatch()
    #expect(try bench.store.jobs(ofRun: bench.run.id).map(\.state) == [.ready, .waiting])
  }

  @Test("a record in the caller's hands is what the database holds")
  func recordInHand() throws {
    let bench = try RunStoreTests.Bench()
    var job = try bench.job("a")
    for (seq, event) in [JobEvent.inputsReady, .started, .tryFailed, .started, .stopped, .resumed]
      .enumerated()
    {
      _ = try bench.store.move(
        &job, .init(event, fingerprint: RunStoreTests.fingerprint, cause: "c\(seq)"),
        seq: seq + 1, at: 200 + Double(seq))
      #expect(try bench.job("a") == job)
    }
  }

  @Test("runs of one plan share its text; a run that holds its own is read as well")
  func sharedSpec() throws {
    let bench = try RunStoreTests.Bench()
    let again = try bench.store.createRun(RunStoreTests.spec, at: 300)
    #expect(try bench.store.run(again.id)?.spec == RunStoreTests.spec)
    var other = RunStoreTests.spec
    other.pipelineName = "q"
    let third = try bench.store.createRun(other, at: 400)
    #expect(try bench.store.runs(limit: 3).map(\.spec.pipelineName) == ["q", "p", "p"])
    #expect(try bench.store.lastRun()?.id == third.id)
  }

  @Test("the last run stands only when every stage and fingerprint is the same and it succeeded")
  func standing() throws {
    let bench = try RunStoreTests.Bench()
    let stages = ["a", "b"].map { (stage: $0, fingerprint: RunStoreTests.fingerprint) }
    func standing(_ stages: [(stage: String, fingerprint: Digest)], path: String = "/p.yaml")
      throws -> Int64?
    {
      try bench.store.lastRun(ofPipeline: path, isMadeOf: stages)
    }
    for stage in ["a", "b"] {
      try bench.move(stage, .inputsReady, RunStoreTests.fingerprint)
      try bench.move(stage, .reused, RunStoreTests.fingerprint)
    }
    #expect(try standing(stages) == nil)
    try bench.store.finishRun(
      bench.run.id, .succeeded, exitStatus: 0, at: 900,
      event: RunEvent(
        seq: 99, time: 900, body: .runFinished(state: .succeeded, exitStatus: 0, resume: nil)))
    #expect(try standing(stages) == bench.run.id)
    #expect(try standing(stages, path: "/q.yaml") == nil)
    #expect(try standing([stages[0]]) == nil)
    #expect(try standing(stages + [stages[0]]) == nil)
    #expect(try standing([stages[0], ("b", Digest(of: [7]))]) == nil)
    let next = try bench.store.createRun(RunStoreTests.spec, at: 950)
    #expect(try standing(stages) == nil)
    // Its stages were left out: they have no fingerprint.
    try bench.store.finishRun(
      next.id, .succeeded, exitStatus: 0, at: 960,
      event: RunEvent(
        seq: 100, time: 960, body: .runFinished(state: .succeeded, exitStatus: 0, resume: nil)))
    #expect(try standing(stages) == nil)
  }
}
