import BuiltinStages
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing
import Tokenization

@Suite("tokenizer_train")
struct TokenizerTrainTests {
  static func records(_ folder: TemporaryFolder) throws -> InputArtifact {
    let path = try folder.makeFolder("records")
    let writer = try RecordsWriter(folder: path)
    var identity = RowIdentity()
    for index in 0..<200 {
      let content = RowContent.conversation(
        [
          Message(.user, "my printer number \(index % 7) is broken"),
          Message(.assistant, "category: hardware"),
        ], tools: nil)
      try writer.append(Row(id: identity.next(content, []), content: content))
    }
    _ = try writer.finish()
    return try StageHarness.artifact(folder: path, .records)
  }

  @Test("records become a model folder that tokenises conversations")
  func run() throws {
    let folder = try TemporaryFolder()
    let result = try StageHarness().run(
      TokenizerTrain.self, #"{"vocab_size": 320, "special_tokens": ["<|tool|>"]}"#,
      inputs: ["records": Self.records(folder)], folder: folder)
    let tree = try result.artifact("model", .model).tree
    #expect(
      tree.names == [
        "chat_template.jinja", "model.json", "tokenizer.json", "tokenizer_config.json",
      ])
    let tokenizer = try Tokenizer(tree)
    #expect(tokenizer.bos?.text == "<|begin_of_text|>")
    #expect(tokenizer.eos?.text == "<|im_end|>")
    #expect(tokenizer.id(of: "<|tool|>") == 4)
    #expect(tokenizer.layout.preTokenizer == "llama-bpe")
    #expect(tokenizer.layout.addBOS)
    let builder = ExampleBuilder(
      tokenizer: tokenizer, template: try ChatTemplate.find(in: tree))
    #expect(try builder.selfTest() == [])
    #expect(builder.stopTokenIDs == [try #require(tokenizer.id(of: "<|im_end|>"))])
  }

  @Test("a unigram tokenizer has the same roles and passes the template's self-test")
  func unigram() throws {
    let folder = try TemporaryFolder()
    let result = try StageHarness().run(
      TokenizerTrain.self, #"{"vocab_size": 340, "model": "unigram"}"#,
      inputs: ["records": Self.records(folder)], folder: folder)
    let tokenizer = try Tokenizer(result.artifact("model", .model).tree)
    #expect(tokenizer.modelName == "Unigram")
    #expect(tokenizer.eos?.text == "<|im_end|>")
    #expect(tokenizer.layout.addBOS)
    #expect(tokenizer.id(of: "\u{2581}printer") != nil)
  }

  @Test("one and two threads give the same bytes")
  func threads() throws {
    let folder = try TemporaryFolder()
    let records = try Self.records(folder)
    var digests: [Digest] = []
    for threads in [1, 2] {
      var harness = StageHarness()
      harness.threads = threads
      let result = try harness.run(
        TokenizerTrain.self, "{}", inputs: ["records": records], folder: folder)
      digests.append(try result.artifact("model", .model).digest)
    }
    #expect(digests[0] == digests[1])
  }

  @Test("a template that is not known is refused with the nearest name")
  func unknownTemplate() throws {
    let folder = try TemporaryFolder()
    let failure = #expect(throws: Failure.self) {
      try StageHarness().run(
        TokenizerTrain.self, #"{"chat_template": "chatlm"}"#,
        inputs: ["records": Self.records(folder)], folder: folder)
    }
    let diagnostic = try #require(failure?.diagnostics.first)
    #expect(diagnostic.message == "chat_template: no chat template is named 'chatlm'")
    #expect(diagnostic.fix?.hasPrefix("did you mean 'chatml'?") == true)
  }
}
