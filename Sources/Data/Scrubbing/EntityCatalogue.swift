/// What the docs say of each entity that ``Finder`` looks for: `docs/pii.md` is written from it.
package struct EntityCatalogue: Sendable {
  package let entity: Entity
  /// What is looked for.
  package let method: String
  /// What must hold; empty for the form alone.
  package let check: String
  /// Words that name it, as examples; empty when none is asked for.
  package let cue: String

  private init(_ line: Substring) {
    let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      .map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    entity = Entity(parts[0])
    method = parts.count > 1 ? parts[1] : ""
    check = parts.count > 2 ? parts[2] : ""
    cue = parts.count > 3 ? parts[3] : ""
  }

  package static let all: [EntityCatalogue] = text.split(separator: "\n").map {
    EntityCatalogue($0)
  }

  static let byMarks: [Entity] = all.map(\.entity)

  /// The highest score that the form reaches without a word near; nil where it is not a scheme's.
  package var scoreAlone: Double? {
    let numbers = NumberScheme.all.filter { $0.entity == entity }
      .map { max($0.bare, $0.layouts.isEmpty ? 0 : $0.grouped) }
    let codes = CodeScheme.all.filter { $0.entity == entity }.map(\.base)
    return (numbers + codes).max()
  }

  /// The table of `docs/pii.md`.
  package static var markdown: String {
    var lines = [
      "| entity | what is found | check | alone | words that name it |", "|---|---|---|---|---|",
    ]
    for row in all.sorted(by: { $0.entity < $1.entity }) {
      let alone = row.scoreAlone.map { $0 >= 0.4 ? "yes" : "no" } ?? (row.cue.isEmpty ? "yes" : "")
      lines.append(
        "| \(row.entity.name) | \(row.method) | \(row.check.isEmpty ? "–" : row.check) | "
          + "\(alone.isEmpty ? "some" : alone) | \(row.cue.isEmpty ? "–" : row.cue) |")
    }
    return lines.joined(separator: "\n")
  }

  private static let text = """
    EMAIL_ADDRESS | `local@domain.tld` in any script; `name (at) firm.de`, `name at firm dot com` \
    | top-level domain, no file name |
    PHONE_NUMBER | `+`, `00`, `011`; national layouts of North America, Europe, India, Brazil, \
    China, Russia, Australia; extensions | E.164 lengths, North American area codes | tel, \
    mobile, Handy, joignable, bel, móvil, cellulare, फ़ोन, zadzwoń
    CREDIT_CARD | 12 to 19 digits in an issuer's ranges, grouped as on cards | Luhn | card, \
    Karte, carte, tarjeta, kaart
    IBAN_CODE | country, check digits, account; groups of any size | length by country, mod 97 | \
    IBAN (only where the check fails)
    IP_ADDRESS | IPv4 and IPv6; up to 20.63.63.63 only near a word of networks, a port or a prefix | \
    ranges; not behind version, tag, build |
    MAC_ADDRESS | six pairs with `:` or `-`, three fours with `.` | not zero, not broadcast |
    URL | with a scheme, `www.`, or a domain of a common top level | |
    CRYPTO | Bitcoin, Litecoin, Dogecoin, Dash, Tron, Zcash, Ethereum, Monero | double SHA-256, \
    bech32 and bech32m |
    DATE_OF_BIRTH | a date in digits or with the month's name (12 languages), also in a column so \
    named | calendar ranges | born, DOB, geboren, né le, nacido, nato il, जन्म, ur., född
    DATE_TIME | any date of that form; opt-in | calendar ranges |
    SECRET | tokens of 60 issuers by prefix, JSON Web Tokens, PEM private keys, URLs with a \
    password, values behind words | length, alphabet, no placeholder | password, Passwort, mot de \
    passe, contraseña, hasło, API key, token, Bearer
    USERNAME | a name behind a word, or `user=` | | username, login, handle, Twitter
    UUID | 8-4-4-4-12 hexadecimal digits; opt-in | version and variant |
    MEDICAL_ID | number of a record, patient or health insurance behind a word | | MRN, patient \
    no., Fallnummer, dossier, historia clínica
    MEDICAL_LICENSE | DEA number | weighted sum | DEA, prescriber
    US_SSN | 3-2-4 digits | areas, groups and serials never issued | SSN, social security
    US_ITIN | 9xx-xx-xxxx | group 50 to 99 as issued | ITIN, taxpayer
    US_PASSPORT | nine digits, or a letter and eight | | passport
    US_DRIVER_LICENSE | layouts of the states | | driver license, DL
    US_BANK_NUMBER | 8 to 17 digits | | account, checking, savings
    ABA_ROUTING_NUMBER | nine digits | weights 3 7 1, district | routing, ABA
    US_MBI | eleven places of letters and digits | alphabet by place | Medicare, MBI
    US_NPI | ten digits | Luhn behind 80840 | NPI
    US_CLAIM_NUMBER | 9, 10 or 12 digits | | claim, prescription, referral
    US_HEALTH_INSURANCE_MEMBER_ID | three letters and digits | | member ID, health insurance
    UK_NHS | ten digits, 3-3-4 | mod 11 | NHS
    UK_NINO | two letters, six digits, A to D | prefixes never used | national insurance
    UK_PASSPORT | nine digits, or two letters and seven | | passport
    UK_DRIVING_LICENCE | 16 characters of the DVLA | date inside | driving licence
    UK_POSTCODE | outward and inward code | | postcode
    UK_VEHICLE_REGISTRATION | current and prefix style | | registration, number plate
    DE_TAX_ID | eleven digits | mod 11,10 and the rule of repeats | Steuer-ID
    DE_TAX_NUMBER | `12/345/67890`, 13 digits | | Steuernummer
    DE_ID_CARD | nine or ten characters without vowels | ICAO 7 3 1 | Personalausweis
    DE_PASSPORT | C, F, G, H, J or K and eight or nine characters | ICAO 7 3 1 | Reisepass
    DE_SOCIAL_SECURITY | area, date, letter, serial | weighted sums of digits | Rentenversicherung
    DE_HEALTH_INSURANCE | letter and nine digits | weights 1 2 | Krankenversicherung, KVNR
    DE_VAT_ID | DE and nine digits | | USt-IdNr.
    DE_FUEHRERSCHEIN | eleven characters | | Führerschein
    DE_HANDELSREGISTER | HRA or HRB and a number | | Handelsregister
    DE_KFZ | district, letters, digits | | Kennzeichen
    DE_LANR | nine digits | weights 4 9 | Arztnummer
    DE_BSNR | nine digits | | Betriebsstätte
    DE_PLZ | five digits | | PLZ
    ES_NIF | eight digits and a letter | letter mod 23 | DNI, NIF
    ES_NIE | X, Y or Z, seven digits, a letter | letter mod 23 | NIE
    ES_PASSPORT | two or three letters, six digits | | pasaporte
    IT_FISCAL_CODE | 16 characters | check letter | codice fiscale
    IT_VAT_CODE | eleven digits | Luhn | partita IVA
    IT_IDENTITY_CARD | CIE and paper card | | carta d'identità
    IT_PASSPORT | two letters, seven digits | | passaporto
    IT_DRIVER_LICENSE | U1 and eight characters, or AA9999999A | | patente
    PL_PESEL | eleven digits | date, weights 1 3 7 9 | PESEL
    FI_PERSONAL_IDENTITY_CODE | date, century, serial | mod 31 | henkilötunnus
    SE_PERSONNUMMER | six or eight digits, hyphen, four | date, Luhn | personnummer
    SE_ORGANISATIONSNUMMER | six digits, hyphen, four | Luhn | organisationsnummer
    TR_NATIONAL_ID | eleven digits | two check digits | kimlik
    TR_LICENSE_PLATE | province, letters, digits | | plaka
    IN_AADHAAR | twelve digits, 4-4-4 | Verhoeff | Aadhaar, आधार
    IN_PAN | five letters, four digits, a letter | kind of holder | PAN
    IN_GSTIN | state, PAN, entity, Z, check | state, kind of holder | GSTIN
    IN_VOTER | three letters, seven digits | | voter, EPIC
    IN_PASSPORT | a letter, seven digits | | passport
    IN_VEHICLE_REGISTRATION | state, district, letters, digits | state codes | vehicle number
    AU_ABN | eleven digits | mod 89 | ABN
    AU_ACN | nine digits | mod 10 | ACN
    AU_TFN | eight or nine digits | mod 11 | TFN, tax file number
    AU_MEDICARE | ten digits, 4-5-1 | weights 1 3 7 9 | Medicare
    CA_SIN | nine digits, 3-3-3 | Luhn | SIN, NAS
    CA_POSTAL_CODE | A1A 1A1 | first letters | postal code
    SG_NRIC_FIN | a letter, seven digits, a letter | weights and series | NRIC
    SG_UEN | nine or ten characters | | UEN
    TH_TNIN | 13 digits, 1-4-5-2-1 | mod 11 | national ID
    KR_RRN | date, hyphen, seven digits | date, mod 11 where kept | 주민등록번호
    KR_FRN | the same for foreigners | date | 외국인등록번호
    KR_BRN | 3-2-5 digits | weighted sum | business registration
    KR_PASSPORT | a letter and eight characters | | 여권
    KR_DRIVER_LICENSE | 2-2-6-2 digits | | driver license
    NG_NIN | eleven digits | | NIN
    NG_VEHICLE_REGISTRATION | ABC-123-DE | | plate
    PH_TIN | 3-3-3(-3) digits | | TIN
    PH_UMID | 4-7-1 digits | | UMID
    PH_PASSPORT | P, seven digits, a letter | | passport
    ZA_ID_NUMBER | 13 digits | date, Luhn | ID number
    ZA_PASSPORT | a letter and eight digits | | passport
    NATIONAL_ID | AT SVNR, CH AHV, NL BSN, BE RRN, LU matricule, FR NIR and SPI, PT NIF, NISS and \
    cartão, IE PPS, DK CPR, NO fødselsnummer, IS kennitala, PL dowód and NIP, CZ and SK rodné \
    číslo, RO CNP, BG EGN, JMBG, HR OIB, EE, LT and LV codes, HU TAJ, RU SNILS and INN, UA, GR, \
    UK UTR, BR CPF, AR CUIT and DNI, CL RUT, UY, EC, MX CURP and RFC, NZ IRD, CN, TW, HK, JP, MY, \
    ID, PK, IL, AE, SA, EG, KZ; others behind a word | each country's check digits | national ID, \
    Ausweis, BSN, cédula, CPF, PESEL, आधार
    PASSPORT | layouts of other countries; any code behind the word | | passport, Pass, \
    passeport, pasaporte, पासपोर्ट
    VAT_ID | numbers of the European Union and Switzerland with their prefix | | VAT, TVA, BTW
    COMPANY_ID | FR SIREN and SIRET, ES CIF, BR CNPJ, PL NIP and REGON | Luhn, mod 11 | company, \
    SIRET, CNPJ
    VEHICLE_PLATE | layouts of other countries | | plate, immatriculation, kenteken
    """
}
