import Documents
import ModelFiles
import Models
import TestSupport
import Testing

/// Rotary frequencies as transformers computes them, from the configuration on.
@Suite(.enabled(if: SharedMaterial.goldens.exists, "the goldens are absent (set GOLDENS)"))
struct RopeGoldenTests {
  @Test("every scaling has transformers' frequencies and factor")
  func frequencies() throws {
    let path = SharedMaterial.goldens.path("formula_goldens.json")
    let cases = try JSONReader.parse(SharedMaterial.bytes(path), file: path)["rope"]?.arrayValue
    for item in try #require(cases) {
      let name = try #require(item["type"]?.stringValue)
      let rope = try Self.configuration(item, name).ropes[0]
      let context = item["max_position_embeddings"]?.integerValue ?? 0
      let (own, factor) = rope.frequencies(length: item["seq_len"]?.integerValue ?? min(context, 1))
      let expected = (item["inv_freq_f32"]?.arrayValue ?? []).compactMap(\.doubleValue)
      try #require(own.count == expected.count && !expected.isEmpty)
      let worst = zip(own, expected).map { abs($0 - $1) / $1 }.max() ?? 1
      // The table is in float32, where 1 - ramp cancels at the slow end of yarn's ramp.
      #expect(worst < (name == "yarn" ? 2e-6 : 1e-6), "\(name): off by \(worst)")
      let wanted = try #require(item["attention_factor"]?.doubleValue)
      #expect(
        abs(factor - wanted) <= 1e-6 * wanted, "\(name): factor \(factor), expected \(wanted)")
    }
  }

  private static func configuration(_ item: JSONValue, _ name: String) throws
    -> ModelConfiguration
  {
    var rope = item["params"]?.objectValue ?? []
    rope.append(JSONMember("rope_type", .string(name)))
    rope.append(JSONMember("rope_theta", item["theta"] ?? .null))
    let members: [(String, JSONValue)] = [
      ("model_type", .string("llama")), ("vocab_size", .number(8)), ("hidden_size", .number(256)),
      ("intermediate_size", .number(8)), ("num_hidden_layers", .number(1)),
      ("num_attention_heads", .number(2)), ("head_dim", item["head_dim"] ?? .null),
      ("max_position_embeddings", item["max_position_embeddings"] ?? .null),
      ("rope_parameters", .object(rope)),
    ]
    return try ModelConfiguration(
      config: .object(members.map { JSONMember($0.0, $0.1) }), file: "config.json")
  }
}
