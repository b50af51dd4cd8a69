extension GivenNames {
  /// Given names of the Netherlands and Flanders.
  static let dutch = """
    aafke aaltje aart ad adriaan adriana adrianus aleida alida alwin anneke annelies annemiek
    annemieke annet annigje ans arend arie arjan arjen arnoud aukje bart bas bastiaan bavo beatrijs
    bernadet bert bertus bieke bob boudewijn bram brechtje brigitta carlijn casper catharina cees
    charlotta christiaan coen cor cornelis daan dave debby derk desiree dick diederik dieuwertje
    dirkje douwe edwin eefje eelco eelke els elsbeth elselien emiel emmy erna esmee eveline evert
    femke fenna ferdi fieke fien fleur floor floris fons frans frederieke frits geert geertje
    geertruida gerben gerrit gertjan gijs goedele govert greet gretha griet guus haico hanneke
    hannie harm harmen harry hein heleen helma hendrik hendrika hendrikus henk henny herlinde
    herman hidde hilda huib ina ineke irma isa ivo ivonne jaap jacco jacob jacoba jacobus janna
    janneke jannetje jannie jantje jasmijn jasper jeanet jef jelle jeroen jesper jet jetske jikke
    job jochem joep johan joke jolanda jolien joop joost jordy jort jos josephus josien jurre
    jurriaan karel karlien kees kim klaas klaasje koen koenraad krijn kris kristof lammert lara
    laurens leen leendert lenneke lia lidewij lieke lies liesbeth lieve lieven lisanne lode loes
    lot ludo lut luuk maaike maarten machteld marco margreet marieke marije marijke marijn marit
    marja marjan marjolein marleen marloes martijn mathijs matthijs mees meindert menno merel
    merijn michiel mieke mien milou minke mirthe myrthe nanda nel nelleke nicolaas nicolien niek
    niels nienke noor noortje oscar paulien petronella piet pieter pieternel pim pol puck quinten
    ramon reinier remco rens renske rianne rik rinus rob robbert roel roeland roelof roos roy rudy
    rutger ruud saar saartje sander sanne sebastiaan sem senna siebe sien sietse sil sjaak sjoerd
    sjors sofie stef stefaan sterre stijn suus suzan suze sybren sytse teun teunis thijs thirza
    tijmen tijn tine tineke tjeerd toon tosca trijntje truus veerle wanda wannes wessel wiebe
    wiebren wiesje wietske wijnand willem willemien willemijn wim wout wouter xander yara zara
    """
}
