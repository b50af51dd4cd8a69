extension Surnames {
  /// Family names of the United States: the 5,000 most frequent of the 1990 census (public domain), and
  /// others.
  static let unitedStates = """
    aaron abbott abell abernathy abner abney abraham abrams abreu acker ackerman ackley adair adame
    adams adamson adcock addison adkins agee agnew aguayo aguiar ahern aiello aiken ainsworth akers
    akesson akins alaniz albertson albright albritton alcorn alderman aldrich aldridge aleman
    alexander alford alfred alger alicea allan allen alley allison allman allred almanza almond
    alonzo alston altman ambrose ames ammons amos amundson anaya andersen anderson andersson andrew
    andrews andrus angel angelo anglin angulo anthony antoine antonio apodaca aponte apple
    applegate appleton archer archibald archie archuleta arellano armenta armijo armstead armstrong
    arndt arnett arreola arrington arriola arsenault arteaga arthur artis asbury ash ashby ashcraft
    ashe asher ashford ashley ashmore ashton ashworth askew atchison atherton atkins atkinson
    atwell atwood august augustine ault austin autry avery aviles ayers ayres babb babcock baber
    babin baca bachman backer bacon badger badillo baer baggett bagley bagwell bailey bain baines
    bair baird baker balderas baldridge baldwin bales ballard ballinger ballou banda bandy banks
    bankston banner bannister banuelos baptiste barba barbee barber barbour barclay bard barden
    barela barfield barger barham barker barkley barksdale barlow barnard barnes barnett barnette
    barney barnhart barnhill barr barraza barrett barringer barron barrow barrows barry bartholomew
    bartlett bartley barton basham baskin bass bassett batchelor bateman bates batiste batson
    batten battle battles batts baugh baughman baum bauman baumgardner baxley baxter baylor bayne
    bays beach beal beale beall beals beam beaman beamon bean beane bear beard bearden beardsley
    beasley beattie beatty beaty beauchamp beaudoin beaudry beauregard beaver beavers bechtel
    beckett beckham beckman beckwith becnel bedard bedford beebe beeler beers beeson begay begley
    belcher bell bellamy belt belton benavidez bender benedict benefield benge benjamin benner
    bennett benson bentley benton beranger bergstrom berlin berman bernstein berrios berry berryman
    berube bess betancourt bethea bethel bettencourt bettis betts betz beverly bevins bey bible
    bickford biddle bigelow biggs billings billingsley billiot billups bilodeau binder bingham
    binkley birch bird bishop bittner bivens bivins black blackburn blackman blackmon blackwell
    blackwood blaine blair blake blakely blalock blanchette bland blankenship blanks blanton
    blaylock bledsoe blevins bliss blocker blodgett bloom blount blue blunt blythe boatman
    boatright boatwright bobbitt bobo boehm boettcher bogan boggs bohannon boland bolden bolduc
    bolen boles bolin boling bolling bollinger bolt bolton bond bonds bone bonner booker boone
    booth boothe bordelon borden borders boren bosley bostic bostick boston boswell bottoms
    boudreaux bounds bourne bourque bowden bowen bowens bower bowers bowie bowler bowles bowlin
    bowling bowman bowser boyce boyd boyette boykin boyle boyles boynton bozeman bracken brackett
    bradbury braden bradford bradley bradshaw brady bragg branch brandenburg brandon branham
    brannon branson brant brantley braswell bratcher bratton braxton bray brazil breaux breeden
    breedlove breen breland brennan brenner brent brewer brewster brice bridges briggs brigham
    bright briley brill brim brink brinkley brinson briones briscoe briseno britt brittain britton
    broadnax broadway brock brockman broderick brody brogan bromley bronson brookins brooks
    brookshire broome brothers broughton broussard browder brower brown browne brownell browning
    brownlee broyles brubaker bruce brumfield bruner bruns brunson bruton bryan bryant bryson
    buchanan bucher buckingham buckley buckner buffington buford buie bull bullard bullock
    bumgarner bunch bundy bunker bunn bunnell bunting burbank burch burchett burchfield burden
    burdette burdick burge burgess burk burke burkett burkhart burkholder burks burleson burley
    burnett burnette burney burnham burns burnside burr burrell burris burroughs burrow burrows
    burt burton busby bush buss bussey butcher butler butterfield butts buxton byars byers bynum
    byrd byrne byrnes caban cade cady cagle cahill cain caldwell calhoun calkins callaghan callahan
    callaway callender calloway calvert calvin camarillo cambell cameron campbell canada canady
    canales candelaria canfield cannon cantrell cantu cantwell canty capps caraway carbajal carden
    carder cardoza cardwell carey carl carlin carlisle carlos carlson carlton carmack carman
    carmichael carnahan carnes carney carpenter carper carr carranza carrico carrington carroll
    carson carswell carter cartwright carver cary casanova casey casillas caskey cason casper cass
    cassell cassidy casteel castle castleberry caswell cate cates cathey catlett cato catron
    caudill caudle causey cavanaugh cavazos cave cazares cecil ceja centeno chacon chadwick chaffin
    chalmers chamberlain chamberlin chambers chambliss champion chan chance chandler chaney chapa
    chapin chapman chappell charles charlton chase chastain chatman chavarria chavis cheatham cheek
    cheney cherry chesser chester chestnut chew childers childress childs chilton chin chinn
    chisholm chism chisolm chitwood choate chong christensen christenson christian christiansen
    christianson christie christman christmas christopher christy church churchill cintron clancy
    clanton clapp clark clarke clarkson clary clausen clawson clay clayton cleary clegg clem
    clemens clements clemmons clemons cleveland clevenger clifford clifton cline clinton close
    clough clouse coates cobb cobbs coble coburn cochran cochrane cockrell cody coe coffey coffin
    coffman coggins cohn coker colbert colburn colby cole coleman coles coley collazo collett
    collette colley collier collins colson colvin colwell combs comeaux comer compton comstock
    conaway concepcion condon cone conger conklin conley conn connell connelly conner conners
    connolly connor connors conover conroy conway conyers cook cooke cooks cooksey cooley coombs
    coon cooney coons cooper cope copeland copley corbett corbin corbitt corcoran cordell cordova
    corey corley cornejo cornelius cornell cornett cornish cornwell corona corral corrigan cortez
    corwin cosby cosgrove costello cota cothran cotter cottle cotton cottrell couch coughlin
    coulter council courtney cousins covert covey covington cowan coward cowart cowell cowles
    cowley cox coy coyle coyne crabtree craddock craft craig crain cramer crandall crane cranford
    craven crawford crawley crayton creamer creech creed creel creighton crenshaw cress crews
    crider crisp crist criswell crittenden crocker crockett croft cromer cromwell cronin crook
    crooks crosby cross crouch crouse crow crowder crowe crowell crowley crum crump crumpton cruse
    crutcher crutchfield cuevas culbertson cullen culp culpepper culver cummings cummins cunningham
    cupp curley curran currie currier curry curtin curtis cushing cushman custer cutler da-silva
    dabbs dabney dailey dale daley dallas dalton daly damico damon damron dancy danforth dangelo
    daniels danielson danner darby darden darling darnell dasilva daugherty daughtry davenport
    davidson davies davila davis davison dawkins dawson dayton de-boer de-groot de-jong de-vries
    dean deane deaton deberry deboer dees dehart dejesus delacroix delacruz delagarza delaney
    delarosa delatorre deleon delgadillo dell dellinger deloach delong delossantos delvalle demarco
    demers dempsey denham denman denney denning dennis dennison denny denson dent denton derosa
    derr derrick desantis desimone devine devito devlin devore devries dew dewey dewitt dexter
    deyoung diamond dibble dick dickens dickerson dickey dickinson dickson diehl diggs dill dillard
    dillon dingle dinkins dionne dix dixon dobbins dobbs dobson dockery dodd dodds dodge dodson doe
    doherty dolan doll dominquez donahue donald donaldson donley donnell donnelly donohue donovan
    dooley doolittle doran dorman dorris dorsey dortch doss dotson doty doucette dougherty doughty
    douglas douglass dove dover dow dowd dowdell dowdy dowell dowling downes downey downing downs
    doyle dozier drake draper drayton drew driggers driscoll drummond drury dubose duchamp duckett
    duckworth dudley duff duffy dugan duggan dugger duke dukes dulaney dunaway dunbar duncan dunham
    dunlap dunn dunne dunning dupree durant durbin durden durham durkin durr dutton duvall dwyer
    dyer dykes dyson eads eagle earl earle earley earls earnest easley eason easter easterling
    eastman easton eaton eaves echevarria echols eck eddy eden edgar edmond edmonds edmondson
    edward edwards egan eggleston eklund elam elder eldridge elias elkins eller ellington elliot
    elliott ellis ellison ellsworth elmore elrod elston ely emanuel embry emerson emery emmons eng
    england engle english ennis enos enright epperson epps epstein erdmann erickson eriksen
    eriksson ervin erwin escamilla escobedo eskridge espinal espino estep estes estrella etheridge
    ethridge eubanks evans everett everhart everson ewing ezell faber fagan fahey fain fairbanks
    fairchild fairley faison fallon falls fannin fanning farley farmer farnsworth farr farrar
    farrell farrington farris farrow faulk faulkner faust fawcett fay fechner feeney felder
    feliciano felix fellows felton felts fender fennell fenner fenton fenwick ferguson ferrell
    ferris ferry field fielder fields fierro fife finch fincher findley finley finn finnegan finney
    fish fisher fishman fisk fitch fite fitts fitzgerald fitzpatrick fitzsimmons flagg flaherty
    flanagan flanders flanigan flannery fleck fleming flemming fletcher flint flood flora florence
    florez flournoy flowers floyd flynn fogarty fogg fogle foley folk folse folsom foltz fong
    fontenot foote forbes ford foreman foret forman forney forrest forrester forsyth forsythe fort
    fortenberry fortner fortney fortune foster fountain foust fowler fowlkes fox foy fraley france
    francis francisco francois franklin franks frantz frasier frazer frazier frederick fredericks
    fredrick fredrickson freed freedman freeland freeman freese french frick friday fried frierson
    fries frizzell fry frye fryer fugate fulcher fulkerson fuller fullerton fulmer fulton fultz
    funderburk fuqua furlong furman furr gabbard gable gaddis gaddy gaffney gage gaines gainey
    gaither galarza galbraith gale gall gallagher galloway galvez galvin gamble gamboa gandy gann
    gannon gant gantt garber gardiner gardner garland garmon garner garnett garrett garris garrison
    garvey garvin gary gaskin gaskins gass gaston gates gatewood gatlin gault gavin gayle gaylord
    gaytan gearhart geary gee geer gentry gerald german getz gibbons gibbs gibson gifford
    gilbertson gilbreath gilchrist giles gillen gillespie gillette gilley gilliam gilliland gillis
    gillum gilman gilmer gilmore gilson ginn gipson gist givens gladden gladney glasgow glass glaze
    gleason glenn glover glynn goad goble goddard godfrey godwin goebel goetz goff goforth goins
    gold golden golding goldsmith goldstein gonsalves gooch goode gooden goodin gooding goodman
    goodrich goodson goodwin goolsby gordon gore gorham gorman goss gossett gough gould gower grace
    grady graff gragg graham grant grantham graves gray grayson greathouse green greenberg greene
    greenfield greenlee greenwood greer gregg gregory greiner gresham grey grice grider grier
    griffin griffis griffith griffiths griggs grigsby grimes grimm grisham grissom griswold groce
    groff grogan gronemeyer grooms grossman grove groves grubb grubbs grunwald guajardo guenther
    guffey guido guidry guillory guinn gulley gunderson gunn gunter gurley gustafson guthrie guyton
    haase hacker hackett hackney hadden hadley hagan hager haggard haggerty haight hailey haines
    hairston hakansson halcomb hale hales haley hall hallman halsey halstead halverson hamblin
    hamby hamilton hamlin hamm hammer hammett hammond hammonds hammons hampton hamrick hancock
    handley hanes haney hankins hanks hanley hanlon hannah hannan hannon hanson harbin hardaway
    hardee harden hardesty hardin harding hardison hardman hardwick hare hargett hargis hargrave
    hargrove harkins harlan harless harley harlow harman harmon harness haro harp harper harr
    harrell harrington harris harrison harry hart harter hartley hartman hartnett hartwell harvey
    harwell harwood haskell haskins hass hassell hastings hatch hatcher hatchett hatfield hathaway
    hatley hatton havens hawes hawk hawkins hawks hawley hawthorne hay hayden hayes haynes hays
    hayward haywood hazel headley headrick healey healy hearn heath heaton heckman hedgepeth hedges
    hedrick heffner heflin hefner heilman helm helms helton hembree hemphill henderson hendon
    hendrick hendricks hendrickson hendrix henke henley hennessey hensley henson herbert herman
    herndon herrick herrin herring herrington herron hershberger hester hetrick hewitt heyward
    hiatt hibbard hickey hickman hicks hickson higdon higginbotham higgins higgs hightower hildreth
    hill hillard hilliard hillman hills hilton himes hindman hinds hines hinkle hinson hinton
    hitchcock hite hitt hixson hoag hobbs hobson hodge hodges hodgson hoff hoffman hogan hogg hogue
    hoke holbrook holcomb holcombe holden holder holguin holiday holland hollenbeck holley holliday
    holliman hollingsworth hollins hollis holloman holloway holly holman holmes holt holton holtz
    homan homer honeycutt hood hook hooker hooks hooper hoover hope hopkins hopper hopson horan
    horne horner horning hornsby horowitz horsley horton hoskins hostetler houck hough houghton
    houle houser houston howard howe howell howerton howes howland hoy hoyle hoyt hubbard
    huddleston hudgens hudgins hudson hudspeth huey huff huffman huggins hughes hughey hull hulsey
    hume humes humphrey humphreys humphries hundley hunt hunter huntington huntley hurd hurley
    hurst huskey hussey huston hutchens hutcherson hutcheson hutchings hutchins hutchinson
    hutchison hutson hutto hutton hyatt hyde hyland hylton hyman hynes ingalls ingle ingraham
    ingram inman irby ireland irish irizarry irons irvin irvine irving irwin isaac isaacs isaacson
    isbell isom ison israel iverson ives ivey ivory ivy jack jackman jacks jackson jacobsen
    jacobson jacoby jaeger james jameson jamieson jamison janes jankowski jarman jarrell jarrett
    jarvis jasper jay jaynes jefferies jeffers jefferson jeffery jeffrey jeffries jenkins jennings
    jensen jenson jernigan jerome jessup jeter jett jewell jewett jobe joe johal johansen johansson
    johns johnson johnston joiner jolley jones jordon jorgensen jorgenson jose joseph joy joyce
    joyner judd jude judge judkins julian justice justus kahn kaminski kane karlsson karr kasper
    kauffman kaufman kay kaye keane kearney kearns keating keaton keck kee keefe keefer keegan keel
    keeler keeling keen keenan keene keener keeney keeton keister keith kell kelleher kelley
    kellogg kellum kelly kelsey kelso kemp kemper kendall kendrick kennedy kenney kenny kent kenyon
    kerns kerr kersey ketchum keyes keyser kidd kidwell kiefer kilgore killian kilpatrick kimball
    kimble kimbrell kimbrough kimmel kinard kincaid kinder king kingsbury kingsley kinney kinsey
    kirby kirk kirkland kirkpatrick kirkwood kiser kish kitchens kline klinger knight knott knotts
    knowles knowlton knox knudsen knudson knutson koehler koenig koonce koontz kovach kowalski
    kozlowski krieger kroll krueger krug kunkel kuntz kurtz kuykendall kyle lacey lackey lacy ladd
    ladner lafferty lahr laird lake lamar lamb lamm lancaster lance landers landis landon landrum
    lane laney langdon langford langley langston lanham lanier lankford lanning lantz larkin larry
    larsen larson larsson larue lash lashley lassiter laster latham latimer lattimore lauer
    laughlin lavender lawhorn lawler lawless lawrence laws lawson lawton layman layne layton lea
    leach leahy leak leake lear leary leatherman leavitt leboeuf lebron leclair ledbetter ledet
    ledford ledoux leeper lees legg leggett lehman leigh leighton lemaster lemke lemmon lemon
    lemons lemus lennon lentz leonard lerma lerner leroi leslie lester levine lew lewandowski lewis
    leyva libby liddell lieberman lightfoot lightner ligon liles lilley lilly limon lincoln lindley
    lindquist lindsay lindsey linkous linn linton linville lipscomb lister littlefield littlejohn
    littleton lively livingston lloyd locke lockett lockhart locklear lockwood loera loftin loftis
    lofton loftus logan logsdon logue lohr lomax lombard london loomis looney loper lord lott love
    lovejoy lovelace loveless lovell lovett loving lowe lowell lowery lowman lowry loy loya loyd
    luce luciano luckett lujan luke lumpkin lundy lunn lunsford lusk luster luther luttrell lyle
    lyles lyman lynch lynn lyon lyons lytle mabe mabry macdonald mackay mackenzie mackey mackie
    macklin maclean macleod macmillan macon macpherson madden maddox madigan madison madsen maestas
    magana magee maggard magnuson maguire mahaffey mahan maher mahon mahoney major majors maki
    malcolm mallard malley mallory malloy malone maloney maness mangum manley manning manns
    mansfield manson manuel maple maples marble march marcotte marcum marcus mares mark markham
    markley marks marler marlow marlowe marr marroquin marsh marshall martell martindale martinson
    martz marvin mason massey massie mast masters masterson matheny matheson mathews mathias mathis
    matlock matney matson matteson matthew matthews mattingly mattison mattos mattox mattson
    mauldin maupin maxey maxfield maxwell mayberry mayers mayes mayfield mayhew maynard mayo mays
    mcadams mcafee mcalister mcallister mcarthur mcbee mcbride mccabe mccaffrey mccain mccall
    mccallister mccallum mccann mccants mccarter mccarthy mccartney mccarty mccaskill mccauley
    mcclain mcclanahan mcclary mccleary mcclellan mcclelland mcclendon mcclintock mcclinton
    mccloskey mccloud mcclung mcclure mccollum mccombs mcconnell mccool mccord mccorkle mccormack
    mccormick mccoy mccracken mccrary mccray mccreary mccrory mccue mcculloch mccullough mccune
    mccurdy mccurry mccutcheon mcdade mcdaniel mcdaniels mcdermott mcdonald mcdonnell mcdonough
    mcdougal mcdougall mcdowell mcduffie mcelroy mcewen mcfadden mcfall mcfarland mcfarlane mcgee
    mcgehee mcghee mcgill mcginnis mcgough mcgovern mcgowan mcgrath mcgraw mcgregor mcgrew mcgriff
    mcguire mchenry mchugh mcinnis mcintire mcintosh mcintyre mckay mckee mckeever mckenna mckenney
    mckenzie mckeon mckeown mckinley mckinney mckinnon mcknight mclain mclane mclaughlin mclaurin
    mclean mclemore mclendon mcleod mcmahan mcmahon mcmanus mcmaster mcmichael mcmillan mcmillen
    mcmillian mcmullen mcmullin mcmurray mcnabb mcnair mcnally mcnamara mcnamee mcneal mcneely
    mcneil mcneill mcnulty mcnutt mcpherson mcqueen mcrae mcreynolds mcswain mcvay mcvey mcwhorter
    mcwilliams meacham mead meade meador meadows mears medley medlin medlock medrano meehan meek
    meeker meeks melancon mello melton melvin mendenhall mercer meredith merrell merrick merrill
    merriman merritt messenger messer metcalf metzler meyers meza michael michaels mickens
    middleton milam milburn miles miley millard miller milligan milliken mills milne milner milton
    mims miner minnick minor minter minton mintz mitchel mitchell mixon mize mobley mock moeller
    moen moffett moffitt mojica monaghan monahan mondragon moniz monk monroe monson montague
    montano montemayor montez montgomery moody mooney moore moorman mora morehead moreland morey
    morgan moriarty morley morrell morrill morris morrison morrissey morrow morse mortensen morton
    mosby moseley moses mosher mosier mosley moss moten motley mott moulton moultrie mount mouton
    mowery moye moyer mueller muhammad muir mulkey mull mullen mulligan mullin mullins mullis muncy
    mundy munger munn munson murdock murphy murray murrell murry muse musgrove musselman musser
    myers myles myrick nabors nagle nail najera nall nance napier naquin naranjo narvaez nash nason
    nathan nation nava naylor neal nealy necaise needham neel neeley neely neff negrete negron neil
    neill nelms nelson nesbitt nesmith nestor nettles neuman nevarez neville newberry newby newcomb
    newell newkirk newman newsom newsome newton nicholas nichols nicholson nickel nickerson nielsen
    nielson niles nix nixon noble nobles noe nolan noland nolen noonan norfleet noriega norman
    norris norton norwood nowell nowlin noyes nugent nunley nunn nutt nutter nye o'brien o'connor
    o'donnell o'neill o'reilly o'sullivan oakes oakley oaks oates obrien obryan ocasio ochs
    oconnell oconner oconnor odell oden odom odonnell odum ogden ogle oglesby ohara okeefe oldham
    olds oleary oliphant olivarez olivas olive olivo olmstead olsen olson olsson olvera omalley
    oneal oneil oneill ontiveros oquendo oreilly ornelas orosco orourke orr orth orton osborn
    osborne osburn osgood oshea osteen ostrander osullivan oswalt otis otoole outlaw overby
    overstreet overton owen owens pace packard packer padgett pagan paige paine painter palmer
    pannell pantoja parham parish parker parkinson parks parnell parr parris parrish parrott parry
    parson parsons partin partridge passmore pate paterson patrick patten patterson patton pauley
    paulk paulson paxton payne payton peace peachey peacock pearce pearl pearsall pearson pease
    peck pedersen pederson pedigo pedroza peebles peek peel peeler peeples peltier pemberton pence
    pender pendergrass pendleton penn pennell pennington penny penrod peoples pepper perdue perea
    perkins perry perryman persson peter peterman peterson petrie pettigrew pettis pettit pettway
    petty peyton phelan phelps phifer philips phillip phillips phipps pichardo pickard pickens
    pickering pickett pierce pierson pike pilcher pina pinckney pinkerton pinkney pinkston pinson
    piper pipkin pippin pitcher pitman pitre pitt pittman pitts platt pleasant plummer plunkett poe
    pogue poindexter pointer polanco poland poling polk pollack pollard pollock pomeroy pond ponder
    pool poole poore pope porter porterfield posey poston potter potts pounds powell power powers
    prater prather pratt prentice prescott presley pressley preston prewitt price prichard pride
    pridgen priest prince pringle pritchard pritchett proctor proffitt prosser provost pruett
    pruitt pryor puckett pugh pullen pulley pulliam purcell purdy purnell purvis putman putnam pyle
    qualls quarles queen quigley quillen quinlan quinn quinones quiroz race rader radford rafferty
    ragan ragland ragsdale raines rainey rains raley ralph ralston ramey ramsay ramsey rand randall
    randle randolph raney rankin ransom rash rasmussen ratcliff ratliff rawlings rawlins rawls
    rayburn rayford raynor razo rea reagan reardon reaves rector redd redden reddick redding redman
    redmon redmond reece reed reeder reedy rees reese reeve reeves regalado regan reid reilly
    reinhart reiss reitz renfro reno renteria reynolds reynoso rhea rhoades rhoads rhoden rhodes
    rhyne rice rich richards richardson richey richie richmond rickard ricker ricketts rickman
    ricks riddell riddick riddle ridenour rider ridgeway ridley rife rigby riggins riggs rigsby
    riley rinehart ring ripley ritchey ritchie rivers roach roark robb robbins roberge roberson
    roberts robertson robey robinette robins robinson robison robson roby rock rockwell roddy roden
    roderick rodgers rodman rodriquez roe rogers roland roller rollins rome romo roney rooney root
    roper roque rosas rosenbaum rosenthal ross rosser rounds roundtree rountree rouse roush rowan
    rowe rowell rowland rowley royal roybal royster rubin ruby rucker rudd ruff ruffin runyan
    runyon rupert rupp rush rushing russ russell rust ruth rutherford rutledge rutter ryan ryder
    sabo saddler sadler sage sager salcido saldivar salisbury sallee salley salter salyer sam
    sammons sampson sams samuel samuels sanborn sanderson sandlin sands sanford sapp sargent sasser
    satterfield saucedo saucier saul sauls saunders savage sawyer sawyers saxon saxton sayers
    saylor sayre scales scanlon scarborough scarbrough schaefer schaeffer schaffer schell schofield
    schon schoonover schrader schwartz schweitzer scoggins scott scribner scroggins scruggs scully
    seal seale seals seaman searcy sears seaton seay seeley seely seibert selby sellars sellers
    sena settle settles severson seward sewell sexton seymore seymour shackelford shade shafer
    shaffer shanahan shank shanks shannon sharkey sharp sharpe shaver shaw shay shea shearer
    sheehan sheets sheffield shelby sheldon shell shelley shelly shelton shepard shephard shepherd
    sheppard sheridan sherman sherrill sherrod sherry sherwood shields shifflett shinn shipley
    shipman shipp shirley shively shivers shockley shoemaker shook shore shores short shorter
    shrader shuler shull shultz shumaker shuman shumate sibley sides sigler sigmon sikes silas
    siler sills silver silverman silvers silvia simmons simms simone simonson simpkins simpson sims
    sinclair singletary singleton sipes sisco sisk sisson sizemore skaggs skeen skelton skidmore
    skinner skipper slade slagle slater slaton slattery slaughter slayton sledge sloan slocum slone
    small smalley smalls smallwood smart smiley smith smithson smoot smothers smyth snead sneed
    snell snider snipes snodgrass snook snow snowden snyder soileau soliz solomon somers somerville
    sommers sonnier soper sorensen sorenson sorrell soule southard southerland southern sowell
    sowers spain spalding spangler spann sparkman sparks sparrow spaulding spear spearman spears
    speed speer speight spellman spence spencer sperry spicer spillman spinks spivey spooner
    spradlin sprague spriggs spring sprouse spruill spurgeon spurlock squires stacey stack
    stackhouse stacy stafford staggs staley stallings stallworth stamm stamper stamps stanfield
    stanford stanley stansberry stanton staples stapleton starkey starks starling starnes starr
    staten staton stclair steadman stearns steed steel steele steffen stegall steinberg stephen
    stephens stephenson stepp sterling stevenson steward stewart stidham stiles stillman stillwell
    stiltner stine stinnett stinson stitt stjohn stockton stoddard stoker stokes stoll stone stoner
    stonge storey story stott stout stovall stover stowe stowers stpierre strader strain strange
    stratton street streeter strickland stricklin stringer strong strother stroud stroup strunk
    stuart stubblefield stubbs stuckey stull stump sturdivant sturgeon sturgill sturgis styles
    suggs sullivan summerlin summers sumner sumpter surratt sutherland sutter sutton svensson
    swafford swan swank swann swanson swartz swearingen sweat sweeney sweet swenson swift swisher
    switzer swope sykes sylvester taber tabor tackett taft taggart talbert talbot talbott tallent
    talley tapp tarver tate tatum tavares taylor teague teal teel teeter temple templeton tennant
    tenney terrell terrill terry thacker thames thao tharp thatcher thayer theriot thibodeau
    thibodeaux thigpen thomason thompson thomsen thomson thorn thornburg thorne thornhill thornton
    thorp thorpe thorton thrash thrasher thurman thurston tibbetts tibbs tice tidwell tierney
    tijerina tiller tillery tilley tillman tilton timmons tindall tinker tinsley tipton tisdale
    titus tobias tobin todd tolbert toler toliver tolley tolliver tom tomlin tomlinson tompkins
    toney toro torrence totten towle townes towns townsend tracey tracy trahan trammell trapp trask
    travers travis traylor treadway treadwell treat trent tribble trice trimble triplett tripp
    trombley trotter trout troutman trowbridge troy truitt tubbs tuck tucker tuggle turley turman
    turnbull turner turney turpin tuttle tyler tyner tyree tyson ulmer underhill underwood upchurch
    upshaw upton usher utley vail valadez valentine van van-dijk vanburen vance vandiver vandyke
    vanhoose vanhorn vanmeter vann vanover vanwinkle varner varney vaughan vaughn vaught veal velez
    venable venegas verdin vernon vest vick vickers vickery victor villarreal villasenor vines
    vinson von-berg voss vue waddell wade wadsworth waggoner wagoner waite wakefield walden waldron
    waldrop walker wall wallace wallen waller walling wallis walls walsh walston walters walton
    wampler ward warden ware warfield warner warren washburn washington wassenaar wasson waterman
    waters watkins watson watt watters watts waugh wayne weatherford weatherly weathers weaver webb
    webber webster weddle weed weeks weems weinberg weiner weinstein weir welch weldon welker
    wellman wells welsh wentworth wentz wertz wesley west westbrook wester westfall westmoreland
    weston whalen whaley wharton whatley wheat wheatley wheaton wheeler whelan whipple whitaker
    whitcomb white whited whitehead whitehurst whiteman whiteside whitfield whiting whitley
    whitlock whitlow whitman whitmire whitmore whitney whitson whitt whittaker whitten whittington
    whittle whitworth whyte wick wicker wickham wicks wiggins wilbanks wilber wilbur wilburn wilcox
    wilde wilder wiles wiley wilhite wilke wilkerson wilkes wilkins wilkinson wilks willard willett
    willey william williams williamson willie williford willingham willis willoughby wills willson
    wilmoth wilson wilt wimberly winchester windham windsor winfield winfrey wing wingate wingfield
    winn winslow winstead winston winters wise wiseman wisniewski witcher withers witherspoon
    withrow wofford wolcott wolfe wolford womack wood woodall woodard woodbury woodcock wooden
    woodley woodruff woods woodson woodward woodworth woody wooldridge wooley wooten worden workman
    worley worrell worsham worth wortham worthington worthy wray wren wright wyant wyatt wylie
    wyman wynn wynne yancey yarborough yarbrough yates yazzie ybarra yeager yee yocum yoder york
    yost young youngblood younger yount zeigler zielinski zimmerman zook
    """
}
