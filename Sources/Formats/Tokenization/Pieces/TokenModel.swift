/// What turns pieces of text into token ids.
enum TokenModel: Sendable {
  case bpe(BPEModel)
  case unigram(UnigramModel)
  case wordPiece(WordPieceModel)
  case wordLevel(WordLevelModel)
  case scoreMerge(ScoreMergeModel)

  /// Appends the ids of `piece`.
  @inline(__always)
  func encode(_ piece: Bytes, _ cache: PieceCache, to ids: inout [Int32]) {
    switch self {
    case .bpe(let model): model.encode(piece, cache, to: &ids)
    case .unigram(let model): model.encode(piece, cache, to: &ids)
    case .wordPiece(let model): model.encode(piece, cache, to: &ids)
    case .wordLevel(let model): ids.append(model.encode(piece))
    case .scoreMerge(let model): model.encode(piece, cache, to: &ids)
    }
  }

  var bpe: BPEModel? { if case .bpe(let model) = self { model } else { nil } }
  var unigram: UnigramModel? { if case .unigram(let model) = self { model } else { nil } }
  var wordPiece: WordPieceModel? { if case .wordPiece(let model) = self { model } else { nil } }

  /// The id of the unknown token; −1 where there is none.
  var unknown: Int32 {
    switch self {
    case .bpe(let model): model.unknown
    case .unigram(let model): model.unknown
    case .wordPiece(let model): model.unknown
    case .wordLevel(let model): model.unknown
    case .scoreMerge(let model): model.unknown
    }
  }

  /// Ids of the tokens `<0xXX>` where the model falls back to them; empty where it does not.
  var fallbackBytes: [Int32] {
    switch self {
    case .bpe(let model): model.byteFallback ? model.byteIDs.array : []
    case .unigram(let model): model.byteFallback ? model.byteIDs.array : []
    case .scoreMerge(let model): model.byteIDs.array
    case .wordPiece, .wordLevel: []
    }
  }

  /// What the model is called in a tokenizer.json.
  var name: String {
    switch self {
    case .bpe: "BPE"
    case .unigram: "Unigram"
    case .wordPiece: "WordPiece"
    case .wordLevel: "WordLevel"
    case .scoreMerge: "SentencePiece BPE by scores"
    }
  }
}

/// The names of the 256 tokens that stand for bytes.
enum ByteTokens {
  /// `<0x0A>`
  static func name(_ byte: Int) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(byte < 16 ? "0" : "")\(digits)>"
  }

  /// Ids of the 256 tokens; −1 where absent.
  static func ids(in table: ByteStringTable) -> FrozenBuffer<Int32> {
    FrozenBuffer(
      (0..<256).map { byte in
        var name = name(byte)
        return name.withUTF8 { table.find($0) }
      })
  }
}
