/// Words and phrases that say what a value near them is, in English, German, French, Dutch, Spanish,
/// Italian, Portuguese, Hindi, Polish, Swedish and some more. In a phrase, a space stands for any
/// space, `_`, `-`, `.` or apostrophe, and for the border inside `phoneNumber`.
enum CueWords {
  struct List: Sendable {
    var cue: CueSet
    var phrases: [Substring]
    /// Whether what stands behind is looked at even without a digit.
    var isTrigger = false
    /// 1…12 for the names of a month.
    var month: UInt8 = 0

    init(_ cue: CueSet, _ text: String, trigger: Bool = false, month: UInt8 = 0) {
      self.cue = cue
      phrases = text.split { $0 == "|" || $0 == "\n" }
      isTrigger = trigger
      self.month = month
    }
  }

  static let all: [List] =
    contact + people + documents + health + money + secrets + impersonal + months

  // MARK: - Contact

  static let contact: [List] = [
    List(.user, "user|login|account name|owner|author|member", trigger: true),
    List(
      .phone,
      """
      tel|telephone|phone|phones|cell|cellphone|mobile|mob|fax|telefax|call|calls|called|calling
      caller
      callback|call back|whatsapp|viber|signal|dial|sms|ring|reach|texted|text me|text|hotline
      landline|contact
      contact number|emergency contact|new number|new no|alt no|alt number|alternate number
      alternate no|my number|his number|her number|their number|phone number
      phone no|telefon|telefonnummer|telefonisch|telefonnr|fon|handy|handynummer|mobil|mobilnummer
      rufnummer|anrufen|ruf|rufen|rückruf|erreichbar|erreichen|durchwahl|festnetz|meine nummer
      unter der nummer|neue nummer|neue nr|notfallkontakt
      téléphone|tél|téléphoner|téléphonique|portable|mon numéro|nouveau numéro|nouveau num|numéro|mon num|num|appeler
      appelez|appelle
      joindre|joignable|rappeler|rappelez|gsm|fixe|telefoon|telefoonnummer|telefonisch
      mijn nummer|mn nummer|nieuw nummer|nieuwe nummer|nieuw nr|noodcontact
      bel|bellen|bereikbaar|mobiel|mobiele nummer|teléfono|telefono|tfno|tlf|tlfno|móvil|movil
      celular|llamar
      llámame|llame|llamada|mi número|mi numero|nuevo número|nuevo numero|nuovo numero|cellulare|cell|recapito|chiamare|chiamami|chiama
      mio numero
      il numero|telefone|telemóvel|telemovel|ligar|ligue|meu número|novo número|contato|contacto|contatto
      फ़ोन|फ़ोन|फोन|मोबाइल|मोबाईल|दूरभाष|संपर्क|व्हाट्सएप|मेरा नंबर|फ़ोन नंबर|फोन नंबर|नंबर|कॉल
      telefonu|komórka|komórkowy|tel kom|numer telefonu|mój numer|zadzwoń|zadzwonić|dzwonić
      kontakt
      telefonnummer|mobilnummer|ring|ringa|nås|telefonnumret|mitt nummer|puhelin|puhelinnumero
      soita
      telefonní|telefonní číslo|mobilní|telefonszám|telefonul|numărul|telefonunuz|cep
      telefon numarası|gsm no
      telp|nomor hp|telepon|电话|手机|電話|携帯|전화|휴대폰|тел|телефон|мобильный|звоните|τηλέφωνο|κινητό|هاتف
      جوال|טלפון|נייד
      """),
    List(
      .number, "number|no|nr|num|nummer|numéro|numero|número|nº|numer|nomor|number is|संख्या|numéro est"
    ),
    List(
      .network,
      """
      ip|ipv|ip address|ip addr|addr|host|hostname|server|src|dst|source|client|from|gateway|dns
      peer|remote|ssh|ping|nslookup|listen|listening|connect|connected|bind|localhost|nameserver
      ip adresse|adresse ip|ip adres|dirección ip|indirizzo ip|login from|router|subnet|proxy
      x forwarded for|real ip
      """),
    List(
      .postcode,
      """
      postcode|post code|postal code|zip|zip code|zipcode|plz|postleitzahl|code postal|cp
      código postal|codigo postal|cap|cep|kod pocztowy|postnummer|पिन कोड|pin code|pincode
      """),
    List(
      .username,
      """
      username|user name|login name|login id|screen name|screenname|nickname|nick|handle
      user handle|benutzername|nutzername
      anmeldename|nom d utilisateur|identifiant de connexion|pseudo|gebruikersnaam
      nombre de usuario|usuario|nome utente|nome de usuário
      utilizador|nazwa użytkownika|användarnamn|उपयोगकर्ता नाम|twitter|instagram|insta|telegram
      discord|skype|snapchat|tiktok|github user|slack id
      """, trigger: true),
  ]

  // MARK: - People

  static let people: [List] = [
    List(
      .birth,
      """
      dob|d o b|born|born on|birth|birthday|birthdate|birth date|date of birth|bday|geboren|geb
      geburtsdatum|geburtstag
      geburtsdat|geboren am|né|née|né le|née le|nés|naissance|date de naissance|ddn|né e le
      geboortedatum|geboren op|geb datum|verjaardag
      geboortedag|nacido|nacida|nacimiento|fecha de nacimiento|f nacimiento|fecha nac|fec nac
      cumpleaños|natalicio|nato|nata|nato il|nata il|nascita
      data di nascita|nascido|nascida|nascimento|data de nascimento|aniversário|dt nasc|जन्म
      जन्मतिथि|जन्म तिथि|जन्मदिन|जन्म तारीख|पैदा
      urodzony|urodzona|ur|urodzenia|data urodzenia|dzień urodzin|urodziny|född|född den
      födelsedatum|födelsedag|fødselsdato|født|fødselsdag
      syntymäaika|syntynyt|narozen|narozena|datum narození|născut|născută|data nașterii|doğum
      doğum tarihi|doğumlu|született|születési
      生年月日|出生|出生日期|生まれ|생년월일|дата рождения|родился|родилась|рождения|г р|γεννημένος|γέννησης
      تاريخ الميلاد|מתאריך לידה|תאריך לידה|tanggal lahir|ttl
      """),
    List(
      .date,
      """
      today|yesterday|visit|seen|signed|issued|expires|expiry|valid until|am|vom|du|il|el|op|den
      dated|due|since|on the date
      """),
    List(
      .plate,
      """
      plate|plates|license plate|licence plate|number plate|registration plate|car registration
      vehicle registration|registration number|reg no|reg|kennzeichen|kfz|kfz kennzeichen
      amtliches kennzeichen
      immatriculation|plaque|plaque d immatriculation|kenteken|matrícula|matricula|patente|placa
      targa|tablica|rejestracja|numer rejestracyjny|registreringsnummer|regnr|vehicle number
      vehicle no
      गाड़ी नंबर|वाहन संख्या|plaka|rego|vrn
      """),
    List(
      .company,
      """
      company number|company no|company registration|siren|siret|kvk|kvk nummer|handelsregister
      handelsregisternummer|hrb|hra|cnpj|abn|acn|nip|regon|orgnr|organisationsnummer|org nr
      organisasjonsnummer|ein|employer identification|duns|cin|uen|rcs|cif|ico|ičo
      business registration|brn|cvr|y tunnus|chamber of commerce|bce|ondernemingsnummer
      partita iva|p iva
      """),
    List(.register, "hrb|hra|handelsregister|amtsgericht|registergericht"),
  ]

  // MARK: - Documents

  static let documents: [List] = [
    List(
      .passport,
      """
      passport|passports|passport no|passport number|passport nr|travel document|travel doc
      reisepass|pass nr|passnummer|reisepassnummer|pass no|pass nummer|passeport
      numéro de passeport|paspoort|paspoortnummer
      pasaporte|passaporto|passaporte|पासपोर्ट|पासपोर्ट नंबर|paszport|paszportu|numer paszportu
      pass|passnr|passi|pas|pasu|cestovní pas|pașaport|pasaport|útlevél
      паспорт|护照|パスポート|여권|διαβατήριο|جواز السفر|דרכון|paspor
      """),
    List(
      .identity,
      """
      national id|national identity|national identification|identity|identity number
      identity card|id card|identification|identification number|government id|govt id|id number
      id no|id nr
      kyc|kyc number|photo id|citizen id|personal id|personal number|personal identification
      social number|national insurance|ausweis|ausweisnummer|ausweisnr|ausweis nr|personalausweis
      personalausweisnummer|perso
      personenkennziffer|identifikationsnummer|pièce d identité|carte d identité
      carte nationale d identité|cni|numéro national|identifiant national|identité
      identiteitskaart|identiteitsbewijs|id kaart|rijksregisternummer
      rijksregister|registre national|bsn|burgerservicenummer|sofinummer|dni|nif|documento
      documento de identidad|documento nacional|cédula|cedula|carné de identidad
      número de identidad|codice fiscale|cod fisc
      carta d identità|carta di identità|documento d identità|identità|documento di identità|cpf
      bilhete de identidade|cartão de cidadão|cartão do cidadão|nif nº|identidade|cnic|nin|nik|ktp
      आधार|आधार नंबर|आधार संख्या|आधार कार्ड|पहचान|पहचान पत्र|पहचान संख्या|पैन|pesel|numer pesel
      dowód|dowód osobisty|dowodu|numer dowodu|personnummer|personnr|pnr|samordningsnummer
      fødselsnummer|fødselsnr|personnummeret
      cpr|cpr nr|cpr nummer|henkilötunnus|hetu|henkilötunnukseni|rodné číslo|rodne cislo|rč
      občanský průkaz|cnp|cod numeric personal|egn|егн|jmbg|oib|emšo|kennitala|isikukood
      asmens kodas|personas kods
      taj|személyi|ahv|avs|ahv nummer|numéro avs|navs|sozialversicherungsnummer|svnr|sv nummer
      svnr|tc kimlik|t c kimlik|kimlik|kimlik no|tckn|curp|rfc|rut|cuit|cuil|rrn|my number|個人番号
      マイナンバー|身份证|身分證|주민등록번호|주민번호
      снилс|инн|amka|αμκα|afm|αφμ|nric|hkid|mykad|emirates id|iqama|الهوية|תעודת זהות|ת ז
      teudat zehut|ppsn|pps|pps number|nhi|ird|umid|philsys|e ktp
      cns|matricule national|número de identificación|numero de identificacion
      numéro d identification|identificatienummer|numero identificativo
      """),
    List(.idWord, "id|ids|uid|ident"),
    List(
      .socialSecurity,
      """
      ssn|ssns|ss#|social security|social security number|social|soc sec|socsec
      numéro de sécurité sociale|sécurité sociale|sécu|secu|num sécu|nir|insee|numéro de sécu
      seguridad social|nss|naf|previdenza sociale|niss
      sozialversicherung|sozialversicherungsnr|social insurance
      """),
    List(.itin, "itin|taxpayer identification|individual taxpayer|tax payer|tin"),
    List(
      .tax,
      """
      tax|tax id|tax number|tax no|tax file|tax identification|taxpayer|tfn|tin|utr
      unique taxpayer reference|steuer|steuer id|steuerid|steueridentifikationsnummer
      steuernummer|steuer nr|st nr|idnr|steuerliche identifikationsnummer|tax file number
      numéro fiscal|spi|identifiant fiscal|référence fiscale|fiscaal nummer|nif|n i f
      contribuinte|número de contribuinte|código fiscal|vergi|vergi no|vkn|npwp|ird|ird number
      nip|steuernr|belastingnummer
      """),
    List(
      .vat,
      """
      vat|vat no|vat number|vat id|vat reg|ust id|ustid|ust idnr|ustidnr|umsatzsteuer
      umsatzsteuer id|mwst nr|tva|tva intracommunautaire|n tva|btw|btw nummer|iva|partita iva
      p iva|piva|nif iva|moms|momsnr|uid|gst no
      """),
    List(
      .driving,
      """
      driver license|driver licence|drivers license|drivers licence|driver s license
      driver s licence|driving license|driving licence|dl|dl no|dl number|license number
      licence number|license no|licence no|license|licence|driver|führerschein|führerscheinnummer
      fahrerlaubnis|permis de conduire|permis|rijbewijs|rijbewijsnummer|permiso de conducir
      carnet de conducir|licencia de conducir|patente di guida|patente|carta de condução|cnh
      prawo jazdy|körkort|ajokortti|kørekort|ehliyet|ड्राइविंग लाइसेंस
      """),
    List(
      .voter,
      """
      voter|voter id|epic|epic no|election|voter card|मतदाता|credencial de elector
      clave de elector|título de eleitor
      """),
    List(.aadhaar, "aadhaar|aadhar|adhaar|adhar|uidai|uid|आधार|आधार नंबर|आधार संख्या|आधार कार्ड"),
    List(.pan, "pan|pan no|pan number|pan card|permanent account number|पैन|पैन नंबर"),
    List(.gst, "gst|gstin|gst no|gst number"),
    List(
      .socialInsurance,
      """
      sin|s i n|social insurance|social insurance number|nas|numéro d assurance sociale
      assurance sociale|tfn|tax file number|tax file
      """),
    List(.nino, "nino|national insurance|national insurance number|ni number|ni no|n i number"),
    List(
      .pension,
      """
      pension|rentenversicherung|rentenversicherungsnummer|rvnr|rv nummer
      sozialversicherungsnummer|versicherungsnummer|sv nummer|vsnr
      """),
    List(.nhs, "nhs|nhs number|nhs no|national health service"),
  ]

  // MARK: - Health

  static let health: [List] = [
    List(
      .medical,
      """
      mrn|medical record|medical record number|medical record no|patient id|patient no
      patient number|patient nr|hospital number|hospital no|hospital id|hosp no|chart|chart no
      chart number|record number|uhid|ip no|op no|op number|case number med|patientennummer
      patienten nr|patienten id|patientnr|fallnummer|fall nr|fallnr|aufnahmenummer|krankenakte
      aktenzeichen patient|dossier|dossier n|dossier médical|numéro de dossier|ipp|numéro patient
      n dossier|patiëntnummer|patientnummer|dossiernummer
      historia clínica|historia clinica|nhc|número de historia|numero de historia|expediente
      cartella clinica|cartella|numero paziente|prontuário|prontuario|processo clínico|रिकॉर्ड
      रिकॉर्ड संख्या|मरीज संख्या|रोगी संख्या|numer pacjenta|karta pacjenta|numer kartoteki
      nr kartoteki
      journalnummer|patient journal|journalnr|potilasnumero|hn|health record|enrollee|encounter
      accession
      """),
    List(
      .healthInsurance,
      """
      health insurance|health card|health insurance number|insurance number|insurance id
      member id|member number|subscriber id|health plan|policy holder id|ohip|krankenversicherung
      krankenversichertennummer|krankenkasse|kvnr|kv nummer|versichertennummer|versicherten nr
      gesundheitskarte
      carte vitale|mutuelle|numéro d adhérent|zorgverzekering|polisnummer zorg|relatienummer
      tarjeta sanitaria|cip|tessera sanitaria|cartão sus|cns|utente|número de utente|zdrowotne
      ubezpieczenia|european health insurance|ehic|medicare|medicaid|hicn
      """),
    List(
      .medicareUS,
      """
      mbi|medicare|medicare beneficiary|beneficiary identifier|medicare number|medicare id
      """),
    List(.medicareAU, "medicare|medicare card|medicare no|medicare number"),
    List(.provider, "npi|national provider|provider identifier|provider id|provider number"),
    List(
      .prescriber,
      """
      dea|dea number|dea no|dea registration|prescriber|medical license|medical licence|license
      """),
    List(.doctorNumber, "lanr|arztnummer|lebenslange arztnummer"),
    List(.practiceNumber, "bsnr|betriebsstättennummer|betriebsstätte"),
    List(
      .claim,
      """
      claim|claim number|claim no|claim id|prior authorization|prior auth|authorization number
      referral|referral number|prescription|rx|rx number|prescription number
      """),
  ]

  // MARK: - Money

  static let money: [List] = [
    List(
      .card,
      """
      card|cards|charge it to|charge to|charge my|credit card|debit card|card number|card no|visa
      mastercard|amex|american express|maestro|discover|cc|pan|kreditkarte|kreditkartennummer
      kartennummer|karte|carte|carte bancaire|carte de crédit|cb|numéro de carte|creditcard|kaart
      kaartnummer|tarjeta|tarjeta de crédito|carta di credito|carta
      cartão|cartão de crédito|कार्ड|क्रेडिट कार्ड|karta|karty|numer karty|kort|kortnummer
      kontokort|pay with|payment
      """),
    List(
      .account,
      """
      account|account no|account number|acct|acct no|a c|bank account|bank|checking|savings|konto
      kontonummer|kontonr|bankverbindung|compte|numéro de compte|rib|compte bancaire|rekening
      rekeningnummer|bankrekening|cuenta|número de cuenta|cuenta bancaria|ccc|clabe|conto
      numero di conto|conto corrente
      conta|conta bancária|nib|खाता|खाता संख्या|बैंक खाता|rachunek|numer rachunku|numer konta
      kontonummer|bankgiro|plusgiro|clearing|sort code|account holder|debit|beneficiary
      """),
    List(.iban, "iban|international bank account|konto iban|iban nr|आईबीएएन"),
    List(
      .routing,
      """
      routing|routing number|aba|aba number|aba routing|transit|transit number|rtn|bank routing
      wire|ach
      """),
    List(.wallet, "wallet|btc|bitcoin|eth|ethereum|crypto|address|payout|wallet address"),
  ]

  // MARK: - Secrets

  static let secrets: [List] = [
    List(
      .password,
      """
      password|passwords|passwd|passphrase|pass phrase|pwd|pw|pswd|pass word|pass|passcode
      wifi pw|wifi key|wifi password|passwort|kennwort|wlan passwort|wlan schlüssel|zugangscode
      mot de passe|mdp|mot de pass|code d accès
      wachtwoord|contraseña|contrasena|clave|clave de acceso|parola d accesso|parola chiave|senha
      palavra passe|password è|पासवर्ड|hasło|haslo|hasła|lösenord|lösenordet|adgangskode|passord
      salasana|heslo|parola|şifre|sifre|jelszó|κωδικός|пароль|密码|パスワード|비밀번호|كلمة المرور|סיסמה
      kata sandi|sandi|db password|root password|credentials
      """, trigger: true),
    List(
      .secret,
      """
      secret|secret key|client secret|api key|apikey|api token|access token|access key|auth token
      auth key|token|private key|secret access key|encryption key|signing key|signing secret
      session token|refresh token|webhook secret|master key|license key|account key
      shared access key|connection string
      api schlüssel|schlüssel|zugangstoken|clé api|clé d api|clé secrète|jeton|sleutel
      api sleutel|clave api|clave secreta|chiave api|chiave segreta|chave api|chave de api
      klucz api|klucz|api nyckel|nyckel|एपीआई कुंजी|टोकन|key|totp secret|recovery code
      backup code|authtoken|x api key|pat|personal access token
      """, trigger: true),
    List(
      .bearer,
      """
      bearer|authorization|authorization bearer|authorization basic|authorization token|basic
      proxy authorization|x auth token
      """, trigger: true),
  ]

  // MARK: - What is no one's

  static let impersonal: [List] = [
    List(
      [.impersonal, .version],
      """
      version|versions|versie|versión|versione|versão|wersja|v|ver|vers|build|release|rel|tag
      image|image tag|firmware|fw|driver version|kernel|app|update|upgrade|patch|section|sec
      clause|chapter|paragraph|rev|revision|sdk|api version|संस्करण|article|§
      """),
    List(
      .impersonal,
      """
      order|orders|order no|order number|order id|order nr|invoice|invoice no|invoice number
      ticket|ticket id|ticket no|case|case no|case id|ref|reference|reference no|reference number
      tracking|tracking number|parcel|shipment|consignment|sku|isbn|issn|ean|upc|gtin|asin|lot
      batch|serial|serial number|serial no|s n|model|part|part no|part number|item|product
      product id|po|purchase order|transaction|transaction id|txid|tx|commit|hash|sha|md|checksum
      uuid|guid|trace|trace id|request id|session|session id|job|job id|process|pid|port|error
      err|error code|code|status|amount|total|sum|price|cost|qty|quantity|units|count|size|bytes
      page|pages|line|row|step|epoch|timestamp|ts|time|unix|date code|coupon|voucher|promo
      article no|bug|issue|pull request|pr|build id|build number|device id|event id|message id
      thread id|group id|category id|post id|user id|customer id|customer number|customer no
      policy|schedule|room|flight|seat|gps|lat|lon|lng|latitude|longitude|position|coordinates
      population|votes|views|followers|likes|revenue|salary|score|rate|ratio|percent|id of order
      userid|inc|tkt|ord|inv|req|jira|rma|awb|dhl|ups|fedex
      bestellung|bestellnummer|bestell nr|auftrag|auftragsnummer|rechnung|rechnungsnummer
      rechnungsnr|vorgang|vorgangsnummer|sendung|sendungsnummer|artikel|artikelnummer
      seriennummer|los|betrag|summe|preis|menge|fehler|fehlercode|ticketnummer|aktenzeichen
      kundennummer|az|seite
      commande|numéro de commande|n commande|facture|numéro de facture|dossier sav|référence|réf
      colis|suivi|numéro de suivi|article|série|numéro de série|lot n|montant|somme|prix|erreur
      code erreur|page|numéro client
      bestelling|bestelnummer|ordernummer|factuur|factuurnummer|melding|zending|artikelnummer
      serienummer|partij|bedrag|prijs|fout|foutcode|klantnummer|pagina
      pedido|número de pedido|factura|número de factura|albarán|referencia|seguimiento|envío
      artículo|número de serie|lote|importe|precio|cantidad|código de error|incidencia|página
      ordine|numero ordine|fattura|numero fattura|riferimento|rif|spedizione|articolo
      numero di serie|lotto|importo|prezzo|quantità|errore|pagina|pratica
      encomenda|fatura|número da fatura|referência|rastreio|rastreamento|artigo|número de série
      valor|preço|quantidade|erro|protocolo
      ऑर्डर|ऑर्डर नंबर|बिल|चालान|रसीद|राशि|कीमत|रुपये|त्रुटि
      zamówienie|zamówienia|numer zamówienia|faktura|faktury|zgłoszenie|przesyłka|paczka
      numer seryjny|partia|kwota|cena|ilość|błąd|strona
      beställning|ordernummer|fakturanummer|ärende|ärendenummer|försändelse|artikelnummer
      serienummer|belopp|pris|antal|fel|felkod|sida|bestilling|ordre|tilaus|lasku|objednávka
      comandă|sipariş
      """),
  ]

  // MARK: - Months

  static let months: [List] = [
    """
    january|jan|januar|janv|janvier|januari|enero|ene|gennaio|gen|janeiro|जनवरी|stycznia
    styczeń|tammikuuta|ledna|ocak|ianuarie|января
    """,
    """
    february|feb|februar|févr|février|fevrier|februari|febrero|febbraio|febr|fevereiro|fev
    फ़रवरी|फ़रवरी|फरवरी|lutego|luty|helmikuuta|února|şubat|februarie|февраля
    """,
    """
    march|mar|märz|mrz|mars|maart|mrt|marzo|março|मार्च|marca|marzec|maaliskuuta|března|mart
    martie|марта
    """,
    """
    april|apr|avril|avr|abril|abr|aprile|अप्रैल|kwietnia|kwiecień|huhtikuuta|dubna|nisan
    aprilie|апреля
    """,
    "may|mai|mei|mayo|maggio|mag|maio|मई|maja|maj|toukokuuta|května|mayıs|мая",
    """
    june|jun|juni|juin|junio|giugno|giu|junho|जून|czerwca|czerwiec|kesäkuuta|června|haziran
    iunie|июня
    """,
    """
    july|jul|juli|juillet|juil|julio|luglio|lug|julho|जुलाई|lipca|lipiec|heinäkuuta|července
    temmuz|iulie|июля
    """,
    """
    august|aug|août|aout|augustus|agosto|ago|अगस्त|sierpnia|sierpień|augusti|elokuuta|srpna
    ağustos|августа
    """,
    """
    september|sep|sept|septembre|septiembre|settembre|set|setembro|सितंबर|सितम्बर|września
    wrzesień|syyskuuta|září|eylül|septembrie|сентября
    """,
    """
    october|oct|oktober|okt|octobre|octubre|ottobre|ott|outubro|out|अक्टूबर|अक्तूबर
    października|październik|lokakuuta|října|ekim|octombrie|октября
    """,
    """
    november|nov|novembre|noviembre|novembro|नवंबर|नवम्बर|listopada|listopad|marraskuuta|kasım
    noiembrie|ноября
    """,
    """
    december|dec|dezember|dez|décembre|decembre|déc|diciembre|dic|dicembre|dezembro|दिसंबर
    दिसम्बर|grudnia|grudzień|joulukuuta|prosince|aralık|decembrie|декабря
    """,
  ].enumerated().map { List(.month, $0.element, month: UInt8($0.offset + 1)) }
}
