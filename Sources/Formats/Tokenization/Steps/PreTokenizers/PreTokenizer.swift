internal import Diagnostics
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
    /// Where the script changes.
    case scripts
    /// Every so many characters.
    case fixedLength(Int)
  }

  enum Class: Sendable { case numeric, punctuation, whitespace, one(UInt32) }
  enum PrependScheme: String, Sendable { case first, always, never }

  let steps: [Step]
  /// Whether pieces are slices of the text: then byte-level ones are raw bytes, not their spelling.
  let givesSlices: Bool
  static let known = [
    "Sequence", "ByteLevel", "Split", "Digits", "Punctuation", "Whitespace", "WhitespaceSplit",
    "Metaspace", "BertPreTokenizer", "CharDelimiterSplit", "UnicodeScripts", "FixedLength",
  ]
  /// GPT-2's expression, as `ByteLevel` with `use_regex` applies it.
  static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// `\w+|[^\w\s]+` with Rust's `\w`, see ``ScalarCategories/isWord(_:)``.
  private static let whitespaceWords = {
    let word =
      #"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{24B6}-\x{24E9}\x{1F130}-\x{1F149}\x{1F150}-\x{1F169}\x{1F170}-\x{1F189}\x{200C}\x{200D}"#
    return "[\(word)]+|[^\(word)\\s]+"
  }()

  init(_ part: TokenizerPart?) throws { self.init(steps: try part.map(Self.steps) ?? []) }

  init(steps: [Step], givesSlices: Bool? = nil) {
    self.steps = steps
    self.givesSlices = givesSlices ?? Self.canSlice(steps)
  }

  /// The same with pieces of text of their own, in the spelling of the byte alphabet.
  var spelledOut: PreTokenizer { PreTokenizer(steps: steps, givesSlices: false) }

  var isByteLevel: Bool { steps.contains { if case .byteLevel = $0 { true } else { false } } }

  /// Steps that rewrite the text may stand at the start only, and bytes be spelled only once.
  private static func canSlice(_ steps: [Step]) -> Bool {
    var spellings = 0
    for (index, step) in steps.enumerated() {
      switch step {
      case .split, .scalars: continue
      case .byteLevel: spellings += 1
      case .prefixSpace, .metaspace: if index > 0 { return false }
      case .scripts, .fixedLength: return false
      }
    }
    return spellings <= 1
  }

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
    case "BertPreTokenizer":
      return [.scalars(.whitespace, .removed), .scalars(.punctuation, .isolated)]
    case "CharDelimiterSplit":
      return [.scalars(.one(try part.character("delimiter").value), .removed)]
    case "WhitespaceSplit": return [.scalars(.whitespace, .removed)]
    case "Whitespace":
      return [.split(try regex(whitespaceWords, part), .removed, invert: true)]
    case "Metaspace": return [try metaspace(part)]
    case "UnicodeScripts": return [.scripts]
    case "FixedLength":
      return [.fixedLength(try part.integer("length", in: 1...1_000_000, default: 5))]
    case let type: throw part.unknownType(type, known: known)
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
      throw part.problem("has the unknown 'behavior' '\(SafeText.escaped(name))'")
    }
    return behavior
  }

  private static func metaspace(_ part: TokenizerPart) throws -> Step {
    let legacy = try part.flag("add_prefix_space", default: true)
    let name = try part.string("prepend_scheme", default: legacy ? "always" : "never")
    guard let scheme = PrependScheme(rawValue: name) else {
      throw part.problem("has the unknown 'prepend_scheme' '\(SafeText.escaped(name))'")
    }
    let replacement = try part.character("replacement", default: "\u{2581}")
    return .metaspace(
      replacement: Array(String(Character(replacement)).utf8), prepend: scheme,
      split: try part.flag("split", default: true))
  }
}
