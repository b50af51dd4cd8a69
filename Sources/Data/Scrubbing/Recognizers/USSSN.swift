extension Recognizer {
  /// US social security numbers: 3-2-4 digits with one kind of separator, or nine digits behind a
  /// word that names them. Areas 000, 666 and 9xx, group 00 and serial 0000 were never issued
  /// (SSA, "Social Security Number Randomization").
  static let usSSN = Recognizer(
    entity: .usSSN,
    search: .at(bytes: Array("012345678".utf8)) { text, start in
      guard text.startsNumber(at: start) else { return nil }
      let groups = DigitGroups(text, at: start, digitsMax: 13)
      let isGrouped =
        groups.sizes.prefix(3) == [3, 2, 4] && groups.separator(ofFirst: 3) != nil
        && groups.separator(ofFirst: 3) != .slash
      guard isGrouped || groups.sizes.first == 9 else { return nil }
      let end = groups.ends[isGrouped ? 2 : 0]
      guard text.endsNumber(at: end), SocialSecurity.isIssued(groups.digits) else { return nil }
      let isCued = text.hasCue(before: start, in: SocialSecurity.cues, limit: 5)
      guard isGrouped || isCued else { return nil }
      return Detection(.usSSN, start..<end, score: isCued ? 0.85 : 0.6)
    })
}

private enum SocialSecurity {
  static let cues = WordHash.set("ssn ssns social security")

  static func isIssued(_ digits: [UInt8]) -> Bool {
    let number = { (range: Range<Int>) in digits[range].reduce(0) { $0 * 10 + Int($1) } }
    let (area, group, serial) = (number(0..<3), number(3..<5), number(5..<9))
    // 078-05-1120 and 219-09-9999 were printed in advertisements.
    let isAdvertised =
      (area, group, serial) == (78, 5, 1120) || (area, group, serial) == (219, 9, 9999)
    return area != 0 && area != 666 && area < 900 && group != 0 && serial != 0 && !isAdvertised
  }
}
