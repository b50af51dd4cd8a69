extension CommonWords {
  /// Words of everyday English: those written small at least four times, and more often than with a
  /// capital, in 17,000 texts of open question, support and dialogue sets; and words of offices.
  static let english = englishToL + englishFromM

  private static let englishToL = """
    abandoned abbreviation abdomen abdominal abilities ability able abnormal abortion abortions
    about above abrasive abroad abs absent absolute absolutely absorb absorbed absorbent abstract
    abuse abused abusive ac academic accent accents accentuate accept acceptable acceptance
    accepted accepting accepts access accessed accessible accessing accessories accessorize
    accessory accident accidental accidentally accidents accommodate accomplish accomplishing
    accomplishments according accordingly accordion account accountant accounted accounting
    accounts accuracy accurate accurately accused accustomed acetone achieve achieved achievements
    achieving achive acid acidic acids acknowledge acne acorns acoustic acquire acquiring acre
    acres acronym across acrylic act acted acting action actions activate activated activating
    activation active actively activities activity actor actors actress acts actual actually ad add
    added addict addicted addiction addicts adding addition additional additives address addressed
    addresses adds adequate adhesive adjectives adjust adjustable adjusting adjustments adjusts
    admin administer administered administering admission admit admitted adopt adopted adoption
    adoptive ads adult adults advance advanced advantage advantages adverse advertise advertised
    advertisement advertisements advertising advice advisable advise affair affairs affect affected
    affection affects afford affordable afraid africa african after aftermath afternoon aftershave
    afterward afterwards again against age aged agencies agency agenda agent agents ages aggressive
    aggressively aging ago agree agreed agreement agrees ahead aid aids aim ain air airflow airline
    airlines airplane airport airtight aisle alarm albino alcohol alcoholic ale alert algorithms
    alias alien aliens align aligned alive alkaloids all allergic allergies allergy alleviate alley
    alligator alligators allow allowance allowed allowing allows almond almonds almost aloe alone
    along alongside aloof alot alphabet already also alter altered alternate alternative
    alternatives although altogether aluminum always am amazing amber ambiguous ammonia ammonium
    amoeba amoebae among amongst amount amounts amoxicillin amplification amusement an anacondas
    anal analysis analyst analyze analyzing anatomy anchor ancient and android anger angle angles
    angry animal animals ankle ankles annex anniversary announcement announcer annoyed annoying
    annual anonymous anonymously another answer answered answering answers antelopes antenna
    antennas anti antibacterial antibiotics antifa ants anxiety anxious any anymore anyone anything
    anytime anyway anyways anywhere apart apartment apartments api apiece apologize apothecary app
    appeal appealing appeals appear appearance appearances appeared appearing appears appendix
    appetite appetizers applaud apple apples applesauce appliance applicable application
    applications applied applies apply applying appointment appointments appreciate approach
    approaches approaching appropriate appropriately approval approve approved approximately apps
    apr apricots april apron apt aquarium arcade arch architect are area areas aren arena argue
    argued argument arguments arm armed armpits arms army aroma arose around arousal arouse aroused
    arrange arranged arrangement arrangements arranging array arrest arrested arrival arrive
    arrived arrives arriving arrogant arrow arrows arsenic art artery arthritis artichokes article
    articles articulate artifacts artificial artist artistic artists arts artwork as asap asian
    asians aside ask asked asking asks asleep aspects asphalt aspirin ass assasin assassin assault
    assemble assembly assess assessment assets asshole assholes assigned assignment assignments
    assist assistance assistants associated association associations assume assumed assumes
    assuming assumption assumptions astringent at ate atheists athlete athletes athletic atmosphere
    atrocities attach attached attachment attack attacked attacker attacking attacks attempt
    attempted attempting attempts attend attendance attendant attended attending attention attire
    attitude attitudes attn attorney attract attracted attraction attractive attributes auction
    auctions audible audience audio audiobook audiobooks audited auditorium audits aug august aunt
    authentic author authorities authority authorize authorized autism autistic auto automatic
    automatically automotive autumn available avenue average averaged averages avocado avocados
    avoid avoided avoiding awake awarded aware awareness away awesome awful awkward ax axe axis
    babies baby babysitting bachelor back backend backers background backing backpack backs
    backstroke backup backwards backyard bacon bacteria bad badges badly badminton bag bagel bagels
    baggy bags bait bake baked baker bakery bakes baking balance balanced baldness bales ball
    ballet balloon balloons balls balm balms ban banana bananas band bandages bands banging bangs
    bank banking banks banned bar barbell bare barefoot bark barking barks barn barrel barrels
    barrier barriers bars base baseball baseballs based basic basically basics basin basis basket
    basketball basketballs baskets basswood bat batch batches bath bathe bathed bathing bathroom
    baths bathtub baton bats batter batteries battery bay bbm be beach beaches beaded beads beakers
    beam bean beanie beans beanstalk bear beard bears beat beating beats beautiful beauty became
    because become becomes becoming bed bedroom bedrooms beds bedtime beef been beer bees beeswax
    beetles before beforehand began begin beginner beginners beginning begins begonias behalf
    behave behavior behavioral behaviors behind beige being beings belief beliefs believe believed
    believer believes bell bellies belly belong belonging belongs below belt belts bench bend
    bending bends beneath beneficial beneficiary benefit benefits bent bentonite berries beside
    besides best bet betrayed better between beverage beverages beyond bias biased biases bicycle
    bicycles bid bids big bigamy bigger biggest bike biked bikes bikini bill billboards billiards
    billing billion billions bills bin biological biology bios bird birdhouse birds birdseed birth
    birthday birthdays biscuit biscuits bit bitch bitcoin bite bites biting bits bitten bitter
    bizarre black blackberries blackface blackmail blackmailer blackmailing blacks blade blades
    blah blame blaming blank blanket blankets blasphemy blazer blazers bleach bleached bleaching
    bleed bleeding blemishes blend blender blending blew blind blinds blinking blisters block
    blocked blocking blocks blog blogs blonde blood blooms blouse blouses blow blowfish blowing
    blown blows blt blue blueberries blueberry blues bluish blur blurred blurring blush bmi board
    boarding boards boat boats bodies bodily body boil boiled boiler boiling bold bolder bolt bolts
    bomb bomber bombs bond bone boner bones bongos bonus boobs book booked booking bookmarks books
    bookstore boolean boomers boost boot booties boots booze border bored boring born borrow
    borrowed borrows boss bot both bother bothered bothering bots bottle bottled bottles bottom
    bought bounce bounces bouncy bound boundaries bouquet bouquets bow bowel bowl bowling bowls
    bows box boxes boxing boy boyfriend boys bra brace bracelet bracelets braces braid braiding
    braids brain brains branch branches brand brands brass brassiness bratty breach bread
    breadcrumbs breading break breakage breakfast breaking breakouts breaks breakup breast breasted
    breastfeeding breasts breath breathe breathing breaths breed breeder breeding breeds brew
    brewed brick bricks bride bridesmaid bridge brie brief briefcase briefly bright brighter
    brightest brimmed bring bringing brings bristle bristled bristles brittle broad broader
    broccoli brochures broke broken bronze brooch brother brothers brought brow brown brownie
    brownies brows browser bruises brunettes brush brushed brushes brushing brutal btw bubble
    bubbles bucket buckets buckle bucks budget buff bug bugfix bugs build building buildings builds
    buildup built bulb bulbs bulk bulkfilechanger bulky bull bullet bullshit bully bullying bump
    bumper bumps bun bunch bunches bundle bundles bunny burden burger burgers burial buried burn
    burned burner burning burns burnt burp burritos burrs bury bus buses bush bushes business
    businesses bust busy but butcher butchers butt butter butterflies butterfly button buttons buy
    buyer buyers buying buys buzz by cab cabin cabinet cabinets cable cables cafe cafeteria
    caffeine cage cages cake cakes calcium calculate calculated calculates calculating calculations
    calculator calendar calf call callback called calling callous calloused callouses calls
    calluses calm calorie calories cals calves came camel camels camera cameras camp campaign
    campsite campus can cancel canceled cancelled cancer candidates candies candle candles candy
    canes canine cannabis cannibal cannibalism cannibals canning cannoli cannolis cannot canoe cans
    cant cantaloupe canteen canvas cap capable capacity cape capelet capita capital capitalism
    capitol caps capsule capsules captcha capture captured captures capturing car carb
    carbohydrates carbon card cardboard cardiac cardio cardiovascular cards care career careful
    carefully cares cargo caring carnations carnival carpet carpets carried carrier carries carrot
    carrots carry carrying cars cart cartographers carton cartons cartoon cartridge cartridges
    carts cartwheels carve carves carving case cases cash cashier castile castles castor castration
    casual casually casualties cat catapult catapults catch catches catching categories category
    caterpillars catfish catholic cats caught cause caused causes causing caustic caution cautious
    cavity cd ceiling ceilings celebrate celebrates celebrating celebration celebrity celery cell
    cells celsius cemetery cent center centerpiece centerpieces centers centimeter centimeters
    central centre cents centuries century ceo ceos cereal ceremony certain certainly certificate
    certificates certification certified cervical chain chains chair chairs chalk chalkboard
    challenge challenged challenges challenging chamber chance chances change changed changelog
    changes changing channel chaos chapped chapter chapters character characteristic
    characteristics characters charcoal charge charged charges charging charity charms chart chase
    chases chasing chat chatbot chatting chav cheap cheaper cheapest cheat cheated cheating check
    checked checking checkout checks cheddar cheek cheeks cheer cheering cheerleaders cheers cheese
    cheesecake cheesecakes cheesy cheetah chef chemical chemicals chemistry cheque cherries cherry
    chess chest chew chewing chews chic chicken chickens chief chihuahua child childhood children
    chili chin chip chips chives chlorine chocolate chocolates choice choices choir choke choose
    chooses choosing chop chopped chopping chops chopsticks chords chore chores chose chosen
    christmas chrome chug chugging chunk chunks church churches cider cigarette cigarettes cinnamon
    circadian circle circles circuit circular circulation circumference circumstances cities
    citizen citizens city civil civilian civilians ck cla claim claims clapping claps clarification
    clarify clarifying clarisonic class classes classic classical classmate classmates classroom
    classrooms clause claws clay clean cleaned cleaner cleaners cleaning cleanliness cleans cleanse
    cleanser cleansers cleansing clear clearance cleared clearer clearing clearly clears cleavage
    clerk clever click clicking client clients cliff climate climates climb climbed climber
    climbing climbs clinic clip clipper clippers clips clock clockwise clog close closed closely
    closer closes closest closet closets closing cloth clothes clothing cloths clots cloud clouds
    cloudy clovers clown clownfish club clue clumps cluster cluttered cm co coach coaches coals
    coarse coast coaster coat coated coating coats cobbler cobs coca cocaine cock cockroaches
    cocktail cocoa coconut code coerce coffee coffees coin coins cola colander cold colder colic
    collapse collar collars colleagues collect collected collecting collection collector collects
    college collie cologne color colored colorful coloring colors colour coloured colouring columns
    com coma comb combat combination combinations combine combined combining combo come comes
    comfort comfortable comfortably comic coming command commands commencement comment comments
    commercial commission commit committed committing common commonly communicate communicating
    communication communion community compact companies company compare compared comparing
    comparison compartment compartments compass compassion compassionate compatible compelling
    compete competing competition competitive competitors complain complaint complaints complement
    complements complete completed completely completes completing completion complex complexion
    complicated complications compliment compliments component components composed composer
    composition compound compounds compressed compromise compromised computer computers conceal
    concealed concealer concentrate concentrated concentration concept conception concepts concern
    concerned concerns concert concise conclude conclusion concrete condiments condition
    conditioned conditioner conditioners conditioning conditions condone conduct cone cones
    conference confidence confident config confirm confirmed conflict conflicts conform confused
    confusing confusion congas connect connected connecting connection connections cons conscious
    consciousness consecutive consent consequence consequences conservative consider considerate
    consideration considerations considered considering considers consist consistency consistent
    consistently consists console consonants conspiracy constant constantly constipation
    constitutes constitution constitutional construct constructed construction consult consultant
    consultation consulting consume consumed consumer consumers consumes consuming consumption
    contact contacted contacting contactless contacts contain contained container containers
    containing contains content contents contest contestants contests context contexts continually
    continue continued continues continuing continuously contract contractor contrast contrasting
    contribute contributed contribution contributions control controlled controlling controversial
    controversy convenience convenient conversation conversations converse convert convey convicted
    conviction convince convinced cook cooked cooker cookie cookies cooking cooks cool cooled
    cooler coordinates coordination cop cope copies copper cops copy cord cordial cordials core
    corn corner corners corns coronavirus corporal corporate corporation corporations correct
    correctly correspond corresponding corrupt corrupted corset cosmetics cost costs costume cotton
    couch cougars cough coughing coughs could couldn council councilman counseling counselor count
    counted counter counterclockwise counterfeit counterfeiting counters countertop counties
    counting countries country counts county couple couples coupon courier course courses
    coursework court courtesy courthouse courts courtship cousin cousins cover coverage covered
    covering covers covid cow cowboy coworker coworkers cows cpr crabs crack cracked crackers
    cracks cradle craft crafts craftsman crane crank crap crash crashed crate crates craving crawl
    crayon crayons crazy cream creams creamy crease create created creates creating creation
    creative creativity creator creators creatures credit credited credits creeped crepe crew
    crickets cries crime crimes criminal criminals crisis crisp criteria critical criticize
    criticizing crochet croissant croissants crooked crop crops cross crossed crossing crossword
    croutons crowd crowded crown crucial cruel cruelty cruise crumpled crunches crush crushed
    crushing cry crying crypto crystal crystals csd ct cubes cubic cubs cucumber cucumbers cue cues
    cuff cuisine cult cultural culturally culture cultures cunt cup cupboard cupcake cupcakes cups
    cure curing curiosity curious curl curled curler curlers curling curls curly currencies
    currency current currently curse curtain curtains curve curved curves curvy cushion cuss
    custard custody custom customer customers customize cut cute cuticle cuticles cutlery cuts
    cutters cutting cyanide cyber cycle cycles cylinder dab dad daily dairy daisies damage damaged
    damaging damn damp dampen dance danced dancer dancers dances dancing dandelion danger dangerous
    dangers dark darker darkest dash dashboard data database date dated dates dating daughter
    daughters dawn day daycare days de dead deadline deadly deal dealer dealers dealership dealing
    deals dear death deaths debate debit debris debt debtor debts debug dec decades decay deceased
    december decent decide decided decides deciding decimal decision decisions deck decks decline
    declined declining decor decorate decorating decorations decorative decrease decreases
    decreasing decrypt dedicated deducted deep deepen deeper deepest deeply deer default defective
    defend defending defense defensive defibrillation define defined definitely definition
    definitions deformation defraud degree degrees dehydration delay delete deleting delicate
    delicious deliver delivered deliveries delivering delivers delivery demand democracy democrats
    demographic demonstrate demonstrates demonstrating demonstration denied denim dental dentist
    deny deodorant deodorants departing department depend dependent depending depends depilatory
    depleting deposit deposited depositing deposits depressed depression dept depth dermatitis
    dermatologist derogatory descended describe described describes describing description
    descriptions desert deserve deserves design designated designed designer designing designs
    desirable desire desired desires desk desks desktop desperate despite dessert desserts
    destination destinations destroy destroyed destroying destruction destructive detail detailed
    details detangle detect detected detection detector detergent determination determine
    determined determines determining develop developed developer developers developing development
    deviation device devices deviled devops devout dewy di diabetes diabetics diacetyl diagnose
    diagnosed diagnosis dial dialogue diameter diamond diaper diapers diaries diarrhea dice dicks
    dictate dictionary did didn didnt die died dies diet dietary diethylamide diets differ
    difference differences different differently difficult difficulties difficulty diffuse diffuser
    dig digest digestive digging digital digits dignity digoxin dilute dime dimension dimensions
    dimes dine dining dinner dinosaur dioxide dip diploma dips direct directed direction directions
    directly director dirt dirty disabled disadvantages disagree disagreed disappear disappeared
    disappearing disappointed disappointment disassemble disaster disc discard discipline
    disclaimer discoloration discomfort discount discounted discounts discourage discover
    discovered discovers discreet discriminate discrimination discs discuss discussed discussion
    disease diseases disguise disgusting dish dishes dishwasher disk dislike dismounts disorder
    disorders display displayed displaying displays disposable disposal dispose disproportionate
    disproportionately dispute disrespected disrespectful disrupt dissertation dissolution dissolve
    dissolved dissolves distance distances distilled distilling distinction distinguish
    distinguishing distract distracted distraction distractions distressed distribute distributed
    distribution disturb disturbed ditch dive divergent diverse diversity dives divide divided
    dividers divides dividing diving division divorce dizziness do dock docs doctor doctors
    document documents does doesn doesnt dog dogfighting dogs doing doll dollar dollars dollop
    dolls domain domestic dominant dominate dominated donate donated donates donation donations
    done donkey dont donut donuts door doorbell doors dork dosage dose doses dot dots double
    doubled doubles doubling doubt dough doughnuts doves down downhill download downloaded
    downloading downloads downtown downward downwards dozen dozens draft drafted drafting drag
    dragging dragon dragons dragonvale drain drainage drained drama dramatic drank drastic draw
    drawer drawers drawing drawings drawn draws dreadlocks dreads dream dreamed dreams dress
    dressed dresses dressing dressy dribbling dried dries drift drill drills drink drinking drinks
    drip dripping drive driven driver drivers drives driveway driveways driving dromedaries drop
    dropped dropping drops drove drown drowned drug drugged drugs drugstore drugstores drum drums
    drunk dry dryer dryers drying dryness duck ducklings ducks duct dude dudes due duffel dug dull
    dumb dump dumpster dune dupatta duplicate duplicated durable during dust duties duty dwarf dye
    dyed dyeing dying dynamite each ear earbuds earlier early earn earned earning earnings earns
    earring earrings ears earth earthquake ease easier easiest easily east easter eastward easy eat
    eaten eaters eating eats echo economic economics economy ecstasy edge edges edit educate
    educated education educational effect effective effectively effects efficiency efficient effort
    efforts egg eggnog eggplant eggplants eggs ego eight ein either elaborate elastic elbow elbows
    elderly elected election electric electrical electricity electrodes electronic elegant
    elementary elements elephant elephants elevator eligible eliminate elite elliptical else
    elsewhere elves email emails embarrassed embarrassing embroider emergency emotion emotional
    emotionally emotions empathize empathy empires employ employed employee employees employer
    employers employment empty emptying en enable enclosure encounter encounters encourage
    encouraged encouraging encrypted end ended ending endpoint ends enemies enemy energy enforce
    enforced enforcement engage engaged engagement engages engaging engine engineer engineering
    engines enhance enjoy enjoyable enjoyed enjoying enjoys enormous enough enrolled enrollment
    enrolls ensure ensures ensuring enter entered entering enters entertain entertainment entire
    entirely entirety entitled entrance entree entrees entry envelope envelopes environment
    environmental environments episode episodes epsom equal equality equally equals equation
    equipment equipped equity equivalent erase erasers errands error errors escalation escape
    especially espressos essay essential essentially establish established establishment estate
    esteem estimate estimated estimates estrogen etc ethical ethically ethics ethnic ethnicities
    ethnicity ethylene eulogy euphemism euros evade evaluate even evening evenly event events
    eventually ever every everyday everyone everything everywhere evidence evil evolution ex exact
    exactly exaggerated exam examination examine example examples exams exceed exceeded excel
    excellent except exception excess excessively exchange exchanged exchanges exchanging excited
    excitement exciting excluded exclusively excrement excruciating excuse execute executed
    execution exercise exercised exercises exercising exert exfoliant exfoliate exfoliating
    exfoliator exhaust exhibit exist existed existence existing exists exit exotic expand expect
    expectancy expectations expected expecting expects expelled expend expense expenses expensive
    experience experienced experiences experiencing experiment experiments expert expertise experts
    expiration expire expired expires expiring explain explaining explains explanation expletives
    explicit explode exploit exploitation explore explorer exploring explosive explosives export
    expose exposed exposure express expressed expression expressions expungement extend extended
    extends extension extensions extensive extent exterior exterminated extermination external
    extra extract extracted extraction extractor extraterrestrial extreme extremely extremists eye
    eyebrow eyebrows eyeglasses eyelashes eyelid eyelids eyeliner eyes eyeshadow fabric fabrics
    face facebook faced faces facial facilitate facilities facility facing fact factor factors
    factory facts factual fad fade fades fading faggots fahrenheit fail failed failing fails
    failure fair fairest fairly faith faithful fake faking fall fallen falling falls false familiar
    familiarity familiarize families family familysearch famous fan fancy fantasy far fare farm
    farmer farmers farming farms farther fashion fashionable fast fastener faster fastest fasting
    fat fatal father fats faucet fault faux favicon favor favored favorite favorites favors
    favourite fax fear fearful fears feat feather feathering feathers feature featured features feb
    february fecal feces fed federal fee feed feedback feeder feeding feeds feel feeling feelings
    feels fees feet fell felony felt female females feminine fence fencing fenugreek fermented
    fermenting ferret fertilizer feta fetch fetish fetus fever few fewer fi fiat fiber fibers
    fiction fictional field fields fifteen fifth fifths fifty fight fighter fighting fights figure
    figured figures figurines figuring file filer files fill filled filling fills film filming
    films filter filtered filters filthy final finally finances financial financially find finders
    finding finds fine finely fines finger fingering fingernail fingernails fingerprints fingers
    fingertips finish finished finishes finishing fire firearms fired fireplace fires firewood
    fireworks firing firm firmly firmness firmware first fish fisherman fishers fishes fishing fist
    fists fit fitbit fitness fits fitted fitting five fix fixed fixing fixtures flag flagpole flags
    flagstones flakes flaky flame flames flaming flamingo flamingos flammable flared flares flash
    flashcards flashes flashing flashlight flashy flat flatline flats flattened flatter flattering
    flatters flavor flavored flavors flawless flaws flaxseeds flea fledgling flesh flew flexibility
    flexible flies flight flights fling flip flipping flips flirting float floating floats flock
    floor floors flops floral florists flour flow flower flowering flowers flowing flows flu
    fluentu fluffy fluid fluids flunk flunked flush flute fly flyaways flyers flying foam focal
    focus focused focusing foil fold folded folder folders folding folks follicles follow followed
    followers following follows font food foods fool fooling foolproof foot footage football
    footballs footprints footwear for forbidden force forced forces forcing forearm forecast
    forefinger forehead foreign forest forever forget forgetting forgive forgot forgotten fork
    forks form formal format formed former forming forms formula formulas formulated forth forty
    forum forums forward foul found foundation foundations founded founder four fourth fourths
    fraction fractures fragile fragrance fragrances fragrant frame frames framework francs fraud
    fraudulent free freebase freecycle freedom freelancer freely freeway freeze freezer freezing
    french frequency frequent frequently fresh freshen freshly friday fridge fried friend friendly
    friends friendship fries frightened frigidaire fringe frisbee frisbees frivolous frizz
    frizziness frizzy frog frogs from front frontend frost frosting frozen fruit fruits fruity
    frustrated frustrating frustration fry frying fsd ft fuck fucked fucker fucking fuel fulfill
    fulfilling full fully fumes fun function functional functions fund fundamentals fundraiser
    fundraising funds funeral funerals fungal funnel funny fur furniture further fusion future fyi
    gain gained gaining gains galaxy gallery gallon gallons game games gang gangs gap garage
    garbage garden gardening garlic garment garrote gas gasoline gate gateway gather gathered
    gathering gauge gave gay gazelle gear gears geckos ged gel gelatin gemstones gender gendered
    general generally generate generation generous genes genetic genetically genie genitals genius
    genocide genre genres gentle gently genuine genuinely gerbil gerbils germ germs gesture
    gestures get getaway gets getting ghetto ghosts giant gift gifted gifts ginger gingerbread
    gingivitis girl girlfriend girls github give given gives giving glad glamorous glamour glands
    glass glasses glee glitter global gloss glossy glove gloves glow glowing glue gluten gnomes go
    goal goalie goals goats god goers goes going gold golden goldfish goldfishes golf gone gong
    gonna good goods google gorgeous gorilla got gotten gov government governments gps grab
    grabbing grabs grace grade graders grades gradual gradually graduate grain grains gram grammar
    grams grand grandchildren granddaughter grandfather grandma grandmother grandpa grandparent
    grandparents granola grape grapes graphic graphics grass grassy gratuities grave gravel graves
    gravity gray grease greasy great greater greatest greatly greek green greens grew grey grid
    grief grieve grill grime grind grinding grip grips grit groceries grocery groom groomed
    grooming groping gross grossest ground grounded grounding grounds group groups grow growing
    grown grows growth gsm guard guardians guards guess guesses guessing guest guests guidance
    guide guidelines guides guilt guilty guinea guitar guitarra guitars gum gumballs gummy gums gun
    guns gunshot guppies gut guys gym gymnastics habit habits hack hackers hacking had hadn hair
    hairbrush haircut haircuts hairline hairs hairspray hairstyle hairstyles hairy half halfway
    hall halloween halves ham hamburger hamburgers hammer hamper hamsters hand handbook handed
    handful handgun handguns handheld handing handkerchief handle handled handler handles handling
    hands handsome handy hang hanging hangs happen happened happening happens happier happiest
    happiness happy harass harassment hard harder hardly hardship hardware hardwood hare harm
    harmful harming harmless harmonica harness harsh harvest harvested has hasn hassle hat hate
    hated hats have haven having hay hazard hazardous hazards hdmi he head headache headaches
    headband headbands headed heading headquarters heads heal healing health healthcare healthier
    healthiest healthy hear heard hearing hears heart heat heated heating heats heavier heavily
    heavy hectare hectares hedge heel heels height heirs held helicopter helicopters helium hell
    hello helmet helmets help helpdesk helped helpful helping helps hemisphere hens hepatitis her
    herb herbs here hereby herein herniated heroin hers herself hershey hex hexes hey hh hi hidden
    hide hideout hiding high higher highest highlight highlighters highlights highly highness hike
    hiking hilarious hill him himself hip hips hire hired hires hiring his historical historically
    history hit hits hitter hitting hive hoarding hobbies hobby hockey hold holders holding holds
    hole holes holiday holidays holy home homeless homemade homepage homes hometown homework
    homosexual honest honestly honesty honey honor honored hood hook hooker hooks hoop hooping
    hoops hoots hop hope hopes hoping hops horizontal horizontally hormone hormones horn horns
    horrible horror horse horses hose hoses hospital hospitalized host hosted hostel hostile
    hosting hot hotdogs hotel hotline hotspot hounds hour hourglass hourly hours house housed
    household houses housework housing hover how howls hr hrs hs html http https hue hues hug huge
    hula humanity humans humidity humor humps hunchback hunched hundred hundreds hunger hungry hunt
    hunters hunting hurdle hurt hurtful hurting hurts husband husbands hushpuppies hvac hybrid
    hydrate hydrated hydrating hydrogen hyena hyenas hygiene hypertension hypocrites hypocritical
    hypothetical ice iced icon icons id idea ideal ideas identical identification identified
    identify identifying identities identity ideologies idiot ie if igloo ignore ignored ill
    illegal illegally illness illnesses illusion illustrate image images imagination imagine
    immature immediate immediately immigrant immigrants immigration immoral immune immunity impact
    impacts impatient impersonate implants implausible implications import importance important
    imported importing impose impossible impress impression improve improvement improves improving
    in inactive inadvertently inappropriate inbox incandescent incapacitated incapacitation incest
    inch inches incident inclined include included includes including income incomes incompetent
    incorporate incorrect incorrectly increase increased increases increasing increasingly
    incredibly indeed independent indesign index indicate indicates indicator indiscriminate
    individual individually individuals indoor indoors induce induction industries industry
    inequality inexpensive inexperienced infant infants infected infection infections infectious
    inferior infertility inflammation inflation inflict influence influencing info inform
    information informed infrastructure infusions ingest ingredient ingredients inhale inheritance
    initial initially initials initiate inject injecting injections injured injuries injury ink
    inner innocent input inquire insane insect insects insecure insensitive insert inserted inserts
    inside insight insole insoles inspection inspiration instagram install installation installed
    installing installs instance instances instant instead institute institutions instruction
    instructions instructor instrument instruments insult insulted insulting insults insurance
    insurrection intake integer integrated intelligence intelligences intelligent intend intended
    intense intensity intent intention intentionally intentions interact interacting interaction
    interactions interbank intercourse interest interested interesting interests interfere interior
    intermittent intern internal international internet internship interpersonal interpret
    interracial interrupt intervals interview interviewed interviewing interviews intestines
    intimate intimidate intimidating into intoxicated intricate intro introduce introduced
    introduces introducing introduction introverted invade invented invention inventory inverters
    invest invested investigate investigation investing investment investor investors invitation
    invitations invite invited invites inviting invoice involve involved involves iodine ions ios
    ip iphone iron ironing irons irrational irrelevant irresponsible irritants irritate irritating
    irritation irs is island isn iso isolate isolated issue issued issues it itching itchy item
    itemized items itinerary its itself itunes ivf ivory jacket jackets jacks jail jam january
    japanese jar jars javelin jaw jawline jazz jealous jeans jello jelly jellybeans jellyfish jerk
    jerks jerky jersey jerseys jet jeweler jewelers jewelry jewels job jobs jog jogged jogging jogs
    join joined joining joins joint joints joke jokes journal journalist journey joy json judge
    judgement judgemental judges judging judgment jug juggle juggling juice juices juicy jul july
    jump jumped jumping jumps jun june jungle junior junk junkyard jurisdictions just justice
    justified kabob kangaroos kapuas karate kayak kb keep keeping keeps kept kernel kernels ketchup
    kettle keurig key keyboard keys keywords kg kgs khaki khakis kibble kick kicked kicking kicks
    kid kidnap kidnapped kidnapping kidney kids kill killed killer killers killing killings kills
    kilobytes kilogram kilograms kilometer kilometers kilos kind kinda kindergarten kindness kinds
    king kingfisher kings kinky kiss kisses kissing kit kitchen kits kitten kittens kiwi kiwis km
    knee kneel kneeling kneels knees knew knife knifes knit knits knitted knives knobs knock knocks
    knot knots know knowing knowledge known knows knuckles koala koalas koi koolaid kosher krispies
    krona kuala kw lab label labeled labeling labels labor labour labs lace laced laces lack
    lacking lacks lacrosse ladder ladders ladies lady laid lake lakes lambs lame lamp lamps land
    landed landing landlord lands lanes language languages lantana lantern lanterns lanyard lap
    laps laptop laptops large larger largest laser lashes lasso last lasting lasts late lately
    later latest latex lather latitude latter lattes laugh laughing laughs launch laundromat
    laundry lavender law lawn lawnmower lawns laws lawsuit lawsuits lawyer lay layer layered layers
    laying lays layups lazy lbs lead leader leaders leadership leading leads leaf league leaks lean
    leaning leans leap learn learned learning lease leash least leather leave leaves leaving
    lectures led ledge leeches left leftover leg legal legality legally legged leggings legislative
    legit legitimate lego legs leis lemon lemonade lemonades lemons length lengths lengthwise lens
    lenses lesbian lesbians less lesser lesson lessons let lethal lets letter letterhead letters
    letting lettuce level levels lever librarian library license licensed lick licking licks lid
    lids lie lies life lifestyle lift lifting lifts light lighten lighter lighting lightly lights
    lightweight like liked likelihood likely likes lilies lime limes limestone limit limitations
    limited limiting limits line lined linen linens liner liners lines lingerie lining link linked
    linking links lint lion lioness lions lip lips lipstick lipsticks liquid liquids liquor list
    listed listen listened listening listing listings lists lit liter literal literally literature
    liters litter little live lived liver lives living lizard ll load loaded loading loads loaf
    loafers loan loans loaves lobby lobbying lobster lobsters local localized locate located
    location locations lock locked locker locking locks locksmith log logged logic login logo
    logout logs lol lollipops lonely long longer longest loofah look looked looking looks loom loop
    loops loose loosely loosen lose loser loses losing loss lost lot lotion lotions lots lottery
    lotto loud louder loudly loudness love loved lovely lover lovers loves loving low lower lowest
    loyal loyalty luau luck luggage lukewarm lumpy lunch lunchboxes lunches lunchtime lung lungs
    lure luring luxury lychees lying lymph lyrics

    """
}
