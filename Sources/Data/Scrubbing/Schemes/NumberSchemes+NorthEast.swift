extension NumberScheme {
  @Listed<NumberScheme> static var nordic: [NumberScheme] {
    // Skatteverket: Luhn over the last ten digits; coordination numbers add 60 to the day.
    NumberScheme(
      "SE_PERSONNUMMER", 10, [0x64], [.dash], cue: [.identity, .socialSecurity], bare: 0.2,
      grouped: 0.6
    ) {
      $0.isDate(day: 4, month: 2, dayOffset: 60) && Checksum.luhn($0)
    }
    NumberScheme(
      "SE_PERSONNUMMER", 12, [0x84], [.dash], cue: [.identity, .socialSecurity], bare: 0.5,
      grouped: 0.7
    ) {
      ($0.number(0..<2) == 19 || $0.number(0..<2) == 20)
        && $0.isDate(day: 6, month: 4, dayOffset: 60) && Checksum.luhn($0.dropFirst(2))
    }
    NumberScheme(
      "SE_ORGANISATIONSNUMMER", 10, [0x64], [.dash], cue: .company, bare: 0.2, grouped: 0.5
    ) {
      $0.number(2..<4) >= 20 && Checksum.luhn($0)
    }
    // Skatteetaten: two check digits modulo 11; D numbers add 40 to the day.
    NumberScheme(
      .nationalID, 11, [0x65, 0x632], [.space], cue: [.identity, .socialSecurity], bare: 0.5,
      grouped: 0.7
    ) {
      $0.isDate(day: 0, month: 2, dayOffset: 40) && $0.mod11Complement([3, 7, 6, 1, 8, 9, 4, 5, 2])
        && $0.mod11Complement([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
    }
    // CPR-kontoret: the old check modulo 11 is no longer kept, so the layout and the date count.
    NumberScheme(
      .nationalID, 10, [0x64], [.dash], cue: [.identity, .socialSecurity], bare: 0.05, grouped: 0.5,
      checked: false
    ) {
      $0.isDate(day: 0, month: 2)
    }
    // Þjóðskrá: weights 3 2 7 6 5 4 3 2 modulo 11, century last.
    NumberScheme(.nationalID, 10, [0x64], [.dash, .space], cue: .identity, bare: 0.3, grouped: 0.6)
    {
      $0.isDate(day: 0, month: 2) && ($0[9] == 9 || $0[9] == 0)
        && $0.mod11Complement([3, 2, 7, 6, 5, 4, 3, 2])
    }
  }

  @Listed<NumberScheme> static var easternEurope: [NumberScheme] {
    // PESEL: date with the century in the month; weights 1 3 7 9 modulo 10.
    NumberScheme("PL_PESEL", 11, cue: [.identity, .socialSecurity], bare: 0.5) {
      let month = $0.number(2..<4) % 20
      return (1...12).contains(month) && (1...31).contains($0.number(4..<6))
        && (10 - $0.weighted([1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10 == Int($0[10])
    }
    NumberScheme(
      .companyID, 10, [0x3322, 0x3223], [.dash, .space], cue: [.company, .tax], bare: 0.2,
      grouped: 0.6
    ) {
      $0.mod11([6, 5, 7, 2, 3, 4, 5, 6, 7])
    }
    NumberScheme(.companyID, 9, cue: .company, bare: 0.1) {
      $0.mod11([8, 9, 2, 3, 4, 5, 6, 7], ten: 0)
    }
    // Rodné číslo: divisible by 11; women's months plus 50 (or 20 and 70 once numbers run out).
    NumberScheme(.nationalID, 10, [0x64], [.slash], cue: .identity, bare: 0.3, grouped: 0.7) {
      let month = $0.number(2..<4) % 50 % 20
      return (1...12).contains(month) && (1...31).contains($0.number(4..<6))
        && $0.number(0..<10) % 11 == 0
    }
    NumberScheme(
      .nationalID, 9, [0x63], [.slash], cue: .identity, bare: 0.05, grouped: 0.5, checked: false
    ) {
      (1...12).contains($0.number(2..<4) % 50) && (1...31).contains($0.number(4..<6))
    }
    // Cod numeric personal: weights 2 7 9 1 4 6 3 5 8 2 7 9 modulo 11, 10 counts as 1.
    NumberScheme(.nationalID, 13, cue: .identity, bare: 0.5) {
      $0[0] > 0 && $0.isDate(day: 5, month: 3)
        && $0.mod11([2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], ten: 1)
    }
    // Единен граждански номер: weights 2 4 8 5 10 9 7 3 6 modulo 11.
    NumberScheme(.nationalID, 10, cue: .identity, bare: 0.35) {
      (1...12).contains($0.number(2..<4) % 20) && (1...31).contains($0.number(4..<6))
        && $0.mod11([2, 4, 8, 5, 10, 9, 7, 3, 6], ten: 0)
    }
    // JMBG and EMŠO: weights 7…2 twice modulo 11.
    NumberScheme(.nationalID, 13, cue: .identity, bare: 0.5) {
      $0.isDate(day: 0, month: 2) && ($0[4] == 9 || $0[4] == 0)
        && $0.mod11Complement([7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], ten: 0)
    }
    // Osobni identifikacijski broj: mod 11,10.
    NumberScheme(.nationalID, 11, cue: .identity, bare: 0.2) { $0.isMod1110 && !$0.isRepeated }
    // Estonia and Lithuania: weights 1…9 1, at remainder 10 weights 3…9 1 2 3.
    NumberScheme(.nationalID, 11, cue: .identity, bare: 0.45) {
      guard (1...6).contains($0[0]), $0.isDate(day: 5, month: 3) else { return false }
      let first = $0.weighted([1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
      let second = $0.weighted([3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11
      return (first < 10 ? first : second < 10 ? second : 0) == Int($0[10])
    }
    // Latvia, personas kods: 1101 − Σ weights 1 6 3 7 9 10 5 8 4 2 modulo 11, or 32 and no date.
    NumberScheme(
      .nationalID, 11, [0x65], [.dash], cue: .identity, bare: 0.05, grouped: 0.5, checked: false
    ) {
      $0.number(0..<2) == 32
        || $0.isDate(day: 0, month: 2)
          && (1101 - $0.weighted([1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11 == Int($0[10])
    }
    // Hungary, TAJ: weights 3 and 7 modulo 10; adóazonosító jel: begins with 8, weights 1…9 modulo 11.
    NumberScheme(
      .nationalID, 9, [0x333], [.space, .dash],
      cue: [.identity, .healthInsurance, .socialSecurity], bare: 0.1, grouped: 0.3
    ) {
      $0.weighted([3, 7, 3, 7, 3, 7, 3, 7]) % 10 == Int($0[8])
    }
    NumberScheme(.nationalID, 10, cue: .tax, bare: 0.2) {
      $0[0] == 8 && $0.mod11([1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
    // Russia, СНИЛС: weights 9…1 modulo 101; ИНН of a person: two digits modulo 11.
    NumberScheme(
      .nationalID, 11, [0x3332], [.wide, .dash, .space], cue: .identity, bare: 0.1, grouped: 0.7
    ) {
      $0.weighted([9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == $0.number(9..<11)
    }
    NumberScheme(.nationalID, 12, cue: [.identity, .tax], bare: 0.4) {
      $0.weighted([7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == Int($0[10])
        && $0.weighted([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == Int($0[11])
    }
    // Ukraine, РНОКПП: weights −1 5 7 9 4 6 10 5 7 modulo 11.
    NumberScheme(.nationalID, 10, cue: [.identity, .tax], bare: 0.1) {
      let sum = $0.weighted([-1, 5, 7, 9, 4, 6, 10, 5, 7])
      return (sum % 11 + 11) % 11 % 10 == Int($0[9])
    }
    // Greece, ΑΦΜ: powers of two modulo 11; ΑΜΚΑ: date of birth and Luhn.
    NumberScheme(.nationalID, 9, cue: [.identity, .tax], bare: 0.1) {
      $0.weighted([256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == Int($0[8]) && !$0.isRepeated
    }
    NumberScheme(.nationalID, 11, cue: [.identity, .socialSecurity], bare: 0.45) {
      $0.isDate(day: 0, month: 2) && Checksum.luhn($0)
    }
    // Türkiye, kimlik numarası: (7·odd − even) and the sum of ten, modulo 10.
    NumberScheme("TR_NATIONAL_ID", 11, cue: .identity, bare: 0.45) {
      let odd = Int($0[0]) + Int($0[2]) + Int($0[4]) + Int($0[6]) + Int($0[8])
      let even = Int($0[1]) + Int($0[3]) + Int($0[5]) + Int($0[7])
      return $0[0] > 0 && (odd * 7 - even + 90) % 10 == Int($0[9])
        && (odd + even + Int($0[9])) % 10 == Int($0[10])
    }
  }
}
