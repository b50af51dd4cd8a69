/// A tokenizer in the terms of a GGUF file.
package struct TokenizerLayout: Sendable {
  package enum Kind: Sendable {
    /// llama.cpp's `gpt2`.
    case byteLevelBPE
    /// `llama`
    case sentencePieceBPE
    /// `t5`
    case unigram
    /// `bert`
    case wordPiece
  }

  /// `tokenizer.ggml.model`
  package var ggufModel: String {
    switch kind {
    case .byteLevelBPE: "gpt2"
    case .sentencePieceBPE: "llama"
    case .unigram: "t5"
    case .wordPiece: "bert"
    }
  }

  /// Raw values are llama.cpp's.
  package enum TokenType: Int32, Sendable {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  package let kind: Kind
  /// Texts by id; an id without a token has `[PADn]` and is `unused`.
  package let tokens: [String]
  package let types: [TokenType]
  /// `a b`, in order of rank.
  package let merges: [String]
  /// Of SentencePiece BPE: minus the rank of the first merge that makes the token, so that merging
  /// by score and merging by rank choose alike. Log probabilities of unigram models. Zeros for others.
  package let scores: [Float]
  package let addBOS: Bool
  package let addEOS: Bool
  package let addSpacePrefix: Bool
  /// `t5`: several blanks count as one.
  package let removesExtraWhitespace: Bool
  /// `t5`: the precompiled character map, or nil.
  package let charsmap: [UInt8]?
  /// llama.cpp's name of the pre-tokenizer (`llama-bpe`, `qwen2`, …), derived from normalizer and
  /// pre-tokenizer structure, never from ids. Nil when llama.cpp has no name for this structure.
  package let preTokenizer: String?
  /// The structure, for messages about a nil ``preTokenizer``: its regular expressions.
  package let expressions: [String]

  init(_ file: TokenizerFile) {
    kind =
      switch file.model {
      case .bpe: file.preTokenizer.isByteLevel ? .byteLevelBPE : .sentencePieceBPE
      case .unigram: .unigram
      case .wordPiece, .wordLevel: .wordPiece
      case .scoreMerge: .sentencePieceBPE
      }
    tokens = Self.tokens(file, kind)
    types = Self.types(file)
    merges = file.merges.map { merge in
      let left = file.texts[Int(merge.left)] ?? ""
      let right = file.texts[Int(merge.right)] ?? ""
      return left + " " + right
    }
    scores = Self.scores(file, kind)
    addBOS = file.role("bos_token").map { file.postProcessor.prefix.contains($0.id) } ?? false
    addEOS = file.role("eos_token").map { file.postProcessor.suffix.contains($0.id) } ?? false
    addSpacePrefix = Self.addsSpacePrefix(file)
    removesExtraWhitespace = file.normalizer.mergesBlanks
    charsmap = file.normalizer.charsmap
    expressions = file.preTokenizer.expressions
    preTokenizer = LlamaPreTokenizer.name(file)
  }

  /// The arrays of a GGUF file, as they are.
  init(_ arrays: VocabularyArrays, types: [TokenType], post: PostProcessor) {
    kind =
      switch arrays.model {
      case "llama": .sentencePieceBPE
      case "gemma4": .sentencePieceBPE
      case "bert": .wordPiece
      case "t5": .unigram
      default: .byteLevelBPE
      }
    tokens = arrays.tokens
    self.types = types
    merges = arrays.merges ?? []
    scores = arrays.scores ?? Array(repeating: 0, count: arrays.tokens.count)
    addBOS = !post.prefix.isEmpty
    addEOS = !post.suffix.isEmpty
    addSpacePrefix = arrays.flags["add_space_prefix"] ?? (arrays.model == "llama")
    removesExtraWhitespace = arrays.flags["remove_extra_whitespaces"] ?? false
    charsmap = arrays.charsmap
    preTokenizer = arrays.pre ?? "default"
    expressions = []
  }

  /// As llama.cpp's converter writes them: BERT's words get `▁` and lose `##`.
  private static func tokens(_ file: TokenizerFile, _ kind: Kind) -> [String] {
    let added = Set(file.addedTokens.map(\.id))
    return file.texts.enumerated().map { id, text in
      guard let text else { return "[PAD\(id)]" }
      guard kind == .wordPiece, !added.contains(Int32(id)) else { return text }
      if text.hasPrefix("[") && text.hasSuffix("]") { return text }
      return text.hasPrefix("##") ? String(text.dropFirst(2)) : "\u{2581}" + text
    }
  }

  private static func types(_ file: TokenizerFile) -> [TokenType] {
    var types = file.texts.map { $0 == nil ? TokenType.unused : .normal }
    for id in file.model.fallbackBytes where id >= 0 { types[Int(id)] = .byte }
    for token in file.addedTokens {
      types[Int(token.id)] = token.isSpecial ? .control : .userDefined
    }
    if file.model.unknown >= 0, !file.preTokenizer.isByteLevel {
      types[Int(file.model.unknown)] = .unknown
    }
    return types
  }

  private static func scores(_ file: TokenizerFile, _ kind: Kind) -> [Float] {
    if let unigram = file.model.unigram {
      let own = unigram.scores.array.map { Float($0) }
      return own + [Float](repeating: -1000, count: file.texts.count - own.count)
    }
    guard kind == .sentencePieceBPE else { return Array(repeating: 0, count: file.texts.count) }
    // Tokens that no merge makes come after all that one does, as single characters do in
    // SentencePiece's own files.
    var scores = [Float](repeating: -Float(file.merges.count), count: file.texts.count)
    for (rank, merge) in file.merges.enumerated().reversed() {
      scores[Int(merge.result)] = -Float(rank)
    }
    for token in file.addedTokens { scores[Int(token.id)] = 0 }
    for id in file.model.fallbackBytes where id >= 0 { scores[Int(id)] = 0 }
    return scores
  }

  private static func addsSpacePrefix(_ file: TokenizerFile) -> Bool {
    if file.normalizer.prependsMetaspace { return true }
    return file.preTokenizer.steps.contains { step in
      switch step {
      case .prefixSpace: true
      case .metaspace(_, let prepend, _): prepend != .never
      case .split, .scalars, .byteLevel, .scripts, .fixedLength: false
      }
    }
  }
}
