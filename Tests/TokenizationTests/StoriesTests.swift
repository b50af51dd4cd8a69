import Records
import Reproducibility
import TestSupport
import Testing
import Tokenization

/// A SentencePiece-style vocabulary of a really pretrained model.
@Suite(
  "SentencePiece-style BPE",
  .enabled(if: SharedMaterial.models.exists, "the folder of models is absent"))
struct StoriesTests {
  static func tokenizer() throws -> Tokenizer {
    try Tokenizer(FileTree(folder: SharedMaterial.models.path("stories260k")))
  }

  @Test("texts come back, and a stream of ids gives the same text")
  func roundTrip() throws {
    let tokenizer = try Self.tokenizer()
    for text in ["Once upon a time", " two  blanks ", "naïve 日本 👩‍🚀", "a\nb\t", ""] {
      let ids = tokenizer.encode(text, addSpecialTokens: true, parseSpecial: false)
      #expect(ids.first == tokenizer.bos?.id)
      #expect(tokenizer.decode(ids, skipSpecialTokens: true) == text)
      var decoder = StreamingDecoder(tokenizer, skipSpecialTokens: true)
      let pieces = ids.map { decoder.append($0) }
      let streamed = pieces.joined() + decoder.finish()
      #expect(streamed == text)
    }
  }

  @Test("a cut leaves the blank at the start of the text alone")
  func noSecondPrefix() throws {
    let tokenizer = try Self.tokenizer()
    let builder = ExampleBuilder(tokenizer: tokenizer, template: nil)
    let example = try builder.example(
      .init(id: ExampleBuilderTests.id, content: .completion(prompt: "Once", completion: " upon")))
    #expect(tokenizer.decode(example.ids, skipSpecialTokens: true) == "Once upon")
  }

  @Test("the layout has llama.cpp's types, and scores in the order of merges")
  func layout() throws {
    let layout = try Self.tokenizer().layout
    #expect(layout.kind == .sentencePieceBPE)
    #expect(layout.addBOS && !layout.addEOS && layout.addSpacePrefix)
    #expect(layout.tokens.count == 512)
    #expect(layout.types[0] == .unknown)
    #expect(layout.types[1] == .control)
    #expect(layout.types[3] == .byte)
    #expect(layout.types[511] == .normal)
    let first = String(try #require(layout.merges.first).filter { $0 != " " })
    #expect(layout.scores[try #require(layout.tokens.firstIndex(of: first))] == 0)
  }
}
