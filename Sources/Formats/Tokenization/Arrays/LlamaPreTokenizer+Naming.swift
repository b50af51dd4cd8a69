extension LlamaPreTokenizer {
  /// llama.cpp's name for how a tokenizer.json splits, from its structure; nil when it has none.
  static func name(_ file: TokenizerFile) -> String? {
    guard case .bpe(let model) = file.model, file.preTokenizer.isByteLevel else {
      return "default"
    }
    guard model.continuingPrefix.isEmpty, model.endSuffix.isEmpty else { return nil }
    let splits = file.preTokenizer.splits
    for vendor in vendors where vendor.splits == splits {
      if let ignores = vendor.ignoresMerges, ignores != model.ignoreMerges { continue }
      return vendor.name
    }
    return nil
  }

  private struct Vendor {
    let name: String
    /// As ``PreTokenizer/splits`` writes them.
    let splits: [String]
    /// Nil: either.
    var ignoresMerges: Bool?
  }

  private static func regex(_ source: String) -> String { "isolated " + source }
  private static let digit = "numeric isolated"
  private static func cased(_ ending: String) -> String {
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"# + ending
      + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"# + ending
  }
  private static let casedEnding = #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// The structures of the vendors' tokenizer.json files. Of names that split and merge alike the
  /// most common one stands for all.
  private static let vendors: [Vendor] = {
    let deepseek = named("deepseek-llm")?.expressions ?? []
    let coder = named("deepseek-coder")?.expressions ?? []
    let v3 = named("deepseek-v3")?.expressions ?? []
    let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    return [
      Vendor(name: "llama-bpe", splits: [regex(KnownExpression.llama3)], ignoresMerges: true),
      // The same split; Smaug's files differ in merging inside whole tokens too.
      Vendor(name: "smaug-bpe", splits: [regex(KnownExpression.llama3)], ignoresMerges: false),
      Vendor(name: "qwen2", splits: [regex(KnownExpression.qwen2)], ignoresMerges: false),
      Vendor(name: "qwen35", splits: [regex(KnownExpression.qwen35)], ignoresMerges: false),
      Vendor(name: "gpt-2", splits: [regex(PreTokenizer.gpt2)], ignoresMerges: false),
      Vendor(name: "starcoder", splits: [digit, regex(PreTokenizer.gpt2)], ignoresMerges: false),
      Vendor(
        name: "falcon",
        splits: [
          "punctuation contiguous", regex(PreTokenizer.gpt2), "numeric contiguous",
          regex("[0-9][0-9][0-9]"),
        ], ignoresMerges: false),
      Vendor(
        name: "deepseek-llm", splits: deepseek.dropLast().map(regex) + [digit],
        ignoresMerges: false),
      Vendor(
        name: "deepseek-coder", splits: coder.dropLast().map(regex) + [digit],
        ignoresMerges: false),
      Vendor(name: "deepseek-v3", splits: v3.map(regex), ignoresMerges: false),
      Vendor(
        name: "tekken", splits: [regex(cased("") + #"|\p{N}"# + casedEnding)],
        ignoresMerges: true),
      Vendor(
        name: "gpt-4o", splits: [regex(cased(contractions) + #"|\p{N}{1,3}"# + casedEnding)],
        ignoresMerges: false),
      Vendor(
        name: "seed-coder",
        splits: [
          regex(
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"#
          )
        ], ignoresMerges: false),
      Vendor(
        name: "bailingmoe",
        splits: [
          regex(
            #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#
          )
        ], ignoresMerges: false),
      Vendor(
        name: "minicpm5",
        splits: [
          regex(#"\p{N}{1,3}"#),
          regex(
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}+| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
          ),
        ], ignoresMerges: true),
      Vendor(
        name: "bloom", splits: (named("bloom")?.expressions ?? []).map(regex),
        ignoresMerges: false),
      Vendor(
        name: "viking", splits: (named("bloom")?.expressions ?? []).map(regex) + [digit],
        ignoresMerges: false),
    ]
  }()
}

extension PreTokenizer {
  /// Its splits in order, in a form that can be compared: expressions with what is not ASCII
  /// escaped, control characters by their letters.
  var splits: [String] {
    steps.compactMap { step in
      switch step {
      case .split(.regex(_, let source), .isolated, false): "isolated " + Self.escaped(source)
      case .split(.regex(_, let source), .removed, true): "isolated " + Self.escaped(source)
      case .split(_, let behavior, let invert): "other \(behavior.rawValue) \(invert)"
      case .scalars(.numeric, let behavior): "numeric " + behavior.rawValue.lowercased()
      case .scalars(.punctuation, let behavior): "punctuation " + behavior.rawValue.lowercased()
      case .scalars(_, let behavior): "class " + behavior.rawValue
      case .prefixSpace: "prefix space"
      case .metaspace: "metaspace"
      case .scripts: "scripts"
      case .fixedLength: "fixed length"
      case .byteLevel: nil
      }
    }
  }

  private static func escaped(_ source: String) -> String {
    source.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x0D: #"\r"#
      case 0x0A: #"\n"#
      case 0x80...: "\\x{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: String(scalar)
      }
    }.joined()
  }
}
