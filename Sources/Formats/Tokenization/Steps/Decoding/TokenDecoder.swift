internal import Documents

/// Token texts → text: the steps of tokenizer.json's `decoder`.
struct TokenDecoder: Sendable {
  /// Each turns a list of token texts into another one.
  enum Step: Sendable {
    /// Tokens are spelled in ``ByteAlphabet`` (what is not, stands for itself); they become one.
    case byteLevel
    /// `<0xXX>` stand for bytes; those that are no UTF-8 together become U+FFFD each.
    case byteFallback
    /// All tokens become one.
    case fuse
    case replace(SplitPattern, with: [UInt8])
    /// Up to so many of a character from the ends of each token.
    case strip(content: [UInt8], start: Int, stop: Int)
    /// The mark becomes a blank; the first token loses its marks.
    case metaspace(mark: [UInt8], dropsFirst: Bool)
    /// All but the first token get a blank before them or lose the prefix.
    case wordPiece(prefix: [UInt8], cleansUp: Bool)
    /// The suffix becomes a blank, in the last token nothing.
    case suffix([UInt8])
    /// Repeated tokens count once, padding goes.
    case ctc(pad: [UInt8], delimiter: [UInt8], cleansUp: Bool)
  }

  /// Nil: tokens are joined with blanks.
  let steps: [Step]?
  static let known = [
    "Sequence", "ByteLevel", "Replace", "ByteFallback", "Fuse", "Strip", "Metaspace",
    "WordPiece", "BPEDecoder", "CTC",
  ]

  init(steps: [Step]) { self.steps = steps }

  init(_ part: TokenizerPart?) throws { steps = try part.map(Self.steps) }

  private static func steps(_ part: TokenizerPart) throws -> [Step] {
    switch try part.type() {
    case "Sequence": return try part.parts("decoders").flatMap(steps)
    case "ByteLevel": return [.byteLevel]
    case "ByteFallback": return [.byteFallback]
    case "Fuse": return [.fuse]
    case "Replace":
      return [.replace(try part.splitPattern(), with: Array(try part.string("content").utf8))]
    case "Strip":
      let content = try part.character("content")
      return [
        .strip(
          content: Array(String(Character(content)).utf8),
          start: try part.integer("start", in: 0...1_000, default: 0),
          stop: try part.integer("stop", in: 0...1_000, default: 0))
      ]
    case "Metaspace":
      let legacy = try part.flag("add_prefix_space", default: true)
      let scheme = try part.string("prepend_scheme", default: legacy ? "always" : "never")
      let mark = try part.character("replacement", default: "\u{2581}")
      return [
        .metaspace(mark: Array(String(Character(mark)).utf8), dropsFirst: scheme != "never")
      ]
    case "WordPiece":
      return [
        .wordPiece(
          prefix: Array(try part.string("prefix", default: "##").utf8),
          cleansUp: try part.flag("cleanup", default: true))
      ]
    case "BPEDecoder":
      return [.suffix(Array(try part.string("suffix", default: "</w>").utf8))]
    case "CTC":
      return [
        .ctc(
          pad: Array(try part.string("pad_token", default: "<pad>").utf8),
          delimiter: Array(try part.string("word_delimiter_token", default: "|").utf8),
          cleansUp: try part.flag("cleanup", default: true))
      ]
    case let type: throw part.unknownType(type, known: known)
    }
  }

  /// Token bytes that stand for themselves, whatever the alphabet.
  static func fallbackByte(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: Array("<0x".utf8)), token[5] == UInt8(ascii: ">")
    else { return nil }
    // As Rust's `from_str_radix`, which takes a sign.
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }
}
