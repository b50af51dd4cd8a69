import Documents
import ModelFiles
import TestSupport
import Testing

@Suite("Rotary tables of config.json")
struct RopeReaderTests {
  static func scaling(_ table: String, _ rest: String = "") throws -> RopeScaling? {
    try FamilyTests.read(#""model_type": "llama", \#(rest)"rope_scaling": \#(table)"#).ropeScaling
  }

  @Test("every type in its usual form")
  func types() throws {
    #expect(try Self.scaling("null") == nil)
    #expect(try Self.scaling("{}") == nil)
    #expect(try Self.scaling(#"{"type": "linear", "factor": 2}"#) == .linear(factor: 2))
    #expect(
      try Self.scaling(#"{"rope_type": "dynamic", "factor": 4}"#)
        == .dynamic(factor: 4, originalContextLength: 512))
    #expect(
      try Self.scaling(
        #"{"type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4}"#)
        == .llama3(
          factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 512))
  }

  @Test("yarn: the attention factor is given, of the factor, or of the mscales")
  func yarn() throws {
    func yarn(_ fields: String) throws -> RopeScaling.Yarn {
      let table = #"{"rope_type": "yarn", "original_max_position_embeddings": 128\#(fields)}"#
      guard case .yarn(let yarn)? = try Self.scaling(table) else {
        throw TestIssue("no yarn")
      }
      return yarn
    }
    let plain = try yarn(#", "factor": 4"#)
    #expect(abs(plain.attentionFactor - 1.138629436111989) < 1e-15)
    #expect(plain.betaFast == 32 && plain.betaSlow == 1 && plain.truncates)
    #expect(plain.originalContextLength == 128)
    #expect(try yarn(#", "factor": null"#).factor == 4)
    #expect(
      try yarn(#", "factor": 40, "mscale": 1.0, "mscale_all_dim": 1.0"#).attentionFactor == 1)
    let given = try yarn(
      #", "factor": 32, "attention_factor": 0.5, "beta_fast": 0, "truncate": false"#)
    #expect(given.attentionFactor == 0.5 && given.betaFast == 32 && !given.truncates)
  }

  @Test("a length beside the table has force over the one in it")
  func original() throws {
    let table = #"{"type": "yarn", "factor": 4, "original_max_position_embeddings": 128}"#
    guard
      case .yarn(let yarn)? = try Self.scaling(table, #""original_max_position_embeddings": 64, "#)
    else {
      Issue.record("no yarn")
      return
    }
    #expect(yarn.originalContextLength == 64)
  }

  @Test("rope_scaling has force over rope_parameters, a table's theta over the one beside it")
  func precedence() throws {
    let model = try FamilyTests.read(
      #"""
      "model_type": "llama", "rope_theta": 3e4, "rope_parameters": {"rope_theta": 2e4},
      "rope_scaling": {"type": "linear", "factor": 2}
      """#)
    #expect(model.ropes == [Rope(theta: 3e4, scaling: .linear(factor: 2), dimensions: 8)])
    let five = try FamilyTests.read(
      #""model_type": "llama", "rope_theta": 3e4, "rope_parameters": {"rope_theta": 2e4}"#)
    #expect(five.ropeTheta == 2e4)
  }

  @Test("a table for each kind of layer, where a family has both")
  func nested() throws {
    let model = try FamilyTests.read(
      #"""
      "model_type": "qwen3", "head_dim": 8, "use_sliding_window": true, "sliding_window": 4,
      "max_window_layers": 3, "rope_parameters": {
        "full_attention": {"rope_type": "default", "rope_theta": 1e6},
        "sliding_attention": {"rope_type": "default", "rope_theta": 1e4}}
      """#)
    #expect(model.ropes.map(\.theta) == [1e6, 1e4])
    #expect(model.layers.map(\.rope) == [0, 0, 0, 1, 1])
  }

  @Test(
    "attention factors are those of transformers",
    .enabled(if: SharedMaterial.goldens.exists, "../shared/goldens is absent (set GOLDENS)"))
  func goldens() throws {
    let goldens = try JSONFile.read(SharedMaterial.goldens.path("formula_goldens.json"))
    var checked = 0
    for row in goldens["rope"]?.arrayValue ?? [] {
      let length = row["max_position_embeddings"]?.integerValue ?? 0
      var table = row["params"]?.objectValue ?? []
      table.append(JSONMember("rope_type", row["type"] ?? .null))
      let model = try ModelConfiguration(
        config: .object([
          "model_type": "llama", "hidden_size": 1024, "intermediate_size": 8, "vocab_size": 4,
          "num_hidden_layers": 1, "num_attention_heads": 8, "rope_theta": row["theta"] ?? .null,
          "max_position_embeddings": .integer(Int64(length)), "rope_scaling": .object(table),
        ]), file: "c")
      let expected = row["attention_factor"]?.doubleValue ?? 0
      switch model.ropeScaling {
      case .yarn(let yarn): #expect(abs(yarn.attentionFactor - expected) < 1e-14)
      case .longrope(_, _, let factor, _): #expect(abs(factor - expected) < 1e-14)
      default: #expect(expected == 1)
      }
      checked += 1
    }
    #expect(checked > 0)
  }
}

struct TestIssue: Error {
  var message: String
  init(_ message: String) { self.message = message }
}
