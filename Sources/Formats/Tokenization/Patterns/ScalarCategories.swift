/// The general category of every Unicode scalar as a number from 0 to 29, read from a table.
///
/// The table covers the first four planes (256 KiB) and is filled once, from the standard library's
/// own data; scalars above are looked up there each time.
enum ScalarCategories {
  static let count = 30
  private static let tableEnd: UInt32 = 0x40000

  private static let table = FrozenBuffer<UInt8>(count: Int(tableEnd), repeating: 29) { table in
    for value in 0..<tableEnd {
      guard let scalar = Unicode.Scalar(value) else {
        table[Int(value)] = index(of: .surrogate)
        continue
      }
      table[Int(value)] = index(of: scalar.properties.generalCategory)
    }
    for range in unicode17 {
      for value in range { table[Int(value)] = index(of: .unassigned) }
    }
    table[0x295] = index(of: .lowercaseLetter)
  }

  /// Scalars that came with Unicode 17, which the standard library knows; Oniguruma and Rust's
  /// expressions in `tokenizers` 0.23.3 have Unicode 16, where U+0295 was a lowercase letter too.
  private static let unicode17: [ClosedRange<UInt32>] = [
    0x88F...0x88F, 0xC5C...0xC5C, 0xCDC...0xCDC, 0x1ACF...0x1ADD, 0x1AE0...0x1AEB,
    0x20C1...0x20C1, 0x2B96...0x2B96, 0xA7CE...0xA7CF, 0xA7D2...0xA7D2, 0xA7D4...0xA7D4,
    0xA7F1...0xA7F1, 0xFBC3...0xFBD2, 0xFD90...0xFD91, 0xFDC8...0xFDCE, 0x10940...0x10959,
    0x10EC5...0x10EC7, 0x10ED0...0x10ED8, 0x10EFA...0x10EFB, 0x11B60...0x11B67,
    0x11DB0...0x11DDB, 0x11DE0...0x11DE9, 0x16EA0...0x16EB8, 0x16EBB...0x16ED3,
    0x16FF2...0x16FF6, 0x187F8...0x187FF, 0x18D09...0x18D1E, 0x18D80...0x18DF2,
    0x1CCFA...0x1CCFC, 0x1CEBA...0x1CED0, 0x1CEE0...0x1CEF0, 0x1E6C0...0x1E6DE,
    0x1E6E0...0x1E6F5, 0x1E6FE...0x1E6FF, 0x1F6D8...0x1F6D8, 0x1F777...0x1F77A,
    0x1F8D0...0x1F8D8, 0x1FA54...0x1FA57, 0x1FA8A...0x1FA8A, 0x1FA8E...0x1FA8E,
    0x1FAC8...0x1FAC8, 0x1FACD...0x1FACD, 0x1FAEA...0x1FAEA, 0x1FAEF...0x1FAEF,
    0x1FBFA...0x1FBFA, 0x2B73A...0x2B73F, 0x2CEA2...0x2CEAD, 0x323B0...0x33479,
  ]

  @inline(__always)
  static func index(of scalar: UInt32) -> Int {
    if scalar < tableEnd { return Int(table[Int(scalar)]) }
    guard let scalar = Unicode.Scalar(scalar) else { return Int(index(of: .surrogate)) }
    return Int(index(of: scalar.properties.generalCategory))
  }

  /// The bit of each category in a mask.
  static func mask(_ categories: Unicode.GeneralCategory...) -> UInt32 {
    categories.reduce(0) { $0 | 1 << UInt32(index(of: $1)) }
  }

  static let letters = mask(
    .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter)
  static let marks = mask(.nonspacingMark, .spacingMark, .enclosingMark)
  static let numbers = mask(.decimalNumber, .letterNumber, .otherNumber)
  static let punctuation = mask(
    .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
    .initialPunctuation, .finalPunctuation, .otherPunctuation)
  static let symbols = mask(.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol)
  static let separators = mask(.spaceSeparator, .lineSeparator, .paragraphSeparator)
  static let others = mask(.control, .format, .surrogate, .privateUse, .unassigned)

  /// The mask of a property name as regular expressions write it (`L`, `Lu`, `Nd`, …), or nil.
  static func mask(named name: String) -> UInt32? {
    switch name {
    case "L", "Letter": letters
    case "M", "Mark": marks
    case "N", "Number": numbers
    case "P", "Punctuation", "Punct": punctuation
    case "S", "Symbol": symbols
    case "Z", "Separator": separators
    case "C", "Other": others
    case "Lu": mask(.uppercaseLetter)
    case "Ll": mask(.lowercaseLetter)
    case "Lt": mask(.titlecaseLetter)
    case "Lm": mask(.modifierLetter)
    case "Lo": mask(.otherLetter)
    case "Mn": mask(.nonspacingMark)
    case "Mc": mask(.spacingMark)
    case "Me": mask(.enclosingMark)
    case "Nd": mask(.decimalNumber)
    case "Nl": mask(.letterNumber)
    case "No": mask(.otherNumber)
    case "Pc": mask(.connectorPunctuation)
    case "Pd": mask(.dashPunctuation)
    case "Ps": mask(.openPunctuation)
    case "Pe": mask(.closePunctuation)
    case "Pi": mask(.initialPunctuation)
    case "Pf": mask(.finalPunctuation)
    case "Po": mask(.otherPunctuation)
    case "Sm": mask(.mathSymbol)
    case "Sc": mask(.currencySymbol)
    case "Sk": mask(.modifierSymbol)
    case "So": mask(.otherSymbol)
    case "Zs": mask(.spaceSeparator)
    case "Zl": mask(.lineSeparator)
    case "Zp": mask(.paragraphSeparator)
    case "Cc": mask(.control)
    case "Cf": mask(.format)
    case "Co": mask(.privateUse)
    case "Cn": mask(.unassigned)
    default: nil
    }
  }

  /// Unicode White_Space, which is what `\s` means.
  static let whitespace: [ClosedRange<UInt32>] = [
    0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
    0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
  ]

  @inline(__always)
  static func isWhitespace(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return scalar == 0x20 || scalar &- 9 < 5 }
    return whitespace.contains { $0.contains(scalar) }
  }

  /// Whether a scalar came with a Unicode version after `major`.0; rules with tables of their own
  /// time do not know it.
  static func isYounger(_ scalar: UInt32, than major: Int) -> Bool {
    guard scalar >= 0x80, let age = Unicode.Scalar(scalar)?.properties.age else { return false }
    return age.major > major || age.major == major && age.minor > 0
  }

  /// Scalars beside letters, marks, decimal digits and connectors that count as Alphabetic: circled
  /// letters. Letter numbers are another category.
  static let circledLetters: [ClosedRange<UInt32>] = [
    0x24B6...0x24E9, 0x1F130...0x1F149, 0x1F150...0x1F169, 0x1F170...0x1F189,
  ]

  /// Rust's `\w`: Alphabetic, marks, decimal digits, connectors, joiners.
  static func isWord(_ scalar: UInt32) -> Bool {
    let categories =
      letters | marks | mask(.decimalNumber, .letterNumber, .connectorPunctuation)
    if categories >> UInt32(index(of: scalar)) & 1 == 1 { return true }
    return scalar == 0x200C || scalar == 0x200D
      || circledLetters.contains { $0.contains(scalar) }
  }

  private static func index(of category: Unicode.GeneralCategory) -> UInt8 {
    switch category {
    case .uppercaseLetter: 0
    case .lowercaseLetter: 1
    case .titlecaseLetter: 2
    case .modifierLetter: 3
    case .otherLetter: 4
    case .nonspacingMark: 5
    case .spacingMark: 6
    case .enclosingMark: 7
    case .decimalNumber: 8
    case .letterNumber: 9
    case .otherNumber: 10
    case .connectorPunctuation: 11
    case .dashPunctuation: 12
    case .openPunctuation: 13
    case .closePunctuation: 14
    case .initialPunctuation: 15
    case .finalPunctuation: 16
    case .otherPunctuation: 17
    case .mathSymbol: 18
    case .currencySymbol: 19
    case .modifierSymbol: 20
    case .otherSymbol: 21
    case .spaceSeparator: 22
    case .lineSeparator: 23
    case .paragraphSeparator: 24
    case .control: 25
    case .format: 26
    case .surrogate: 27
    case .privateUse: 28
    case .unassigned: 29
    @unknown default: 29
    }
  }
}
