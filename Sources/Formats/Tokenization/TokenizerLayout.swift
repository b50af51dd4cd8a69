/// A tokenizer in the terms of a GGUF file.
package struct TokenizerLayout: Sendable {
  package enum Kind: Sendable { case byteLevelBPE, sentencePieceBPE }

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
  /// by score and merging by rank choose alike. Zeros for byte-level BPE.
  package let scores: [Float]
  package let addBOS: Bool
  package let addEOS: Bool
  package let addSpacePrefix: Bool
  /// llama.cpp's name of the pre-tokenizer (`llama-bpe`, `qwen2`, …), derived from normalizer and
  /// pre-tokenizer structure, never from ids. Nil when llama.cpp has no name for this structure.
  package let preTokenizer: String?
  /// The structure, for messages about a nil ``preTokenizer``: its regular expressions.
  package let expressions: [String]

  init(_ file: TokenizerFile) {
    kind = file.preTokenizer.isByteLevel ? .byteLevelBPE : .sentencePieceBPE
    tokens = file.texts.enumerated().map { $1 ?? "[PAD\($0)]" }
    types = Self.types(file)
    merges = file.merges.map { merge in
      let left = file.texts[Int(merge.left)] ?? ""
      let right = file.texts[Int(merge.right)] ?? ""
      return left + " " + right
    }
    scores = kind == .byteLevelBPE ? Array(repeating: 0, count: tokens.count) : Self.scores(file)
    addBOS = file.role("bos_token").map { file.postProcessor.prefix.contains($0.id) } ?? false
    addEOS = file.role("eos_token").map { file.postProcessor.suffix.contains($0.id) } ?? false
    addSpacePrefix = Self.addsSpacePrefix(file)
    expressions = file.preTokenizer.expressions
    preTokenizer = Self.name(file)
  }

  private static func types(_ file: TokenizerFile) -> [TokenType] {
    var types = file.texts.map { $0 == nil ? TokenType.unused : .normal }
    if file.model.byteFallback {
      for byte in 0..<256 where file.model.byteIDs[byte] >= 0 {
        types[Int(file.model.byteIDs[byte])] = .byte
      }
    }
    for token in file.addedTokens {
      types[Int(token.id)] = token.isSpecial ? .control : .userDefined
    }
    if file.model.unknown >= 0, !file.preTokenizer.isByteLevel {
      types[Int(file.model.unknown)] = .unknown
    }
    return types
  }

  private static func scores(_ file: TokenizerFile) -> [Float] {
    // Tokens that no merge makes come after all that one does, as single characters do in
    // SentencePiece's own files.
    var scores = [Float](repeating: -Float(file.merges.count), count: file.texts.count)
    for (rank, merge) in file.merges.enumerated().reversed() {
      scores[Int(merge.result)] = -Float(rank)
    }
    for token in file.addedTokens { scores[Int(token.id)] = 0 }
    for byte in 0..<256 where file.model.byteIDs[byte] >= 0 {
      scores[Int(file.model.byteIDs[byte])] = 0
    }
    return scores
  }

  private static func addsSpacePrefix(_ file: TokenizerFile) -> Bool {
    if file.normalizer.prependsMetaspace { return true }
    return file.preTokenizer.steps.contains { step in
      switch step {
      case .prefixSpace: true
      case .metaspace(_, let prepend, _): prepend != .never
      case .split, .scalars, .byteLevel: false
      }
    }
  }

  /// The names llama.cpp gives the structures it knows (`llm_tokenizer_bpe` in llama-vocab.cpp).
  private static func name(_ file: TokenizerFile) -> String? {
    guard file.preTokenizer.isByteLevel else { return "default" }
    let digits = file.preTokenizer.digits
    switch file.preTokenizer.expressions {
    // The same split; Smaug's files differ in merging inside whole tokens too.
    case [KnownExpression.llama3]: return file.model.ignoreMerges ? "llama-bpe" : "smaug-bpe"
    case [KnownExpression.qwen2]: return "qwen2"
    case [KnownExpression.qwen35]: return "qwen35"
    case [PreTokenizer.gpt2]:
      if digits == [.isolated] { return file.preTokenizer.startsWithDigits ? "starcoder" : nil }
      return digits.isEmpty ? "gpt-2" : nil
    case [PreTokenizer.gpt2, "[0-9][0-9][0-9]"]: return digits == [.contiguous] ? "falcon" : nil
    case let list where list.count == 5 && list[0] == #"[\r\n]"# && list[3] == #"\s+$"#:
      return digits == [.isolated] ? "deepseek-llm" : nil
    default: return nil
    }
  }
}

/// Expressions of pre-tokenizers by which vendors' files are told apart.
enum KnownExpression {
  static let llama3 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  static let qwen2 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  static let qwen35 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
}

extension PreTokenizer {
  /// The regular expressions of its splits, in order.
  var expressions: [String] {
    steps.compactMap {
      if case .split(.regex(_, let source), _, _) = $0 { source } else { nil }
    }
  }

  /// How digits are split off, in order.
  var digits: [Behavior] {
    steps.compactMap { if case .scalars(.numeric, let behavior) = $0 { behavior } else { nil } }
  }

  var startsWithDigits: Bool {
    if case .scalars(.numeric, _)? = steps.first { true } else { false }
  }
}
