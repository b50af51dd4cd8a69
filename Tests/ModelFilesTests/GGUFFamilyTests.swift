import BlockFormats
import Diagnostics
import ModelFiles
import Testing

@Suite("GGUF export: families")
struct GGUFFamilyTests {
  @Test(
    "what llama.cpp would compute otherwise is refused",
    arguments: [
      (#""model_type": "gemma2", "head_dim": 8"#, "a model of the family 'gemma2'"),
      (#""model_type": "olmo2""#, "a model of the family 'olmo2'"),
      (
        #""model_type": "llama", "hidden_act": "gelu_new""#,
        "a llama model whose layers are not Llama's"
      ),
      (
        #""model_type": "qwen2", "rope_scaling": {"type": "yarn", "factor": 4}"#,
        "a model with this rope scaling"
      ),
      (
        #""model_type": "llama", "rope_scaling": {"type": "dynamic", "factor": 4}"#,
        "a model with this rope scaling"
      ),
    ])
  func refused(_ fields: String, _ what: String) throws {
    let model = try FamilyTests.read(fields)
    let vocabulary = GGUFVocabulary(
      model: "gpt2", pre: "gpt-2", tokens: ["a"], types: [.normal], merges: [])
    let failure = #expect(throws: Failure.self) {
      _ = try GGUFExport.plan(model, vocabulary, name: "x", format: .f32)
    }
    #expect(failure?.diagnostics.map(\.code) == ["gguf.family"])
    #expect(failure?.diagnostics.first?.message == "\(what) cannot be exported to GGUF")
    #expect(
      failure?.diagnostics.first?.fix
        == "export families: llama, mistral, qwen2, with rope types default, linear and llama3")
  }
}
