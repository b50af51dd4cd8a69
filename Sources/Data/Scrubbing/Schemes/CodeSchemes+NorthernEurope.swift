extension CodeScheme {
  /// Britain, Ireland, Germany, the Netherlands, Belgium, the north and the east.
  @Listed<CodeScheme> static var europe: [CodeScheme] {
    // HMRC NIM39110: no D F I Q U V, no O second, no BG GB NK KN NT TN ZZ; suffix A…D.
    CodeScheme(.ukNINO, "AA_99_99_99_A", cue: [.nino, .socialSecurity], 0.7) {
      let prefix = [$0[0], $0[1]]
      return !$0.letter(0, in: "DFIQUV") && !$0.letter(1, in: "DFIOQUV") && $0.letter(8, in: "ABCD")
        && !["BG", "GB", "NK", "KN", "NT", "TN", "ZZ"].contains { $0.utf8.elementsEqual(prefix) }
    }
    // DVLA: surname, decade, month (plus 50 for women), day, year, initials, check characters.
    CodeScheme("UK_DRIVING_LICENCE", "*****_999999_A*_*AA", cue: .driving, 0.6) {
      let month = $0.decimal(6..<8) % 50
      return (1...12).contains(month) && (1...31).contains($0.decimal(8..<10))
        && $0.letter(0, in: "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    }
    CodeScheme("UK_PASSPORT", "AA9999999", cue: .passport, 0.1)
    CodeScheme("UK_POSTCODE", "A9_9AA", cue: .postcode, 0.1)
    CodeScheme("UK_POSTCODE", "A99_9AA", cue: .postcode, 0.1)
    CodeScheme("UK_POSTCODE", "AA9_9AA", cue: .postcode, 0.1)
    CodeScheme("UK_POSTCODE", "AA99_9AA", cue: .postcode, 0.1)
    CodeScheme("UK_POSTCODE", "A9A_9AA", cue: .postcode, 0.1)
    CodeScheme("UK_POSTCODE", "AA9A_9AA", cue: .postcode, 0.1)
    // Ireland, PPS number: weights 8…2, 9 for the second letter, modulo 23.
    CodeScheme(.nationalID, "9999999A?A", cue: [.identity, .socialSecurity], 0.5, checked: true) {
      var sum = 0
      for place in 0..<7 { sum += Int($0[place] - 0x30) * (8 - place) }
      if $0.count == 9, $0[8] != UInt8(ascii: "W") { sum += ($0.value(8) - 9) * 9 }
      return "WABCDEFGHIJKLMNOPQRSTUV".utf8.dropFirst(sum % 23).first == $0[7]
    }
    // Bundesdruckerei: no vowels, no B D Q S; ICAO check digit.
    CodeScheme("DE_ID_CARD", "A*********", cue: .identity, 0.6, checked: true) {
      isGermanDocument($0) && $0.isICAO && $0.letter(0, in: "LMNPRTVWXYCFGHJK")
    }
    CodeScheme("DE_ID_CARD", "A********", cue: .identity, 0.2, isGermanDocument)
    CodeScheme("DE_ID_CARD", "t99999999?9", cue: .identity, 0.2)
    CodeScheme("DE_PASSPORT", "A*********", cue: .passport, 0.45, checked: true) {
      isGermanDocument($0) && $0.letter(0, in: "CFGHJK") && $0.isICAO
    }
    CodeScheme("DE_PASSPORT", "A********", cue: .passport, 0.2, isGermanDocument)
    // Deutsche Rentenversicherung: area, date of birth, letter, serial, check digit (weights
    // 2 1 2 5 7 1 2 1 2 1 2 1, sums of digits).
    CodeScheme(
      "DE_SOCIAL_SECURITY", "99_999999_A_99_9", cue: [.pension, .socialSecurity], 0.5,
      checked: true, isPension)
    // GKV-Spitzenverband: letter as two digits, weights 1 and 2, sums of digits.
    CodeScheme("DE_HEALTH_INSURANCE", "A999999999", cue: .healthInsurance, 0.35, checked: true) {
      let letter = $0.value(0) - 9
      var digits = [letter / 10, letter % 10]
      for place in 1..<9 { digits.append(Int($0[place] - 0x30)) }
      var sum = 0
      for (place, digit) in digits.enumerated() {
        let product = digit * (place % 2 + 1)
        sum += product / 10 + product % 10
      }
      return sum % 10 == Int($0[9] - 0x30)
    }
    CodeScheme("DE_VAT_ID", "de_999_999_999", cue: .vat, 0.4) { $0[2] != 0x30 }
    CodeScheme("DE_FUEHRERSCHEIN", "A*9*****9**", cue: .driving, 0.2)
    CodeScheme("DE_HANDELSREGISTER", "hra_9999?9?9", cue: [.register, .company], 0.35)
    CodeScheme("DE_HANDELSREGISTER", "hrb_9999?9?9", cue: [.register, .company], 0.35)
    // Netherlands and Belgium, passport and identity card.
    CodeScheme(.passport, "AA******9", cue: [.passport, .identity], 0.2) {
      !$0.dropFirst(2).contains(UInt8(ascii: "O"))
    }
    CodeScheme(.passport, "AA999999", cue: .passport, 0.15)
    CodeScheme(.passport, "A9999999", cue: .passport, 0.1)
    CodeScheme(.passport, "A999999", cue: .passport, 0.05)
    CodeScheme(.passport, "A99999999", cue: .passport, 0.1)
    CodeScheme(.passport, "A9A99999?9", cue: .passport, 0.1)
    CodeScheme(.passport, "AAA999999", cue: .passport, 0.1)
    CodeScheme(.passport, "p9999999A", cue: .passport, 0.2)
    // Finland: date, century sign, serial, check character modulo 31.
    CodeScheme(
      "FI_PERSONAL_IDENTITY_CODE", "999999?-?A999*", cue: [.identity, .socialSecurity], 0.6,
      checked: true, isFinnish)
    // VAT numbers of the European Union by country prefix.
    CodeScheme(.vatID, "atu99999999", cue: .vat, 0.6)
    CodeScheme(.vatID, "be_0999_999_999", cue: .vat, 0.5)
    CodeScheme(.vatID, "be_1999_999_999", cue: .vat, 0.3)
    CodeScheme(.vatID, "nl_999999999b99", cue: .vat, 0.7)
    CodeScheme(.vatID, "fr_**_999_999_999", cue: .vat, 0.4)
    CodeScheme(.vatID, "gb_999_9999_99", cue: .vat, 0.3)
    CodeScheme(.vatID, "che_999_999_999", cue: .vat, 0.6)
    CodeScheme(.vatID, "pl_9999999999", cue: .vat, 0.3)
    CodeScheme(.vatID, "it_99999999999", cue: .vat, 0.3)
    CodeScheme(.vatID, "es_*9999999*", cue: .vat, 0.3)
    CodeScheme(.vatID, "pt_999999999", cue: .vat, 0.3)
    CodeScheme(.vatID, "ie_9*99999A?A", cue: .vat, 0.3)
    CodeScheme(.vatID, "se_999999999901", cue: .vat, 0.5)
    CodeScheme(.vatID, "dk_99999999", cue: .vat, 0.2)
    CodeScheme(.vatID, "fi_99999999", cue: .vat, 0.2)
    CodeScheme(.vatID, "el_999999999", cue: .vat, 0.3)
    CodeScheme(.vatID, "cz_99999999?9?9", cue: .vat, 0.2)
    CodeScheme(.vatID, "ro_999999?9?9?9?9", cue: .vat, 0.1)
    // Poland, identity card: weights 7 3 1 9 7 3 1 7 3 modulo 10.
    CodeScheme(.nationalID, "AAA_999999", cue: .identity, 0.25, checked: true) {
      let weights = [7, 3, 1, 9, 7, 3, 1, 7, 3]
      var sum = 0
      for place in 0..<9 { sum += $0.value(place) * weights[place] }
      return sum % 10 == 0
    }
    CodeScheme(.passport, "AA9999999", cue: .passport, 0.12)
  }

  private static let isGermanDocument: @Sendable (Characters) -> Bool = { value in
    value.letter(0, in: "CFGHJKLMNPRTVWXYZ")
      && value.allSatisfy { ByteText.isDigit($0) || !"ABDEIOQSU".utf8.contains($0) }
      && value.count { ByteText.isDigit($0) } >= (value.count == 10 ? 1 : 2)
  }

  private static let isPension: @Sendable (Characters) -> Bool = { value in
    guard (1...31).contains(value.decimal(2..<4) % 50), (1...12).contains(value.decimal(4..<6))
    else {
      return false
    }
    let letter = value.value(8) - 9
    var digits: [Int] = []
    for place in 0..<8 { digits.append(Int(value[place] - 0x30)) }
    digits += [letter / 10, letter % 10, Int(value[9] - 0x30), Int(value[10] - 0x30)]
    var sum = 0
    for (digit, weight) in zip(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) {
      sum += digit * weight / 10 + digit * weight % 10
    }
    return sum % 10 == Int(value[11] - 0x30)
  }

  private static let isFinnish: @Sendable (Characters) -> Bool = { value in
    let serial = value.count - 4
    guard (1...31).contains(value.decimal(0..<2)), (1...12).contains(value.decimal(2..<4)),
      serial == 6 || serial == 7 && value.letter(6, in: "ABCDEFUVWXY")
    else { return false }
    let number = value.decimal(0..<6) * 1000 + value.decimal(serial..<serial + 3)
    return "0123456789ABCDEFHJKLMNPRSTUVWXY".utf8.dropFirst(number % 31).first
      == value[value.count - 1]
  }
}
