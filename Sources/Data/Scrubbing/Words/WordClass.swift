/// What a word can be, as bits: by ``WordTable``, from the lists in `Names/` and `Addresses/`.
struct WordClass: OptionSet, Sendable {
  let rawValue: UInt64
  init(rawValue: UInt64) { self.rawValue = rawValue }
  private init(bit: UInt64) { rawValue = 1 << bit }

  // MARK: Names of people

  static let given = WordClass(bit: 0)
  static let surname = WordClass(bit: 1)
  /// A word of everyday text in a language of the text: set by ``TextWords``, in the lists only for
  /// Hindi.
  static let common = WordClass(bit: 2)
  /// Directly before a name: `Herr`, `Dr`, `Shri`.
  static let title = WordClass(bit: 3)
  /// A title that sentences go on behind, or that is a word as well: `Sir`, `Doctor`, `M`.
  static let softTitle = WordClass(bit: 4)
  /// A small word inside family names: `van`, `de`, `bin`.
  static let particle = WordClass(bit: 5)
  /// Of these, the ones that begin a family name by themselves: `van`, `von`, `zu`.
  static let familyParticle = WordClass(bit: 33)
  /// Behind a name: `Jr`, `III`, `PhD`.
  static let nameSuffix = WordClass(bit: 6)
  /// The last word of an entry of ``NameCues``.
  static let cue = WordClass(bit: 7)
  /// Behind a name, what only people do: `said`, `schreibt`, `née`.
  static let deed = WordClass(bit: 8)
  /// Behind a name, respectfully: `ji`, `जी`, `san`.
  static let honorific = WordClass(bit: 9)

  /// Speaking, of or to a person: `said`, `ask`.
  static let speech = WordClass(bit: 31)

  // MARK: Other names

  /// Marks a company or an institution: `GmbH`, `Ltd`, `University`, `Bank`.
  static let organisation = WordClass(bit: 10)
  /// A country, region, or a city that many texts mention.
  static let place = WordClass(bit: 11)
  /// Of a place's name: `San`, `New`, `Lake`.
  static let placePrefix = WordClass(bit: 12)
  /// A month, a weekday, a language or a nationality.
  static let calendar = WordClass(bit: 13)
  /// A product, a brand or its maker.
  static let product = WordClass(bit: 14)
  static let article = WordClass(bit: 15)
  /// In front of the name of a place or a thing: `in`, `at`, `near`, `using`.
  static let placeLead = WordClass(bit: 32)
  /// Of the words before names, those that people follow far more often than things: `by`, `told`.
  static let personal = WordClass(bit: 17)
  /// A title that counts in lower case too.
  static let lowerTitle = WordClass(bit: 18)

  // MARK: Everyday words by language

  static let languageShift = 48
  static let english = WordClass(bit: 48)
  static let german = WordClass(bit: 49)
  static let french = WordClass(bit: 50)
  static let dutch = WordClass(bit: 51)
  static let spanish = WordClass(bit: 52)
  static let italian = WordClass(bit: 53)
  static let portuguese = WordClass(bit: 54)
  static let westSlavic = WordClass(bit: 55)
  static let nordic = WordClass(bit: 56)
  static let turkish = WordClass(bit: 57)
  static let anyLanguage = WordClass(rawValue: 0x3FF << 48)
  /// What the first part of a word with a hyphen says of the word.
  static let ofParts: WordClass = anyLanguage.union([.given, .surname, .organisation])

  // MARK: Addresses

  /// Behind the name of a street: `Street`, `Rd`, `Nagar`.
  static let streetSuffix = WordClass(bit: 20)
  /// Of these, the ones that are no everyday words and need no further evidence: `Street`, `Ave`.
  static let coreStreet = WordClass(bit: 30)
  /// Before it: `rue`, `via`, `calle`, `ul`.
  static let streetPrefix = WordClass(bit: 21)
  /// Announces a number inside a building: `Flat`, `Apt`, `étage`.
  static let unit = WordClass(bit: 22)
  /// Two capital letters, or the name, of a state of the USA, Canada, Australia, Brazil, Italy.
  static let state = WordClass(bit: 23)
  static let country = WordClass(bit: 24)
  /// Announces an address: `Address`, `Anschrift`, `residing`, `wohnhaft`.
  static let addressCue = WordClass(bit: 25)
  /// `Postfach`, `BP`; with the words before it `PO Box`.
  static let box = WordClass(bit: 26)
  /// Inside Indian addresses: `Nagar`, `Near`, `Opp`, `Sector`, `PIN`.
  static let localityWord = WordClass(bit: 27)
  /// Between a street's type and its name or number: `de`, `la`, `n`, `bis`.
  static let streetFiller = WordClass(bit: 28)
  /// `North`, `NW`, `Nord`
  static let direction = WordClass(bit: 29)
}
