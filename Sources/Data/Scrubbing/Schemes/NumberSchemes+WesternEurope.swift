extension NumberScheme {
  @Listed<NumberScheme> static var britain: [NumberScheme] {
    // NHS Data Dictionary: weights 10…2 modulo 11.
    NumberScheme(.ukNHS, 10, [0x334], [.space], cue: .nhs, bare: 0.2, grouped: 0.6, isNHS)
    NumberScheme(
      .ukNHS, 10, [0x334], [.dash], cue: [.nhs, .identity], bare: 0.2, grouped: 0.36, isNHS)
    NumberScheme("UK_PASSPORT", 9, cue: .passport, bare: 0.05, checked: false) { _ in true }
    // HMRC, unique taxpayer reference: check digit first, weights 6 7 8 9 10 5 4 3 2 modulo 11.
    NumberScheme(.nationalID, 10, [0x55], [.space], cue: .tax, bare: 0.1, grouped: 0.2) {
      let sum = UnsafeBufferPointer(rebasing: $0[1...]).weighted([6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11
      return [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1][sum] == Int($0[0])
    }
  }

  /// Germany, Austria, Switzerland, the Netherlands, Belgium, Luxembourg.
  @Listed<NumberScheme> static var germanic: [NumberScheme] {
    // Bundeszentralamt für Steuern: mod 11,10; one digit of the first ten occurs twice or thrice.
    NumberScheme("DE_TAX_ID", 11, [0x2333], [.space], cue: .tax, bare: 0.45, grouped: 0.7, isTaxID)
    NumberScheme(
      "DE_TAX_NUMBER", 10, [0x235, 0x325], [.slash, .wide], cue: .tax, bare: 0.1, grouped: 0.4,
      checked: false
    ) { _ in true }
    NumberScheme(
      "DE_TAX_NUMBER", 11, [0x335, 0x344], [.slash, .wide], cue: .tax, bare: 0.1, grouped: 0.4,
      checked: false
    ) { _ in true }
    NumberScheme("DE_TAX_NUMBER", 13, cue: .tax, bare: 0.1, checked: false) { $0[4] == 0 }
    // KBV: seven digits with a check (weights 4, 9) and two of the specialty.
    NumberScheme("DE_LANR", 9, [0x72], cue: .doctorNumber, bare: 0.05, grouped: 0.1) {
      (10 - $0.weighted([4, 9, 4, 9, 4, 9]) % 10) % 10 == Int($0[6])
    }
    NumberScheme("DE_BSNR", 9, cue: .practiceNumber, bare: 0.05, checked: false) { _ in true }
    NumberScheme("DE_PLZ", 5, cue: .postcode, bare: 0.05, checked: false) { _ in true }
    // Dachverband der Sozialversicherungsträger: 3 7 9 (check) 5 8 4 2 1 6 modulo 11, date of birth.
    NumberScheme(
      .nationalID, 10, [0x46, 0x4222], [.space, .dash], cue: [.identity, .socialSecurity],
      bare: 0.36, grouped: 0.6
    ) {
      $0.weighted([3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == Int($0[3])
        && $0.isDate(day: 4, month: 6) && $0[0] > 0
    }
    // ZAS, AHV number: 756 and the EAN-13 check digit.
    NumberScheme(
      .nationalID, 13, [0x3442], [.dot, .space, .dash], cue: [.identity, .socialSecurity],
      bare: 0.7, grouped: 0.9
    ) {
      $0.number(0..<3) == 756
        && (10 - $0.weighted([1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10) % 10 == Int($0[12])
    }
    // RvIG, burgerservicenummer: weights 9…2 and −1 modulo 11.
    NumberScheme(
      .nationalID, 9, [0x423], [.dot, .space], cue: [.identity, .socialSecurity], bare: 0.3,
      grouped: 0.6
    ) {
      $0.weighted([9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0 && !$0.isRepeated
    }
    NumberScheme(
      .nationalID, 9, [0x333], [.dot, .space, .dash], cue: .identity, bare: 0.1, grouped: 0.3
    ) {
      $0.weighted([9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0 && !$0.isRepeated
    }
    // Rijksregister: date of birth, serial, 97 − n mod 97 (a 2 before it from 2000 on).
    NumberScheme(
      .nationalID, 11, [0x22232, 0x632, 0x2225, 0x65], [.wide, .dot, .dash, .space],
      cue: [.identity, .socialSecurity], bare: 0.6, grouped: 0.9
    ) {
      let number = $0.number(0..<9)
      let check = $0.number(9..<11)
      let month = $0.number(2..<4) % 20
      return (month <= 12 && $0.number(4..<6) <= 31)
        && (97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check)
    }
    // Luxembourg, matricule: date of birth, then a Luhn and a Verhoeff digit.
    NumberScheme(
      .nationalID, 13, [0x85, 0x42225], [.space, .wide], cue: [.identity, .socialSecurity],
      bare: 0.5, grouped: 0.6
    ) {
      let year = $0.number(0..<4)
      return (1900...2035).contains(year) && $0.isDate(day: 6, month: 4)
        && Checksum.luhn($0.dropLast())
    }
  }

  /// France, Spain, Italy, Portugal.
  @Listed<NumberScheme> static var romance: [NumberScheme] {
    // INSEE, numéro d'inscription au répertoire: 97 − n mod 97.
    NumberScheme(
      .nationalID, 15, [0x1222332, 0x122335, 0xD2, 0x122235, 0x122262, 0x12282, 0x122333],
      [.space, .dot, .dash, .wide],
      cue: [.socialSecurity, .identity], bare: 0.8, grouped: 0.95, isNIR)
    NumberScheme(
      .nationalID, 13, [0x122233, 0x12226], [.space, .dot], cue: [.socialSecurity, .identity],
      bare: 0.2, grouped: 0.5, checked: false
    ) {
      ($0[0] == 1 || $0[0] == 2) && isNIRMonth($0.number(3..<5))
    }
    // Direction générale des finances publiques, numéro fiscal: first ten digits modulo 511.
    NumberScheme(.nationalID, 13, [0x22333], [.space], cue: .tax, bare: 0.4, grouped: 0.5) {
      $0[0] <= 3 && $0.number(0..<10) % 511 == $0.number(10..<13)
    }
    NumberScheme(.companyID, 9, [0x333], [.space], cue: .company, bare: 0.1, grouped: 0.3) {
      Checksum.luhn($0) && !$0.isRepeated
    }
    NumberScheme(.companyID, 14, [0x3335, 0x95], [.space], cue: .company, bare: 0.2, grouped: 0.6) {
      Checksum.luhn($0) && !$0.isRepeated
    }
    // Seguridad Social: the first ten digits modulo 97.
    NumberScheme(
      .nationalID, 12, [0x282, 0x2A], [.slash, .space, .dash], cue: .socialSecurity, bare: 0.2,
      grouped: 0.6
    ) {
      (1...53).contains($0.number(0..<2)) && $0.number(0..<10) % 97 == $0.number(10..<12)
    }
    // Agenzia delle Entrate, partita IVA: Luhn.
    NumberScheme("IT_VAT_CODE", 11, cue: [.vat, .company], bare: 0.1) {
      Checksum.luhn($0) && !$0.isRepeated
    }
    // Autoridade Tributária, NIF: weights 9…2 modulo 11.
    NumberScheme(
      .nationalID, 9, [0x333], [.space, .dot], cue: [.tax, .identity], bare: 0.2, grouped: 0.35
    ) {
      [1, 2, 3, 5, 6, 8, 9].contains($0[0]) && $0.mod11Complement([9, 8, 7, 6, 5, 4, 3, 2], ten: 0)
        && !$0.isRepeated
    }
    NumberScheme(.nationalID, 11, [0x1A, 0x344], cue: .socialSecurity, bare: 0.1, grouped: 0.2) {
      ($0[0] == 1 || $0[0] == 2)
        && 9 - $0.weighted([29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10 == Int($0[10])
    }
  }

  private static let isNHS: @Sendable (Digits) -> Bool = {
    $0.mod11Complement([10, 9, 8, 7, 6, 5, 4, 3, 2]) && !$0.isRepeated
  }

  private static let isTaxID: @Sendable (Digits) -> Bool = { digits in
    guard digits[0] != 0, digits.isMod1110 else { return false }
    var counts: UInt64 = 0
    for digit in digits.dropLast() { counts += 1 << (UInt64(digit) * 4) }
    var (twice, thrice, more) = (0, 0, 0)
    for digit in 0..<10 {
      switch counts >> UInt64(digit * 4) & 15 {
      case 0, 1: break
      case 2: twice += 1
      case 3: thrice += 1
      default: more += 1
      }
    }
    return more == 0 && twice + thrice == 1
  }

  private static func isNIRMonth(_ month: Int) -> Bool {
    (1...12).contains(month) || (20...42).contains(month) || (50...99).contains(month)
  }

  private static let isNIR: @Sendable (Digits) -> Bool = {
    [1, 2, 3, 4, 7, 8].contains($0[0]) && isNIRMonth($0.number(3..<5))
      && 97 - $0.number(0..<13) % 97 == $0.number(13..<15)
  }
}
