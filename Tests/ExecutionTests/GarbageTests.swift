import Artifacts
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

@Suite struct GarbageTests {
  static func search(_ bench: Workbench, keepRuns: Int) throws -> Garbage {
    try GarbageSearch.run(
      bench.project, bench.store(),
      roots: CollectionRoot.collection(keepRuns: keepRuns, plan: nil), keepRuns: keepRuns,
      withAnswers: false)
  }

  @Test("results of the last runs stay with all they consist of; the rest goes")
  func lastRuns() throws {
    let bench = try Workbench()
    try bench.run(bench.spec(1))
    let old = try bench.objects()
    try bench.run(bench.spec(2))
    try bench.run(bench.spec(3))
    #expect(try Self.search(bench, keepRuns: 3).isEmpty)
    let garbage = try Self.search(bench, keepRuns: 2)
    #expect(garbage.results.count == 2)
    #expect(garbage.count == old.count)
    #expect(garbage.bytes == old.values.reduce(0) { $0 + $1.count })
    try garbage.remove(from: ProjectSession(bench.project))
    #expect(try Set(bench.objects().keys).isDisjoint(with: old.keys))
    #expect(try ProjectCheck.run(bench.project, readingBytes: true).findings.isEmpty)
    #expect(try bench.run(bench.spec(3)).moves.filter { $0.hasSuffix("reused") }.count == 2)
    #expect(try bench.run(bench.spec(1)).moves.filter { $0.hasSuffix("finished") }.count == 2)
  }

  @Test("what is shared with something kept stays")
  func sharedObjects() throws {
    let bench = try Workbench()
    try bench.run(bench.spec(1))
    // Another request for 'b' whose input comes out the same: the same artifact of 'a'.
    var spec = bench.spec(1)
    spec.stages[1].version = 2
    try bench.run(spec)
    let garbage = try Self.search(bench, keepRuns: 1)
    try garbage.remove(from: ProjectSession(bench.project))
    #expect(garbage.results.count == 1)
    #expect(try bench.run(spec).moves.filter { $0.hasSuffix("reused") }.count == 2)
  }

  struct Killed: Error {}

  @Test("a collection killed before any of its steps leaves nothing half that counts as whole")
  func killed() throws {
    var steps = 0
    var isWhole = false
    while !isWhole {
      let bench = try Workbench()
      try bench.run(bench.spec(1))
      try bench.run(bench.spec(2))
      let kept = try bench.output("b")
      let garbage = try Self.search(bench, keepRuns: 1)
      var left = steps
      do {
        try garbage.remove(from: ProjectSession(bench.project)) { _ in
          if left == 0 { throw Killed() }
          left -= 1
        }
        isWhole = true
      } catch is Killed {}
      let artifacts = ArtifactStore(bench.project)
      #expect(try artifacts.isWhole(kept))
      #expect(try ProjectCheck.run(bench.project, readingBytes: true).findings.isEmpty, "\(steps)")
      // Whatever was left is garbage for the next one, and a run is none the worse.
      try Self.search(bench, keepRuns: 1).remove(from: ProjectSession(bench.project))
      #expect(try Self.search(bench, keepRuns: 1).isEmpty)
      #expect(try bench.run(bench.spec(1)).moves.filter { $0.hasSuffix("finished") }.count == 2)
      steps += 1
    }
    #expect(steps >= 6)
  }

  @Test("checkpoints of forgotten requests, old logs and files set aside go")
  func others() throws {
    let bench = try Workbench()
    try bench.run(bench.spec(1))
    for (index, request) in [Digest(of: [1]), Digest(of: [2])].enumerated() {
      try FolderCheckpoints(folder: bench.project.checkpoints(of: request))
        .save(step: index, arithmetic: "") { try DurableFile.writeFleeting([1], to: $0 + "/s") }
    }
    let path = try bench.file("a")
    try DurableFile.writeFleeting([1], to: path + ArtifactStore.damagedSuffix)
    try DurableFile.writeFleeting([1, 2], to: bench.project.log(ofAttempt: 1))
    try bench.run(bench.spec(1))
    let garbage = try Self.search(bench, keepRuns: 1)
    #expect(garbage.items[.checkpoints]?.count == 2)
    #expect(garbage.items[.damaged]?.map(\.path) == [path + ArtifactStore.damagedSuffix])
    #expect(garbage.items[.logs]?.map(\.bytes) == [2])
    #expect(garbage.items[.objects] == nil)
  }

  @Test("cleaning a stage makes it run again and nothing else")
  func clean() throws {
    let bench = try Workbench()
    try bench.run(bench.spec(1))
    let garbage = try GarbageSearch.run(
      bench.project, bench.store(), roots: CollectionRoot.others(than: ["a"]), keepRuns: .max,
      withAnswers: false, withInputs: false)
    try garbage.remove(from: ProjectSession(bench.project))
    #expect(
      try bench.run(bench.spec(1)).moves == [
        "a:inputs_ready", "a:started", "a:finished", "b:inputs_ready", "b:reused",
      ])
  }

  @Test("cleaning a stage lets its checkpoints go and keeps those of other stages")
  func cleanCheckpoints() throws {
    let bench = try Workbench()
    try bench.run(bench.spec(1))
    var kept: [String: Digest] = [:]
    for stage in ["a", "b"] {
      kept[stage] = try bench.store().lastFinishedJob(ofStage: stage)?.fingerprint
    }
    // 'b' was asked for, and has no result any more.
    let session = try ProjectSession(bench.project)
    try session.store.remove(results: [#require(kept["b"])])
    session.close()
    kept["nobody"] = Digest(of: [9])
    for request in kept.values {
      try FolderCheckpoints(folder: bench.project.checkpoints(of: request))
        .save(step: 1, arithmetic: "") { try DurableFile.writeFleeting([1], to: $0 + "/s") }
    }
    let garbage = try GarbageSearch.run(
      bench.project, bench.store(), roots: CollectionRoot.others(than: ["a"]), keepRuns: .max,
      withAnswers: false, withInputs: false, kinds: [.manifests, .objects, .checkpoints])
    let expected = ["a", "nobody"].compactMap { kept[$0].map(bench.project.checkpoints(of:)) }
    #expect(Set(garbage.items[.checkpoints, default: []].map(\.path)) == Set(expected))
    #expect(garbage.results == [try #require(kept["a"])])
    #expect(Set(garbage.items.keys) == [.manifests, .objects, .checkpoints])
  }

  @Test("results that list their objects and results that do not are kept alike", arguments: 0..<16)
  func listed(choice: Int) throws {
    let bench = try Workbench()
    try bench.run(bench.spec(1))
    try bench.run(bench.spec(2))
    let before = try Self.search(bench, keepRuns: 1)
    #expect(before.results.count == 2)
    // The same record, with some lists of objects left out.
    let session = try ProjectSession(bench.project)
    for (index, result) in try session.store.results().enumerated() {
      var result = result
      if choice >> index & 1 == 1 { result.objects = nil }
      try session.store.adopt(result, at: 1)
    }
    session.close()
    let after = try Self.search(bench, keepRuns: 1)
    #expect(after.results == before.results)
    #expect(after.items == before.items)
    #expect(after.count > 0)
  }
}
