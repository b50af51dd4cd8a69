extension Surnames {
  /// Family names of the Netherlands and Flanders.
  static let dutch = """
    aalbers aarts achterberg ackermans adriaansen aerts akkerman alberts appelman arends baarda
    baars baas baerts bakker bakkers barends beek beekman beenen bekker bekkers berends berendsen
    bergsma berkhout beukers biesheuvel bijl blaauw bleeker blok blom boekel boer boers boersma
    boogaard boon boonstra bos bosch bosma bosman bouma bouwman bouwmeester brandsma breukelen
    brinkman broek broekhuizen broekman broer brouwer brouwers bruijn bruin bruinsma buijs buis
    buurman claessens clijsters coenen cools coppens cornelissen corstens cuypers daamen daems
    decoster dekker dekkers derksen desmedt desmet devos dewitte dhondt diepenbroek dierckx dijkman
    dijkstra dirks dirksen doorn drent drost duinker duivenvoorde dulmen eijk elzinga engelen evers
    eversen feenstra feijen franken franssen geerts gerrits gerritsen geurts gielen gijsbers
    goedhart goethals goossens graaf griffioen groen groenen groeneveld groot haan hamer hamersma
    hartog haverkamp heijden heijmans heijnen heinen hendriks hendriksen hermans hermsen heuvel
    heylen hoek hoekstra hoeven hofman hofstra holtrop hoogendoorn hoogland hopman horst houtman
    huijbers huisman huizinga hulst huybrechts jagers jannink janse janssens jaspers jong jongen
    jonker joosten kamp kampen kamphuis keizer kempen kersten keuning klaassen klaver kleijn klomp
    kloosterman knol kok kolk koning konings kooij koopman koopmans koster kraaij kroes krol kroon
    kruijt kuijpers kuiper kuipers lambrechts lamers lammers lauwers leeuw leeuwen lemmens lems
    leysen linden linders litjens loon lubbers maertens maes meer meerman meijer meijers melis
    meulen michels michiels mol molenaar mulder mulders naessens nelissen nieuwenhuis nijhof
    nijhuis nijland nijs noordhoek ooms oort oosterhuis oosting otten oudshoorn pauwels peeters
    penninckx pieters pietersen plas poel pol polman poot postma potters prins prinsen pronk
    raaijmakers reijnders reinders rekers reuver ridder rietveld rijk rijnders roelofs rooij roos
    roosendaal rozema ruiter sanders schaap scheepers scheffer schellekens schipper schippers
    scholte scholten schoonen schouten schreuder schreurs schut schuurman segers sikkema simons
    slager slot sluis smeets smets smit smits smulders snel snijders spaans spijker sprenger staal
    stam steen steenbergen stevens stienstra stokman stolk straten strijbos swart sweers terpstra
    teunissen theunissen thijssen thys timmer timmerman timmermans tromp tuinman tuytens
    uijttenboogaart vandamme vanden vandenberghe vandenbroucke vandeput vanderlinden vandevelde
    vanhaverbeke vanhoof vanhove velde veldhuis veldhuizen veldman ven verbeek verbeke verboom
    verbruggen verdonk verhaegen verhage verhagen verheijen verhelst verhoef verhoeven verkerk
    verlinden vermaat vermeer vermeersch vermeij vermeulen verschueren verschuren versteeg
    verstegen verstraete verstraeten verwoerd vink visscher visser vliet vos vries vroom wagenaar
    wal weerd welling werf westerhof wever wiersma wiggers wijk wijnen willems willemsen winkel wit
    wolters wolthuis woude wouters wuyts wyns zandstra zeeman zijlstra zon zonneveld zwaan zwart
    zwiers
    """
}
