/// Words of postal addresses, folded.
enum AddressWords {
  /// Street types of English, after US Postal Service Publication 28 (appendix C1) and British, Irish, Australian and Indian usage.
  static let streetSuffix = """
    allee alley aly anex annex anx approach arc arcade av ave avenue avn bagh bank bayou bazaar
    bazar bch beach bend bg blf bluff bluffs blvd bnd boardwalk bottom boul boulevard bowl br brae
    branch brg bridge brk brook brooks btm burg byp bypass byu camp canyon cape causeway center
    centers chase chowk cir circle circles circuit clb clf cliff cliffs close club cmn cmp colony
    common commons cor corner corners cors course court courts cove coves cpe creek cres crescent
    crest crk croft crossing crossroad crossroads crossway crse crst cswy ct ctr cts cul-de-sac
    curv curve cv cyn dale dam dell dene divide dl dm domain dr drive drives drove drs dv edge
    elbow enclave end entrance esplanade est estate estates ests expressway expy ext extension
    extensions fall falls ferry field fields firetrail flat flats fld flds fls flts ford fords
    forest forge forges fork forks fort frd freeway frg frk frontage frst fry ft fwy gali galli
    ganj gap garden gardens garth gate gateway gdn gdns glade glen glens gln grange green greens
    grn ground grove groves grv gtwy harbor harbors haven hbr heights highroad highway hill hills
    hl hls hollow holw hts hvn hwy inlet inlt interchange is island islands isle jct junction
    junctions key keys kingsway knl knoll knolls kunj ky kys lake lakes land landing lane laneway
    layout lck ldg lea lf lgt light lights line link lk lks ln lndg loaf lock locks lodge lookout
    loop mall manor manors marg mdw mdws meadow meadows mews mile mill mills mission ml mnr
    motorway mount mountain mountains msn mt mtn nagar nck neck nook opas orch orchard outlook oval
    overpass pally parade park parks parkway parkways pass passage path pathway pike pine pines
    pkwy plain plains plaza pln plz pocket point points port ports pr prairie promenade prt psge pt
    pts puram puri pursuit quadrant quay quays radial ramp ranch rapid rapids rd rdg reach reserve
    rest retreat ridge ridges rise riv river rnch road roads rotary roundabout route row rue run
    salai serviceway shl shoal shoals shore shores shr siding skyway slope smt sound spg spring
    springs spur spurs sq square squares st sta station stra strand stravenue stream street streets
    strip strm sts subway summit tarn ter terr terrace thoroughfare throughfare throughway top tor
    tpke trace track trafficway trail trailer trak trce trl tunl tunnel turn turnpike un underpass
    union unions vale valley valleys via viaduct view views vihar village villages ville vis vista
    vl vlg vly vw walk walks wall warren waters way ways well wells wharf wls wynd xing xrd yard
    एन्क्लेव कॉलोनी गंज गली चौक नगर पथ बाग बाजार मार्ग रोड विहार सड़क
    """

  /// Words before the name of a street, by language.
  static let streetPrefix = """
    acceso al alameda aleea aleja aleje allee allees am an auf autoroute av avd avda ave avenida
    avenue azinhaga bd beco blv blvd borgo boulevard bulevardul bulvari bulwar c cad cadde caddesi
    calata calcada calea calle callejon camino canada canale carrer carrera carretera cd ch
    chaussee chemin circonvallazione cite cl cmno condominio conjunto contrada corso cote cours cra
    ctra cuesta distrito esplanade est estrada faubourg fazenda frazione galleria glorieta hameau
    im imp impasse incrocio jardim laan ladeira largo localita lotissement lungomare lungotevere
    mah mahallesi montee nabrezi nam namesti nucleo odos os osiedle parque pasadizo pasaje paseo
    passage passeig pc pca piazza piazzale piazzetta pje pl plac placa place platz plaza plein plza
    poligono pont praca promenade prospekt pso pza quadra quai r ra rambla rang recanto residence
    residencia residencial rodovia rond-point ronda rondo rotonda route rte rua rue ruelle salita
    sentier setor skwer sok sokak soseaua square str straat strada strasse stretto terrasse tr
    traversa travesia travessa trida tv ul ulica ulicy ulitsa unter urb urbanizacion via viale
    vicolo viela vila villa voie vulytsia zum zur οδος
    """

  /// Endings of street names written as one word or after a hyphen: at most the last eight letters.
  static let gluedEndings = """
    akker alle allee allen baan backen berg brink chaussee damm dijk dreef erf gade gasse gata
    gatan gracht grand hof kade katu korut kuja laan lei liden markt oulevard pad park pfad plads
    platz plein polku poort ring romenade singel steeg steenweg steig stieg stigen str straat
    straede strasse tanav ter tie torg torget traatweg ufer utca vaart vag vagen vei veien vej
    vejen wal weg weide
    """

  /// Of these, the ones that need no further evidence.
  static let gluedCore =
    "allee dreef gade gasse gata gatan gracht kade katu laan oulevard plein singel steeg str straat strasse tanav utca vagen veien vej vejen weg"

  /// Announce a number in a building or an estate.
  static let unit = """
    andar apartamento apartment apartments app appartamento appartement appt apt apto bajo basement
    bat batiment bl bldg blk block bloco bloque boite box bte building bungalow bus byt casa cmr
    depto door dpto ed edificio esc escalera escalier esq etage etg fl flat floor fraccion frente
    hno house int interior interno kamer khasra level lgh lgt lok lokal lot lote lt lvl m
    mieszkanie no number office og palazzo penthouse ph phase piano piso planta plot portal porte
    psc pta puerta quarter rm room sala sc scala sec sector shop space sr ste stiege stock studio
    suite survey th top tower trailer tur tv unit uscgc usns usnumber usnv uss van verdieping villa
    ward whg wing wohnung घर नं नंबर प्लॉट फ्लैट ब्लॉक मंजिल मकान वार्ड संख्या सेक्टर हाउस
    """

  /// Post boxes.
  static let box = """
    apartado apdo apo aptdo boks box bp caixa casilla cp dpo fpo postbus postfach skrytka
    """

  /// States and provinces in two or three letters.
  static let state = """
    aa ab ac act ae ak al am ap ar as az ba bc bg bo bs ca ce co ct dc de df es fi fl fm ga ge go
    gu hi ia id il in ks ky la ma mb md me mg mh mi mn mo mp ms mt na nb nc nd ne nh nj nl nm ns
    nsw nt nu nv ny oh ok on or pa pb pd pe pi pr pw qc qld ri rj rm rn ro rr rs sa sc sd se sk sp
    tas tn to tx ut va ve vi vic vr vt wa wi wv wy yt
    """

  /// Countries as written at the end of an address.
  static let country = """
    argentina australia austria belgie belgique belgium bharat brasil brazil canada chile china
    colombia danmark denmark deutschland eire england espana finland france germany india ireland
    italia italy japan luxembourg mexico nederland netherlands norge norway osterreich peru poland
    polska portugal schweiz scotland singapore spain suisse sverige svizzera sweden switzerland uk
    us usa wales भारत
    """

  /// Announce an address.
  static let addressCue = """
    abita abito address addresses adres adresem adress adresse adressen adresses adresu adresy
    anschrift arrived bezorgadres bezorgd bor bosatt deliver delivered delivery demeurant direccion
    domiciliada domiciliado domicilie domiciliee domicilio endereco factuuradres geliefert
    gevestigd habitant habite home indirizzo lieferadresse lieferanschrift live lived lives living
    livre livree located location mieszka mieszkam mora morada moro office parcel pata patio
    premises privatadresse property rechnungsadresse residant reside resident residente resides
    residing send sent ship shipped shipping stay staying stays street vive vivo wohnadresse wohne
    wohnen wohnhaft wohnt wonende woon woonachtig woonadres woont zamieszkala zamieszkaly
    zamieszkalym निवास निवासी पता
    """

  /// Words of places inside Indian and other addresses.
  static let locality = """
    above apartments arcade behind below beside bhavan bhawan block chawl chs code colony complex
    cross dist district distt enclave estate extension extn heights kunj layout main mandal nagar
    near niwas opp opposite phase pin pin-code pincode plaza po post ps residency sector society
    stage state taluk taluka tehsil thana towers vihar vill villa village zip गाँव ग्राम जिला तहसील
    थाना निकट पास पिन पोस्ट राज्य सामने
    """

  /// Points of the compass beside the name of a street.
  static let direction = """
    e east est n ne nord north northeast northwest nw ost ouest s se south southeast southwest sud
    sw w west
    """

  /// Small words between parts of a street line.
  static let filler = """
    't a aan am an and auf b bei bij bis c d da das de degli dei del della delle dem den der des di
    do dos du e el et het im in km l la las le les los n nad no nr num numero nº ob och of og onder
    os pod pres pri quater s sn sous sub sur ter the und upon van vorm w y zum zur
    """

  /// Types of streets that need no further evidence.
  static let coreStreet = """
    ave avenue blvd boulevard chowk cir circle close colony court cres crescent ct dr drive highway
    hwy lane ln marg mews nagar parkway pkwy place rd road sq square st street terrace turnpike
    vihar कॉलोनी गली चौक नगर मार्ग रोड विहार
    """
}
