internal import Documents

/// A learned unigram vocabulary as a tokenizer.json.
struct TrainedUnigram {
  let special: [String]
  let pieces: [UnigramLearner.Piece]
  let bos: String?
  let byteFallback: Bool

  var json: JSONValue {
    var vocabulary = special.map { entry($0, UnigramTrainer.unusableScore) }
    if byteFallback {
      vocabulary += (0..<256).map { entry(ByteTokens.name($0), UnigramTrainer.unusableScore) }
    }
    vocabulary += pieces.map { piece in
      entry(
        String(String.UnicodeScalarView(piece.text.compactMap(Unicode.Scalar.init))), piece.score)
    }
    let added = special.enumerated().map { id, content -> JSONValue in
      .object([
        "id": .integer(Int64(id)), "content": .string(content), "single_word": false,
        "lstrip": false, "rstrip": false, "normalized": false, "special": true,
      ])
    }
    return .object([
      "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": .array(added),
      "normalizer": .null,
      "pre_tokenizer": .object([
        "type": "Sequence", "pretokenizers": .array([Self.metaspace, Self.lines]),
      ]),
      "post_processor": TrainedPostProcessor.json(bos, special) ?? .null,
      "decoder": .object([
        "type": "Sequence",
        "decoders": .array([.object(["type": "ByteFallback"]), Self.metaspace]),
      ]),
      "model": .object([
        "type": "Unigram", "unk_id": 0, "vocab": .array(vocabulary),
        "byte_fallback": .bool(byteFallback),
      ]),
    ])
  }

  private func entry(_ text: String, _ score: Double) -> JSONValue {
    .array([.string(text), .number(score)])
  }

  /// Words begin with `▁`; the first of a text too.
  private static let metaspace = JSONValue.object([
    "type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": "first", "split": true,
  ])
  /// Tokens never cross a newline.
  private static let lines = JSONValue.object([
    "type": "Split", "pattern": .object(["String": "\n"]), "behavior": "Isolated",
    "invert": false,
  ])
}
