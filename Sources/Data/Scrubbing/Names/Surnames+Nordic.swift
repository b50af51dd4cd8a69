extension Surnames {
  /// Family names of Scandinavia, Finland, the Baltic beyond their endings.
  static let nordic = """
    aalto aaltonen aas aasen ahola ahonen akerman anttila astrom bakke balciunas balodis bech berge
    bergman berzins bjerkaas bjerke bjerregaard bjork bonde borg brekke bruun buch butkus dahl
    dahlgaard dalen dam damgaard degn eglitis eide ek ekstrom ellingsen engen engstrom falk fjeld
    fors forsberg foss friis frisk frost furu gade gjerde gregersen gren hagstrom hakala hald
    halonen hamalainen harju haug hauge haugen haugland hedegaard hedlund heikkila heikkinen
    heinonen helle hellstrom hietala hiltunen hjelm holm holmberg holmgren holmstrom holst honkanen
    hougaard hovland huttunen hyvonen ikonen ilves isaksson iversen jankauskas jansons jarvinen
    jokela jokinen juhl kaasik kallio kalnins karjalainen karppinen kask kauppinen kazlauskas
    keranen kettunen kinnunen kjaer kjaergaard kjeldsen kleven knutsen kofoed koivisto koivunen
    kokkonen kolstad korhonen koskela koskinen kosonen krag kragh krogh kron krumins kukk kuusk
    kvam laakso laaksonen lahti lahtinen laine laitinen lampinen lassen laur lauritsen lehtinen
    lehto lehtonen leino lepik leppanen lien liepins lind lindberg lindblom lindgren lindholm
    lindqvist lindroos lindstrom ljung ljungberg lofgren loken lokken luik lund lundberg lunde
    lundgren lundin lundqvist lundstrom luoma lynge magi makela makinen malm manninen mathiasen
    mattila mets miettinen mikkelsen moberg moe moilanen molgaard munk mustonen myhre mykkanen
    myllymaki myrvold nes ness niemi nieminen nissen noergaard norberg nord nordin nordstrom
    norgaard norregaard nurmi nurminen nyberg nyborg nygaard nygard nyman nystrom oberg ohman oja
    oksanen ollikainen ostberg ostergaard overgaard ozolins ozols paananen paju pakkanen palm parn
    partanen paulsen peltola peltonen pesonen petersons petrauskas pitkanen poulsen pukk pulkkinen
    raisanen rantala rantanen rasanen raud ravn rebane riis rinne risku ronkainen ronning ronningen
    rosen rud ruud saar saarela saari saarinen salmi salminen salo salonen sandberg sande sandstrom
    sandvik savolainen schou sepp seppala seppanen sillanpaa sipila sjoberg sjogren sjostrom skaar
    skoglund skov skovgaard soderberg sodergren soderlund soderstrom soendergaard solberg solheim
    sondergaard sorlie stankevicius steffensen stenberg stene stokke storm strand strandberg strom
    stromberg sundberg sunde sundin sundstrom svahn svane svard sveen tamm tangen teder thygesen
    tikkanen toft toivonen tomson tuominen turunen tveit vaher vaisanen vang vanhala vartiainen
    vestergaard vik viken viklund villadsen virtanen vold vuori wallin westberg westerlund wikstrom
    winther wold ylonen zarins zukauskas
    """
}
