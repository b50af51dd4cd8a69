extension NumberScheme {
  @Listed<NumberScheme> static var asia: [NumberScheme] {
    // UIDAI: Verhoeff; does not begin with 0 or 1.
    NumberScheme(
      .inAadhaar, 12, [0x444], [.space, .dash], cue: [.aadhaar], bare: 0.3, grouped: 0.6
    ) {
      $0[0] >= 2 && Checksum.verhoeff($0) && !$0.isRepeated
    }
    // Thailand: weights 13…2, 11 − n modulo 11.
    NumberScheme(
      "TH_TNIN", 13, [0x14521], [.dash, .space], cue: .identity, bare: 0.3, grouped: 0.8
    ) {
      $0[0] > 0
        && (11 - $0.weighted([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == Int($0[12])
    }
    // Korea: date, then 1…4 of Koreans and 5…8 of foreigners; weights 2…9 2…5 modulo 11.
    NumberScheme("KR_RRN", 13, [0x67], [.dash], cue: .identity, bare: 0.3, grouped: 0.6) {
      $0.isDate(day: 4, month: 2) && (1...4).contains($0[6]) && isKorean($0)
    }
    NumberScheme(
      "KR_RRN", 13, [0x67], [.dash], cue: .identity, bare: 0.05, grouped: 0.5, checked: false
    ) {
      // Numbers given since October 2020 have no check digit.
      $0.isDate(day: 4, month: 2) && (1...4).contains($0[6])
    }
    NumberScheme(
      "KR_FRN", 13, [0x67], [.dash], cue: .identity, bare: 0.05, grouped: 0.5, checked: false
    ) {
      $0.isDate(day: 4, month: 2) && (5...8).contains($0[6])
    }
    NumberScheme("KR_BRN", 10, [0x325], [.dash], cue: .company, bare: 0.1, grouped: 0.5) {
      let sum = $0.weighted([1, 3, 7, 1, 3, 7, 1, 3, 5]) + Int($0[8]) * 5 / 10
      return (10 - sum % 10) % 10 == Int($0[9])
    }
    NumberScheme(
      "KR_DRIVER_LICENSE", 12, [0x2262], [.dash, .space], cue: .driving, bare: 0.05, grouped: 0.3,
      checked: false
    ) { _ in true }
    // GB 11643-1999: date of birth, ISO/IEC 7064 mod 11,2 (an X is read as a code).
    NumberScheme(
      .nationalID, 18, [0x684, 0x6444], [.space], cue: .identity, bare: 0.8, grouped: 0.8
    ) {
      let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
      let year = $0.number(6..<10)
      return (1900...2035).contains(year) && $0.isDate(day: 12, month: 10)
        && (12 - $0.weighted(weights) % 11) % 11 == Int($0[17])
    }
    // Japan, Individual Number: weights 6 5 4 3 2 7 6 5 4 3 2 modulo 11.
    NumberScheme(
      .nationalID, 12, [0x444], [.space, .dash], cue: .identity, bare: 0.2, grouped: 0.36
    ) {
      let remainder = $0.weighted([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
      return (remainder < 2 ? 0 : 11 - remainder) == Int($0[11])
    }
    // Malaysia: date of birth, place of birth, serial.
    NumberScheme(
      .nationalID, 12, [0x624], [.dash], cue: .identity, bare: 0.05, grouped: 0.6, checked: false
    ) {
      $0.isDate(day: 4, month: 2)
    }
    // Indonesia, NIK: place, date of birth (women's days plus 40), serial.
    NumberScheme(.nationalID, 16, cue: .identity, bare: 0.3, checked: false) {
      $0[0] > 0 && $0.isDate(day: 6, month: 8, dayOffset: 40)
    }
    // Pakistan, CNIC.
    NumberScheme(
      .nationalID, 13, [0x571], [.dash], cue: .identity, bare: 0.05, grouped: 0.6, checked: false
    ) {
      (1...7).contains($0[0])
    }
    // Philippines: UMID, TIN, PhilSys.
    NumberScheme(
      "PH_UMID", 12, [0x471], [.dash], cue: .identity, bare: 0.05, grouped: 0.5, checked: false
    ) { _ in true }
    NumberScheme(
      "PH_TIN", 9, [0x333], [.dash], cue: [.tax, .itin], bare: 0.05, grouped: 0.2, checked: false
    ) { _ in true }
    NumberScheme(
      "PH_TIN", 12, [0x3333], [.dash], cue: [.tax, .itin], bare: 0.05, grouped: 0.4, checked: false
    ) { _ in true }
    // Israel, teudat zehut: Luhn.
    NumberScheme(.nationalID, 9, [0x81, 0x171], [.dash], cue: .identity, bare: 0.1, grouped: 0.2) {
      Checksum.luhn($0) && !$0.isRepeated
    }
    // United Arab Emirates: 784, year, serial, Luhn.
    NumberScheme(
      .nationalID, 15, [0x3471], [.dash, .space], cue: .identity, bare: 0.6, grouped: 0.9
    ) {
      $0.number(0..<3) == 784 && Checksum.luhn($0)
    }
    // Saudi Arabia: 1 for citizens, 2 for residents; Luhn.
    NumberScheme(.nationalID, 10, cue: .identity, bare: 0.1) {
      ($0[0] == 1 || $0[0] == 2) && Checksum.luhn($0)
    }
    // Egypt: century, date of birth, governorate.
    NumberScheme(.nationalID, 14, cue: .identity, bare: 0.3, checked: false) {
      ($0[0] == 2 || $0[0] == 3) && $0.isDate(day: 5, month: 3)
    }
    // Kazakhstan, ИИН: weights 1…11, at remainder 10 weights 3…11 1 2.
    NumberScheme(.nationalID, 12, cue: .identity, bare: 0.4) {
      guard $0.isDate(day: 4, month: 2), (1...6).contains($0[6]) else { return false }
      let first = $0.weighted([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11
      let second = $0.weighted([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11
      return (first < 10 ? first : second) == Int($0[11])
    }
    // Taiwan, company number, and others without a scheme of their own are taken by cue.
  }

  private static func isKorean(_ digits: Digits) -> Bool {
    (11 - digits.weighted([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10 == Int(digits[12])
  }
}
