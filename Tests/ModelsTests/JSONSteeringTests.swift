import Documents
import Generation
import ModelFiles
import Models
import Parallelism
import TestSupport
import Testing
import Tokenization

/// Answers that are kept to JSON.
@Suite struct JSONSteeringTests {
  static let pieces: [(String, String)] = [
    ("{", "\""), ("\"", ":"), ("\"", ","), ("\",", "\""), ("\":", "\""), ("t", "r"), ("tr", "u"),
    ("tru", "e"), ("}", "}"), ("]", "}"), ("1", "2"), ("12", "3"), (" ", " "), ("\"", "a"),
    ("\"a", "\""), ("\\", "u"), ("\\u", "d"), ("\\", "n"), ("0", "."), ("e", "+"), ("[", "["),
    ("\"a\"", ":"), ("f", "a"), ("a", "b"), ("}", "\n"),
  ]

  static func tokenizer() throws -> Tokenizer {
    try Tokenizer(
      bytes: ByteTokenizerFile.bytes(pieces: pieces), configuration: ByteTokenizerFile.configuration
    )
  }

  static func model(_ seed: UInt64, vocabulary: Int) -> LanguageModel {
    .initialized(
      ModelConfiguration(
        modelType: "llama", vocabularySize: vocabulary, hiddenSize: 16, intermediateSize: 24,
        layerCount: 1, headCount: 2, keyValueHeadCount: 1, headSize: 8, contextLength: 256),
      seed: seed, trainable: .nothing, pool: ThreadPool(threads: 2))
  }

  @Test("random models write text that the strict reader takes, in any room")
  func random() throws {
    let tokenizer = try Self.tokenizer()
    var kinds: Set<String> = []
    for seed in 0..<4 as Range<UInt64> {
      // Ids that no token has are never chosen.
      let model = Self.model(seed, vocabulary: tokenizer.vocabularySize + 3)
      let generator = Generator(model: model, tokenizer: tokenizer)
      for room in [1, 2, 3, 5, 8, 13, 40, 120] {
        var settings = SamplingSettings(
          maxNewTokens: room, temperature: 1.5, seed: seed, stopTokenIDs: [1])
        settings.isJSON = true
        let prompts = (0..<40).map { [Int32(0), Int32(2 + $0 * 3)] }
        for text in try generator.generate(prompts, settings) {
          let bytes = Array(text.text.utf8)
          #expect(throws: Never.self, "\(text.text)") {
            _ = try JSONReader.parse(bytes, file: "answer")
          }
          kinds.insert(String(text.text.first { !$0.isWhitespace } ?? " "))
          #expect(text.ids.count <= room)
        }
      }
    }
    #expect(kinds.isSuperset(of: ["{", "[", "\"", "t", "f", "n", "-", "1"]))
  }

  @Test("greedy answers are the same in any batch")
  func batches() throws {
    let tokenizer = try Self.tokenizer()
    let generator = Generator(
      model: Self.model(9, vocabulary: tokenizer.vocabularySize), tokenizer: tokenizer)
    var settings = SamplingSettings(maxNewTokens: 30, temperature: 1, stopTokenIDs: [1])
    settings.isJSON = true
    let prompts = (0..<9).map { [Int32(0), Int32(40 + $0)] }
    let together = try generator.generate(prompts, settings)
    #expect(try generator.generate(prompts, settings, batch: 2) == together)
  }

  /// Every token, byte by byte, against what the walk over sorted tokens says.
  @Test("the mask is what taking each token byte by byte gives")
  func mask() throws {
    let tokenizer = try Self.tokenizer()
    let vocabulary = try JSONVocabulary(tokenizer, tokenizer.vocabularySize)
    for text in [
      "", "{", "{\"", "{\"a", "{\"a\":1,\"", "[1", "[\"x", "\"\\", "\"\\ud",
      "{\"a\":[true,{\"b\":\"c\"}",
      "-", "0", "12", "1.5e", "[[[", "fals", "{\"a\" ", "\"\u{E9}",
    ] {
      var steering = JSONSteering(vocabulary)
      for id in ByteTokenizerFile.ids(text) { steering.append(id) }
      for room in [3, 9, 100] {
        var logits = [Float](repeating: 0, count: tokenizer.vocabularySize)
        steering.mask(&logits, room: room, stops: [1])
        let allowed = logits.indices.filter { logits[$0] == 0 }
        let expected = (0..<Int32(tokenizer.vocabularySize)).filter { id in
          guard let bytes = tokenizer.addedBytes(of: id) else {
            return id == 1 && steering.isComplete
          }
          return Self.fits(Array(text.utf8), bytes, room: room - 1)
        }
        #expect(allowed == expected.map(Int.init), "after \(text) in \(room)")
      }
    }
  }

  /// Whether a token may follow: the text is a beginning of JSON, some ending of at most `room`
  /// bytes makes it whole, and keys do not repeat. A key that begins in the token does not end there.
  private static func fits(_ text: [UInt8], _ token: [UInt8], room: Int) -> Bool {
    var state = JSONState()
    for byte in text { guard state.take(byte) else { return false } }
    var beganKey = false
    for byte in token {
      let before = state
      guard state.take(byte) else { return false }
      if !before.isInKey, state.isInKey { beganKey = true }
      if before.isInKey, !state.isInKey, beganKey { return false }
    }
    if token.isEmpty { return false }
    let whole = String(decoding: text + token, as: UTF8.self)
    // In these texts, a repeated key is always `a`.
    if whole.hasPrefix("{\"a\":1,\"a\"") { return false }
    let isRepeated = whole == "{\"a\":1,\"a"
    // What a character in progress will be is not known: two bytes always make a new key.
    let extra = state.isInKey && state.pending > 0 ? 2 : isRepeated ? 1 : 0
    return state.bytesToClose + extra <= room
  }

  @Test("a vocabulary without a byte that JSON needs is refused")
  func refusal() throws {
    let json = #"""
      {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "ByteLevel",
      "add_prefix_space": false, "trim_offsets": true, "use_regex": false}, "post_processor": null,
      "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
      "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
      "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "vocab": {"a": 0, "b": 1},
      "merges": []}}
      """#
    let tokenizer = try Tokenizer(bytes: Array(json.utf8), configuration: nil)
    #expect {
      _ = try JSONVocabulary(tokenizer, 2)
    } throws: {
      "\($0)"
        == "generation.no-json: JSON cannot be asked of this model: its tokenizer has no token of its "
        + "own for the character '\"'"
    }
  }
}
