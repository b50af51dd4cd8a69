/// The general category of every Unicode scalar as a number from 0 to 29, read from a table.
///
/// The table covers the first four planes (256 KiB) and is filled once, from the standard library's
/// own data; scalars above are looked up there each time.
enum ScalarCategories {
  static let count = 30
  private static let tableEnd: UInt32 = 0x40000

  private static let table = FrozenBuffer<UInt8>(
    (0..<tableEnd).map { value in
      guard let scalar = Unicode.Scalar(value) else { return index(of: .surrogate) }
      return index(of: scalar.properties.generalCategory)
    })

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
