/// Words that announce a name.
struct NameCue: Sendable {
  enum Strength: Sendable {
    /// What follows is a name if it can be one.
    case strong
    /// Calls somebody: a listed name, also one that is a word, if the phrase ends behind it.
    case address
    /// Needs a listed name, or two unknown ones that end the phrase.
    case weak
  }

  /// The hashes of its words, in order.
  let words: [UInt64]
  let strength: Strength

  /// The cues by the hash of their last word; longer cues first.
  static let byLastWord: [UInt64: [NameCue]] = {
    var table: [UInt64: [NameCue]] = [:]
    let lists = [(strongList, Strength.strong), (addressList, .address), (weakList, .weak)]
    for (list, strength) in lists {
      for line in list.split(separator: "\n") {
        let words = line.split(separator: " ").map { WordHash.of($0.utf8) }
        table[words[words.count - 1], default: []].append(NameCue(words: words, strength: strength))
      }
    }
    return table.mapValues { $0.sorted { $0.words.count > $1.words.count } }
  }()

  private static let strongList = """
    my name is
    my name's
    name is
    name
    full name
    first name
    last name
    surname
    myself
    i am called
    signed by
    sincerely
    yours truly
    yours faithfully
    regards
    caller
    attender
    account holder
    cardholder
    card holder
    next of kin
    patient
    patientin
    patiënt
    klant
    kunde
    kundin
    kontoinhaber
    kontoinhaberin
    ansprechpartner
    ansprechpartnerin
    titulaire
    t n v
    s/o
    d/o
    w/o
    c/o
    mein name ist
    ich heiße
    ich heisse
    je m'appelle
    m'appelle
    mon nom est
    mijn naam is
    me llamo
    mi nombre es
    mi chiamo
    attn
    mvg
    freundlichen grüßen
    viele grüße
    beste grüße
    gruß
    grüße
    lg
    bisous
    groetjes
    cordialement
    bhai
    consultant
    client
    customer
    contact
    executed by
    seller
    buyer
    tenant
    landlord
    danke
    merci
    bedankt
    मेरा नाम
    नाम
    ग्राहक
    रोगी
    हाय
    """

  private static let addressList = """
    hi
    hello
    hey
    hallo
    hoi
    salut
    coucou
    dear
    ask
    tell
    thanks
    thank you
    cheers
    love
    best
    """

  private static let weakList = """
    this is
    it's
    its
    it is
    i'm
    im
    i am
    agent
    from
    by
    with
    and
    hier ist
    c'est
    ici
    ik ben
    ich bin
    je suis
    hoi met
    son
    daughter
    wife
    husband
    mother
    father
    brother
    sister
    colleague
    manager
    boss
    between
    for
    """

  /// Words in front of a family name.
  static let titles = WordHash.set(
    """
    mr mrs ms miss mx dr prof professor doctor sir madam madame mme mlle monsieur herr frau hr fr
    mevrouw meneer dhr mevr mw señor señora señorita senor senora sr sra don doña shri smt sri signor
    signora rev reverend capt captain sgt lt judge officer nurse pt श्री श्रीमती डॉ
    """)
  /// Titles that are words as well: only with a full stop, or in capitals as written.
  /// Forms of address that sentences go on behind: what follows must not be a common word.
  static let titlesInText = WordHash.set(
    "miss sir madam madame doctor professor judge officer nurse monsieur don doña captain rev")
  static let titlesNeedingStop = WordHash.set("m fr hr sr pt lt don sir judge mw")

  /// Small words inside family names.
  static let particles = WordHash.set(
    "van von de der den del della di da dos das du la le les ten ter te bin ibn al el zu zum y af av"
  )
  /// Words in front of a place's name.
  static let placeWords = WordHash.set(
    """
    san santa santo st saint new port lake fort mount mt east west north south upper lower old
    street avenue rue place
    """)
  static let suffixes = WordHash.set("jr sr ii iii iv phd md esq")

  /// Two words that are a brand, a product or a place.
  static let famous: Set<UInt64> = Set(
    [
      "calvin klein", "jack daniel", "jack daniels", "ada lovelace", "tommy hilfiger",
      "louis vuitton", "harley davidson", "johnnie walker", "ralph lauren", "hugo boss",
      "marks spencer", "georgia tech", "san francisco", "san diego", "santa monica", "st louis",
      "austin texas", "paris france", "grace hopper", "wells fargo", "morgan stanley",
      "victoria station", "florence italy", "jackson mississippi", "charlotte north", "ben jerry",
      "ruby rails", "travis ci", "jordan river", "victoria falls", "virginia beach", "max planck",
    ].map { WordHash.of($0) })
}
