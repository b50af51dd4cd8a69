/// What stands before a word, behind the word before it: the kinds of characters, as bits.
struct WordGap: OptionSet, Sendable {
  let rawValue: UInt16

  static let space = WordGap(rawValue: 1)
  /// Two spaces or more, or a tab.
  static let wide = WordGap(rawValue: 1 << 1)
  static let comma = WordGap(rawValue: 1 << 2)
  static let stop = WordGap(rawValue: 1 << 3)
  /// `!`, `?`, `…` or a danda.
  static let sentenceEnd = WordGap(rawValue: 1 << 4)
  static let newline = WordGap(rawValue: 1 << 5)
  /// An empty line, or the start of the text.
  static let blankLine = WordGap(rawValue: 1 << 6)
  static let colon = WordGap(rawValue: 1 << 7)
  static let dash = WordGap(rawValue: 1 << 8)
  static let slash = WordGap(rawValue: 1 << 9)
  /// Brackets and double quotes.
  static let bracket = WordGap(rawValue: 1 << 10)
  static let apostrophe = WordGap(rawValue: 1 << 11)
  static let at = WordGap(rawValue: 1 << 12)
  static let underscore = WordGap(rawValue: 1 << 13)
  /// `|` and `;`
  static let bar = WordGap(rawValue: 1 << 14)
  static let other = WordGap(rawValue: 1 << 15)

  /// Whether the gap ends a sentence or a line.
  var isBreak: Bool { !isDisjoint(with: [.stop, .sentenceEnd, .newline, .blankLine, .colon]) }

  /// The kind of an ASCII character between words; what is not listed is ``other``.
  static let ofASCII: [WordGap] = {
    var table = [WordGap](repeating: .other, count: 128)
    let kinds: [(String, WordGap)] = [
      (" \r", .space), ("\t", [.space, .wide]), (",", .comma), (".", .stop), ("!?", .sentenceEnd),
      ("\n", .newline), (":=", .colon), ("-~", .dash), ("/\\", .slash), ("()[]{}<>\"*", .bracket),
      ("'`", .apostrophe), ("@", .at), ("_", .underscore), ("|;", .bar),
    ]
    for (characters, kind) in kinds {
      for byte in characters.utf8 { table[Int(byte)] = kind }
    }
    return table
  }()

  /// The kind of another character.
  static func of(_ scalar: UInt32) -> WordGap {
    switch scalar {
    case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .space
    case 0x2026, 0x0964, 0x0965, 0x3002, 0xA1, 0xBF: .sentenceEnd
    case 0x2010...0x2015, 0x2212: .dash
    case 0xAB, 0xBB, 0x201C...0x201F: .bracket
    case 0x2018, 0x2019: .apostrophe
    default: .other
    }
  }
}
