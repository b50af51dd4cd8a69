/// What stands before a word, behind the word before it: the kinds of characters, as bits; those of
/// `ORC_PII_GAP_SPACE`, …
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
}
