extension Recognizer {
  /// UK national insurance numbers: two letters, six digits, A…D (HMRC manual NIM39110).
  static let ukNINO = Recognizer(
    entity: .ukNINO,
    search: .at(bytes: digits) { text, index in
      var letters = index
      if let space = text.separator(before: index), space.kind == .space { letters = space.start }
      let start = letters - 2
      guard start >= 0, ByteText.isUpper(text[start]), ByteText.isUpper(text[start + 1]),
        !text.isWord(before: start), !Array("DFIQUV".utf8).contains(text[start]),
        !Array("DFIOQUV".utf8).contains(text[start + 1])
      else { return nil }
      let groups = DigitGroups(text, at: index, digitsMax: 7)
      guard groups.digits.count == 6, groups.sizes == [6] || groups.sizes == [2, 2, 2] else {
        return nil
      }
      var end = groups.ends[groups.ends.count - 1]
      if let (kind, length) = text.separator(at: end), kind == .space { end += length }
      guard (UInt8(ascii: "A")...UInt8(ascii: "D")).contains(text[end]), !text.isWord(at: end + 1)
      else { return nil }
      return Detection(.ukNINO, start..<end + 1, score: 0.7)
    })

  /// NHS numbers: ten digits, the last a check of weights 10…2 modulo 11.
  static let ukNHS = Recognizer(
    entity: .ukNHS,
    search: .at(bytes: digits) { text, start in
      guard text.startsNumber(at: start) else { return nil }
      let groups = DigitGroups(text, at: start, digitsMax: 14)
      // With hyphens or dots the layout is a North American telephone number's.
      let isGrouped =
        groups.sizes.prefix(3) == [3, 3, 4] && groups.separator(ofFirst: 3) == .space
      guard isGrouped || groups.sizes.first == 10 && text.hasCue(before: start, in: nhsCues)
      else { return nil }
      let end = groups.ends[isGrouped ? 2 : 0]
      guard text.endsNumber(at: end) else { return nil }
      let sum = zip(groups.digits, 0...).prefix(9).reduce(0) { $0 + Int($1.0) * (10 - $1.1) }
      guard (11 - sum % 11) % 11 == Int(groups.digits[9]) else { return nil }
      return Detection(.ukNHS, start..<end, score: 0.8, verified: true)
    })

  /// Indian tax numbers: five letters, four digits, a letter; the fourth letter names the holder.
  static let inPAN = Recognizer(
    entity: .inPAN,
    search: .at(bytes: digits) { text, index in
      let start = index - 5
      guard start >= 0, !text.isWord(before: start), !text.isWord(at: index + 5),
        (start..<index).allSatisfy({ ByteText.isUpper(text[$0]) }),
        (index..<index + 4).allSatisfy({ ByteText.isDigit(text[$0]) }),
        ByteText.isUpper(text[index + 4]), Array("ABCFGHJLPT".utf8).contains(text[start + 3])
      else { return nil }
      return Detection(.inPAN, start..<index + 5, score: 0.7)
    })

  /// Aadhaar: twelve digits from 2…9, Verhoeff.
  static let inAadhaar = Recognizer(
    entity: .inAadhaar,
    search: .at(bytes: Array("23456789".utf8)) { text, start in
      guard text.startsNumber(at: start) else { return nil }
      let groups = DigitGroups(text, at: start, digitsMax: 16)
      let isLaidOut =
        (groups.sizes.prefix(3) == [4, 4, 4] && groups.separator(ofFirst: 3) != nil
          && groups.sizes.count == 3) || groups.sizes.first == 12
      guard isLaidOut else { return nil }
      let end = groups.ends[groups.sizes.first == 12 ? 0 : 2]
      guard text.endsNumber(at: end), Checksum.verhoeff(groups.digits.prefix(12)) else {
        return nil
      }
      return Detection(.inAadhaar, start..<end, score: 0.8, verified: true)
    })

  private static let nhsCues = WordHash.set("nhs")
}
