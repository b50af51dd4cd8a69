extension GivenNames {
  /// Given names of the United States: the more frequent of the 1990 census (public domain), and others.
  static let unitedStates = """
    abbey abbie abby abe abel abraham abram adan addie adelaida adelia adell adella adelle adolph
    adria adriane adrianna adrianne afton agatha aja alaina alan alana alanna alberta albertha
    albertine albina alden alec alecia alene alesha alesia aleta aletha alethea alexa alexandria
    alexia alfonzo alfreda alisa alisha alison alissa allan allen allene allie allison allyson alma
    almeda alonzo alpha alphonso alta altagracia althea alton alvin alvina alyce alycia alysia
    alyson alyssa amada amado amber america ami amie amy ana-maria anabel anastacia andrew andria
    andy angelia angeline angelita angella angie anglea anika anissa anitra annabel annabelle
    annamarie annetta annmarie anthony antionette antone antonette antony antwan anya april aracely
    arcelia ardis ardith aretha ariana arielle arleen arlene arline armida arnulfo aron arron art
    artie ash ashely ashlee ashleigh ashley ashlie ashly athena audra audry augustine augustus aura
    austin autumn avery avis awilda bailey bambi barb barbie barbra barney barrett barry barton
    basil bea beau becky belinda belle belva benita bennett bennie bernadine bernice bernie
    berniece bernita berry bertha bertie beryl bess bessie beth bethany betsy bette bettie betty
    bettye beulah beverley beverly bill billie billy birdie blaine blair blake blanch bobbi bobbie
    bobby bobbye bonita bonnie bonny booker boyd brad bradford bradley bradly brady brandee branden
    brandi brandie brandon brandy brant breanna breanne bree brendan brendon brenna brent brenton
    bret brett brian briana brianna brianne bridget bridgett bridgette brigette britney brittani
    brittany brittney brock brook brooke brooks bruce bryan bryant bryce bryon bud buddy buffy
    buford burl burt burton byron caleb callie calvin cameron cami candace candance candi candida
    candis candy cara caren carey cari carin carissa carleen carlene carlton carly carlyn carma
    carman carmel carmelita carmella carol carolann carolee carolyn carolynn caron carri carrie
    carrol carroll carson carter cary caryl caryn casey cassandra cassidy cassie catharine cathi
    cathie cathleen cathrine cathryn cathy catina catrina cecelia cecil cecily chad chadwick chance
    chanda chanel chang chantel chantelle charissa charisse charity charla charleen charlette
    charley charlie charmaine charolette chase chasity chastity chauncey chelsea chelsey chelsie
    chen cheri cherie cherise cherly cherri cherrie cherry cheryl cheryle chester chet cheyenne
    chiquita chong chris chrissy christal christen christene christi christiana christie christin
    christoper christopher christy chrystal chuck chung cierra cinda cindi cindy cinthia clair
    clare clarence claribel clarissa clark clay clayton cleo cleta cletus cleveland cliff clifford
    clifton clint clinton clive clyde colby cole coleen coleman colin colleen collette collin
    columbus connie coral corazon cordelia corene corey cori corine cornelius cornell corrie
    corrina corrine cortney cory courtney coy craig cristal cristin cristine cristy crystal curt
    curtis cyndi cynthia cythia dakota dale dallas dalton damaris damion damon dane danelle danette
    dani danial danita danna dannie dannielle danny dante danyelle daphne dara darci darcie daren
    darin darla darleen darlene darline darnell darrel darrell darren darrick darrin darryl darwin
    daryl davida davis dawn dawna dayna dean deana deandre deann deanna deanne deb debbie debbra
    debi debra debrah dedra deena deidra deidre delbert delia della delma delmar delmer delois
    delora delores deloris delphia demarcus demetra demetria demetrius dena deneen denice denna
    dennis denny denver deon derek derick derrick desirae dessie destiny devin devon dewayne dewey
    dewitt dexter diamond diann dianna dianne dillon dinah dion dionne dixie dollie dolly dominga
    dominic dominick don dona donald donita donn donna donnell donnie donny donovan donte dorcas
    doreen dorene doretha dori dorian dorinda dorotha dorothy dorris dortha dorthea dorthy dottie
    doug douglas dovie doyle drew duane dudley dulce dustin dusty dwain dwayne dwight earl earle
    earlene earline earnest earnestine eartha easter eboni ebony ed eddie eddy edie edna edwardo
    edwina edythe effie efren eileen elaina elana elba elbert eldon eldora eleanor eleanora
    eleanore elenor elia elida elijah elinor elisha elissa elizabeth elizebeth ellie elliot elliott
    ellis elma elmer elmira elmo elnora elouise elva elvera elvia elvin elvis elwood elyse emelia
    emerson emery emily emogene emory ena enedina enid enoch enriqueta erick ericka erin erma
    ernestina ernestine ernie errol ervin essie estella ethel ethelyn etta eula eun evalyn evan
    evangelina evangeline eve evelia everett everette evette evon evonne faith fallon fannie farrah
    fawn fay faye felecia felica felicita felicitas felipa felisha fern ferne filomena fletcher
    flor florene florida florine flossie floy floyd fonda forrest foster fran frances frankie
    franklin fred freda freddy frederick fredric fredrick freeman freida gail gale galen garfield
    garland garnet garrett garry garth gary gavin gay gaye gayla gayle gaynell gena genaro gene
    geneva geoff geoffrey george georgetta georgiana georgianna georgie georgina geralyn geri gerri
    gerry gertie gertrude gilda ginger ginny giselle gladis gladys glen glenda glenn glenna glory
    golda goldie grace gracie grady grant greg gregg gregoria gretchen gretta griselda grover
    guillermina gus gussie gwendolyn hailey hal haley hallie hank harlan harmony harold harriett
    harriette harris harrison harvey hattie haydee hayley hazel heather hellen henry herlinda
    hermelinda herschel hershel hester hettie hilary hillary hilton hiram holli hollie hollis holly
    homer hope hortencia hortensia houston howard huey hugh hulda hunter hyun ian idalia idella ila
    ilene iliana ima imogene india inez iola ione irvin irving irwin isaiah isaias isela isiah
    israel issac ivette ivory ivy jacalyn jack jackeline jackie jacklyn jackson jaclyn jacque
    jacquelin jacquelyn jacquline jada jaimie jake jamaal jamar jame jamel james jamey jami jamie
    jamison jammie janae janeen janel janell janelle janene janet janette janey janice janie janine
    jannette jared jarred jarrett jarrod jasmine jason jaunita jay jayme jayne jayson jazmin jeana
    jeane jeanetta jeanette jeanie jeanine jeanna jeannie jed jeff jefferey jefferson jeffery
    jeffrey jeffry jemma jena jenelle jenifer jeniffer jenkins jennette jenni jennie jennifer
    jenniffer jenny jerald jeraldine jeremiah jeri jerilyn jermaine jerold jerri jerrie jerrod
    jerrold jerry jersey jesica jess jesse jessie jettie jewel jewell jill jillian jim jimmie jimmy
    jo joan joanie joann joanne jocelyn jodi jodie jody joe joellen joesph joetta joey john
    johnathan johnathon johnetta johnie johnna johnnie johnny joi joleen jolene jolynn jonah
    jonathan jonathon joni jonna jonnie jordan josephina josh joshua josiah josie jovita joy joyce
    joycelyn juanita judi judie judson judy juli juliann julianne juliet julissa june jung junior
    justina kacey kaci kacie kaitlin kaitlyn kala kami kandace kandi kandice kandy kara kareem
    karie karissa karlene karolyn karon karri karrie karyn kasandra kasey kassandra kate katelyn
    katharine kathe katherine katheryn kathi kathie kathleen kathlene kathlyn kathrine kathryn
    kathryne kathy kathyrn katie katina katrina katy kay kaye kayla kaylee kecia keely keenan
    keisha keith keli kelley kelli kellie kelsey kelsie kelvin ken kendall kendra kendrick kenneth
    kennith kenny kent kenton kenya kenyatta keri kermit kerri kerrie kerry kesha keshia keven
    kevin kia kiara kieth kimberely kimberlee kimberley kimberly kip kira kirby kirk kirstin kisha
    kitty kizzy kori kory krista kristal kristan kristen kristi kristie kristopher kristy kristyn
    krystal krystle kum kumar kurtis kyla kyle kylee kylie kyong kyra kyung lacey laci lacie lacy
    ladonna lai lakeisha lakesha lakeshia lakisha lamar lamont lance landon lane lanette lani
    lanita lanny laquita larry larue lashanda lashawn lashonda latanya latasha latisha latonia
    latonya latosha latoya latrice latricia laureen laurel lauren laurette laurie lavada lavern
    laverne lavina lavon lavonda lavonne lawanda lawerence lawrence lazaro leandra leann leanna
    leanne leatha leatrice leda lee leeann leesa leigh leilani leisa lela leland lelia lemuel
    lenard lennie lenny lenora lenore leola leona leonel leonora leora leota leroy lesa leslee
    lesley lesli leslie lessie lester leta letha letitia lettie liana libby lila lilia lillian
    lillie lily lincoln lindsay lindsey lindy linette linnie linsey linwood lisette lissa lissette
    lita liz liza lizabeth lizbeth lizette lizzie lloyd logan lois lolita lon lona lonnie lora
    loraine loreen lorelei loren lorene lori lorie lorinda lorine lorretta lorri lorrie lottie
    louann louella louie louisa lovie lowell loyd lu luann luanne lucille lucretia lucy lue luella
    luke lula lulu lupita lura luther lyda lydia lyla lyle lyman lyn lynda lyndon lyndsay lyndsey
    lynette lynn lynne lynnette ma mable mac machelle mack mackenzie madeline madelyn madge madonna
    mae maegan magdalene maggie magnolia maira majorie malcolm malia malik malinda malissa mallory
    mamie mandi maranda marci marcie marcus marcy margaret margarette margarito marge margery
    margie margo mariah mariann maribeth maricela mariela marietta marilee marilou marilyn marilynn
    marisela marissa marita maritza marjory mark marla marlin marlo marlon marlyn marlys marquerite
    marquis marquita marsha marshall marti marty marva marvel mary maryann maryanne marybeth
    maryellen maryjane maryjo marylee marylin marylou marylyn mason mathew matt matthew mattie
    maude maudie maurine mavis maxie maxine may maybelle mayme maynard mayra mazie mckinley meagan
    meaghan mechelle mee meg meghan mel melba melisa mellisa mellissa melodie melody melonie melony
    melva melvin melvina mercy meredith merlin merrill merry mervin meryl meta micah micheal
    michell michelle mickey mickie migdalia mildred miles milford milissa millard millicent milo
    mimi mindi mindy miranda mireya mirian mirna mirta missy misti misty mitch mitchel mitchell
    mittie mitzi modesta mollie molly monroe monte monty morgan morris morton moses mozell mozelle
    murray myles myong myra myrna myron myrtice myrtis myrtle nakia nakisha nan nanci nancy nanette
    nannette nannie napoleon nate nathaniel neal ned nedra neil nelda nelida nell nelle nellie
    nelly nena nereida nettie neva ngozi nguyen nichelle nichol nicholas nichole nick nicki
    nickolas nicky nicolai nicolette nidia nikki nila nilsa ninfa nita noble nola nona norah noreen
    norene norine norman normand norris nova novella nydia ocie octavia odell odessa odis ok olen
    oleta olin oliva olive ollie oma omari ona opal ophelia ora oralia orpha orval orville otilia
    otis ouida owen paige palma pam pamala pansy paris parker pat patience patrica patsy patti
    pattie patty pearl pearlie pearline peggie peggy pennie penny percy perry pete phil philip
    philippa phillip phillis philomena phoenix phylis phyliss phyllis pinkie polly porfirio portia
    precious preston pricilla prince princess queen quincy quintin quinton rachael racheal rachelle
    racquel rae raleigh randa randal randall randell randolph randy raven ray raymundo reba rebekah
    reed regan reggie reginald reid reina renae renea renita reta retha rex reyna rhoda rhonda
    richelle richie rick rickey rickie ricky rico ridge riley river robbie robbin robby robt robyn
    rochelle rocky rod roderick rodger rodney rodrick rolanda rolland romona rona ronald ronda
    ronna ronnie roosevelt rosalee rosalina rosalinda rosaline rosalva rosalyn rosanne roscoe
    roseann roseanna roseanne roselyn rosemary rosendo rosie rosita roslyn ross rowena roxann
    roxanna roxanne roxie royal royce rubin ruby ruby-on rubye rudolph rufina russ russel russell
    rusty ruthann ruthie ryan sabra sadie sal salina sallie sally sam samantha samatha sammie sammy
    san sandi sandy sanford sanjuana sanjuanita santa santos saundra savannah scarlet scarlett scot
    scott scottie scotty seth seymour shaina shalonda shameka shamika shana shanda shandra shanell
    shani shanika shanita shanna shannan shannon shanon shante shantel shantell shara sharee sharen
    shari sharla sharlene sharon sharonda sharron sharyn shasta shaun shawanda shawn shawna shayla
    shayna sheena sheila shelby sheldon shelia shelley shelli shellie shelly shelton shena sheree
    sheri sherie sherilyn sherita sherman sheron sherri sherrie sherrill sherron sherry sherryl
    sheryl shiela shirlee shirlene shirly shonda sibyl sibylle sidney sierra sky socorro sondra
    sonny sonya spencer stacey staci stacia stacie stacy stan stanford stanley starla starr stefani
    stephaine stephani stephany stephen stephenie stephine sterling steve steven stevie stewart
    stone stormy stuart sue summer sung sunny sunshine susan susannah susie suzanna suzie suzy
    sybil syble sydney sylvester sylvia tabatha tabitha tad tamatha tameka tamela tamera tami tamie
    tammi tammie tammy tamra tana tanesha tangela tanika tanner tanya tarsha taryn tasha tawana
    tawanda tawanna tawnya taylor ted teddy teena tena tenisha tera terence terese teresita teressa
    teri terra terrance terrell terrence terri terrie terry tess tessa tessie thad theda theron
    thersa thomasina thurman tia tiana tiara tierra tiffani tiffanie tiffany tiffiny till tillie
    timmy timothy tisha toby tod todd tomasa tomeka tommie tonia tonja tony tonya tori tory tosha
    toya tracee tracey traci tracie tracy travis trena trent trenton tresa tressa tressie treva
    trevor trey tricia trina trinity trish trista troy trudy truman twila twyla ty tyler tyree
    tyrell tyron tyrone tyson ulysses vada valarie valencia valorie vance vaughn veda velda velia
    velma velva venessa venita venus verda vergie verla vern verna vernell vernice vernie vernita
    vernon verona vesta vickey vicki vickie vicky vikki vina violet virgie virgina vita viva vivian
    vonda vonnie wade waldo walker wallace wanita ward warren wayne weldon wendell wendi wendy
    whitney wilbert wilbur wilburn wilda wiley wilford wilfred wilfredo wilhelmina will willard
    willene william williams willie willis wilma wilmer wilton windy winfred winnie winnifred
    winona winston winter wm woodrow wynona yadira yetta yolonda zach zachariah zachary zachery
    zaida zandra zelda zella zelma zena zenaida zenobia zina zoila zona zoraida zula zulma
    """
}
