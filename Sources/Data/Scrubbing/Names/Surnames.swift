/// Family names that are common in Europe, the Americas and South Asia, gathered from general
/// knowledge.
enum Surnames {
  static let hashes = WordHash.set(list)

  static let list = """
    abbott abdullah abraham acosta adams adkins adler agarwal aguilar ahmed ahmad aiken albrecht
    alexander ali allen alvarez alves anderson andersen andersson andrade andrews appel archer
    armstrong arnold arora arroyo ashton atkins atkinson austin avila ayala bach bailey baker bakker
    baldwin ball banks banerjee barber barker barnes barnett barr barrett barron barry bartlett barton
    bass bates bauer baumann baxter beach bean beard beck becker beckmann bell beltran bender benitez
    bennett benson berg berger bergmann bernard berry best bhatt bhattacharya bianchi bird bishop
    black blackburn blackwell blair blake blanc blanchard bloom boer bolton bond booth bos bosch
    boucher bouchard bowen bowers bowman boyd boyle bradford bradley bradshaw brady brandt braun
    brennan brewer briggs brink britt brock brooks brouwer brown bruce brun bruno bryan bryant buchanan
    buck buckley burgess burke burnett burns burton busch bush butler byrd byrne cabrera cain calderon
    caldwell callahan camacho cameron campbell campos cannon cantrell cardenas carlson carpenter carr
    carrillo carroll carson carter casey castillo castro chakraborty chambers chan chandler chandra
    chang chapman charles charpentier chase chavez chen cheng chevalier choi chopra choudhary chowdhury
    christensen christian chung church clark clarke clay clayton clements cobb cochran cohen cole
    coleman colin collins combs conley conner connolly connor contreras conway cook cooke cooper copeland
    cornelissen cortez costa costello coulter cox craig crawford crosby cross cruz cummings cunningham
    curtis da-silva dahl dalton daniel daniels das davenport david davidson davies davila davis dawson
    day de-boer de-groot de-jong de-vries dean decker dekker delacroix delacruz deleon delgado dennis
    desai deshpande diaz dickerson dickson diaz dietrich dijkstra dillon dixon dixit dominguez
    donaldson donnelly donovan doyle drake dubey dubois duchamp dudley dufour duke duncan dunlap dunn
    dupont durand duran durham dutta dyer eaton edwards eklund elliott ellis ellison engel erickson
    eriksen eriksson escobar esposito estrada evans everett farmer farrell faulkner faure fechner
    ferguson fernandes fernandez ferrari ferreira fields figueroa finley fischer fisher fitzgerald
    fitzpatrick fleming fletcher flores flynn foley fontaine forbes ford foster fournier fowler fox
    francis franco frank franke franklin frazier frederick freeman french freitas friedman friedrich
    fritz frost fry fuchs fuentes fuller gaines gallagher gallegos galloway gamble garcia gardner
    garner garnier garrett garrison garza gates gauthier gentry george gerard gibbs gibson gilbert giles
    gill gillespie gilmore girard glass glenn glover goldberg goldstein gomes gomez gonzales gonzalez
    good goodman goodwin gordon gould goyal graf graham grant graves gray green greene greer gregory
    griffin griffith griffiths grimes gross grünwald guerra guerrero guerin gupta guthrie gutierrez
    guzman haas hahn hale hall hamilton hammond hampton hancock hanna hansen hanson hardin harding hardy
    harmon harper harrell harrington harris harrison hart hartmann harvey hassan hastings hawkins hayes
    haynes heath hebert heinrich hein henderson hendricks hendriks hendrix henry hensley henson herman
    hermann hernandez herrera herring herrmann hess hester hewitt hickman hicks higgins hill hines hinton
    hobbs hodge hodges hoekstra hoffman hoffmann hofmann hogan holder holland holloway holmes holt
    hood hooper hoover hopkins hopper horn horne horton house houston howard howe howell huang hubbard
    huber hudson huerta huff huffman hughes hull humphrey hunt hunter hurley hurst hussain hutchinson
    hyde ibarra ibrahim ingram irwin iyer jackson jacobs jacobson jacquet jain jäger james janssen
    jansen jarvis jefferson jenkins jennings jensen jimenez johal johansen johansson johns johnson
    johnston jones jordan joseph joshi joyce juarez jung kaiser kane kapoor kapur karlsson kaufman
    kaufmann kaur keller kelley kelly kemp kennedy kent kerr khan khanna kim king kirby kirk klein
    kline knapp knight knox koch kohl kok kone könig kowalski kowalczyk kraft krämer kramer kraus krause
    krishnan krueger krüger kruger kuiper kumar lam lamb lambert landry lane lang lange langlois larsen
    larson larsson laurent lawrence lawson le leach leblanc lee lefebvre legrand lehmann leon leonard
    leroux leroy leroi lester levine levy lewis li lin lindberg lindgren lindsay lindsey liu livingston
    lloyd logan long lopes lopez lorenz love lowe lowery lucas ludwig lund luna lynch lynn lyons macdonald
    macias mack mackenzie maddox mahoney maier maldonado malhotra malik malone mann manning marchand
    mariani marin marino marks marquez marsh marshall martens martin martinez martini martins mason
    massey mathews mathis matthews maxwell may mayer maynard mayo mays mcbride mccall mccann mccarthy
    mcclain mcclure mcconnell mccormick mccoy mccullough mcdaniel mcdonald mcdowell mcgee mcguire
    mcintosh mcintyre mckay mckee mckenzie mckinney mclaughlin mclean mcmahon mcmillan mcneil mehta
    meier meijer mejia melendez melton mendes mendez mendoza menon mercado mercer mercier merritt meyer
    meyers michael middleton miles miller mills miranda mishra mitchell mitra moeller möller mohamed
    molina monroe montes montgomery montoya moody moon mooney moore mora morales moran moreau moreira
    moreno morgan morin morris morrison morrow morse morton moser moses mosley moss moyer mueller müller
    muhammad mukherjee mulder mullen muller mullins munoz murphy murray myers nagel naidu nair nash
    navarro neal nelson neumann neves newman newton nguyen nichols nicholson nicolas nielsen nielson
    nieves nixon noble noel nolan norman norris norton novak nowak nunes nunez obrien o'brien o'connor
    o'donnell o'neill o'reilly o'sullivan ochoa oconnor odonnell ojeda oliveira oliver olsen olson olsson
    oneal oneill ortega ortiz osborne osman otto owen owens pace pacheco padilla page palmer pandey pape
    park parker parks parrish parsons patel paterson patil patrick patterson patton paul payne pearson
    peck pedersen pena pennington pereira perez perkins perrin perry persson peters petersen peterson
    petit petrov pfeiffer phelps philips phillips pierce pietersen pillai pineda pinto pittman pohl
    ponce poole pope popescu porter post potter potts powell powers prasad pratt preston price prince
    proctor pruitt pugh qureshi quinn raj rajan ramirez ramos ramsey randall randolph rangel rao rasmussen
    ray raymond reddy reed reese reeves reid reilly reinhardt renard reyes reynolds rhodes ricci rice
    rich richard richards richardson richter riddle riley ritter rivas rivera rivers roach robbins
    roberts robertson robinson robles rocha roche rodgers rodrigues rodriguez roger rogers rojas rollins
    roman romano romero root rosales rosario rose rosen ross rossi roth rousseau roussel rowe rowland roy
    rubio ruiz rush russell russo ryan saad saha saini salas salazar salgado salinas sampson sanchez
    sanders sandoval sanford santana santiago santos saunders savage sawyer schaefer schäfer schmid
    schmidt schmitt schmitz schneider scholz schreiber schröder schroeder schubert schultz schulz
    schulze schumacher schuster schwartz schwarz schwab scott sehgal sen serrano seidel sellers sethi
    sexton shah shannon sharma sharp shaw shelton shepherd sheppard sherman shields short silva simmons
    simon simpson sims sinclair singh singleton sinha skinner slater sloan small smit smith smits snow
    snyder soares solis solomon soni sosa soto sousa sparks spears spencer stafford stanley stanton stark
    steele stein steiner stephens stephenson stevens stevenson stewart stokes stone stout strickland
    strong stuart suarez subramanian sullivan summers sutton suzuki svensson swanson sweeney sykes
    talley tan tanaka tanner tate taylor teixeira terrell terry thiel thomas thompson thomsen thomson
    thornton tiwari todd torres townsend tran travis trevino trujillo tucker turner tyler tyson underwood
    upadhyay valdez valencia valentine valenzuela van-dijk vance vargas varma vasquez vaughan vaughn
    vazquez vega velasquez velazquez velez verma vermeulen vincent visser vogel vogt voigt von-berg
    wade wagner walker wall wallace waller walls walsh walter walters walton wang ward warner warren
    washington wassenaar waters watkins watson watts weaver webb weber webster weeks wei weiss welch
    wells werner west weston whitaker white whitehead whitney wiese wiggins wilcox wilder wiley wilkerson
    wilkins wilkinson willems williams williamson willis wilson winkler winters winter wise witt wolf
    wolfe wolff wong wood woodard woods woodward wright wu wyatt xu yadav yang yates yilmaz young yu
    zamora zhang zhao zheng zhou ziegler zimmerman zimmermann zuniga kaya demir çelik şahin öztürk
    garcía gómez gonzález gutiérrez hernández jiménez lópez martínez méndez núñez pérez ramírez
    rodríguez sánchez suárez vázquez muñoz peña ibáñez díaz fernández álvarez guérin léger béranger
    lefèvre lemaître noël björk sjöberg öberg ström åkesson håkansson jørgensen sørensen köhler schön
    bähr groß weiß vögel größ löffler böhm bäcker jäger hübner kühn götz grönemeyer
    """
}
