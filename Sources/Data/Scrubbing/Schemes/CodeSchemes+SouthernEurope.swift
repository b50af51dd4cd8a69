extension CodeScheme {
  /// Spain, Italy, France, Portugal.
  @Listed<CodeScheme> static var southernEurope: [CodeScheme] {
    // Ministerio del Interior: the letter is the number modulo 23.
    CodeScheme("ES_NIF", "99_999_999_A", cue: [.identity, .tax], 0.6, checked: true) {
      letter23($0.decimal(0..<8)) == $0[8]
    }
    CodeScheme("ES_NIF", "9999999_A", cue: [.identity, .tax], 0.3, checked: true) {
      letter23($0.decimal(0..<7)) == $0[7]
    }
    CodeScheme("ES_NIE", "A_9999999_A", cue: [.identity, .tax], 0.6, checked: true) {
      $0.letter(0, in: "XYZ")
        && letter23(Int($0[0] - UInt8(ascii: "X")) * 10_000_000 + $0.decimal(1..<8)) == $0[8]
    }
    // Agencia Tributaria, NIF of companies: even and doubled odd places, digit or letter.
    CodeScheme(.companyID, "A_9999999_*", cue: [.company, .tax, .vat], 0.5, checked: true, isCIF)
    CodeScheme("ES_PASSPORT", "AAA999999", cue: .passport, 0.15)
    CodeScheme("ES_PASSPORT", "AA999999", cue: .passport, 0.1)
    // Agenzia delle Entrate (D.M. 23/12/1976): odd places by table, even by value, modulo 26.
    CodeScheme(
      "IT_FISCAL_CODE", "AAAAAA_**A**_A***A", cue: [.identity, .tax], 0.7, checked: true,
      isFiscalCode)
    CodeScheme("IT_IDENTITY_CARD", "AA99999AA", cue: .identity, 0.25)
    CodeScheme("IT_IDENTITY_CARD", "AA_9999999", cue: .identity, 0.1)
    CodeScheme("IT_IDENTITY_CARD", "9999999AA", cue: .identity, 0.1)
    CodeScheme("IT_PASSPORT", "AA9999999", cue: .passport, 0.11)
    CodeScheme("IT_DRIVER_LICENSE", "u19******A", cue: .driving, 0.3)
    CodeScheme("IT_DRIVER_LICENSE", "AA9999999A", cue: .driving, 0.2)
    CodeScheme(.passport, "99AA99999", cue: .passport, 0.3)
    // INSEE with a Corsican département: 2A counts as 19, 2B as 18.
    CodeScheme(
      .nationalID, "9_99_99_2A_999_999_99", cue: [.socialSecurity, .identity], 0.8, checked: true
    ) {
      guard $0[6] == UInt8(ascii: "A") || $0[6] == UInt8(ascii: "B") else { return false }
      let department = $0[6] == UInt8(ascii: "A") ? 19 : 18
      let number = ($0.decimal(0..<5) * 100 + department) * 1_000_000 + $0.decimal(7..<13)
      return 97 - number % 97 == $0.decimal(13..<15)
    }
    // Cartão de Cidadão: two letters, and Luhn over 0…35.
    CodeScheme(.nationalID, "99999999_9_AA9", cue: .identity, 0.6, checked: true) { value in
      var sum = 0
      for place in 0..<12 {
        let doubled = (12 - place) % 2 == 0 ? value.value(place) * 2 : value.value(place)
        sum += doubled >= 10 && (12 - place) % 2 == 0 ? doubled - 9 : doubled
      }
      return sum % 10 == 0
    }
  }

  private static func letter23(_ number: Int) -> UInt8? {
    "TRWAGMYFPDXBNJZSQVHLCKE".utf8.dropFirst(number % 23).first
  }

  private static let isCIF: @Sendable (Characters) -> Bool = { value in
    guard value.letter(0, in: "ABCDEFGHJNPQRSUVW") else { return false }
    var sum = 0
    for place in 1..<8 {
      let digit = Int(value[place] - 0x30)
      let doubled = place % 2 == 1 ? digit * 2 : digit
      sum += doubled / 10 + doubled % 10
    }
    let check = (10 - sum % 10) % 10
    return ByteText.isDigit(value[8])
      ? check == Int(value[8] - 0x30) && !value.letter(0, in: "NPQRSW")
      : "JABCDEFGHI".utf8.dropFirst(check).first == value[8]
  }

  /// Values of 0…9 and A…Z at odd places.
  private static let odd = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8,
    12, 14, 16, 10, 22, 25, 24, 23,
  ]

  private static let isFiscalCode: @Sendable (Characters) -> Bool = { value in
    guard value.letter(8, in: "ABCDEHLMPRST") else { return false }
    var sum = 0
    for place in 0..<15 {
      let number = value.value(place)
      if place % 2 == 0 {
        sum += odd[number]
      } else {
        sum += number < 10 ? number : number - 10
      }
    }
    return sum % 26 == Int(value[15]) - 0x41
  }
}
