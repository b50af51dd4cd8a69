import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Processes
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// A stage that makes a version of a model, and the engine that registers it.
@Suite struct RegistrationTests {
  let bench: EngineTests
  let registry: RegistryFolder

  init() throws {
    bench = try EngineTests()
    registry = RegistryFolder(path: bench.project.state + "/registry")
  }

  /// A model, and a version of it.
  func spec(_ name: String = "triage") -> RunSpec {
    let train = StageRequest(
      stage: "train", kind: "sft", version: 4, parameters: [:],
      outputs: [Port("model", .model, help: "")])
    let register = StageRequest(
      stage: "register", kind: "register", version: 1, parameters: ["name": .string(name)],
      inputs: ["model": .stage(name: "train", port: "model")],
      outputs: [Port("version", .version, help: "")])
    return bench.spec([train, register])
  }

  static func work(_ ticket: Ticket, version: [UInt8]? = nil) throws -> ScriptedProcess {
    let port = try #require(ticket.outputs.first)
    let out = try #require(ticket.outputFolders[port.name])
    var references: [Digest] = []
    if let model = ticket.inputs["model"] {
      let manifest = VersionManifest(
        name: "triage", aliases: ["challenger"], model: model.digest, lineage: Lineage(),
        verdictArtifact: Digest(of: [9]), verdict: Verdict(decision: .pass, rules: []), scores: [])
      try DurableFile.writeFleeting(
        version ?? JSONWriter.canonical(manifest.json), to: out + "/version.json")
      references = [model.digest]
    } else {
      try DurableFile.writeFleeting([1, 2, 3], to: out + "/weights")
    }
    let sealed = try ArtifactStore.seal(
      folder: out, type: port.types[0], references: references)
    return ScriptedProcess(
      [.finished(.succeeded, outputs: [port.name: sealed])], exit: .exited(0))
  }

  @Test("a version is registered once, by whichever run makes or reuses it")
  func once() throws {
    let first = try bench.run(spec()) { try Self.work($0) }
    #expect(first.conclusion.state == .succeeded)
    let read = try registry.read()
    let version = try #require(read.version(at: "challenger", of: "triage"))
    #expect(version.number == 1)
    #expect(version.registration.origin.requests.keys.sorted() == ["register", "train"])
    #expect(version.registration.code.stages == ["sft": 4, "register": 1])
    do {
      let session = try ProjectSession(bench.project)
      #expect(try session.store.registered().map(\.run) == [first.conclusion.run])
      #expect(try session.artifacts.isWhole(version.registration.artifact))
    }
    let count = read.records.count

    // The registry is lost: reusing the result registers it again.
    try DurableFile.remove(registry.path)
    let second = try rerun()
    #expect(second.conclusion.state == .succeeded)
    #expect(second.seen.moves.contains("register:reused"))
    #expect(try registry.read().records.count == count)
    _ = try rerun()
    #expect(try registry.read().records.count == count)
  }

  private func rerun() throws -> (conclusion: RunConclusion, seen: EventList) {
    try bench.run(spec()) { _ in throw Failure([], .internal) }
  }

  @Test("a collection keeps every version of the registry, its model and what made it")
  func collection() throws {
    #expect(try bench.run(spec()) { try Self.work($0) }.conclusion.state == .succeeded)
    let version = try #require(registry.read().version(at: "challenger", of: "triage"))
    let other = bench.spec([
      StageRequest(
        stage: "other", kind: "sft", version: 4, parameters: ["seed": 2],
        outputs: [Port("model", .model, help: "")])
    ])
    #expect(try bench.run(other) { try Self.work($0) }.conclusion.state == .succeeded)
    do {
      let session = try ProjectSession(bench.project)
      let garbage = try GarbageSearch.run(
        bench.project, session.store, roots: CollectionRoot.collection(keepRuns: 1, plan: nil),
        keepRuns: 1, withAnswers: false)
      #expect(garbage.results.count == 1, "the training itself; its model stays")
      try garbage.remove(from: session)
    }
    do {
      let session = try ProjectSession(bench.project)
      let everything = try GarbageSearch.run(
        bench.project, session.store, roots: CollectionRoot.protected, keepRuns: 0,
        withAnswers: true)
      try everything.remove(from: session)
    }
    let session = try ProjectSession(bench.project)
    #expect(try session.artifacts.isWhole(version.registration.artifact))
    #expect(try session.artifacts.isWhole(version.manifest.model))
    #expect(try session.store.result(for: session.store.registered()[0].fingerprint) != nil)
  }

  @Test("a version that is none, or a registry that is damaged, fails the stage")
  func failures() throws {
    let bad = try bench.run(spec()) { try Self.work($0, version: Array("{}".utf8)) }
    #expect(bad.conclusion.state == .failed)
    #expect(
      bad.conclusion.failures.first?.failure.diagnostics.first?.code == "registry.bad-version")
    #expect(try registry.read().records.isEmpty)

    try DurableFile.makeFolder(registry.path)
    try DurableFile.write(Array("{}".utf8), to: registry.path + "/00000001.json")
    let damaged = try bench.run(spec()) { try Self.work($0) }
    #expect(damaged.conclusion.state == .failed)
    #expect(damaged.conclusion.failures.first?.failure.failureClass == .io)
    try DurableFile.remove(registry.path + "/00000001.json")
    #expect(try bench.run(nil) { try Self.work($0) }.conclusion.state == .succeeded)
    #expect(try registry.read().names == ["triage"])
  }
}
