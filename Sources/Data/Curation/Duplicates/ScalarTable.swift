internal import CKernels
private import Foundation

/// What each Unicode scalar below U+20000 is to the shingler, and how it is written: 512 KiB.
///
/// Part of a word: letters, digits and other numbers, combining marks. A word of its own: the same
/// in scripts written without spaces (Han, kana, Thai, Lao, Khmer, Myanmar). The rest separates.
struct ScalarTable: Sendable {
  let entries: [UInt32]
  /// Whether ASCII letters and digits make words, letters in lower case and digits as they are.
  let isPlainASCII: Bool

  /// The table of the default normalisation, made once.
  private static let standard = ScalarTable(making: Normalisation())

  static func of(_ normalisation: Normalisation) -> ScalarTable {
    normalisation == Normalisation() ? standard : ScalarTable(making: normalisation)
  }

  private init(making normalisation: Normalisation) {
    entries = (0..<0x20000).map { Self.entry(UInt32($0), normalisation) }
    isPlainASCII = normalisation.lowercase && normalisation.digits == .keep
  }

  private static func entry(_ value: UInt32, _ normalisation: Normalisation) -> UInt32 {
    guard let scalar = Unicode.Scalar(value) else { return value }
    let properties = scalar.properties
    let category = properties.generalCategory
    var written = value
    if normalisation.accents == .strip, value >= 0x80 {
      if category == .nonspacingMark { return value | UInt32(ORC_SCALAR_SKIP) }
      let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
      // Hangul syllables decompose into letters, not into a letter and its marks.
      if !(0xAC00...0xD7A3).contains(value), let first = parts.first { written = first.value }
    }
    if normalisation.lowercase { written = lower(written) }
    if normalisation.digits == .zero, category == .decimalNumber { written = 0x30 }
    if properties.isWhitespace { return written | UInt32(ORC_SCALAR_SPACE) }
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
      return written | (isUnspaced(value) ? UInt32(ORC_SCALAR_ALONE) : UInt32(ORC_SCALAR_WORD))
    default: return written
    }
  }

  private static func lower(_ value: UInt32) -> UInt32 {
    if value < 0x80 { return (65...90).contains(value) ? value + 32 : value }
    return Unicode.Scalar(value)?.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
  }

  static func isUnspaced(_ value: UInt32) -> Bool {
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
