import TestSupport
import Testing

/// Every case below `models/`: decoders of all families against transformers.
@Suite(
  "model oracles",
  .enabled(if: SharedMaterial.oracles.exists, "the oracles are absent (set ORACLES)"))
struct ModelOracleTests {
  static let cases = OracleFolder.cases("models")

  @Test("logits, likelihoods and gradients are those of transformers", arguments: cases)
  func numbers(_ folder: String) throws { try ModelChecks(folder: folder).numbers() }

  @Test("layers that are computed again give the same bits", arguments: cases)
  func repeated(_ folder: String) throws { try ModelChecks(folder: folder).repeated() }

  @Test("greedy text with a cache is that of transformers", arguments: cases)
  func greedy(_ folder: String) throws { try ModelChecks(folder: folder).greedy() }

  @Test("texts that share their beginnings have the likelihoods of transformers", arguments: cases)
  func shared(_ folder: String) throws { try ModelChecks(folder: folder).shared() }

  @Test("texts and conversations have the ids of transformers", arguments: cases)
  func tokens(_ folder: String) throws { try ModelChecks(folder: folder).tokens() }
}

/// The same for the tiny decoders of `Tests/Fixtures`: families and rotary tables that the oracles
/// may lack.
@Suite("tiny decoders")
struct TinyDecoderTests {
  static let cases = OracleFolder.folders("Tests/Fixtures/decoders").map {
    "Tests/Fixtures/decoders/" + $0
  }

  @Test("the fixtures are there")
  func fixtures() { #expect(Self.cases.count == 19) }

  @Test("logits, likelihoods and gradients are those of transformers", arguments: cases)
  func numbers(_ folder: String) throws { try ModelChecks(folder: folder).numbers() }

  @Test("layers that are computed again give the same bits", arguments: cases)
  func repeated(_ folder: String) throws { try ModelChecks(folder: folder).repeated() }

  @Test("tokens through a cache have the likelihoods of transformers", arguments: cases)
  func greedy(_ folder: String) throws { try ModelChecks(folder: folder).greedy() }

  @Test("texts that share their beginnings have the likelihoods of transformers", arguments: cases)
  func shared(_ folder: String) throws { try ModelChecks(folder: folder).shared() }

  @Test(
    "the load balance of experts is that of transformers",
    arguments: cases.filter { $0.contains("_moe") || $0.contains("mixtral") })
  func loadBalance(_ folder: String) throws { try ModelChecks(folder: folder).loadBalance() }
}
