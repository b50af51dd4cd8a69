extension Recognizer {
  /// Payment cards: issuer's prefix and length, layout, Luhn.
  static let creditCard = Recognizer(
    entity: .creditCard,
    search: .at(bytes: Array("23456".utf8)) { text, start in
      guard text.startsNumber(at: start) else { return nil }
      let groups = DigitGroups(text, at: start, digitsMax: 23)
      for count in stride(from: min(5, groups.sizes.count), to: 0, by: -1) {
        let sizes = Array(groups.sizes.prefix(count))
        let total = sizes.reduce(0, +)
        guard CreditCard.isLayout(sizes), count == 1 || groups.separator(ofFirst: count) != nil,
          text.endsNumber(at: groups.ends[count - 1])
        else { continue }
        let digits = groups.digits.prefix(total)
        if CreditCard.isIssued(digits), Checksum.luhn(digits) {
          return Detection(
            .creditCard, start..<groups.ends[count - 1], score: 1, verified: true)
        }
      }
      return nil
    })
}

private enum CreditCard {
  /// Digits per group as printed on cards; one group is a number written without separators.
  static let layouts: Set<[Int]> = [
    [4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3], [4, 4, 4, 3], [4, 4, 4, 1], [4, 4, 5],
    [4, 4, 4], [4, 5, 6], [8, 8],
  ]

  static func isLayout(_ sizes: [Int]) -> Bool {
    sizes.count == 1 ? (12...19).contains(sizes[0]) : layouts.contains(sizes)
  }

  /// Issuer ranges of ISO/IEC 7812 in use: prefix range, number of its digits, lengths.
  static let ranges: [(ClosedRange<Int>, Int, ClosedRange<Int>)] = [
    (4...4, 1, 13...19),  // Visa
    (51...55, 2, 16...16), (2221...2720, 4, 16...16),  // Mastercard
    (34...34, 2, 15...15), (37...37, 2, 15...15),  // American Express
    (300...305, 3, 14...19), (3095...3095, 4, 14...19), (36...36, 2, 14...19),
    (38...39, 2, 14...19),  // Diners Club
    (6011...6011, 4, 16...19), (644...649, 3, 16...19), (65...65, 2, 16...19),  // Discover
    (3528...3589, 4, 16...19),  // JCB
    (62...62, 2, 16...19),  // UnionPay
    (2200...2204, 4, 16...19),  // Mir
    (60...60, 2, 16...16), (81...82, 2, 16...16),  // RuPay
    (50...50, 2, 12...19), (56...58, 2, 12...19), (63...63, 2, 12...19),
    (67...67, 2, 12...19),  // Maestro
  ]

  static func isIssued(_ digits: ArraySlice<UInt8>) -> Bool {
    ranges.contains { prefixes, length, lengths in
      guard lengths.contains(digits.count) else { return false }
      let prefix = digits.prefix(length).reduce(0) { $0 * 10 + Int($1) }
      return prefixes.contains(prefix)
    }
  }
}
