extension Surnames {
  /// Family names of eastern and south-eastern Europe beyond their endings.
  static let westSlavic = """
    adamczyk alekseeva alexiou andreeva angelov anghel atanasov babic bajrami bak balan balaz
    balazs balog balogh banas baran barbu barisic barta bartos bednarz benes benesova berisha
    bielak biro bizjak blazek blazevic bodnar bognar bondar bondarenko borbely borek borisova boros
    bosnjak boyko bozic cermak cerny chekhov christodoulou cieslak cieslik ciobanu cojocaru cristea
    czaja dervishi diaconu dimitrov dinu djordjevic dobre dolezal domagala dostoevsky duda dudek
    dumitru dvorak dvorakova dziedzic egorova enache farkas fazekas fedorova feher fekete fiala
    filipek filipovic florea fodor gajda gajewski gal gashi georgiev georgiou gheorghe gjoka golob
    gombos goncharenko gorka gorky grgic grigorieva grzelak gulyas hajek hasani havrylyuk hegedus
    hocevar holub honchar horak horvat horvath hoxha hribar hristov hruska hudak ilic iliev illes
    ioannou ionescu iordache ivanov ivanova jablonka jakab janik jarosz jaworski jelinek jovanovic
    juhasz jukic jurek juric kaczmarek kaczor kania karagiannis karas kasprzak kastelic kaszuba
    katona kavcic kelemen kelmendi kiraly kiss klimek klos klymenko kmiec knezevic kocsis kola
    kolar kolasa kolodziej konecny kopecky korosec kos koshel kosmala kot kovac kovacevic kovacic
    kovacova koval kovalenko kowal kowalczyk kowalik kozak koziol kozlova krajnc kral kralj kralova
    krasniqi kratochvil kravchenko kravchuk kravets krawczyk krawiec krejci kriz krupa kubiak kuc
    kucera kucerova kujawa kulik kurek kuznetsova kwiecien lach lakatos laszlo lazar lazarenko
    lebedeva ledwon leka lengyel lis lovric lukac lukacs lungu lysenko machacek madej magyar maj
    makarova makris malek maly manea manole marchenko marciniak marczak marek maric markovic marku
    matei matic matuszak mazur mazurek melnik melnyk meszaros michalak michalik mikhailova
    mikolajczyk milczarek milosevic mlakar mocanu moldovan molnar moravec moroz morozova mroz mucha
    munteanu musil nagy navratil neagu nemec nemeth nikitina nikolaeva nikolaidis nikolic nikolov
    nistor novak novakova novikova novotna novotny nowacki oblak oikonomou olah olaru olejniczak
    olejnik oliynyk olszewska oprea oravec orban orlova orsos owczarek pajak panek papadakis
    papadopoulos papp pappas paszek pasztor pavic pavlova pavlovic pawlak pawlik peric perkovic
    pesek petek petrenko petrov petrova petrovic piatek pietrzak pilch pinter piwowarczyk pokorny
    polak polishchuk pop popa popescu popova popovic pospisil potocnik preda prifti prochazka
    prochazkova ptak racz radic radu rak ratajczak rogala romanenko romanova rudenko rusu ruzicka
    rybak samaras sandor sandu saric savchenko savic sedlacek semyonova serban shehu shevchenko
    shevchuk sidorenko sikora sipos skiba smirnova smolarek sobczak sobczyk socha sokolova
    soloviova somogyi soukup sowa stachowiak stan stanescu stankovic stastny stefaniak stepanova
    stepien stoica stojanovic stoyanov strzelczyk svoboda swiatek sykora szabo szczepaniak
    szczepanik szekely szewczyk szilagyi szucs szulc szymczak szymczyk takacs tkachenko tkachuk
    todorov tokarz tolstoy toma tomala tomczak tomczyk tomic torok trela tudor turk ungureanu
    urbanek urbaniak vanek varadi varga vasile vasilev vasileva vass vesely vidmar vidovic vlachos
    vlad vlcek voicu volkova vorobyova vukovic walczak walczyk wawrzyniak wieczorek wilczek wilk
    witczak witek wlodarczyk wnuk wojciechowski wojcik wolak wozniak wrobel wrona yakovleva
    zaitseva zajac zakharova zamfir zawada zeman zieba zielonka zimny ziolkowska zivkovic zupan
    zupancic
    """
}
