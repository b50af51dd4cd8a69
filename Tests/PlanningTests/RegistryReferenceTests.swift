import Diagnostics
import Planning
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing

/// Inputs that name a model of the registry.
@Suite struct RegistryReferenceTests {
  /// A stage with every way to take a model.
  struct Contest: Stage {
    static let kind: StageKind = "contest"
    static let version = 1
    static let summary = "Compares."
    struct Parameters: StageParameters { init(_ read: inout ParameterReader) {} }

    static func ports(for parameters: Parameters) -> Ports {
      var champion = Port("champion", .model, help: "")
      champion.copesWithNoVersion = true
      return Ports(
        inputs: [
          Port("candidate", .model, help: ""), Port("other", .model, optional: true, help: ""),
          champion, Port("rows", .records, optional: true, help: ""),
        ], outputs: [Port("verdict", .verdict, help: "")])
    }

    init() {}
    func run(_ parameters: Parameters, in context: StageContext) -> StageOutcome { .succeeded }
  }

  /// A past without results, and a registry.
  final class Models: RecordedResults {
    let known: Mutex<[RegistryReference: Digest]>

    init(_ known: [String: Digest]) {
      let pairs = known.compactMap { text, digest in
        RegistryReference(text).map { ($0, digest) }
      }
      self.known = Mutex(Dictionary(uniqueKeysWithValues: pairs))
    }

    func result(for fingerprint: Digest) -> RecordedResult? { nil }
    func lastResult(ofStage name: String) -> RecordedResult? { nil }
    func artifact(_ digest: Digest) -> InputArtifact? { nil }
    func facts(of fingerprint: Digest) -> ResultFacts? { nil }
    func hasResult(ofShape shape: Digest, inputs: [String: Digest]) -> Bool { false }
    func registered(_ reference: RegistryReference) -> Digest? { known.withLock { $0[reference] } }
  }

  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  func plan(_ inputs: String, _ models: Models) throws -> Plan {
    let path = try folder.write(
      "p.yaml", "name: p\nstages:\n  a:\n    uses: contest\n    inputs: \(inputs)\n")
    return try Planner.load(path, catalogue: StageCatalogue([Contest.self])).plan(
      results: models, statCache: MemoryStatCache(), checkpoints: NoRecords())
  }

  func problem(_ inputs: String, _ models: Models) -> Diagnostic? {
    do {
      _ = try plan(inputs, models)
      return nil
    } catch {
      return (error as? Failure)?.diagnostics.first
    }
  }

  static let first = Digest(of: [1])
  static let second = Digest(of: [2])

  @Test("a reference is the digest of this moment, and its move makes another request")
  func resolved() throws {
    let models = Models(["triage@champion": Self.first, "triage/2": Self.second])
    let text = "{ candidate: registry:triage/2, champion: registry:triage@champion }"
    let before = try plan(text, models)
    let request = try #require(before.spec.stage("a"))
    #expect(
      request.inputs == ["candidate": .artifact(Self.second), "champion": .artifact(Self.first)])
    let reference = try #require(RegistryReference("triage@champion"))
    models.known.withLock { $0[reference] = Self.second }
    let after = try plan(text, models)
    #expect(after.verdicts[0].fingerprint != before.verdicts[0].fingerprint)
  }

  @Test("an alias that points to nothing is left out with a warning where the stage copes")
  func nothing() throws {
    let models = Models(["triage/1": Self.first])
    let plan = try plan(
      "{ candidate: registry:triage/1, other: registry:triage@best, champion: registry:triage@champion }",
      models)
    #expect(plan.spec.stage("a")?.inputs == ["candidate": .artifact(Self.first)])
    #expect(plan.warnings.map(\.code) == ["registry.nothing-there", "registry.nothing-there"])
    #expect(
      plan.warnings[1].message.hasSuffix(
        "no version at 'champion' of 'triage'; the input is left out"))
    #expect(plan.warnings.allSatisfy { $0.severity == .warning && $0.span?.line == 5 })
  }

  @Test("what must be there is an error: a required input, a number")
  func missing() throws {
    let models = Models(["triage/1": Self.first])
    let required = problem(
      "{ candidate: registry:triage@champion, champion: registry:triage/1 }", models)
    #expect(required?.code == "registry.nothing-there" && required?.severity == .error)
    let number = problem(
      "{ candidate: registry:triage/1, champion: registry:triage/7 }", models)
    #expect(number?.message.hasSuffix("the registry has no version 7 of 'triage'") == true)
  }

  @Test("a reference that is none, or where no model goes, is told at its place")
  func wrong() throws {
    let models = Models([:])
    let form = problem("{ candidate: registry:triage, champion: registry:triage@champion }", models)
    #expect(form?.code == "spec.registry-reference" && form?.span?.column == 26)
    let type = problem(
      "{ candidate: registry:t/1, champion: registry:t/1, rows: registry:t/1 }", models)
    #expect(type?.code == "spec.port-type")
    // Not connected at all is still a mistake.
    #expect(problem("{ candidate: registry:t/1 }", models)?.code == "spec.missing-input")
  }
}
