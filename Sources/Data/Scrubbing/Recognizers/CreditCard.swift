/// Payment cards: issuer's prefix and length, layout, Luhn.
enum CreditCard {
  /// Digits per group as printed on cards, as hexadecimal digits; one group is a number written
  /// without separators.
  private static let layouts: [UInt64] = [
    0x4444, 0x465, 0x464, 0x44443, 0x4443, 0x4441, 0x445, 0x444, 0x456, 0x88, 0x4A, 0x6A, 0x4C,
  ]

  /// Nil when the digits are no card's. Behind a word such as `card`, any number that passes Luhn
  /// counts: not every range is known.
  static func score(
    _ digits: UnsafeBufferPointer<UInt8>, _ candidate: NumberCandidate, _ context: Context
  ) -> Double? {
    let isNamed = context.has(.card)
    guard
      candidate.groupCount == 1
        || candidate.gap != .wide && (isNamed || layouts.contains(candidate.layout)),
      isNamed || isIssued(digits), Checksum.luhn(digits), !digits.isRepeated
    else { return nil }
    if isNamed { return isIssued(digits) ? 1 : 0.6 }
    // Behind `order` or `tracking` one number in ten passes by chance.
    if context.isImpersonal { return candidate.groupCount == 1 ? 0.35 : 0.5 }
    return candidate.groupCount == 1 ? 0.8 : 0.9
  }

  /// Issuer ranges of ISO/IEC 7812 in use, by the first four digits, and the lengths of their
  /// numbers.
  private static func isIssued(_ digits: UnsafeBufferPointer<UInt8>) -> Bool {
    let prefix = digits.number(0..<4)
    let lengths: ClosedRange<Int>
    switch prefix {
    case 4000...4999: lengths = 13...19  // Visa
    case 5100...5599, 2221...2720: lengths = 16...16  // Mastercard
    case 3400...3499, 3700...3799: lengths = 15...15  // American Express
    case 3000...3059, 3095, 3600...3699, 3800...3999: lengths = 14...19  // Diners Club
    case 6011, 6440...6499, 6500...6599: lengths = 16...19  // Discover
    case 3528...3589: lengths = 16...19  // JCB
    case 1800, 2131: lengths = 15...15  // JCB, older numbers
    case 6200...6299, 8100...8199: lengths = 16...19  // UnionPay
    case 2200...2204: lengths = 16...19  // Mir
    case 6000...6099, 8200...8299: lengths = 16...16  // RuPay
    case 5000...5099, 5600...5899, 6300...6399, 6700...6799: lengths = 12...19  // Maestro, Verve
    case 9792: lengths = 16...16  // Troy
    default: return false
    }
    return lengths.contains(digits.count)
  }
}
