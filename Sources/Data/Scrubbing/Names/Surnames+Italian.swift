extension Surnames {
  /// Family names of Italy.
  static let italian = """
    abate abbate acerbi agnello agosti agostini agostino albanese albano alberti albertini alessi
    alfano alfieri aloisi amadori amato ambrosio amendola amico amoroso ancona andreoli angelini
    anselmi antonelli antonini arcuri aresu armani arnone asta baldi baldini balestra barbato
    barbera barberis barbieri barone baroni barresi bartoli bartolini basile bassani bassi basso
    battaglia battisti belli bellini bello bellucci benedetti benetti benini benvenuti bergamini
    berlusconi bernardi bernardini berti bertini bertoli bertolini bertoni bettini bevilacqua biagi
    bianchi bianchini bianco biondi bisio bonanno bonetti bonfanti boni bonomi bonucci borghi
    borrelli borsellino boschi bosio bossi bottari bove brambilla brancaccio bravi brunelli
    brunetti bruni bruno bucci buffa buonocore buscema busetto cacace caccia cafiero calabrese
    calabro caldera calvi camerini campana campanella campisi cannata cannavo cantoni capasso
    capelli capobianco capone caponi cappelletti cappelli caprara caputo caracciolo carbone carboni
    cardinale cardone carli carlini carnevale carraro carrozza carta caruso casadei casagrande
    casale casali casella caselli casini cassano castagna castaldi castellani castelli catalano
    cataldi cataldo cattaneo cavallaro cavalli cavallo ceccarelli cecchi cecchini celentano cerruti
    cesari chiappini chiesa ciccone cimino cinelli cioni cipolla cipriani cirillo citterio colella
    coletti colombo colonna comi conte conti contini coppola corbo cordella corradi corsi corsini
    cortese corti cosentino cosenza costantini costanzo cremonesi crippa crispino croce cucchi
    cuomo curcio cusumano cutrone d'agostino d'alessandro d'ambrosio d'amico d'angelo d'aniello
    d'antonio dagostino dalla danieli de-angelis de-luca de-marco de-rosa de-santis de-simone degli
    della delle deluca dentice deste di-stefano dibenedetto dimaggio dini donati donato donnini
    drago elia ercolani fabbri fabris falco falcone fantini fantoni farina fasano fasoli fava
    favaro fazio fedele federici felici ferrandi ferrante ferrara ferrari ferrario ferraris ferraro
    ferretti ferri ferro filippi filippini fini fioravanti fiore fiorentini fiorentino fiori
    fiorini florio fois fontana fontanesi forlani formica fornasari forte forti foschi franceschi
    franceschini franchi franchini frigerio fumagalli furlan fusco gabrielli gaeta gagliardi
    galante galasso galli gallina gallo galluzzo gamba gambino garavaglia gargiulo garofalo gaspari
    gatti gatto gennari gentile gentili gentilini geraci germano ghezzi giannini giannone giordani
    giordano giorgi giovannini giraldi girardi giuffrida giuliani giuliano giusti gobbi gori
    granata grandi grassi grasso graziani grazioli greco gregori grieco grillo grimaldi grossi
    grosso gualtieri guarino guerini guerrieri guida guidi guidotti iacono iannone iannuzzi
    imperato ingrosso iorio izzo labate landi lanza lanzi lattanzi laurenti lazzari lazzarini leo
    leonardi leone leoni licata liguori lisi lo-bianco locatelli lombardi lombardo longhi longo
    longobardi lorenzi lorusso lovati lucchesi lucchini luciani lupo luppi maccari maffei maggi
    maggio magnani magni maiorano mancini mancuso manfredi manfrin mangano mangione mantovani manzi
    manzo manzoni marangoni marano marchese marchesi marchetti marchi marchini mariani marini
    mariotti marra marrone martelli martinelli martini martino martucci marziali masi masiero massa
    massari mastroianni mattei mattioli maurizi mauro mazza mazzanti mazzei mazzola mazzoleni
    mazzoni mele meloni menegatti meneghini merlini merlo messina micheli miele migliore milani
    milano milella minelli mirabella modica molinari molteni monaco mondini montagna montanari
    monti montini morandi morelli moretti mori moro moroni morra mosca moschini motta mura murgia
    murru mussolini mutti nanni nannini napoli napolitano nardi nardone natale natali navarra negri
    negro neri nicoletti nicolini nicolosi nobile nocera oliva olivieri orlandi orlando orsi orsini
    ottaviani padovani pagani paganini pagano palermo palladino palmieri palumbo pancaldi panzeri
    paoletti paoli paolini papa papini parisi parodi pasini pasquali pasqualini pastore patane
    pavan pavesi pavone pecora pedretti pellegrini pellegrino pelosi penna pepe perego peri perini
    perna perone perotti perrone persico pesce petrella petrelli petrini petrone petrucci pezzi
    piazza piazzi piccinini piccoli piccolo picone pieri pierini pini pinna pintus piras pirovano
    pisani pisano piva pizzi pizzuti poletti poli polidori politi pozzi prandi principe proietti
    pugliese pugliesi puglisi quaranta quattrocchi raimondi raineri rampazzo ranieri rapisarda
    ravasi ricci ricciardi riccio rigamonti righetti righi rinaldi riva rizzi rizzo rizzuto roberti
    rocca rocchi romagnoli romani romano romeo roncaglia ronchi rosati roselli rosi rossetti rossi
    rossini rosso rota rotondi rovere ruberto ruffini ruggeri ruggiero ruscica rusconi russo
    sabatini sacchi sacco salerno salvati salvatore salvi salvini sanfilippo sanna sannino
    santangelo santi santini santoro sapienza sarti sartor sartori sassi savini savino savoia scala
    scalia scarpa schiavi schiavo schiavone sciortino scognamiglio scotti scuderi semeraro serafini
    serpico sestito sgarbi siciliano silvestri silvestro simeoni simonetti simoni simonini sirianni
    soldati sormani sorrentino spada spadaro spagnoli spagnolo sparacino speranza spina spinelli
    stefani stefanini stella storti strada tagliabue tagliaferri talarico tamburini tarantino
    taranto tassi tedeschi tedesco terranova testa teti tinelli todaro tognoli tomasi tomasini
    tomassini tonelli torri toscano tosetti tosi traina tramontano trapani trevisan trevisani
    troiani troisi trotta tucci turati turco turri urso vacca vaccaro valenti valentini valentino
    valerio vanni vannucci varriale vecchi venditti venezia ventura venturi venturini verdi verga
    vernice viale vicari vigano vigna villani vinci viola virgilio visconti vitale vitali vitiello
    vito viviani volpe volpi zambelli zambon zampieri zanardi zanella zanetti zani zanini zanon
    zanotti zappa zecchini zini zito zoppi zuccaro zucchi zuliani
    """
}
