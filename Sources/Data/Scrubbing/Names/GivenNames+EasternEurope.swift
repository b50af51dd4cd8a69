extension GivenNames {
  /// Given names of eastern and south-eastern Europe.
  static let easternEurope = """
    adel adrienn agathi aggelos agim agron aikaterini akos albana alekos aleksa aleksandar
    aleksandr aleksei aleksey alenka alexandros alexandru alexei alexey alin aliz alojz anastasios
    anastasiya anatoli anatoly anca andela andjela andor andra andras andreea andrei andreja andrey
    andrija anett angeliki anica aniko antal ante anto antonios antonis anze apostolos aranka arben
    ardian areti argyris aristides aristotelis arkady arpad arta artan artem artyom asen asimina
    aspasia asya athanasios athina attila aurel aurelia balazs balint barna barnabas bela bence
    benedek bernadett bertalan besim besnik bianka blagovesta bogi boglarka bojan bojana borbala
    borislav borka borut bosko bostjan botond boyan boyko branimir branka brankica branko breda
    bujar camelia catalin cezar charalambos chariklea charis christos chrysa chrysanthi chrysoula
    ciprian claudiu codrin codruta constantin corina cornel cosmin costel costin cristi csaba
    csilla csongor dalma damir danica danijel danijela darija darinka darko darya davor dejan denes
    desanka desislava despina dezso dimitar dimitra dimitrios dimitris dimosthenis dinu dionysios
    djordje dmitri dmitry dmytro doina domonkos dorde dorin dorina dorottya dragan dragana dragica
    drago dragoljub dragos dragoslav drazen dritan dubravka dubravko dumitru dusanka dusko dzenan
    ecaterina edina edit efstathios efstratios eftychia eirini ekaterina elefteria eleftherios
    elemer eleni elira elitsa elizaveta elod elpida elvana emese emina emir emmanouil emoke endre
    eniko enkeleda enver erion erno errikos erzsebet eszter etelka euaggelia evangelia evangelos
    evelin evgeni evgenia evgeny fadil faina fani fanni fatmir fedor felicia ferenc florentina
    florica florin flutura foteini fotini fotis franjo fyodor gabor galin galina galya gasper
    gavril gelu gennady georgeta georgi georgia georgios georgy gergana gergely gergo geza gezim
    gheorghe giannis gica gigel giorgos gizella gjergj gleb goran goranka gordana gregor grigore
    grigori grigoris grigory gyongyi gyorgy gyozo gyula hajnalka halyna hamza haris henrietta
    horatiu horia hristo hrvoje ibolya ihor ildiko ileana ilias ilie ilija ilinca ilir iliyana ilya
    imre inna ioan ioana ioanna ioannis ion ionel ionela ionut iosif iraklis iren irina iryna iskra
    ismet istvan iulia iulian iuliana ivanka ivaylo ivett ivica jadranka jadranko janez janka janos
    jasmina jasna jelena jeno jernej jolan josip jovan jovana jovo joze jozsef judit julianna jure
    kaliopi kalliopi kalman kaloyan karoly kastriot katalin kateryna katya kirill klavdia klemen
    konstantina konstantinos kostas krasimir krasimira krisztian krisztina krunoslav ksenia ksenija
    kseniya kujtim kyriaki kyriakos lada lajos lambros lana larisa laszlo laurentiu lazar lefteris
    lejla lenke leonid leonidas lesia lev levente lidija lili lilla lindita liviu ljerka ljiljana
    ljubica ljubo ljubomir lojze lorant lorinc luan luka luminita lyubomir lyubomira lyubov
    lyudmila madalina magdolna maksim manolis marcell marica mariia marija marijana marin marinela
    marios mariya marjeta marko marton mate matjaz matko mato matvei matyas maxim melinda metka
    michail michalis miha mihaela mihai mihail mihajlo mihaly mihovil mijo mikhail miklos milana
    milanka mile milen milenko milica milija milivoj milivoje miljana miljenko milka milorad
    milovan milutin mimoza mircea mirel mirela mirjana miro mirza misha mitya mladen mojca momcilo
    mykhailo mykola myroslava nada nadezhda nadiia nandor nataliya natalya natasa natasha nazar
    nebojsa neculai nedeljko nejc nektarios nelu nenad nevena nicolae nicoleta nicu nikica nikita
    niko nikolai nikolaos nikolay nikolett nikolina nikos novak oana obrad octavian odon ognjen
    ognyan oksana oleg oleksandr oleksii olena olha olivera olympia orestis orsolya ostap oszkar
    ovidiu pal panagiota panagiotis panni panos paraschiva paraskevi paschalis pavle pavlo pavlos
    pelagia pellumb penka periklis pero petar petre petro petronela petros petru petya piroska
    plamen polina polona pongrac predrag primoz radenko radisa radivoje radmila rado radojka
    radojko radoslav radostina radu raisa rajko raluca ranko ratko rayna razvan reka remus rezso
    rodica rodion rok roksolana rosen rositsa roxana rumen rumyana ruslan ruslana rustam ruxandra
    ruza ruzica sabin sanda sandor sanja sarolta sasa sasha sead sebestyen semyon senad senka
    sergei sergey sergiu serhiy shpresa silviu simeon sinisa skender slava slaven slavica slavka
    slavko slobodan slobodanka snezana snezhana snjezana sofiya sofya solomiya sorin sorina sotiria
    sotirios sotiris spela spomenka spyridon spyros srdan srdjan sreten stamatis stana stane
    stanimir stanko stavros stefanos stefka stela stelios stevan stevo stjepan stojan stoyan
    stoyanka styliani stylianos suada svetislav svetla svetoslav svetozar svitlana svyatoslav
    szabina szabolcs szandra szilard szilvia szonja tadej taisiya tamas taras tatyana teodora terez
    tetiana thanasis theodora theodoros theofanis theoni tiberiu tihamer tihana tihomir tilen timea
    timofey timur tivadar todor todorka toma tomislav traian tsvetan tsvetana tsvetelina tudor
    tunde ulyana uros ursa urska vadim vaios valbona valeriu valery valon vanda vanja vanya vasil
    vasile vasileios vasili vasilica vasiliki vasilis vasilka vasily vasja vasyl vedran velichka
    ventsislav veselin vesna vida viktoriya vilmos vince vinko viorel viorica virag virgil visnja
    vitali vitalii vitaly vjekoslav vjosa vlad vladan vladislava vlado vladut vlatka vlatko vojin
    vojislav volodymyr vsevolod vuk vyacheslav xanthippi xenia yakov yana yanko yannis yaroslav
    yaroslava yegor yekaterina yelena yevgenia yevgeny yevhen yevheniia yiannis yordan yordanka
    yorgos yulia yuliya yuri yuriy yury zakhar zamfir zan zarko zdenko zdravka zdravko zeljana
    zeljka zeljko zhanna zhivko ziga zinaida zisis zivko zlatan zlatko zoi zoltan zoran zorana
    zorica zorka zoya zrinka zsanett zsofia zsolt zsombor zsuzsa zsuzsanna zvonimir zvonko
    """
}
