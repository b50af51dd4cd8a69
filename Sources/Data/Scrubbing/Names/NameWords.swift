/// Words beside names, and words that only look like names, folded.
enum NameWords {
  /// In front of a family name.
  static let title = """
    avv bay bayan capt captain cmdr col colonel dame dhr dipl dna don dona dott dottore dottoressa
    dottssa dr dra father fr frau fraulein frk fru gen gov heer herr herre herrn hon hr imam ing
    judge justice km kumari lady lic lieutenant lord lt madam madame mag maitre maj meneer messrs
    mevr mevrouw mlle mme monsieur mr mrs ms mw mx pan pana pani pania panu pres prof professor pt
    rabbi rep rev reverend sayin sen senhor senhora senor senora senorita sergeant sgt sheikh shri
    shrimati sig signor signora signorina sir smt sr sra sri srta sushri कुमारी डॉ डॉक्टर पंडित
    प्रो मिस्टर श्री श्रीमती श्रीमान सुश्री हेर
    """

  /// Titles that are words as well, or that sentences go on behind.
  static let softTitle = """
    agent aunt auntie bay brother captain coach col colonel d dame detective doctor doctora doktor
    don dona father fr frk fru gen general gov governor hr imam ing inspector judge justice km lady
    lic lord lt m madam madame mag maitre maj major me minister miss monsieur mother mw nurse
    officer oncle onkel pan pani pres president professor pt rabbi rep sen senator sergeant sig sir
    sister tante tia tio tonton uncle zia zio
    """

  /// Titles that count in lower case too.
  static let lower = """
    dhr don dona dott dottor dottoressa dr dra frau heer herr herrn hr madame meneer mevr mevrouw
    mlle mme monsieur mr mrs ms pan pani panu prof senhor senhora senor senora shri sig signor
    signora smt sr sra डॉ डॉक्टर श्री श्रीमती सुश्री
    """

  /// Small words inside family names.
  static let particle = """
    't abu af al ap av ben bin bint d da das de del dela della delle dello den der des di do dos du
    el ibn la le les lo mac mc saint san st te ten ter ul van vom von zu zum zur
    """

  /// Behind a name.
  static let suffix = """
    cpa dds esq ii iii iv jr mba mbbs md phd rn sr
    """

  /// Behind a name, respectfully.
  static let honorific = """
    bhai bhaiya didi garu jee ji saheb sahib sama san जी ताई दीदी भाई साहब साहिब
    """

  /// Behind a name: what people do.
  static let deed = """
    abita added aged agreed answered apologized arbeitet argued asked asks believes beschwert
    bittet bor born bought called calls chiede claimed complained confirmed demande dice died dijo
    directed disse ecrit escreveu escribe explained fodd fodt fragt fragte geb geboren habite
    insisted joined joins knew knows laughed lavora left listed lived lives looked lost married
    meint meinte meldet met mieszka mochte mora moved nacida nacido nacio nasceu nata nato ne nee
    nodded noted pediu pisze played plays promised prosi received recommended replied replies
    reported reports requested resides residing sagt sagte said sang say says schreibt schrieb
    schrijft scored scrive sent signed sings skriver smiled solicita souhaite speaks spoke starred
    suggested tells thanked thinks thought told trabaja travaille urodzona urodzony visited vive
    vraagt wanted wants werkt who whose wins wohnt won woont worked works writes wrote zegt zei
    """

  /// In front of names, and of people far more often than of things.
  static let personal = """
    af ask asked av avec because bei by call called chez com con contact contacted door durch
    emailed herrn hos med met mit named od par ping por said says tell thank told ve von with z
    """

  /// Of the names of companies, institutions and their products.
  static let organisation = """
    ab academy act ad ag agency airlines airport airways akademie algorithm apotheke aps
    architecture arena asa associates association assurance authority award bahnhof banca banco
    band bank banking banque bar brewery bros brothers bv cafe capital church clinic club co
    college commission committee companies company consulting corp corporation council court crew
    cup cv dd department disease division doo effect eg energy enterprises entertainment eurl ev
    festival fondation foods foundation gare gbr gemeinde gmbh gpu groep group groupe grupo gruppe
    holding holdings hopital hospital hotel inc incorporated industries institut institute
    instituto insurance jeans kft kg kgaa kirche klinik klinikum krankenhaus laboratories labs lda
    league limited llc llp logistics lp ltd ltda lumiere magazine mall market mbh media ministry
    model motors museum navigator news nv ohg ooo orchestra ospedale oy oyj partners pharmacy
    pictures plan plc post press prize pty pub pvt radio records restaurant robotics sa sarl sas
    sasu sau school schule services shop sl slu snc sneakers society software solutions sons sp spa
    srl stadium station stiftung store studios supermarkt syndrome systems team technologies
    technology theater theatre theorem times traders treaty ug union universidad universita
    universitat universite universiteit university ventures verband verein versicherung vof winery
    wrapper zrt अस्पताल कंपनी ट्रेडर्स बैंक लिमिटेड विश्वविद्यालय
    """

  /// Months, weekdays, seasons, languages, nationalities.
  static let calendar = """
    african american aout april arabic asian august australian austrian autumn avril belgian
    brazilian british canadian catholic chinese christian danish december deutsch dutch enero
    englisch english european february franzosisch french friday german giugno greek hindi indian
    irish italian january japanese jewish juillet juin juli julio july june juni junio korean latin
    luglio maggio mai march mars mart marzo may mayo mexican monday muslim norwegian november
    october polish portuguese russian saturday scottish september spanish summer sunday swedish
    swiss thursday tuesday turkish wednesday welsh winter
    """

  /// Products, brands and their makers.
  static let product = """
    adobe aldi alexa amazon amex ampere android ansible apple asana audi bitbucket blackwell bosch
    braun buick cadillac chevrolet chrome chrysler citroen clojure confluence cortana costco
    datadog dell dhl disney django docker dodge dyson elasticsearch elixir erlang excel facebook
    fedex ferrari fiat firefox flask ford galaxy github gitlab gls google gradle grafana hadoop
    haskell hermes honda hopper ikea instagram intel ipad iphone java jenkins jira julia kafka
    keras kindle klarna kotlin kubernetes laravel lego lenovo lidl lincoln linux lovelace macbook
    mastercard maven mcdonald mercedes microsoft mongo mongodb mysql netflix nintendo nokia notion
    numpy nvidia opel oracle outlook pandas pascal paypal perl peugeot philips photoshop pixar
    pixel playstation porsche postgres prometheus python pytorch rails redis renault ruby rust
    safari salesforce samsung sap scala siemens siri skype slack sony spark splunk spotify spring
    starbucks stripe swift symfony target teams tensorflow terraform tesco tesla toyota travis
    trello turing twitter ups visa volkswagen volta walmart wendy whatsapp windows word xbox zoom
    """

  /// Articles and the like: what follows is no person.
  static let article = """
    a an any da das degli dei del della delle dello den der des di do dos du each ein eine el every
    gli het il its la las le les lo los no our some that the their these this those una une van
    your
    """

  /// Speech: the word before or behind is a person.
  static let speech = """
    answered ask asked asks call called demande dice dijo disse dit email emailed fragt fragte
    meint meinte phoned ping pregunta replied sagt sagte said say says schreibt schrieb tell tells
    texted thank thanked told vraagt writes wrote zegt
    """

  /// In front of the names of places and things.
  static let placeLead = """
    a across around at au aus aux between called chez dans desde do em en fra from hacia i in
    inside into its na naar nach named near new no of on our outside pa sur te the their through
    til till to toward towards uit use used uses using vers via visit visited visiting w we your z
    """

  /// Small words that begin a family name by themselves.
  static let familyParticle = """
    bin ibn van vom von zu zum
    """
}
