extension Surnames {
  /// Family names of France, Belgium, Quebec, Romandy.
  static let french = """
    aebischer allard amiot andre arnaud aubert aubry auger bailly barbe barbier bardet baron barre
    barthelemy baudin bazin beaulieu beaumont belanger benard benoit bergeron bernard bernier
    berset berthelot bertin bertrand besnard besson bigot billard bisson blais blanc blanchard
    blanchet blondel blouin bodin boisvert boivin bonhomme bonneau bonnet bonnin bossard bouchard
    boucher boudreau boulanger boulay bouquet bourbeau bourdon bourgeois bousquet boutin bouvet
    bouvier bovet boyer brault bretin breton briand brisset brodeur brossard brun bruneau brunet
    buisson bureau cadieux camus carlier caron carpentier carre cartier chabot chagnon champagne
    chappuis chapuis charbonneau charbonnier charest charlier charpentier charrier charron chartier
    chartrand chauvet chauvin chevalier chevalley chevallier claes clement cloutier colas colin
    collet collin comte cordier cormier cote coulon courtois cousin couture couturier croteau cuche
    cyr dafflon daigle daniel david debray declercq delage delahaye delattre delaunay delmas
    delorme denis deprez descamps deschamps desjardins desmarais devaud devaux diallo dias didier
    dion dore dubois dubreuil dubuc duchesne duclos ducrest dufour dufresne dugas duguay duhamel
    dumas dumont dumortier dumoulin duperre dupont dupre dupuis dupuy durand duval ethier etienne
    evrard fabre faucher faure favre favrod fernandes ferrand fleury fontaine forest fortier fortin
    foucher fouquet fournier fragniere fraser frechette frenette gagne gagnon gaillard gallant
    garcia garneau garnier gaudet gaudreau gauthier gautier gay genest genoud gerard germain
    gervais gilbert gilles gillet girard giraud giroux godard godin gosselin goulet goyette granger
    gregoire grenier grondin gros guay guerin guichard guignard guilbert guillaume guillemin
    guillet guillon guillot guimond guy guyot hamel hamelin hardy hebert henry herve hoarau hubert
    hudon huet humbert imbert jacquemin jacques jacquet jacquot jaquet jean jeanneret jobin jolivet
    joly josse joubert jourdan julien junod labbe labelle laberge labonte labrecque lachance
    lacombe lacroix laflamme lafleur lafond lafontaine laforest lagace lagarde lalonde lambert
    lambrecht lamontagne lamoureux lamy landry langevin langlois lapierre laplante lapointe laporte
    laroche larochelle larose larouche laurent lavallee lavigne lavoie lebeau lebel leblanc leblond
    lebreton lebrun leclerc leclercq leclere lecomte leconte lecoq leduc lefebvre lefevre lefort
    legault leger legrand legros lejeune lelievre lemaire lemaitre lemay lemieux lemoine lemonnier
    lenoir lepage lepine leroux leroy lesage lessard letourneau levasseur leveque levesque
    lhuillier loiseau lopez lortie louis lucas mace magnin mahe maillard maillet mallet mallette
    marchal marchand marechal marie marin marion marois marquis martel martin martineau marty masse
    masson mathieu matthey maurice maury menard mercier mercure merle messier meunier michaud
    michon millet milot monnard monnier moreau morel morin morissette mottet moulin nadeau navarro
    neveu nicolas noel normand olivier ouellet ouellette paquet paquette paquin paradis parent
    paris pasquier patry payet pelletier pepin perreault perrenoud perret perrier perrin perron
    perrot petit petitjean philippe picard pichon pierre pilon pineau pittet plante plourde poirier
    poisson poitras pons potvin poulain poulin pouliot prevost proulx provencher prudhomme racine
    raymond raynaud regnier remy renard renaud rey reynaud ricard richard rivard riviere robert
    robin rochat roche rocher rodrigue roger rolland rossignol rousseau roussel rousset roussy
    routhier roux roy royer ruchti sabourin salmon samson sanchez sauser sauvage sauve savard
    savary savoy seguin senechal simard simoneau simonis st-pierre surprenant tanguay tardif
    tessier tetreault theriault therrien thibault thibeault thierry tinguely toussaint tremblay
    trottier trudeau trudel turcotte turgeon vachon vaillant valentin vallee vallet vasseur verdier
    vermette vezina viau vidal villeneuve vincent voisin vuilleumier wauters
    """
}
