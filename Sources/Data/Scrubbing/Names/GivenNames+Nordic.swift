extension GivenNames {
  /// Given names of Scandinavia, Finland, Iceland, the Baltic.
  static let nordic = """
    aare agneta aija aino aiste aivar aivars aki alf algirdas algot alva anders andris andrius
    anette ann anna-lena anneli anssi antanas antero ants antti arja arnar arto arturas arturs
    arvid asa asbjorn asdis aslaug asta audrius ausra baiba bengt benny bente berit bertil birger
    birgitta bjarne bjarni borje britt carl christer dace dag dagny daina dainius daiva dan darius
    dovile ebba edgars eero eeva egle eija eilif einar eino eirik elin elina elisabet elna erkki
    erling esa esbjorn eskil evald folke frederikke fredrik freja frida frode gediminas giedrius
    gintaras gitte gorm gosta greger grete gro gudmund gudny gunilla gunnar gunnel gunta guntis
    gunvor gustaf hakan halldor halvard halvor hampus hanne hannele hannu harri hedda hedvig heiki
    heikki helen helge helle helmi helvi henna hilkka hjalmar hrafn ieva iida iiro ilkka ilmari
    ilze indrek inese ingegerd ingela inger ingibjorg ingmar ingvar ingvild inkeri irja ivar ivars
    jaakko jaan jane jani janis janne jari jarkko jarl jarmo jeppe joakim joar jonny jorgen jorma
    jorunn josefin jouko jouni juha juhani juho jukka juozas jurate juris jussi justinas jytte
    kaarina kadri kaija kaisa kaj kalevi kalju kalle kari karlis kasper katarina katri kauko kaur
    keijo kersti kerttu kestutis kimmo kirsi kirsti kjell kjetil knud knut kolbrun kristian
    kristiina kristine kristjan kulli laila laima lasse lauri leena leif lene liga liis liisa linas
    linda line linnea lisbet lisbeth liv lone loreta lovisa ludvig maarit mads magne magnus maie
    maija maj malin mantas margareta mari marika maris marjatta marjo markku mart marte martins
    martti mati matilda matti mauri meelis merete merja mervi mette mihkel miika mika mikael mikkel
    mikko mindaugas minna mirja moa mogens mona morten nanna nerijus neringa niina njal noora nora
    normunds odd oddvar oili olafur olav olavi oline olli olof olov onni oona outi ove paavo paivi
    par pasi patrik peeter pekka pelle pentti pernilla perttu petras petri petter petteri piret
    pirjo pirkko pontus preben priit ragna ragnar ragnheidur ragnhild raija raili raimo raimonds
    ramunas randi rasa rasmus reidar reijo rein riho riikka riina rikke rimantas risto ritva roar
    rokas ronja runa rune ruta saara sakari salla sami sanna sari satu saulius seija seppo sigita
    signe sigridur sigurd sigurdur sigvard siim silje sindre sini sinikka siri sirje sirkka sirpa
    sisko siv sixten snorri soren staffan stein steinar steinunn stellan stian stig stina sture
    sune svante svein sveinn svend synnove tage taina taisto tanel tapani tapio tarja tarmo taru
    tarvo teemu teija terje tero terttu thor thorbjorn thordur thorunn tiina tiit tiiu tilde toivo
    tommi tommy tonu toomas torbjorn tord tore torgeir torgny torill torkel torleif tormod triin
    trine troels trond truls trygve tuija tuomas tuomo tuula tuva tyra uldis ulo ulrika unni unto
    urban urho urmas urpo urve vagn vaino valdas valdis valtteri veera vegard veikko veli vesa
    vibeke vidar vigdis viggo vija vilhelm vilija viljo ville vilma virpi vytautas yngve zane
    zivile
    """
}
