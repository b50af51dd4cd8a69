internal import Documents

/// Cuts normalized text into pieces that merges never cross; a list of steps of tokenizer.json's
/// `pre_tokenizer`.
struct PreTokenizer: Sendable {
  /// What becomes of a match.
  enum Behavior: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
  }

  enum Step: Sendable {
    case split(SplitPattern, Behavior, invert: Bool)
    case scalars(Class, Behavior)
    /// A blank is put before text that does not begin with one.
    case prefixSpace
    /// From here on pieces are written in ``ByteAlphabet``.
    case byteLevel
    case metaspace(replacement: [UInt8], prepend: PrependScheme, split: Bool)
  }

  enum Class: Sendable { case numeric, punctuation, whitespace }
  enum PrependScheme: String, Sendable { case first, always, never }

  let steps: [Step]
  static let known = [
    "Sequence", "ByteLevel", "Split", "Digits", "Punctuation", "Whitespace", "WhitespaceSplit",
    "Metaspace",
  ]
  /// GPT-2's expression, as `ByteLevel` with `use_regex` applies it.
  static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  init(_ part: TokenizerPart?) throws { steps = try part.map(Self.steps) ?? [] }

  var isByteLevel: Bool { steps.contains { if case .byteLevel = $0 { true } else { false } } }

  private static func steps(_ part: TokenizerPart) throws -> [Step] {
    switch try part.type() {
    case "Sequence": return try part.parts("pretokenizers").flatMap(steps)
    case "ByteLevel":
      var steps: [Step] = try part.flag("add_prefix_space", default: true) ? [.prefixSpace] : []
      if try part.flag("use_regex", default: true) {
        steps.append(.split(try regex(gpt2, part), .isolated, invert: false))
      }
      return steps + [.byteLevel]
    case "Split":
      return [
        .split(
          try part.splitPattern(), try behavior(part, default: .isolated),
          invert: try part.flag("invert", default: false))
      ]
    case "Digits":
      let individual = try part.flag("individual_digits", default: false)
      return [.scalars(.numeric, individual ? .isolated : .contiguous)]
    case "Punctuation":
      return [.scalars(.punctuation, try behavior(part, default: .isolated))]
    case "WhitespaceSplit": return [.scalars(.whitespace, .removed)]
    case "Whitespace":
      return [.split(try regex(#"\w+|[^\w\s]+"#, part), .removed, invert: true)]
    case "Metaspace": return [try metaspace(part)]
    case let type:
      throw part.unknownType(
        type, known: known, later: ["BertPreTokenizer", "UnicodeScripts", "CharDelimiterSplit"])
    }
  }

  private static func regex(_ source: String, _ part: TokenizerPart) throws -> SplitPattern {
    do throws(PatternProblem) {
      return .regex(try Pattern(source), source: source)
    } catch {
      throw part.problem("needs an expression with \(error.message)", code: "tokenizer.pattern")
    }
  }

  private static func behavior(_ part: TokenizerPart, default fallback: Behavior) throws -> Behavior
  {
    let name = try part.string("behavior", default: fallback.rawValue)
    guard let behavior = Behavior(rawValue: name) else {
      throw part.problem("has the unknown 'behavior' '\(name)'")
    }
    return behavior
  }

  private static func metaspace(_ part: TokenizerPart) throws -> Step {
    let legacy = try part.flag("add_prefix_space", default: true)
    let name = try part.string("prepend_scheme", default: legacy ? "always" : "never")
    guard let scheme = PrependScheme(rawValue: name) else {
      throw part.problem("has the unknown 'prepend_scheme' '\(name)'")
    }
    return .metaspace(
      replacement: Array(try part.string("replacement", default: "▁").utf8), prepend: scheme,
      split: try part.flag("split", default: true))
  }
}
