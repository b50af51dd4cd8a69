extension GivenNames {
  /// Turkish, Arabic, Persian, Hebrew given names.
  static let middleEast = """
    aaliyah aaron abbas abdallah abdel abdelaziz abdelkader abdelkrim abdellah abdelrahman
    abderrahim abdo abdul abdulaziz abdulhamid abdulkadir abdulkarim abdullah abdullahi abdulrahman
    abir abolfazl adem adi adib adil adina adnan afaf afshin ahlam ahmad ahmadreza ahmed ahmet
    aicha aida aisha akbar akin akiva alev ali alireza alon alper alperen altan amichai amin amir
    amirali amirhossein amit amnon amos anahita anat anil arash arda ardeshir arezoo ariel arif
    arman arsalan aryeh arzu asaf asghar asli asuman atakan atefeh atilla avi aviad avigail avihu
    avital aviv aviva avner avraham aya ayaan ayah ayberk aydan aydin ayelet ayesha ayfer ayhan
    aykut ayla aylin ayman aynur ayoub ayse aysegul aysel aysen aysenur aysun ayten azadeh azita
    aziz aziza azza babak badr bahaa bahar bahareh bahija bahman bahram bakr baran baris baruch
    basak basel bashir basim basma bassam bassem batuhan batya bayram bedriye behnam behnaz behrouz
    behzad beren berk berkan berkay betul beyza bijan bilal bilge birol bita bouchra boutros bracha
    brahim buket bulent burak burcin burcu burhan busra canan caner cansu celal cem cemal cemil
    cemile cenk ceren cevat ceyda ceyhun chaim chaima chakib chana chaya cigdem cihan dafna dalal
    dalit damla dania daniella daoud dariush davood defne demet deniz derya didem dilara dilek
    djamila dogan dogus donya dov driss duaa duygu dvora ebrahim ebru ece ecem eda efe efrat ege
    ehab ehsan ehud eitan ekrem elaheh elham eli eliezer elif elisheva eliyahu elnaz elon elvan
    emad eman emel emin emine emirhan emrah emre ender engin eray ercan erdal erdem erdogan eren
    erez ergin erhan erkan erkin erol ersin ertan ertugrul esam esat esin esma esmail esra essam
    evren evrim eyal eylem eytan eyup fadel fadi fadila fadwa fahad fahd fahim fahri faisal faiza
    fakhri farah farahnaz faramarz fareed farhad fariba farid farida farideh faris farnaz farouk
    farrokh farshad farshid faruk farzad farzaneh fatemeh fathi fathia fatih fatimah fatma fawzi
    fawzia faycal fayez feras fereshteh ferhat feride ferit fethi feyza fikret fikri filiz firas
    firat forough fouad fuat funda furkan gadi gal galip galit gamze ghada ghassan ghazal ghazaleh
    gideon gil gila gilad gizem gokay gokce gokhan goksel golnar golnaz gonca gonul gozde gul gulay
    gulbahar gulcan gulden gulhan gulizar gulsah gulsen gulsum gultekin gulten guney guray gurkan
    guven habib habiba hadar hadas hadassah hadeel hadi hafez hafsa haidar haim hajar hakim hala
    halil halime halit haluk hamad hamdi hamed hamid hamida hamidreza hanaa hanan handan hande hani
    hanife hanin haroun harun hasan hasna hasret hassan hassna hatem hatice hatim haya haydar
    hayriye haytham hazem hend hengameh hesham hicham hikmet hila hilal hind hisham hoda hooman
    hormoz hossam hossein houda houria huda hulya huriye husam husein huseyin husni husnu hussain
    hussein ibrahim ibtissam idan idil ido idris ihab ihsan ikram ilan ilana ilayda ilham ilhan
    ilkay ilker ilknur ilyas imad iman imane imran inaam inas inbal inci ipek iraj irem irfan isil
    iskender islam ismail issa issam itai itamar itay itzhak izzet jaber jabir jad jahangir jalal
    jale jalil jamal jamil jamila jasim jassim javad jawad jihad jihane jumana kaan kader kadir
    kadriye kamal kambiz kamran kamuran kamyar karam karim karima katayoun kaveh kawtar kayvan
    kemal kenan kerem kerim kevser keyvan khadija khadijah khaled khalid khalida khalil khawla
    kianoush kiarash kobi koray korhan kourosh kubilay kubra kursat ladan lale lamia lamya latif
    latifa layal layla leah levent leyla lior liora liron lotfi loubna lubna lujain lutfi maayan
    maedeh maha mahdi mahin mahir mahmood mahmoud mahmud mahmut mahnaz mahsa mahshid mahtab mahyar
    majed majid majida malak malek malika malka manal mandana mani mansour maram mariam marwa
    marwan maryam masoud masoumeh maya maysa mazal maziar mazlum medine mehdi mehmet mehran mehrdad
    mehrnaz mehrnoosh meir melek melih melike melis meltem menachem menashe menekse meral meric
    merih mersedeh merve meryem mesut mete metehan metin milad mina minoo miray mitra mohamad
    mohamed mohammad mohammadreza mohammed mohsen mohsin mojgan mojtaba moncef moran mordechai
    morteza moshe mostafa moti mouad mouna mounia mounir moussa mozhgan muammer muge muhammad
    muhammet muhanad muharrem muhittin mujahid mujde mukaddes mukhtar muna munir murad murat musa
    muslim mustafa mustapha muthanna mutlu muzaffer muzeyyen naama nabil nabila naci naciye nadav
    nader nadim nadir nael naftali naghmeh nahed nahid nahla naima naj najat najib najla najwa
    nalan naser nasim nasr nasrin nasser nassim nawaf nawal nayef naz nazan nazanin nazih nazim
    nazli nazmi necati nechama necla necmettin neda negar negin nejma neriman nermin neslihan
    nessrine netta nevin nevzat nezih nihal nihan nihat niki nilay nilgun niloofar niloufar nilufer
    nima niousha nir nira nissim nitzan niyazi nizar noa noam noha nouf nour noura nuha nur nuran
    nuray nurcan nurdan nurettin nurgul nurhan nuri nurit nuriye nursel nurten oded ofer ofir ofra
    oguz oguzhan ohad okan oktay olcay omer omid omran omri onder onur orcun oren orhan orit orli
    orly orna osama osman osnat othman oussama oya oyku oz ozan ozcan ozden ozge ozgur ozkan ozlem
    parham parinaz parisa parsa parvaneh parvin payam pegah pejman pelin pembe penina perihan
    pervin petek peyman pinar pinchas polat pouria pouya qais qasim rabab rabia rachid rachida
    radwan rafi rafiq raghad rahim rahma raid raja rajaa rakan ramazan rami ramin ramy ran rana
    rand rania raouf rasha rasheed rashid rawan rayan razan raziyeh recep reda reem refik rehab
    reham remzi resul reyhan reyhaneh reza rida ridvan rim rima rivka riyad riyadh riza rola ron
    ronen roni ronit roozbeh roshanak roya ruba ruhi rula rustem ruti ruya saad sabah sabahattin
    saber sabri sabrine sadegh sadek sadik sadiq sadiye saeed saeid safa safaa safak safia safiya
    safiye safwan sagi sahar sahin said saida saif salah saleh salem salih saliha salim salima
    salma salman saloua saman samaneh samar sameer sameera sameh samia samih samir samira samy sana
    sanaa sanaz saniye sapir sarit sarp sassan saud savas sawsan sayed seckin seda sedat sedef sefa
    sefer sefik seher selahattin selami selcan selcuk selim selin selma selman sema semih semiha
    semra sena senay sener senol sepehr sepideh serap seray sercan serdar seref seren serhan serhat
    serkan sermin serpil serra servet setareh sevda sevgi sevil sevilay sevim sevinc sevket seyfi
    seyma sezen sezer sezgin sezin shabnam shadi shadia shahar shahd shahin shahla shahram shahriar
    shahrokh shahrzad shai shaima shaker shakir shalom shapour sharareh sharif shaul shay shayan
    sherif sherine shervin shideh shimon shira shiran shireen shirin shirley shiva shlomi shlomo
    shmuel shohreh shoshana shukri shulamit siamak siavash sibel sidika sigal siham sihem sila sima
    simcha simin sinan sinem slimane sofiane soheil soheila sohrab songul soroush souad soufiane
    soulaymane suad sude suha suhail suheyla sukran sukriye sukru sule suleiman suleyman sultan
    sumaya sumeyye suna taha tahar taher tahir tahsin tal talal talat tali talia talib tamar tamer
    tamim tamir taner tansel tansu taraneh tarek tarik tariq tarkan tasneem taufik tawfik tayeb
    tayfun tayyip tekin teoman tevfik thamer timucin tolga tolgahan tova tsipora tuba tugba tugce
    tugrul tulay tulin tuna tuncay turan turgay turgut turhan turkan turki tzachi tzipi tzvi udi
    ufuk ugur ulas ulku umar umit umran umut unal uri uriel usama utku uzi vahid vahit vedat vered
    veysel volkan waddah wael wafa wafaa wahid wail wajdi waleed walid wassim widad wissam yaakov
    yacine yael yagmur yahya yair yakup yalcin yalda yaniv yaren yaron yasaman yasar yasemin yaser
    yashar yasin yasir yasmina yasmine yasser yassin yassine yavuz yazan yazid yehoshua yehuda
    yehudit yeliz yiftach yigal yigit yildiray yildirim yildiz yilmaz yitzhak yochai yonatan yonca
    yoni yoram yosef yossi youcef younes youness younis yousef yousra youssef yucel yuksel yunus
    yusra yusuf yuval zafer zahide zahra zaid zaina zainab zaineb zakaria zakariya zaki zayd zaynab
    zeev zehava zehra zeinab zeki zeliha zerrin zeynel zeynep ziad ziba zied zineb ziv ziya zohar
    zohra zohreh zouhair zubair zubeyde zuhair zuhal zulfikar zvi
    """
}
