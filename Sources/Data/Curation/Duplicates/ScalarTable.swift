internal import CKernels

/// What each Unicode scalar below U+20000 is to the shingler; made once, 512 KiB.
///
/// Part of a word: letters, digits and other numbers, combining marks. A word of its own: the same
/// in scripts written without spaces (Han, kana, Thai, Lao, Khmer, Myanmar). The rest separates.
enum ScalarTable {
  static let entries: [UInt32] = (0..<0x20000).map { entry(UInt32($0)) }

  private static func entry(_ value: UInt32) -> UInt32 {
    guard let scalar = Unicode.Scalar(value) else { return value }
    let properties = scalar.properties
    let lower =
      value < 0x80
      ? ((65...90).contains(value) ? value + 32 : value)
      : properties.lowercaseMapping.unicodeScalars.first?.value ?? value
    if properties.isWhitespace { return lower | UInt32(ORC_SCALAR_SPACE) }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
      return lower | (isUnspaced(value) ? UInt32(ORC_SCALAR_ALONE) : UInt32(ORC_SCALAR_WORD))
    default: return lower
    }
  }

  private static func isUnspaced(_ value: UInt32) -> Bool {
    switch value {
    case 0x0E00...0x0EFF,  // Thai, Lao
      0x1000...0x109F, 0x1780...0x17FF,  // Myanmar, Khmer
      0x2E80...0x2FDF, 0x3040...0x30FF, 0x31F0...0x31FF,  // radicals, kana
      0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF:  // Han
      return true
    default: return false
    }
  }
}
