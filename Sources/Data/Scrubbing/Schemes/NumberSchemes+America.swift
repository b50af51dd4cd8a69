extension NumberScheme {
  /// United States and Canada.
  @Listed<NumberScheme> static var northAmerica: [NumberScheme] {
    // SSA, "Social Security Number Randomization": areas 000, 666, 9xx, group 00, serial 0000 never.
    NumberScheme(
      .usSSN, 9, [0x324], [.dash, .space, .dot], cue: .socialSecurity, bare: 0.05, grouped: 0.6,
      checked: false, SocialSecurity.isIssued)
    // IRS: 9xx, fourth and fifth digit 50…65, 70…88, 90…92, 94…99.
    NumberScheme(
      .usITIN, 9, [0x324], [.dash, .space], cue: [.itin, .tax], bare: 0.05, grouped: 0.5,
      checked: false
    ) {
      let group = $0.number(3..<5)
      return $0[0] == 9 && group >= 50 && group != 66 && group != 89 && group != 93 && group < 100
        && !(67...69).contains(group)
    }
    // American Bankers Association: weights 3, 7, 1; first two digits 00…12, 21…32, 61…72, 80.
    NumberScheme(
      "ABA_ROUTING_NUMBER", 9, [0x441], [.dash], cue: .routing, bare: 0.05, grouped: 0.3
    ) {
      let prefix = $0.number(0..<2)
      return
        ((0...12).contains(prefix) || (21...32).contains(prefix) || (61...72).contains(prefix)
        || prefix == 80) && $0.weighted([3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0 && !$0.isRepeated
    }
    // CMS: Luhn over 80840 and the ten digits; begins with 1 or 2.
    NumberScheme("US_NPI", 10, cue: .provider, bare: 0.1) {
      ($0[0] == 1 || $0[0] == 2) && Checksum.luhn([8, 0, 8, 4, 0] + Array($0))
    }
    NumberScheme("US_PASSPORT", 9, cue: .passport, bare: 0.05, checked: false) { !$0.isRepeated }
    NumberScheme("US_DRIVER_LICENSE", 9, [0x333], cue: .driving, bare: 0.05, checked: false) {
      !$0.isRepeated
    }
    NumberScheme("US_DRIVER_LICENSE", 8, [0x242], cue: .driving, bare: 0.05, checked: false) {
      !$0.isRepeated
    }
    NumberScheme("US_DRIVER_LICENSE", 7, cue: .driving, bare: 0.01, checked: false) { _ in true }
    for count in 8...17 {
      NumberScheme(
        "US_BANK_NUMBER", count, [0x44, 0x444, 0x4444, 0x334, 0x333, 0x424], cue: .account,
        bare: 0.05, grouped: 0.05, checked: false
      ) { !$0.isRepeated }
    }
    // Service Canada: Luhn; 0 and 8 are not given to people.
    NumberScheme(
      "CA_SIN", 9, [0x333], [.space, .dash], cue: .socialInsurance, bare: 0.1, grouped: 0.45
    ) { $0[0] != 0 && $0[0] != 8 && Checksum.luhn($0) && !$0.isRepeated }
    for count in [9, 10, 12] {
      NumberScheme("US_CLAIM_NUMBER", count, cue: .claim, bare: 0.01, checked: false) { _ in true }
    }
  }

  /// Latin America.
  @Listed<NumberScheme> static var elsewhere: [NumberScheme] {
    // Receita Federal: two check digits modulo 11.
    NumberScheme(
      .nationalID, 11, [0x3332], [.dot, .dash, .wide], cue: .identity, bare: 0.45, grouped: 0.9
    ) { !$0.isRepeated && isCPF($0) }
    NumberScheme(
      .companyID, 14, [0x23342], [.wide], cue: .company, bare: 0.4, grouped: 0.9
    ) { !$0.isRepeated && isCNPJ($0) }
    // AFIP, CUIT and CUIL: weights 5 4 3 2 7 6 5 4 3 2 modulo 11.
    NumberScheme(
      .nationalID, 11, [0x281], [.dash], cue: [.identity, .tax], bare: 0.2, grouped: 0.7
    ) {
      [20, 23, 24, 25, 26, 27, 30, 33, 34].contains($0.number(0..<2))
        && $0.mod11Complement([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], ten: 9)
    }
    NumberScheme(
      .nationalID, 8, [0x233], [.dot], cue: .identity, bare: 0.1, grouped: 0.3, checked: false
    ) {
      $0[0] != 0
    }
    // Servicio de Impuestos Internos, RUT: weights 2…7 from the right modulo 11.
    NumberScheme(
      .nationalID, 9, [0x2331, 0x81], [.wide, .dash], cue: .identity, bare: 0.1, grouped: 0.5
    ) { $0.mod11Complement([3, 2, 7, 6, 5, 4, 3, 2]) }
    // Uruguay, cédula: weights 2 9 8 7 6 3 4 modulo 10.
    NumberScheme(
      .nationalID, 8, [0x1331, 0x71], [.wide, .dash], cue: .identity, bare: 0.1, grouped: 0.5
    ) { (10 - $0.weighted([2, 9, 8, 7, 6, 3, 4]) % 10) % 10 == Int($0[7]) }
    // Ecuador, cédula: Luhn, province 01…24 or 30.
    NumberScheme(.nationalID, 10, [0x91], [.dash], cue: .identity, bare: 0.15, grouped: 0.5) {
      ((1...24).contains($0.number(0..<2)) || $0.number(0..<2) == 30) && $0[2] < 6
        && Checksum.luhn($0)
    }
    // South Africa, Home Affairs: date of birth, citizenship, Luhn.
    NumberScheme(
      "ZA_ID_NUMBER", 13, [0x643, 0x6421, 0x64111], [.space], cue: .identity, bare: 0.5,
      grouped: 0.7
    ) { $0.isDate(day: 4, month: 2) && $0[10] <= 2 && Checksum.luhn($0) }
    NumberScheme(
      "NG_NIN", 11, [0x434, 0x443], cue: .identity, bare: 0.01, grouped: 0.05, checked: false
    ) {
      !$0.isRepeated
    }
    // Australia: ATO, ABN modulus 89, ACN modulus 10, TFN modulus 11; Medicare weights 1 3 7 9.
    NumberScheme("AU_ABN", 11, [0x2333], [.space], cue: .company, bare: 0.1, grouped: 0.6) {
      let weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
      return $0[0] > 0 && ($0.weighted(weights) - 10) % 89 == 0
    }
    NumberScheme("AU_ACN", 9, [0x333], [.space], cue: .company, bare: 0.05, grouped: 0.2) {
      (10 - $0.weighted([8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == Int($0[8])
    }
    NumberScheme(
      "AU_TFN", 9, [0x333], [.space, .dash], cue: [.socialInsurance, .tax], bare: 0.1, grouped: 0.42
    ) { $0.weighted([1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 && !$0.isRepeated }
    NumberScheme(
      "AU_TFN", 8, [0x332, 0x323], cue: [.socialInsurance, .tax], bare: 0.05, grouped: 0.1
    ) {
      $0.weighted([10, 7, 8, 4, 6, 3, 5, 1]) % 11 == 0
    }
    NumberScheme(
      "AU_MEDICARE", 10, [0x451], [.space, .dash], cue: .medicareAU, bare: 0.1, grouped: 0.5
    ) {
      (2...6).contains($0[0]) && $0.weighted([1, 3, 7, 9, 1, 3, 7, 9]) % 10 == Int($0[8])
    }
    // New Zealand, IRD: weights 3 2 7 6 5 4 3 2 modulo 11.
    NumberScheme(.nationalID, 9, [0x333], [.dash, .space], cue: .tax, bare: 0.1, grouped: 0.25) {
      $0.mod11Complement([3, 2, 7, 6, 5, 4, 3, 2])
    }
  }

  private static func isCPF(_ digits: Digits) -> Bool {
    let first = digits.weighted([10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10
    let second = digits.weighted([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10
    return first == Int(digits[9]) && second == Int(digits[10])
  }

  private static func isCNPJ(_ digits: Digits) -> Bool {
    let first = digits.weighted([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    let second = digits.weighted([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return (first < 2 ? 0 : 11 - first) == Int(digits[12])
      && (second < 2 ? 0 : 11 - second) == Int(digits[13])
  }
}
