extension CommonWords {
  static let englishFromM = """
    macbook machine machines mackerel mad made mafia maga magazine magazines magic magnet
    magnification magpie mahi maidens mail mailbox mailing main mainly mainstream maintain
    maintained maintaining maintenance maize major majority make makes makeup making male males
    malicious mall mallet malware mammals man manage manageable managed management manager managers
    manages managing manga mango mangoes manicure manipulate manipulating manner manual manually
    manufacture manufactured manufacturer manufacturers manufacturing manuscript many map maps mar
    marathon marble marbles march marching margarine marigolds marijuana marinade mark marked
    marker markers market marketed marketing markets marks marriage married marry marshmallows
    martial maryland mascara mash mashed mask masking masks mass massage massaging master
    mastercard mastery masturbate masturbating mat match matches matching matchsticks mate material
    materials maternity math mating mats matte matter matters mattress mattresses mature maturity
    maw max maximize maximum may maybe mayonnaise mayor maze me meal meals mean meanest meaning
    meaningful meanings means meant measure measured measurement measurements measures measuring
    meat meatball meatballs mechanic mechanics mechanism mechanisms med medals media median medical
    medication medications medicine medieval meditates medium meerkats meet meeting meets megabytes
    melt melted member members membership memorable memorial memories memorized memory men mend
    menstrual mental mentally mention mentioned mentioning menu meowed meows merchandise merchant
    merchants merge mesh mess message messages messaging messing messy met metadata metal metallic
    metallics metals meter meters metformin meth method methods mg mice microfiber microphone
    microphones microsoft microwave mid middle midi might mild milder mile mileage miles military
    milk milkshakes millennials milliliters millimeters millimetres million millipedes mimic mimics
    min mind minded mine mineral minerals mini minimal minimalist minimize minimum minks minnows
    minorities minority minors mints minus minute minutes mirror mirrors miscegenation miserable
    misinformation miss missed misses missing mission missionary mistake mistaken mistakes
    mistreatment misunderstand mites mittens mix mixed mixer mixes mixing mixture ml mm moaning
    mobile mode model models moderate moderator modern modest module moist moisture moisturize
    moisturized moisturizer moisturizers moisturizing mold molecules mom moment moments monday
    money monitor monitored monitoring monkey monkeys monster month monthly months mood moods moon
    moonshine mop mopping moral morally more morning mortgage mosquito most mostly motel mother
    mothers motion motions motivate motivated motivates motivating motivation motivations motives
    motor motorcycle mountain mountains mouse mousse mouth mouths mouthwash move moved movement
    movements moves movie movies moving mow mowed mower mowing mows mp mph mr mri mrs much mudra
    muffins mug mugged mugging mugs mulch mules multi multiple multiply multiplying mummy mural
    murder murdered murderer murderers murdering murders murky muscle muscles muscular museum mush
    mushrooms music musical musicians must mustache my myself mystery myth nail nails naked
    naloxone name named names nap nape napkin naps narcissist narrow nasty nation national
    nationality natural naturally nature naughty nausea navel navigable navigate navigator navy nd
    near nearby nearest nearly neat necessarily necessary necessity neck necklace necklaces
    neckline need needed needing needle needles needs negative negatively neglect neglecting
    neighbor neighborhood neighborhoods neighbors neither neon nephew nerd nerf nerve nervous nest
    nestling net netting network networks neurological neuroscientists neutral neutralize never new
    newborn newer newly news newspaper newspapers next nexus nice nicer nickel nickels nicotine
    nigga nigger niggers night nights nine nipple nipples nitrate nitrogen no nobody nodes noise
    noises non none nonfiction nonstick noon noose nope nor normal normally north northern nose
    nosy not note notebook notebooks notes nothing notice noticeable noticeably noticed notices
    noticing notify notwithstanding nourish nov novel novels novelty november now nowhere nuclear
    nude nudity nuggets nuke null number numbers numeral numerals numerous nurse nursery nurses
    nursing nutrients nutritional nuts nylon oatmeal oats obese obey obituary object objective
    objectively objects obligated obligation observe observed obstacles obtain obtained obvious
    obviously occasion occasionally occasions occupations occupied occur occurred occurs ocean oct
    october odd odds odometer odor of off offend offended offender offense offensive offer offered
    offering offers office officer officers offices official officiant offputting offspring often
    oil oils oily ok okay okra old older oldest oleander olive olives omelet omelets on onboarding
    once one ones onion onions online onlookers only onlyfans ons onto oompa opaque open opened
    opening openly opens operate operates operating operation operator opinion opinions opioid
    opioids opponent opponents opportunities opportunity oppose opposed opposing opposite
    oppression opt optimal option optional options or oral orange oranges orchard orchids order
    ordered ordering orders ordinary ore org organ organic organisms organization organizations
    organize organized organizing organs orgasm orientation orifice origin original originally
    orphanage other others otherwise ounce ounces our out outcome outdated outdoor outdoors outer
    outfit outfits outgoing outline outlook outpatient output outs outside outweigh oval oven over
    overall overcharged overcome overdose overdue overhead overkill overlap overly overnight
    overseas oversee oversight oversized overtime overview overwatering overweight overwhelmed
    overwhelming ovulation owe owes owl owls own owned owner owners owns oxygen oz pa pace pack
    package packaged packages packaging packed packet packets packing packs pad padding paddle
    paddling pads page pageant pageants pages paid pail pails pain painful painfully painkillers
    painless painlessly paint paintball paintbrush painted painter painting paintings paints pair
    paired pairing pairs pajama pale palette pallets palm pamphlets pan panda panel panic pans pant
    panties pantry pants papaya papayas paper paperclips papers paperwork paracord paragraphs
    parallel parameter parcel parchment parent parental parents park parked parking parrots parsley
    part partially participate particles particular particularly particulars parties partner
    partners parts party pashmina pass passcode passed passenger passengers passes passing passion
    passionate passions passive passport passports password passwords past pasta paste pastels
    pastries pastry patch patches patented paternity path paths patience patient patients patrol
    patrols pattern patterned patterns pause pauses pausing pave paw pawn paws pay paycheck paying
    payload payment payments payroll pays pc pdf peace peaceful peach peaches peak peanut peanuts
    pear pears peasants pediatrician peel peeler peeling peels peers pelican pellet pellets pen
    penalties penalty pencil pencils pending penetrate penguin penguins penis pennies pennsylvania
    pens pension people peppadews pepper peppermint pepperoni peppers per perceived percent
    percentage perception perceptions perfect perfectly perform performance performed performing
    performs perfume perfumes perhaps peridot perimeter period periodically periods perm permanent
    permanently permanganate permissible permission permit permits peroxide perpetrator person
    personal personalities personality personalized personally persons perspective persuade
    pertinent pesos pest pesticides pet petal petals petroleum pets petunias ph pharaoh pharmacies
    pharmacist pharmacy phase phenomenon phobia phone phones photo photograph photographs photos
    photoshop phrase phrases phuket physical physically physician physicist physics pi piano pick
    pickaxe picked picking pickle pickles pickling picks picky picnic picnics picture pictures pie
    piece pieces pierced piercer piercing piercings pies pig pigeon piggy piglets pigment pigmented
    pigs pile piles pill pillow pills pimp pimple pimples pin pinata pinch pineapple pines pink
    pinks pins pinterest pints pipe pipeline piracy pirated pirates piss pistol pistols pit pitch
    pitched pitcher pixels pizza pizzas place placed placement places placing plagued plain plan
    planchette plane planet planets planks planned planner planning plans plant planted planting
    plants plaster plastic plate plates platform platinum platonic plausible play played player
    players playground playing plays playstation please pleased pleasure pleated plenty pliers plot
    plow pls pluck plucking plug plugged plugin plugs plumber plumeria plums plus pm pneumonia
    pocket pockets pod podcast pods poem point pointed pointers pointing points pointy poison
    poisoned poisoning poisonous poisons pokemon poking pole poles police policies policy polish
    polished polishes polishing polite politely political politician politicians politics polka
    pollution polo polyester polygamist pomegranate pomegranates pomelos pond pong ponytail
    ponytails poo poodle poodles pool poop pooped poor pop popcorn pope popping pops popsicle
    popular popularized population porcelain porch pore pores pork port portable portal portfolio
    portion portions portrait portraits ports pose poses position positioned positions positive
    positively possess possession possibilities possibility possible possibly post posted poster
    posters posting posts posture pot potassium potato potatoes potent potential potentially pots
    potted potting potty pouch pouches poultry pound pounds pour poured pouring pours poverty
    powder powdered powders power powered powerful powers practical practice practiced practices
    practicing practitioners praise prank pranks pre precautions precious precise predict prefer
    preferably preference preferences preferred prefix pregnancy pregnant prejudice prejudiced
    premature premium prenuptial preparation prepare prepared prepares preparing prescribe
    prescribed prescription prescriptions presence present presentation presentations presenting
    presents preservation preserve president press pressed pressing pressure pressured pretend
    prettier pretty pretzels prevalent prevent prevented preventing prevents previous previously
    price priced prices prick priests primarily primary prime primer principal print printed
    printer printers printing prints prior priorities prioritize priority prison prisoners privacy
    private privilege pro probabilities probability probably probation problem problematic problems
    procedure procedures proceed proceeding proceeds process processed processes processing
    processor procrastinating procurement produce produced produces producing product production
    productive productivity products profanity professional professionally professionals professor
    proficient profile profit profits program programmed programmers programming programs progress
    project projects prolong prolonging prominent promise promised promises promote promotion
    prompt prompted promptly prone pronounced pronunciation proof propel proper properly properties
    property proportion proportions pros prosecuted prospective prostitute prostitutes prostitution
    protect protectant protected protecting protection protective protects protein proteins protest
    protocol prototype protractor proud prove proven provide provided provider providers provides
    providing proving proxy prune pruning pry psat psi psychoactive psychological psychology pubic
    public publication publications publicly publish published publishing puck pucks puffs pull
    pulled pulling pulls pulse pumice pump pumping pumpkin pumpkins pumps punch punches punching
    punish punished punishing punishment punks pupils puppies puppy purchase purchased purchases
    purchasing pure puree purely purified purify purity purple purpose purposely purposes purse
    purses push pushed pusher pushes pushing pushups pussy put puta puts putting puzzle puzzles
    pyramid pyramids pyromaniac python qi quacks qualified qualify qualities quality quantify
    quantities quantity quart quarter quarterly quarters quarts quartz queens query question
    questions queue quiches quick quicker quickest quickly quiet quieter quietly quilt quit quite
    quiz quote rabbi rabbit rabbits race races racial racing racism racist rack racket racks
    racquetball racquets radical radio raft rafting rag rails rain raincoat rained rainfall rains
    rainy raise raised raises raising raisins rake ramipril ramp ran ranch random randomly rang
    range ranging ranking ransomware rape rapid rapidly raping rapists rapper rare rarely rash
    raspberries rat rate rated rates rather rating ratio rational rats ratting raw razor rd re
    reach reached reaches reaching react reaction reactions reactivate reactor read readable reader
    reading reads ready real realistic reality realize realized realizes realizing really rear
    reason reasonable reasonably reasoning reasons rebate rebates rebuild recall recalled receipt
    receipts receive received receiver receives receiving recent recently reception recipe recipes
    recipient recognise recognised recognition recognize recognizing recoil recommend
    recommendation recommendations recommended recommends reconnect record recorded recording
    records recover recovery recruit rectangle rectangular recycling red redeem redness reds reduce
    reduced reduces reducing reduction redwoods reel reeling reels refactor refer referee reference
    referral referrals referred referring refers refined reflect reflected reflection reflections
    reflects reflex refrigerate refrigerator refund refunded refunds refurbished refuse refuses
    refusing regarding regardless regards regimen region register registration regret regular
    regularly regulate regulation regulations reimbursed rejected rejecting relate related relates
    relationship relationships relative relatively relatives relax relaxation relaxed relaxing
    release released releases relevant reliable reliably relief relieve religion religions
    religious rely remain remainder remained remaining remains remarkably remember remind reminding
    remorse remote removal remove removed remover removers removes removing rename renew renovate
    rent rental rented renters renting rents rep repair repairs repave repeat repeatedly repeating
    repeats rephrase replace replaced replacement replacing replay replenish replicate reply repo
    report reported reporter reporting reports repository repossessed represent representation
    representative represented representing represents republicans reputable reputation request
    requested requests require required requirement requirements requires requiring rescue rescued
    research researching resell reserved reservoir reset residence resident residential residents
    residing residue resin resist resistance resistant resolution resolve resolved resource
    resources respect respected respectively respects respiratory respond responding response
    responses responsibilities responsibility responsible rest restart restaurant restaurants
    rested resting restore restrain restrictions restroom rests result resulted resulting results
    resume resumes retail retailer retailers retain retarded retirement retreat retreats retrieve
    return returned returning returns reunion reveal revealing revenge revenue reverse reversed
    revert reverted review reviews revolver reward rewarded rewards rhino rhinos rhythm ribbon ribs
    rice rich richer rid ride riders rides ridiculous riding rifle right rights ring rings rinse
    rinses rinsing riot rip ripe ripped rise rises rising risk risks risky river road roast
    roasting robber robberies robbery robbing robot robots robust rock rocket rockets rocking rocks
    rode rodents rohypnol role roles roll rolled roller rollers rolling rolls romance romantic roof
    roofing roofs room roommate roommates rooms root roots rope ropes roping rose roses rot rotate
    rotates rotating rotations rotten rough roughly round rounded rounds route router routes
    routine routines row rowed rowing rows rub rubarb rubber rubbing rubles rubs rude ruffles rug
    rugged ruin ruined ruining rule ruler rules rumors run runners running runs runtime rural rush
    russian rust sabotage sack sacks sad saddle sadness safari safe safely safer safest safety sage
    said sail sailed sailor sailors sails sake salad salami salary sale sales salesman salicylic
    saline salmon salon salt salts same sample samples samsung sand sandals sandbox sanded sanding
    sandpaper sandstone sandwich sandwiches sanitize sanitizer sat satisfied satisfy satisfying
    sativa saturated saturday sauce saucepan sausage sausages save saved saves saving savings saw
    saxophone say saying says scale scales scallops scalp scam scams scan scandal scar scare scared
    scarf scaring scarred scars scarves scary scattered scenario scenarios scene scenes scent
    scented scents schedule scheduled schedules scheduling schema scheme schemes school schools
    science scientific scientifically scientists scissors scoop scoops score scored scores scoring
    scouring scrap scrapbook scraper scratch scratched scratches screaming screen screens screw
    screwdriver screwing screws script scroll scrub scrubbing scrubs scuba sea seafood seagulls
    seal sealed seam search searches searching seashells season seasonal seasoning seasonings
    seasons seat seatbelt seated seats second seconds secret secretary secretly section sections
    secure secured securely security sedan see seed seeds seeing seek seeking seem seemed seems
    seen sees segment segregation seizure seizures select selected selecting selection self selfish
    sell seller selling sells semester semi send sender sending sends senior seniors sensation
    sense senses sensitive sent sentence sentenced sentences sentiment sentimental sep separate
    separated separately separating separation sept september serial series serious seriously serum
    serve served server servers serves service services serving servings session sessions set sets
    setting settings setup seven seventh several severe severely sew sewers sex sexual sexuality
    sexually sexy shade shades shadow shadows shake shaken shaker shakes shaking shallow shame
    shaming shampoo shampooing shampoos shape shaped shapes share shared shares sharing shark
    sharks sharp sharpen sharpener sharpening sharpens sharpie shave shaves shaving she shed sheep
    sheer sheet sheets shelf shell shells shelter shelves shelving shield shift shifting shine
    shingles shining shiny ship shipment shipping ships shirt shirts shit shitty shock shoe
    shoeboxes shoelaces shoes shoot shooting shoots shop shoplift shoplifting shopping shops shore
    short shorted shorter shortest shortly shorts shot shots should shoulder shoulders shouldn
    shovel shoveling show showed shower showers showing shown shows shredded shrimp shrink
    shuffleboard shut shy sibling siblings sicety sick sickness side sided sidelines sides sidewalk
    sight sightings sign signal signals signed significant significantly signing signs signup
    silence silenced silent silicone silk silky silly silver sim similar simple simplest simply
    simultaneously since sincerely sing singer singers singing single sings sink sinks sip siphon
    sister sisters sit site sites sits sitting situation situational situations situps six sixteen
    sixth size sized sizes skateboard skateboarding skateboards skates skeins skeletons ski skid
    skiing skill skilled skillet skills skin skincare skinned skinning skinny skins skip skipped
    skipping skips skirt skirts skis skort sku skull sky slack slacks slang slap slave slavery
    slaves sledding sleek sleep sleeping sleepover sleepwalker sleepy sleeve sleeved sleeves slept
    slew slice sliced slices slide slides slight slightly slim slip slipknot slippers slipping
    slips slit slope slopes slow slower slowly slows slur slurs slut smack small smaller smallest
    smart smarter smartphone smash smell smelling smells smelly smile smiles smiling smoke smoked
    smokers smoking smoky smooth smoother smoothing smoothly smother smudge smuggle smuggling snack
    snacks snails snake snakes snap snapchat snapshot snare snatch sneak sneakers sneaking sneaky
    snort snorting snow snowballs snowdrift snowflake snowing snowshoes snowy so soak soaked
    soaking soap soaps soapy soccer social socially societies society socioeconomic sock socks soda
    sodas sofa sofas soft soften softer software soil solar sold soldier soldiers sole soles
    soliciting solid solstice solution solutions solve solved some somebody somehow someone
    someones someplace something sometimes somewhat somewhere son song songs soon sooner soothe
    soothing sophisticated sore soreness sorghum sorry sort sorts souls sound sounds soup sour
    source sources south soy spa space spacecraft spaces spaceship spaghetti spanish spare
    sparingly spark sparkling sparkly spatula speak speakers speaking speaks special specialist
    specialize specialized specializes specially specialty species specific specifically specifics
    specified specifies specify specimen spectators speech speed speeding speeds spell spend
    spending spends spent sperrys spf spic spice spices spiciest spider spiders spiderwebs spike
    spiking spill spilled spilling spills spin spine spinning spins spiral spirit spirits spiritual
    spit spits splash splashes split splits splitting spoiled spokes sponge spools spoon spoons
    sport sporting sports spot spots spotted spouse spout spray sprayed sprayer spraying sprays
    spread spreading spreads spring springs sprinkles sprint spritz sprouts spur spurts sq square
    squares squat squats squeeze squeezing squirrel squirrels squirt ssn st stab stable stack
    stacked stadium staff stage stain stained stainless stains stairs stalk stalking stall stamp
    stamped stamps stance stand standard standards standby standing stands standup staple stapler
    star stare starfish stars start started starter starting starts state stated statement
    statements states static stating station stationary stationery stations statistics statue
    statues status stay stayed staying stays steady steak steaks steal stealing steals stealthy
    steam steaming steel steep stem stems step stepping steps stereotypes stereotypical sterile
    sterilize stick sticker stickers sticking sticks sticky stiff stigma still stilts stimulate
    stink stinky stir stirring stirs stitch stitches stock stocking stockings stockroom stole
    stolen stomach stone stones stood stop stoplights stopped stopping stops storage store stored
    stores stories storing storm story stove straight straighten straightening straightforward
    strain strainer strand strands strange stranger strangers strangle strap strapped straps
    strategic strategies strategy straw strawberries strawberry straws stream streaming street
    streetlights streets strength strengthen strengths stress stressed stressful stretch stretches
    stretching stretchy strict strictly strike strikes string stringing strings strip stripe
    striped stripes stripped strippers stripping strips stroke strokes stroller strong stronger
    strongly structure structures struggle struggles struggling strumming strung stubble stuck
    student students studied studies studio studios study studying stuff stuffed stuffing stun
    stupid sturdy styled styles styling stylish stylist sub subdivision subject subjective subjects
    submerge submission submit subscription substance substances substantial substitute
    substitutions subtle subtract subtracting subway succeed success successful successfully such
    suck sucked sucking sucks sudden suddenly sudoku sued suffer suffered suffering suffice
    sufficient suffocate suffocating suffocation sugar suggest suggested suggestible suggesting
    suggestion suggestions suggests suicide suing suit suitable suitcase suitcases suited suits
    sulfate sultanas sum sumac summary summer sun sunburn sundae sunday sunflower sunflowers
    sunglasses sunless sunlight sunscreen super superior supermarket supervise supervised
    supervision supervisor superworms supple supplement supplements supplier suppliers supplies
    supply support supported supporter supporting supportive supports suppose supposed supposedly
    suppress supremacist supremacists supremacy sure surf surface surfaces surfboard surfer surfers
    surfing surgeon surgery surname surprise surprised surrounded surrounding surroundings
    surveillance survey survive survived survivors suspect suspected suspended suspicious sustain
    swab swaddle swallow swallowed swallowing swam swap swapping swear swearing sweat sweater
    sweaters sweep sweet sweets swelling swept swim swimming swims swing swinging swings swipe
    switch switches switching sword syllabus symbols symptoms sync syntax synthetic syrup system
    systems tab table tables tablespoon tablespoons tablet tablets taboo tabs tacks taco tacos
    tactic tactics tadpoles tag tags tail tailored tails taiwanese take taken takes taking talent
    talents talk talked talking talks tall taller tam tame tampons tangle tangled tangles tank
    tanks tanning tannins tap tape tapered tapes tapping taps tarantula target targeted tariff tarp
    task tasks taste tastes tasty tattoo tattoos taught taunts tax taxes taxi tbs tea teach teacher
    teachers teaches teaching team teammates teams tear tears teas teaspoon teaspoons tebori
    technical technically technician technique techniques technology tee teen teenage teenager
    teenagers teens teeth telephone television televisions tell teller telling tells tempeh temper
    temperature temperatures template templates temple temporarily temporary temptation tempted
    tempting ten tenant tenants tend tendency tender tends tennis tense tension tent tenth tenure
    term terminal terminate terms terrain terrible territory terrorism terrorist terrorists test
    tested testing tests texas text textbooks texting texts texture textured textures th than thank
    thanking thanks that thaw the theater theft their theirs them theme themed themselves then
    theories theory therapist therapy there thermite thermometer these they thick thicken thicker
    thickness thief thigh thighs thin thing things think thinking thinks thinner third thirds
    thirteen thirty this thorough thoroughly those though thought thoughtful thoughts thousand
    thousands thread threads threat threaten threatened threatening threats three threesome threw
    thrice thrift thrill throat through throughout throw throwing thrown throws thru thumb thumbs
    thumbtacks thursday thyme ticket tickets ticks tie tied ties tigers tight tighten tightening
    tightly tights tightwads tile tiles till time timeline timeout timer times timing tin tincture
    tingling tinnitus tins tinted tiny tip tips tiptoe tire tired tires tissues titanium title to
    toads toast toaster today toddler toddlers toe toenails toes together toilet tokens told tomato
    tomatoes tomorrow ton tone toner tones tongs tongue tonight tonnes tons too took tool toolkit
    tools tooth toothbrush toothed toothpaste toothpick toothpicks top topic topical topics topped
    topping tops topup torch torching tore torsion torso torture toss tosses total totaling totally
    totals tote touch touched touches touching tough tour tourism tourists tournament tousled
    toward towards towel towels tower town toxic toy toys tqa trace traced traces track tracking
    tractor trade traded trader trades trading tradition traditional traditions traffic trafficking
    trail trailer train trained trainer training trains trait traits trampoline trans transaction
    transactions transfer transferred transferring transfers transgender transgendered transition
    translate translates translucent transmitted transparent transport transportation transported
    trap trapped trash traumatic travel traveled traveling travelling travels tray trays treasure
    treasurer treat treated treating treatment treatments treats tree trees trench trend trends
    trendy trial triangle triangles triangular tribes trick tricked tricking tricks tricky tried
    tries trigger triggers trim trimethoprim trimmer trimming trims trip triphala triple triples
    trips troll trolling trophies trouble trousers trouts truck truckloads trucks true truly trunk
    trust trusted trusting truth try trying trypophobia tub tube tubes tubing tubs tucked tuesday
    tug tuition tulip tulips tulle tumors tune tunnel turban turkey turkeys turmeric turn turned
    turning turns turtle turtles tutorial tv tweet twelve twenty twice twigs twin twine twirling
    twist twisting twists twitter two tying type typed types typical typically typing typo uber
    ubereats ugliest ugly ultimate ultimately umbrella unable unattractive unauthorized unblock
    uncle unclear uncomfortable uncommon unconscious uncooked undeniably under underage underarms
    undercover underlying underneath underpinnings underside understand understandable
    understanding understood undertone undertones underwater underway underwear uneaten
    unemployment unequal unethical uneven unexpected unfair unfamiliar unhappy unhealthy unicorn
    unicorns unicycle uniform unique unit units unity universal universe universities university
    unknown unlearn unless unlikely unloaded unlock unlovable unnatural unnoticed unpleasant unplug
    unproductive unregistered unripe unsafe unscrew unshaken unsure until untreated untrue
    untrustworthy unused unusual unwanted unwashed up upcoming update updated updates updo upgrade
    upload uploads upon upper upright ups upset upsetting upside upward upwards urban urge urgent
    urgently urine url us usa usage usb use used useful useless user username users uses using
    usual usually utensils utilities utility uv vacation vacations vaccinated vaccination
    vaccinations vaccine vaccines vacuum vacuuming vagina vaginal vague val valid validation
    valuable valuables value valued values vampire vampires vandalism vandalize vandalizing vanilla
    variable variables varied varies varieties variety various varnish vary varying vase vaseline
    vault ve vector vegan vegetable vegetables vegetarian vehicle vehicles veil vein veins velvet
    vending vendor vendors vengeance venom vent ventilated venue venues verbal verbally
    verification verified verify verifying versatile verse version versions versus vertebrates
    vertical vertically very vet veterans veterinarian via vibe vibrant vibrates vibrations vice
    victim victims victory video videos view viewers viewpoint viewpoints views vigorous village
    villagers villainous vinegar vines vintage violated violates violating violation violations
    violence violent violin viper virgin virginity virtual virus viruses visa visible vision visit
    visited visiting visitors visits visual vital vitamin vlogs vocabulary vocal vodka voice voices
    volleyball volume volunteer volunteers volvo voodoo vote voted votes voting vs vte vulnerable
    wage wages waist waisted waists wait waiter waiting waits wake waking walk walked walkers
    walking walks wall wallet wallpaper walls walmart wand wandering wanna want wanted wanting
    wants war ward wardrobe warehouse warfarin warm warmed warmer warming warmth warning warrant
    warranty wars wary was wash washable washcloth washed washer washers washes washing wasn waste
    wasting watch watched watches watching water waterfall waterline watermelon watermelons
    waterproof waters watt watts wave waves waving wavy wax waxed waxing way ways we weak weaken
    weakness weaknesses wealth weapon weapons wear wearing wears weasels weather web webhook
    website websites wedding weddings wedge wednesday weed weeds week weekday weekdays weekend
    weekends weekly weeks weigh weighed weighing weighs weight weighted weights weird welcome
    welding welfare well wella went were weren west western westward wet wetback wets what whatever
    whats wheel wheels when whenever where whereas wherever whether which while whip whisk white
    whiteboard whites whitewashed who whoever whole wholesale whom whore whores whose why wide
    widely wider widespread widget widgets width wife wifes wifi wig wiki wikipedia wild will
    willing wilted win winamp wind window windows windshield wine wings winner winners winning wins
    winter wipe wiped wipes wiping wire wireless wires wise wish wishes witch with withdraw
    withdrawal withdrawals withdrawing withdrawl withdrawn withdrew withholding within without
    witness witnesses wives wizard woke wolf wolves woman women won wonder wondered wonderful
    wondering wonders wont wood wooden woods wool word wordpress words wore work workday worked
    worker workers workflow working workout workouts workplace works workspace world worms worn
    worried worries worry worrying worse worsen worst worth would wouldn wound wow wrap wrapped
    wrapping wraps wrench wrestle wrestling wring wrinkle wrinkles wrist write writer writers
    writes writing written wrong wronged wrongs wrote www yard yards yarn yeah year years yeast
    yell yelling yellow yelp yes yesterday yet yield yields yoga yoghurt yogurt yogurts yolk yolks
    you young younger youngest your yours yourself youtube zebra zebras zero zip zipper zirconia
    zits zone zoo zooms
    """
}
