import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// Look-ups that upkeep makes.
@Suite struct UpkeepTests {
  /// Runs of stages `a` and `b`; what each asks for, by run.
  static func store(_ asked: [(a: UInt8?, b: UInt8?)]) throws -> (TemporaryFolder, RunStore) {
    let folder = try TemporaryFolder()
    let store = try RunStore.open(folder.path + "/state.sqlite")
    for (index, (a, b)) in asked.enumerated() {
      let run = try store.createRun(RunStoreTests.spec, at: Double(index))
      for (seq, job) in try store.jobs(ofRun: run.id).enumerated() {
        guard let request = job.stage == "a" ? a : b else { continue }
        _ = try store.move(
          job, .init(.inputsReady, fingerprint: Digest(of: [request])), seq: seq + 1, at: 1)
      }
    }
    return (folder, store)
  }

  @Test("who asked last is the first stage of the newest run in which one did")
  func asker() throws {
    let (folder, store) = try Self.store([(1, 2), (1, 1), (nil, 2), (3, nil)])
    func asker(_ request: UInt8) throws -> String? {
      try store.asker(of: Digest(of: [request])).map { "\($0.stage) \($0.run)" }
    }
    #expect(try asker(1) == "a 2")
    #expect(try asker(2) == "b 3")
    #expect(try asker(3) == "a 4")
    #expect(try asker(4) == nil)
    withExtendedLifetime(folder) {}
  }

  @Test("stages that asked for something are known, others are not")
  func askingStages() throws {
    let (folder, store) = try Self.store([(nil, 2), (nil, 2)])
    #expect(try store.askingStages() == ["b"])
    #expect(try store.hasAsked("b"))
    #expect(try !store.hasAsked("a"))
    withExtendedLifetime(folder) {}
  }

  @Test("the last runs begin with the oldest of them")
  func created() throws {
    let (folder, store) = try Self.store([(1, 2), (1, 2), (1, 2)])
    #expect(try store.created(ofLastRuns: 0) == nil)
    #expect(try store.created(ofLastRuns: 1) == 2)
    #expect(try store.created(ofLastRuns: 2) == 1)
    #expect(try store.created(ofLastRuns: 9) == 0)
    #expect(try store.created(ofLastRuns: .max) == 0)
    withExtendedLifetime(folder) {}
  }

  @Test("what a result keeps is what it says itself")
  func keptResults() throws {
    let bench = try RunStoreTests.Bench()
    try bench.move("a", .inputsReady, RunStoreTests.fingerprint)
    let token = try bench.store.takeToken()
    try bench.finish(bench.begin("a", token: token), "a", .succeeded)
    let result = try #require(try bench.store.results().first)
    let kept = try #require(try bench.store.keptResults().first)
    #expect(kept.fingerprint == result.fingerprint)
    #expect(kept.inputs == [Digest(of: [2])])
    #expect(kept.outputs == [Digest(of: [3])])
    #expect(kept.objects == nil)
    #expect(try bench.store.resultFingerprints() == [result.fingerprint])
  }
}
