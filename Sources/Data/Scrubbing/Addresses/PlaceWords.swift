/// Names of places, and words of them, folded.
enum PlaceWords {
  /// Cities, regions and countries that many texts name and that are also names or stand beside them.
  static let places = """
    aberdeen adelaide africa ahmedabad alabama alaska alberta almere america amsterdam ankara
    antwerp antwerpen argentina arizona arkansas armenia asia athens atlanta auckland austin
    australia austria baghdad baltimore bangalore bangkok bangladesh barcelona basel bath bavaria
    bayern beijing belfast belgie belgique belgium belgrade bengaluru bergen berlin bern bhopal
    bilbao birmingham bogota bologna bordeaux boston brasil brazil breda bremen bretagne brighton
    brisbane bristol britain brno bronx brooklyn bruges brugge brussel brussels bruxelles bucharest
    bucuresti budapest bulgaria cairo calgary california cambridge canada canberra caracas cardiff
    carolina charlotte chennai chicago chile china cincinnati cleveland cologne colombia colorado
    columbus connecticut copenhagen cordoba cork cornwall croatia cuba cyprus czechia dakota dallas
    delaware delhi denmark denver detroit deutschland devon doha dortmund dresden dubai dublin
    dusseldorf edinburgh edmonton egypt eindhoven england espana essen essex estonia ethiopia
    europe finland firenze florence florida france frankfurt galway gdansk geneva geneve genova
    gent georgia germany ghana ghent glasgow goa goteborg gothenburg granada graz greece groningen
    guadalajara gurgaon halifax hamburg hampshire hannover hanoi havana hawaii helsinki hessen
    holland houston hungary hyderabad idaho illinois india indiana indonesia indore innsbruck iowa
    iran iraq ireland israel istanbul italia italy izmir jackson jaipur jakarta jamaica japan jerez
    jersey jerusalem jordan jupiter kanpur kansas karnten kazakhstan kent kentucky kenya kiev
    kobenhavn kochi kolkata koln korea krakow kyiv kyoto lanka latvia lausanne lebanon leeds
    leicester leipzig lille lima linz lisboa lisbon lithuania liverpool lodz london louisiana
    lourdes lucknow lugano luxembourg luzern lyon madrid maine malaga malaysia malta manchester
    manhattan manila manitoba mantova mars marseille maryland massachusetts melbourne memphis
    mercury mexico miami michigan milan milano milwaukee minnesota mississippi missouri monaco
    montana montpellier montreal moscow mumbai munchen munich murcia nagpur nantes naples napoli
    nashville nebraska nederland nepal netherlands nevada newcastle nice nigeria nijmegen noida
    normandie norway nottingham nuremberg nurnberg oakland ohio oklahoma oregon orlando osaka oslo
    osterreich ottawa oxford pakistan palermo paris patna pennsylvania perth peru petersburg
    philadelphia philippines phoenix pisa pittsburgh poland portland porto portsmouth portugal
    poznan prague praha pune quebec queens quito reading rennes rhode riyadh roma romania rome
    rotterdam russia saarland sachsen sacramento saigon salamanca salzburg santiago saturn savoie
    schweiz scotland seattle seoul serbia sevilla seville shanghai sheffield shenzhen siena
    singapore slovakia slovenia sofia southampton spain steiermark stockholm strasbourg stuttgart
    suisse surat surrey sussex swansea sweden switzerland sydney syria taipei tampa tehran
    tennessee texas thailand thuringen tijuana tilburg tirol tokyo toledo torino toronto toulouse
    turin turkey ukraine utah utrecht valencia vancouver vatican venezia venice venus vermont
    verona victoria vienna vietnam virginia wales warsaw warszawa washington wellington wien
    winnipeg winterthur wisconsin wroclaw wyoming york yorkshire zagreb zaragoza zealand zurich
    """

  /// Words in front of the name of a place.
  static let placePrefix = """
    bad east el fort great la lake las los lower mount mt new nord north old port saint san santa
    santo sao south st ste sud upper west
    """
}
