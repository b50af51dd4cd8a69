internal import Diagnostics
internal import Documents

extension VocabularyReader {
  /// A model and, for BPE, its merges in order.
  struct Model {
    var model: TokenModel
    var merges: [(left: Int32, right: Int32, result: Int32)] = []
  }

  /// - Parameters:
  ///   - preTokenizer: tells how byte-level pieces come; changed where the model needs their spelling.
  ///   - special: control tokens, which no unigram path goes through.
  func model(_ preTokenizer: inout PreTokenizer, special: Set<Int32>) throws -> Model {
    switch kind {
    case .bpe: return try bytePairs(&preTokenizer)
    case .unigram:
      preTokenizer = preTokenizer.isByteLevel ? preTokenizer.spelledOut : preTokenizer
      return Model(model: .unigram(try unigram(special)))
    case .wordPiece, .wordLevel:
      preTokenizer = preTokenizer.isByteLevel ? preTokenizer.spelledOut : preTokenizer
      return Model(model: try words())
    }
  }

  private func unigram(_ special: Set<Int32>) throws -> UnigramModel {
    guard let unknown = try part.optionalInteger("unk_id", in: 0...TokenizerFile.idMax) else {
      throw part.problem(
        "is a Unigram model without 'unk_id': characters outside the vocabulary would have no id",
        code: "tokenizer.missing")
    }
    guard unknown < texts.count else {
      throw part.problem(
        "has the unk_id \(unknown), which is not in 'vocab' (\(texts.count) tokens)")
    }
    var entries: [(key: [UInt8], value: Int32)] = []
    for (id, text) in texts.enumerated() where id == unknown || !special.contains(Int32(id)) {
      entries.append((Array((text ?? "").utf8), Int32(id)))
    }
    guard let trie = ByteTrie(entries) else {
      throw part.problem("has a vocabulary of more than \(ByteTrie.nodesMax) bytes")
    }
    return UnigramModel(
      trie: trie, table: names, scores: FrozenBuffer(scores), unknown: Int32(unknown),
      unknownScore: (scores.min() ?? 0) - UnigramModel.unknownPenalty,
      byteFallback: try part.flag("byte_fallback", default: false),
      byteIDs: ByteTokens.ids(in: names))
  }

  private func words() throws -> TokenModel {
    var name = try part.string("unk_token", default: kind == .wordPiece ? "[UNK]" : "<unk>")
    let unknown = name.withUTF8 { names.find($0) }
    guard unknown >= 0 else {
      throw part.problem(
        "names the unk_token '\(SafeText.escaped(name))', which is not in 'vocab'")
    }
    if kind == .wordLevel { return .wordLevel(WordLevelModel(table: names, unknown: unknown)) }
    let longest = texts.reduce(0) { max($0, $1?.utf8.count ?? 0) }
    return .wordPiece(
      WordPieceModel(
        table: names, unknown: unknown, wordPrefix: [],
        continuingPrefix: Array(try part.string("continuing_subword_prefix", default: "##").utf8),
        pieceMax: try part.integer("max_input_chars_per_word", in: 0...1_000_000_000, default: 100),
        tokenMax: longest))
  }

  private func bytePairs(_ preTokenizer: inout PreTokenizer) throws -> Model {
    if let dropout = part.json["dropout"]?.doubleValue, dropout != 0 {
      throw part.problem(
        "has a 'dropout' of \(dropout), which would make ids random",
        fix: "set it to null: dropout is for training only")
    }
    let prefix = Array(try part.string("continuing_subword_prefix", default: "").utf8)
    let suffix = Array(try part.string("end_of_word_suffix", default: "").utf8)
    let byteFallback = try part.flag("byte_fallback", default: false)
    let merges = try MergeReader(self, prefix: prefix).read()
    let isByteLevel = preTokenizer.isByteLevel
    let isRaw =
      isByteLevel && preTokenizer.givesSlices && prefix.isEmpty && suffix.isEmpty && !byteFallback
    if isByteLevel, !isRaw { preTokenizer = preTokenizer.spelledOut }
    var model = BPEModel(
      alphabet: isRaw ? .bytes : .scalars, table: isRaw ? rawTable() : names,
      merger: PieceMerger(merges: MergeTable(merges)),
      byteIDs: isRaw ? rawBytes() : ByteTokens.ids(in: names), byteFallback: byteFallback,
      ignoreMerges: try part.flag("ignore_merges", default: false),
      fuseUnknown: try part.flag("fuse_unk", default: false), unknown: try unknown(),
      continuingPrefix: prefix, endSuffix: suffix, cuts: nil)
    model.cuts = cuts(model)
    return Model(model: .bpe(model), merges: merges)
  }

  private func unknown() throws -> Int32 {
    var name = try part.string("unk_token", default: "")
    if name.isEmpty { return -1 }
    let unknown = name.withUTF8 { names.find($0) }
    if unknown < 0 {
      throw part.problem(
        "names the unk_token '\(SafeText.escaped(name))', which is not in 'vocab'")
    }
    return unknown
  }

  /// Raw bytes → id, for the tokens that are spelled in the byte alphabet.
  private func rawTable() -> ByteStringTable {
    var builder = ByteStringTable.Builder(count: texts.count, byteCount: texts.count * 8)
    var raw: [UInt8] = []
    for (id, text) in texts.enumerated() {
      guard var text else { continue }
      let isSpelled = text.withUTF8 { ByteAlphabet.decode($0, into: &raw) }
      if isSpelled { raw.withUnsafeBufferPointer { _ = builder.add($0, Int32(id)) } }
    }
    return ByteStringTable(builder)
  }

  private func rawBytes() -> FrozenBuffer<Int32> {
    FrozenBuffer(
      (0..<256).map { byte in
        var name = ByteAlphabet.encode([UInt8(byte)])
        return name.withUTF8 { names.find($0) }
      })
  }

  /// Nil where unknown characters side by side become one, or a whole piece counts.
  private func cuts(_ model: BPEModel) -> SafeCuts? {
    let isWhole = model.byteFallback && model.byteIDs.array.allSatisfy { $0 >= 0 }
    let fuses = model.unknown >= 0 && model.fuseUnknown && !isWhole
    let isPlain = model.continuingPrefix.isEmpty && model.endSuffix.isEmpty
    guard isPlain, !fuses, !model.ignoreMerges, case .scalars = model.alphabet else { return nil }
    return SafeCuts(texts)
  }
}
