import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Planning
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

@Suite struct SharedStoreTests {
  let cache: TemporaryFolder

  init() throws { cache = try TemporaryFolder() }

  func shared() -> SharedStore { SharedStore(root: cache.path) }

  @Test("another project finds what one has made, with the same bytes, and runs nothing")
  func found() throws {
    let (first, second) = (try Workbench(), try Workbench())
    #expect(try first.run(first.spec(), shared: shared()).moves.contains("b:finished"))
    let again = try second.run(second.spec(), shared: shared())
    #expect(again.moves == ["a:inputs_ready", "a:reused", "b:inputs_ready", "b:reused"])
    #expect(again.warnings.isEmpty)
    #expect(try second.objects() == first.objects())
    #expect(try ProjectCheck.run(second.project, readingBytes: true).findings.isEmpty)
    // From now on it is its own.
    #expect(try second.run(second.spec()).moves.filter { $0.hasSuffix("reused") }.count == 2)
  }

  @Test("the planner knows of it, and says where it comes from")
  func planned() throws {
    let (first, second) = (try Workbench(), try Workbench())
    try first.run(first.spec(), shared: shared())
    let records = try #require(try ProjectRecords(toRead: second.project, shared: shared()))
    let fingerprint = Fingerprint.of(first.spec().stages[0], inputs: [:])
    let result = try #require(try records.result(for: fingerprint))
    #expect(result.isShared && result.isComplete)
    let digest = try #require(result.outputs["files"])
    #expect(try records.artifact(digest)?.tree.names == ["f"])
    #expect(try records.result(for: Digest(of: [1])) == nil)
    let own = try #require(try ProjectRecords(toRead: first.project, shared: shared()))
    #expect(try own.result(for: fingerprint)?.isShared == false)
  }

  @Test("what an artifact refers to comes along, from here or from the project, or it is unknown")
  func references() throws {
    let (first, second) = (try Workbench(), try Workbench())
    for bench in [first, second] { try bench.run(bench.spec()) }
    let local = ArtifactStore(first.project)
    func publish(_ text: String, _ references: [Digest]) throws -> Digest {
      let folder = try TemporaryFolder()
      try folder.write("weights", text)
      let manifest = try ArtifactStore.seal(
        folder: folder.path, type: .model, references: references)
      try local.publish([(manifest, folder.path)])
      return manifest.digest
    }
    let base = try publish("base", [])
    let adapter = try publish("adapter", [base])
    let store = shared()
    store.offer(
      SharedResult(
        request: .object([]), outcome: .succeeded, outputs: ["model": adapter], seconds: 0,
        provenance: [:]), from: local)
    store.finish()

    let elsewhere = ArtifactStore(second.project)
    let found = try #require(store.artifact(adapter, beside: elsewhere))
    #expect(found.reference(base)?.names == ["weights"])
    try DurableFile.remove(store.path(of: base))
    #expect(store.artifact(adapter, beside: elsewhere) == nil)
    let beside = try #require(store.artifact(adapter, beside: local))
    #expect(try beside.reference(base)?.path("weights").hasPrefix(first.folder.path) == true)
  }

  @Test("a damaged object is named, not used, and written anew", arguments: [0, 1, 2])
  func damaged(which: Int) throws {
    let (first, second, third) = (try Workbench(), try Workbench(), try Workbench())
    try first.run(first.spec(), shared: shared())
    let digest = try first.output("b")
    let path: String
    switch which {
    case 0: path = shared().path(of: digest)
    case 1:
      path = try shared().path(
        of: #require(Digest(hex: (first.file("b") as NSString).lastPathComponent)))
    default:
      let fingerprint = try #require(try first.store().lastFinishedJob(ofStage: "b")?.fingerprint)
      path = "\(cache.path)/results/\(fingerprint.hex.prefix(2))/\(fingerprint.hex)"
    }
    let whole = try DurableFile.read(path)
    try first.damage(path)
    let run = try second.run(second.spec(), shared: shared())
    #expect(
      run.moves == ["a:inputs_ready", "a:reused", "b:inputs_ready", "b:started", "b:finished"])
    #expect(run.warnings.map(\.code) == ["shared.damaged-object"])
    #expect(run.warnings.first?.message.contains(path) == true)
    #expect(try second.objects() == first.objects())
    // A result says how long it took, an object holds nothing but its bytes.
    if which != 2 { #expect(try DurableFile.read(path) == whole) }
    #expect(try third.run(third.spec(), shared: shared()).moves.contains("b:reused"))
  }

  @Test("a cache that cannot be used is told once and fails nothing")
  func unusable() throws {
    let bench = try Workbench()
    try cache.write("file", "no folder")
    let run = try bench.run(bench.spec(), shared: SharedStore(root: cache.path + "/file/x"))
    #expect(run.moves.contains("b:finished"))
    #expect(run.warnings.map(\.code) == ["shared.unusable"])
  }

  @Test("a cache that nobody may write to is an ordinary one, and nothing is said")
  func readOnly() throws {
    let bench = try Workbench()
    // No folder can be made there, not even by root.
    let run = try bench.run(bench.spec(), shared: SharedStore(root: "/sys/kernel/cache"))
    #expect(run.moves.contains("b:finished"))
    #expect(run.warnings.isEmpty)
  }

  @Test("what was made before there was a cache gets there with the next run")
  func later() throws {
    let (first, second) = (try Workbench(), try Workbench())
    try first.run(first.spec())
    try first.run(first.spec(), shared: shared())
    #expect(try second.run(second.spec(), shared: shared()).moves.contains("b:reused"))
  }

  @Test("many writers at once leave a cache that is whole")
  func writers() async throws {
    let root = cache.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          let bench = try Workbench()
          for version in 1...3 {
            try bench.run(bench.spec(version), shared: SharedStore(root: root))
          }
        }
      }
      try await group.waitForAll()
    }
    let bench = try Workbench()
    for version in 1...3 {
      let run = try bench.run(bench.spec(version), shared: shared())
      #expect(run.moves.filter { $0.hasSuffix("reused") }.count == 2)
      #expect(run.warnings.isEmpty)
    }
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    #expect(!names.contains { $0.contains(DurableFile.temporaryPrefix) })
  }
}
