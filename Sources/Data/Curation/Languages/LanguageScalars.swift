/// The lower case of each letter and mark below U+20000, 0 for what separates words; made once,
/// 512 KiB. Apostrophes count as letters and are all one.
enum LanguageScalars {
  static let entries: [UInt32] = (0..<0x20000).map { entry(UInt32($0)) }

  private static func entry(_ value: UInt32) -> UInt32 {
    if value == 0x27 || value == 0x2019 { return 0x27 }
    guard let scalar = Unicode.Scalar(value) else { return 0 }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark:
      return scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? value
    default: return 0
    }
  }
}
