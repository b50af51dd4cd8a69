import CKernels

/// `orc_pii_cut` and the hashes of `orc_pii.h`, scalar by scalar: what the kernels are compared with.
/// Takes valid UTF-8 only.
enum WordReference {
  /// A scalar and where its bytes are.
  struct Letter {
    var value: UInt32
    var start: Int
    var bytes: [UInt8]
    var end: Int { start + bytes.count }
  }

  static func letters(_ text: String) -> [Letter] {
    var letters: [Letter] = []
    var start = 0
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      letters.append(Letter(value: scalar.value, start: start, bytes: bytes))
      start += bytes.count
    }
    return letters
  }

  // MARK: - Hashes

  /// The hash of folded bytes: eight at a time, the first one highest, and what is left.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var rest = bytes[...]
    while rest.count >= 8 {
      hash = (hash ^ number(rest.prefix(8))) &* 0x9FB2_1C65_1E98_DF25
      hash ^= hash >> 32
      rest = rest.dropFirst(8)
    }
    hash = (hash ^ number(rest) ^ UInt64(rest.count) << 56) &* 0xD6E8_FEB8_6659_FD93
    hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    return hash ^ hash >> 29
  }

  static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A letter as names and lists are compared.
  static func folded(_ letter: Letter) -> [UInt8] {
    switch letter.value {
    case 0x41...0x5A: [UInt8(letter.value) + 0x20]
    case 0x300..<0x370: []
    case 0x218, 0x219: Array("s".utf8)
    case 0x21A, 0x21B: Array("t".utf8)
    case 0xC0..<0x180: Array(latin[Int(letter.value) - 0xC0].utf8)
    default: letter.bytes
    }
  }

  static func folded(_ letters: some Sequence<Letter>) -> [UInt8] { letters.flatMap { folded($0) } }

  private static let latin: [Substring] = """
    a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th ss \
    a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th y \
    a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h \
    i i i i i i i i i i ij ij j j k k q l l l l l l l l l l n n n n n n n n n o o o o o o oe oe \
    r r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s
    """.split(separator: " ")

  // MARK: - Classes of scalars

  static func isDigit(_ value: UInt32) -> Bool { (0x30...0x39).contains(value) }
  static func isASCIILetter(_ value: UInt32) -> Bool { (0x61...0x7A).contains(value | 0x20) }

  static func isLetter(_ value: UInt32) -> Bool {
    if value < 0x80 { return isASCIILetter(value) }
    if [0xAA, 0xB5, 0xBA, 0x200C, 0x200D].contains(value) { return true }
    let none: [ClosedRange<UInt32>] = [
      0x80...0xBF, 0xD7...0xD7, 0xF7...0xF7, 0x964...0x965, 0x2000...0x206F, 0x20A0...0x20CF,
      0x2100...0x2BFF, 0x3000...0x303F, 0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFF00...0xFF0F,
      0x1F000...0x1FAFF,
    ]
    return !none.contains { $0.contains(value) }
  }

  enum Kind { case upper, lower, mark, caseless }

  static func kind(_ value: UInt32) -> Kind {
    let isEvenUpper: [ClosedRange<UInt32>] = [
      0x100...0x137, 0x14A...0x177, 0x218...0x21B, 0x1E00...0x1EFF,
    ]
    let isOddUpper: [ClosedRange<UInt32>] = [0x139...0x148, 0x179...0x17E]
    if isEvenUpper.contains(where: { $0.contains(value) }) {
      return value % 2 == 0 ? .upper : .lower
    }
    if isOddUpper.contains(where: { $0.contains(value) }) {
      return value % 2 == 1 ? .upper : .lower
    }
    switch value {
    case 0x41...0x5A, 0xC0...0xDE, 0x391...0x3A9, 0x400...0x42F: return .upper
    case 0x61...0x7A, 0xDF...0xFF, 0x3AC...0x3CE, 0x430...0x45F, 0x138, 0x17F: return .lower
    case 0x300..<0x370: return .mark
    default: return .caseless
    }
  }

  static func gap(_ value: UInt32) -> Int {
    switch Unicode.Scalar(value).map(Character.init) {
    case " ", "\r", "\u{A0}", "\u{202F}", "\u{205F}", "\u{3000}": return ORC_PII_GAP_SPACE
    case "\t": return ORC_PII_GAP_SPACE | ORC_PII_GAP_WIDE
    case ",": return ORC_PII_GAP_COMMA
    case ".": return ORC_PII_GAP_STOP
    case "!", "?", "…", "।", "॥", "。", "¡", "¿": return ORC_PII_GAP_SENTENCE_END
    case "\n": return ORC_PII_GAP_NEWLINE
    case ":", "=": return ORC_PII_GAP_COLON
    case "-", "~", "\u{2212}": return ORC_PII_GAP_DASH
    case "/", "\\": return ORC_PII_GAP_SLASH
    case "(", ")", "[", "]", "{", "}", "<", ">", "\"", "*", "«", "»": return ORC_PII_GAP_BRACKET
    case "'", "`", "\u{2018}", "\u{2019}": return ORC_PII_GAP_APOSTROPHE
    case "@": return ORC_PII_GAP_AT
    case "_": return ORC_PII_GAP_UNDERSCORE
    case "|", ";": return ORC_PII_GAP_BAR
    default: break
    }
    if (0x2000...0x200A).contains(value) { return ORC_PII_GAP_SPACE }
    if (0x2010...0x2015).contains(value) { return ORC_PII_GAP_DASH }
    return (0x201C...0x201F).contains(value) ? ORC_PII_GAP_BRACKET : ORC_PII_GAP_REST
  }
}
