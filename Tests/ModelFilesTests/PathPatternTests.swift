import Diagnostics
import ModelFiles
import Testing

/// Patterns by way of `rank_pattern` and `target_modules`, as users meet them.
@Suite("Patterns over module paths")
struct PathPatternTests {
  static func targets(_ pattern: String) throws -> [String] {
    try AdapterConfiguration(rank: 2, alpha: 4, targetModules: .pattern(pattern))
      .targets(in: AdapterFixtures.model()).map(\.path)
  }

  /// Expected: Python's `re.fullmatch` over the paths.
  @Test(
    "a pattern matches what Python's does",
    arguments: [
      (#".*q_proj"#, ["0.self_attn.q_proj", "1.self_attn.q_proj"]),
      (#".*\.(q|v)_proj"#, ["0.self_attn.q", "0.self_attn.v", "1.self_attn.q", "1.self_attn.v"]),
      (#"model\.layers\.1\..*(?:up|down)_proj"#, ["1.mlp.up_proj", "1.mlp.down_proj"]),
      (#".*layers\.[^0]\.mlp\.gate_proj$"#, ["1.mlp.gate_proj"]),
      (#"^(?!.*mlp).*layers\.\d+\..*[kv]_proj"#, ["0.s", "0.s", "1.s", "1.s"]),
      (#".*(?=up_proj)\w{7}"#, ["0.mlp.up_proj", "1.mlp.up_proj"]),
      (#"(?P<path>.*)\bo_proj\b"#, ["0.self_attn.o_proj", "1.self_attn.o_proj"]),
      (#"model.layers.{1,3}0.mlp.(up_|gate_)?(proj)+?"#, ["0.mlp.gate_proj", "0.mlp.up_proj"]),
      (#"lm_head|.*embed_tokens"#, ["model.embed_tokens", "lm_head"]),
      (#"[a-z._]+0[\w.]*[q]_proj"#, ["0.self_attn.q_proj"]),
      (#"(.*)*(a*)*(mod|model)?.*0.*down.*"#, ["0.mlp.down_proj"]),
    ])
  func matches(_ pattern: String, _ ends: [String]) throws {
    let found = try Self.targets(pattern)
    #expect(found.count == ends.count, "\(found)")
    for (path, end) in zip(found, ends) { #expect(path.contains(end)) }
  }

  @Test("nothing makes matching slow")
  func hostile() throws {
    for pattern in ["(a+)+b", "(.*.*)*.*.*.*x", "((.*)*)*y", "(.?){200}(.{0,99}){9}z"] {
      let failure = #expect(throws: Failure.self) { _ = try Self.targets(pattern) }
      #expect(
        failure?.diagnostics.first?.message
          == "the pattern '\(pattern)' matches no linear of the model")
    }
  }

  @Test(
    "what is not understood is named with its place",
    arguments: [
      (#"(a"#, "a missing ')' at character 3"),
      (#"a)"#, "an unexpected ')' at character 2"),
      (#"*a"#, "nothing to repeat at character 1"),
      (#"a**"#, "a repetition of a repetition at character 4"),
      (#"[a"#, "a missing ']' at character 3"),
      (#"(?<=a)b"#, "a kind of group that is not supported at character 3"),
      (#"(?i)a"#, "a kind of group that is not supported at character 3"),
      (#"(a)\1"#, #"the escape '\1', which is not supported, at character 5"#),
      (#"(?P=x)"#, "a back reference, which is not supported, at character 4"),
      (#"a*+"#, "a possessive repetition, which is not supported, at character 3"),
      (#"^*"#, "a repeated assertion at character 1"),
      (#"((.{999}){999})"#, "repetitions that multiply beyond 20000 steps"),
      (#"a{9999}"#, "a repetition beyond 1000 or backwards at character 8"),
    ])
  func problems(_ pattern: String, _ message: String) throws {
    let failure = #expect(throws: Failure.self) { _ = try Self.targets(pattern) }
    #expect(
      failure?.diagnostics.first?.message
        == "the pattern '\(pattern.replacing("\\", with: #"\\"#))' has \(message)"
        || failure?.diagnostics.first?.message == "the pattern '\(pattern)' has \(message)")
  }

  @Test("a rule is for the end of a path, and the first that matches has force")
  func rules() throws {
    var adapter = AdapterConfiguration(rank: 8, alpha: 16, targetModules: ["q_proj"])
    adapter.rankPattern = [
      try PatternRule("layers.1.mlp.down_proj", 6), try PatternRule("q_proj", 2),
      try PatternRule(#"layers\.0\..*"#, 3), try PatternRule("^model.layers.1.self_attn.*", 5),
    ]
    adapter.alphaPattern = [try PatternRule("k_proj|v_proj", 4)]
    for (path, rank) in [
      ("model.layers.1.mlp.down_proj", 6), ("model.layers.11.mlp.down_proj", 8),
      ("model.layers.0.self_attn.q_proj", 2), ("model.layers.0.mlp.up_proj", 3),
      ("model.layers.1.self_attn.v_proj", 5), ("model.layers.1.self_attn.xq_proj", 5),
      ("model.layers.1.mlp.xq_proj", 8),
    ] { #expect(adapter.rank(of: path) == rank, "\(path)") }
    #expect(adapter.scaling(of: "model.layers.9.self_attn.k_proj") == 0.5)
    #expect(adapter.scaling(of: "model.layers.9.self_attn.o_proj") == 2)
    #expect(throws: Failure.self) { _ = try PatternRule("(", 1) }
  }
}
