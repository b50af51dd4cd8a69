extension CodeScheme {
  @Listed<CodeScheme> static var world: [CodeScheme] {
    // United States.
    CodeScheme("US_PASSPORT", "A99999999", cue: .passport, 0.1)
    CodeScheme("US_DRIVER_LICENSE", "A9999999", cue: .driving, 0.3)
    CodeScheme("US_DRIVER_LICENSE", "A99999999?9?9?9?9", cue: .driving, 0.3)
    CodeScheme("US_DRIVER_LICENSE", "A999_9999_9999?9", cue: .driving, 0.3)
    CodeScheme("US_DRIVER_LICENSE", "AA999999?A?9", cue: .driving, 0.2)
    // CMS: positions of letters and digits, no S L O I B Z.
    CodeScheme("US_MBI", "9A*9_A*9_AA99", cue: .medicareUS, 0.6) { value in
      value[0] != 0x30 && !value.contains { "SLOIBZ".utf8.contains($0) }
    }
    // DEA: registrant type, initial or 9, (1+3+5) + 2·(2+4+6) modulo 10.
    CodeScheme("MEDICAL_LICENSE", "A*9999999", cue: .prescriber, 0.5, checked: true) {
      guard $0.letter(0, in: "ABCDEFGHJKLMPRSTUX"),
        !ByteText.isDigit($0[1]) || $0[1] == UInt8(ascii: "9")
      else { return false }
      let odd = Int($0[2]) + Int($0[4]) + Int($0[6]) - 3 * 0x30
      let even = Int($0[3]) + Int($0[5]) + Int($0[7]) - 3 * 0x30
      return (odd + 2 * even) % 10 == Int($0[8] - 0x30)
    }
    CodeScheme("US_HEALTH_INSURANCE_MEMBER_ID", "AAA?A99999999?9?9?9?9", cue: .healthInsurance, 0.1)
    // Canada.
    CodeScheme("CA_POSTAL_CODE", "A9A_9A9", cue: .postcode, 0.3) {
      !$0.letter(0, in: "DFIOQUWZ")
    }
    CodeScheme(.passport, "AA999999", cue: .passport, 0.15)
    CodeScheme(.nationalID, "A9999_99999_99999", cue: .driving, 0.3)
    // India.
    CodeScheme(.inPAN, "AAA_AA_9999_A", cue: .pan, 0.7) { $0.letter(3, in: "ABCFGHJLPT") }
    CodeScheme("IN_GSTIN", "99AAAAA9999A*z*", cue: [.gst, .tax], 0.8) {
      (1...38).contains($0.decimal(0..<2)) && $0.letter(5, in: "ABCFGHJLPT")
    }
    CodeScheme("IN_VOTER", "AAA_9999999", cue: [.voter, .identity], 0.35)
    CodeScheme("IN_PASSPORT", "A_9999999", cue: .passport, 0.1) { $0[1] != 0x30 }
    // Australia, New Zealand.
    CodeScheme(.passport, "AA9999999", cue: .passport, 0.1)
    CodeScheme(.medicalID, "AAA9999", cue: .medical, 0.1)
    CodeScheme(.medicalID, "AAA99*9", cue: .medical, 0.05)
    // Singapore: weights 2 7 6 5 4 3 2 modulo 11, letters by series.
    CodeScheme("SG_NRIC_FIN", "A9999999A", cue: .identity, 0.6, checked: true, isNRIC)
    CodeScheme("SG_UEN", "99999999?9A", cue: .company, 0.15)
    CodeScheme("SG_UEN", "t99AA9999A", cue: .company, 0.3)
    // Hong Kong: weights 9…2 (a blank counts as 36) modulo 11.
    CodeScheme(.nationalID, "A?A999999_*", cue: .identity, 0.3, checked: true, isHongKong)
    // Taiwan: letter as two digits, weights 1 9 8…1 1 modulo 10.
    CodeScheme(.nationalID, "A999999999", cue: .identity, 0.45, checked: true) { value in
      guard (1...2).contains(value[1] - 0x30) else { return false }
      let place =
        "ABCDEFGHJKLMNPQRSTUVXYWZIO".utf8.enumerated().first { $0.element == value[0] }?.offset ?? 0
      let letter = place + 10
      var sum = letter / 10 + letter % 10 * 9
      for digit in 1..<9 { sum += Int(value[digit] - 0x30) * (9 - digit) }
      return (sum + Int(value[9] - 0x30)) % 10 == 0
    }
    // China with the check character X.
    CodeScheme(.nationalID, "99999999999999999x", cue: .identity, 0.8, checked: true) {
      let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
      var sum = 0
      for place in 0..<17 { sum += Int($0[place] - 0x30) * weights[place] }
      return sum % 11 == 2 && (1...12).contains($0.decimal(10..<12))
    }
    // Chile with the check letter K.
    CodeScheme(.nationalID, "99_999_999_k", cue: .identity, 0.6, checked: true) {
      let weights = [3, 2, 7, 6, 5, 4, 3, 2]
      var sum = 0
      for place in 0..<8 { sum += Int($0[place] - 0x30) * weights[place] }
      return sum % 11 == 1
    }
    // Mexico: CURP and RFC.
    CodeScheme(.nationalID, "AAAA999999AAAAAA*9", cue: .identity, 0.8) {
      ($0[10] == UInt8(ascii: "H") || $0[10] == UInt8(ascii: "M") || $0[10] == UInt8(ascii: "X"))
        && (1...12).contains($0.decimal(6..<8))
    }
    CodeScheme(.nationalID, "AAAA_999999_***", cue: [.identity, .tax], 0.5) {
      (1...12).contains($0.decimal(6..<8)) && (1...31).contains($0.decimal(8..<10))
    }
    CodeScheme("KR_PASSPORT", "A99999999", cue: .passport, 0.1)
    CodeScheme("KR_PASSPORT", "A999A9999", cue: .passport, 0.2)
    CodeScheme("PH_PASSPORT", "A9999999A", cue: .passport, 0.2)
    CodeScheme("ZA_PASSPORT", "A99999999", cue: .passport, 0.1)
    CodeScheme(.passport, "AA9999999", cue: .passport, 0.1)
  }

  /// Number plates; most need a cue.
  @Listed<CodeScheme> static var plates: [CodeScheme] {
    CodeScheme("UK_VEHICLE_REGISTRATION", "AA99_AAA", cue: .plate, 0.3)
    CodeScheme("UK_VEHICLE_REGISTRATION", "A9?9?9_AAA", cue: .plate, 0.15)
    CodeScheme("DE_KFZ", "A?A?A-?A?A_9?9?9?9?h", cue: .plate, 0.2)
    CodeScheme("IN_VEHICLE_REGISTRATION", "AA_99_A?A?A_9999", cue: .plate, 0.5) { value in
      [
        "AP", "AR", "AS", "BR", "CG", "CH", "DD", "DL", "DN", "GA", "GJ", "HP", "HR", "JH", "JK",
        "KA", "KL", "LA", "LD", "MH", "ML", "MN", "MP", "MZ", "NL", "OD", "OR", "PB", "PY", "RJ",
        "SK", "TN", "TR", "TS", "UK", "UP", "WB", "AN",
      ].contains { $0.utf8.elementsEqual(value.prefix(2)) }
    }
    CodeScheme("TR_LICENSE_PLATE", "99_A?A?A_99?9?9", cue: .plate, 0.25)
    CodeScheme("NG_VEHICLE_REGISTRATION", "AAA_999_AA", cue: .plate, 0.25)
    CodeScheme(.vehiclePlate, "AA_999_AA", cue: .plate, 0.25)
    CodeScheme(.vehiclePlate, "9999_AAA", cue: .plate, 0.2)
    CodeScheme(.vehiclePlate, "A?A?A_99?9?9?9?A?A", cue: .plate, 0.05)
    CodeScheme(.vehiclePlate, "99_AAA_9", cue: .plate, 0.2)
    CodeScheme(.vehiclePlate, "9_AAA_999", cue: .plate, 0.2)
    CodeScheme(.vehiclePlate, "A_999_AA", cue: .plate, 0.2)
  }

  private static let isNRIC: @Sendable (Characters) -> Bool = { value in
    let weights = [2, 7, 6, 5, 4, 3, 2]
    var sum = 0
    for place in 0..<7 { sum += Int(value[place + 1] - 0x30) * weights[place] }
    let series: (offset: Int, letters: String)
    switch value[0] {
    case UInt8(ascii: "S"): series = (0, "JZIHGFEDCBA")
    case UInt8(ascii: "T"): series = (4, "JZIHGFEDCBA")
    case UInt8(ascii: "F"): series = (0, "XWUTRQPNMLK")
    case UInt8(ascii: "G"): series = (4, "XWUTRQPNMLK")
    case UInt8(ascii: "M"): series = (3, "XWUTRQPNJLK")
    default: return false
    }
    return series.letters.utf8.dropFirst((sum + series.offset) % 11).first == value[8]
  }

  private static let isHongKong: @Sendable (Characters) -> Bool = { value in
    let isSingle = ByteText.isDigit(value[1])
    var sum = isSingle ? 36 * 9 + value.value(0) * 8 : value.value(0) * 9 + value.value(1) * 8
    let first = isSingle ? 1 : 2
    guard value.count == first + 7 else { return false }
    for place in 0..<6 { sum += Int(value[first + place] - 0x30) * (7 - place) }
    let check = (11 - sum % 11) % 11
    let last = value[first + 6]
    return check == 10 ? last == UInt8(ascii: "A") : last == UInt8(0x30 + check)
  }
}
