internal import Diagnostics

extension ArraysReader {
  /// Byte-level BPE, or BPE over text with `▁` for blanks.
  func bytePairs() throws -> Rules {
    let name = arrays.model == "gemma4" ? "gemma4" : arrays.pre ?? "default"
    guard let split = LlamaPreTokenizer.named(name) else {
      throw problem(
        "splits text by the pre-tokenizer '\(SafeText.escaped(name))', which is not supported",
        fix: "use the model's folder with its tokenizer.json instead of the GGUF file")
    }
    let steps: [PreTokenizer.Step]
    do throws(PatternProblem) {
      steps = try split.steps()
    } catch {
      throw problem("splits by an expression with \(error.message)")
    }
    guard let lines = arrays.merges else { throw problem("has no merges") }
    let merges = try self.merges(lines)
    var model = BPEModel(
      alphabet: split.isByteLevel ? .bytes : .scalars,
      table: split.isByteLevel ? rawTable() : names,
      merger: PieceMerger(merges: MergeTable(merges), comparesLengths: true),
      byteIDs: split.isByteLevel ? rawBytes() : ByteTokens.ids(in: names),
      byteFallback: !split.isByteLevel, ignoreMerges: split.ignoresMerges, fuseUnknown: false,
      unknown: -1, cuts: split.isByteLevel ? nil : SafeCuts(arrays.tokens))
    model.keepsNewlines = split.keepsNewlines
    model.keepsBarriers = split.isByteLevel
    let blanks = Normalizer.Step.replace(.text([0x20]), with: Metaspace.mark)
    return Rules(
      model: .bpe(model), normalizer: Normalizer(steps: split.isByteLevel ? [] : [blanks]),
      preTokenizer: PreTokenizer(steps: steps),
      decoder: split.isByteLevel ? TokenDecoder(steps: [.byteLevel]) : textDecoder(strips: false),
      addsBOS: split.addsBOS, addsEOS: false,
      defaults: arrays.model == "gemma4" ? [:] : ["bos": 11, "eos": 11])
  }

  func scoreMerges() throws -> Rules {
    let scores = arrays.scores ?? Array(repeating: 0, count: arrays.tokens.count)
    let prefix = arrays.flags["add_space_prefix"] ?? true
    let unknown = arrays.specials["unknown"] ?? 0
    let model = ScoreMergeModel(
      table: names, scores: FrozenBuffer(scores), byteIDs: ByteTokens.ids(in: names),
      unknown: Int32(unknown), cuts: SafeCuts(arrays.tokens))
    let blanks = Normalizer.Step.replace(.text([0x20]), with: Metaspace.mark)
    return Rules(
      model: .scoreMerge(model),
      normalizer: Normalizer(steps: (prefix ? [.prepend(Metaspace.mark)] : []) + [blanks]),
      preTokenizer: PreTokenizer(steps: []), decoder: textDecoder(strips: prefix),
      addsBOS: true, addsEOS: false, defaults: ["bos": 1, "eos": 2, "unknown": 0])
  }

  func words() throws -> Rules {
    let unknown = arrays.specials["unknown"] ?? 100
    guard unknown < arrays.tokens.count else {
      throw problem("has no unknown token", fix: "set tokenizer.ggml.unknown_token_id")
    }
    let model = WordPieceModel(
      table: names, unknown: Int32(unknown), wordPrefix: Metaspace.mark, continuingPrefix: [],
      pieceMax: .max, tokenMax: arrays.tokens.reduce(0) { max($0, $1.utf8.count) } + 1)
    let lowercases = arrays.flags["normalizer.lowercase"] ?? true
    let text = LlamaWordText(
      lowercases: lowercases, stripsAccents: arrays.flags["normalizer.strip_accents"] ?? lowercases)
    return Rules(
      model: .wordPiece(model), normalizer: Normalizer(steps: [.llamaWords(text)]),
      preTokenizer: PreTokenizer(steps: [.scalars(.whitespace, .removed)]),
      decoder: textDecoder(strips: true), addsBOS: true, addsEOS: false,
      defaults: ["bos": 101, "seperator": 102, "unknown": 100, "padding": 0])
  }

  func unigram() throws -> Rules {
    guard let scores = arrays.scores else { throw problem("has no scores") }
    let unknown = arrays.specials["unknown"] ?? 2
    guard unknown < arrays.tokens.count else {
      throw problem("has no unknown token", fix: "set tokenizer.ggml.unknown_token_id")
    }
    var charsmap: Charsmap?
    if let bytes = arrays.charsmap, !bytes.isEmpty {
      charsmap = Charsmap(bytes: bytes)
      if charsmap == nil { throw problem("has a 'precompiled_charsmap' that is no character map") }
    }
    // llama.cpp looks for normal, user-defined and unused tokens; user-defined ones cost nothing.
    var entries: [(key: [UInt8], value: Int32)] = []
    var userDefined: [(key: [UInt8], value: Int32)] = []
    var costs: [Double] = []
    for (id, text) in arrays.tokens.enumerated() {
      let entry = (key: Array(text.utf8), value: Int32(id))
      if [.normal, .userDefined, .unused].contains(types[id]) { entries.append(entry) }
      if types[id] == .userDefined { userDefined.append(entry) }
      costs.append(types[id] == .userDefined ? 0 : Double(scores[id]))
    }
    let lowest = arrays.tokens.indices.filter { types[$0] == .normal }.map { scores[$0] }.min()
    guard let trie = ByteTrie(entries), let own = ByteTrie(userDefined) else {
      throw problem("has more than \(ByteTrie.nodesMax) bytes of tokens")
    }
    let model = UnigramModel(
      trie: trie, table: ByteStringTable([]), scores: FrozenBuffer(costs),
      unknown: Int32(unknown),
      unknownScore: Double((lowest ?? 0) - Float(UnigramModel.unknownPenalty)),
      byteFallback: false, byteIDs: FrozenBuffer([Int32](repeating: -1, count: 256)))
    let prefix = arrays.flags["add_space_prefix"] ?? false
    let text = LlamaUnigramText(
      charsmap: charsmap, userDefined: own, addsSpacePrefix: prefix,
      removesExtraWhitespace: arrays.flags["remove_extra_whitespaces"] ?? false)
    return Rules(
      model: .unigram(model), normalizer: Normalizer(steps: [.llamaUnigram(text)]),
      preTokenizer: PreTokenizer(steps: []), decoder: textDecoder(strips: prefix),
      addsBOS: false, addsEOS: true, defaults: ["eos": 1, "unknown": 2, "padding": 0])
  }

  /// SentencePiece tokens → text.
  private func textDecoder(strips: Bool) -> TokenDecoder {
    TokenDecoder(
      steps: [.replace(.text(Metaspace.mark), with: [0x20]), .byteFallback, .fuse]
        + (strips ? [.strip(content: [0x20], start: 1, stop: 0)] : []))
  }

  private func merges(_ lines: [String]) throws
    -> [(left: Int32, right: Int32, result: Int32)]
  {
    var merges: [(left: Int32, right: Int32, result: Int32)] = []
    merges.reserveCapacity(lines.count)
    for (index, line) in lines.enumerated() {
      var bytes = Array(line.utf8)
      guard let blank = bytes.dropFirst().firstIndex(of: 0x20) else {
        throw problem("has a merge (number \(index)) that is not two tokens")
      }
      bytes.remove(at: blank)
      let merge = bytes.withUnsafeBufferPointer {
        (
          left: names.find($0.slice(0, blank)), right: names.find($0.slice(blank, $0.count)),
          result: names.find($0)
        )
      }
      guard merge.left >= 0, merge.right >= 0, merge.result >= 0 else {
        throw problem("has a merge (number \(index)) of or to a token that it does not have")
      }
      merges.append(merge)
    }
    return merges
  }

  private func rawTable() -> ByteStringTable {
    var builder = ByteStringTable.Builder(
      count: arrays.tokens.count, byteCount: arrays.tokens.count * 8)
    var raw: [UInt8] = []
    for (id, text) in arrays.tokens.enumerated() {
      var text = text
      let isSpelled = text.withUTF8 { ByteAlphabet.decode($0, into: &raw) }
      if isSpelled { raw.withUnsafeBufferPointer { _ = builder.add($0, Int32(id)) } }
    }
    return ByteStringTable(builder)
  }

  private func rawBytes() -> FrozenBuffer<Int32> {
    FrozenBuffer((0..<256).map { find(ByteAlphabet.encode([UInt8($0)])) })
  }
}
