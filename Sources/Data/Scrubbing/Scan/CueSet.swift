/// What words near a value say about it.
struct CueSet: OptionSet, Sendable, Hashable {
  let rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }
  private init(bit: Int) { rawValue = 1 << UInt64(bit) }

  static let phone = CueSet(bit: 0)
  static let card = CueSet(bit: 1)
  /// Bank accounts that are no IBAN.
  static let account = CueSet(bit: 2)
  static let iban = CueSet(bit: 3)
  static let birth = CueSet(bit: 4)
  static let passport = CueSet(bit: 5)
  /// Identity numbers and documents of any country.
  static let identity = CueSet(bit: 6)
  static let socialSecurity = CueSet(bit: 7)
  static let itin = CueSet(bit: 8)
  static let tax = CueSet(bit: 9)
  static let vat = CueSet(bit: 10)
  static let driving = CueSet(bit: 11)
  static let plate = CueSet(bit: 12)
  /// Records of a hospital or doctor.
  static let medical = CueSet(bit: 13)
  static let healthInsurance = CueSet(bit: 14)
  static let nhs = CueSet(bit: 15)
  static let company = CueSet(bit: 16)
  static let postcode = CueSet(bit: 17)
  static let network = CueSet(bit: 18)
  static let username = CueSet(bit: 19)
  static let password = CueSet(bit: 20)
  static let secret = CueSet(bit: 21)
  static let bearer = CueSet(bit: 22)
  static let routing = CueSet(bit: 23)
  static let provider = CueSet(bit: 24)
  static let medicareUS = CueSet(bit: 25)
  static let prescriber = CueSet(bit: 26)
  static let wallet = CueSet(bit: 27)
  /// Orders, tickets, versions, prices: what follows is no one's.
  static let impersonal = CueSet(bit: 28)
  static let version = CueSet(bit: 29)
  static let month = CueSet(bit: 30)
  static let register = CueSet(bit: 31)
  static let doctorNumber = CueSet(bit: 32)
  static let practiceNumber = CueSet(bit: 33)
  static let pension = CueSet(bit: 34)
  static let voter = CueSet(bit: 35)
  static let aadhaar = CueSet(bit: 36)
  static let pan = CueSet(bit: 37)
  static let gst = CueSet(bit: 38)
  static let socialInsurance = CueSet(bit: 39)
  static let medicareAU = CueSet(bit: 40)
  static let date = CueSet(bit: 41)
  /// Says who, not what: `mein`, `my`; only sharpens `number`.
  static let number = CueSet(bit: 42)
  static let nino = CueSet(bit: 43)
  static let claim = CueSet(bit: 44)

  /// `ID` alone: enough for a number with a check, and no more.
  static let idWord = CueSet(bit: 45)
  /// `user`, `login`: what follows an `=` is a name of a user.
  static let user = CueSet(bit: 46)

  /// Cues of any number that is given to one person.
  static let personal: CueSet = [
    .passport, .identity, .socialSecurity, .itin, .tax, .driving, .medical, .healthInsurance, .nhs,
    .medicareUS, .voter, .aadhaar, .pan, .socialInsurance, .medicareAU, .pension, .nino, .account,
    .vat, .plate, .claim, .idWord,
  ]
}
