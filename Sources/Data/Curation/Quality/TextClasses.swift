internal import CKernels

/// What each Unicode scalar below U+20000 is to the measures of text quality; made once, 128 KiB.
enum TextClasses {
  static let entries: [UInt8] = (0..<0x20000).map { UInt8(truncatingIfNeeded: entry(UInt32($0))) }

  private static func entry(_ value: UInt32) -> UInt32 {
    guard let scalar = Unicode.Scalar(value) else { return ORC_TEXT_SYMBOL }
    let properties = scalar.properties
    var entry: UInt32 = 0
    switch properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter: entry = ORC_TEXT_LETTER | ORC_TEXT_UPPER
    case .lowercaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
      .enclosingMark:
      entry = ORC_TEXT_LETTER
    case .decimalNumber, .letterNumber, .otherNumber: entry = ORC_TEXT_NUMBER
    default: entry = ORC_TEXT_SYMBOL
    }
    if properties.isWhitespace || (0x1C...0x1F).contains(value) { entry = ORC_TEXT_SPACE }
    if endsLine(value) { entry |= ORC_TEXT_LINE }
    if properties.isSentenceTerminal { entry |= ORC_TEXT_TERMINAL }
    if entry & ORC_TEXT_LETTER != 0, ScalarTable.isUnspaced(value) { entry |= ORC_TEXT_ALONE }
    return entry
  }

  /// Where `str.splitlines` of Python cuts.
  private static func endsLine(_ value: UInt32) -> Bool {
    switch value {
    case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}
