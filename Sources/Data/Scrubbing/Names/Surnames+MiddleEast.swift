extension Surnames {
  /// Family names of Turkey, the Arab world, Iran, Israel.
  static let middleEast = """
    abbas abbasi abdallah abdelaziz abdi abdo abdullah abed abood abou abramov abu-bakr abutbul
    acar achour adel adler afifi agassi aharoni ahmadi ahmed akar akbari akbas akbulut akca akgul
    akin akkad akkaya aksoy aksu aktas akyol akyuz al-ahmad al-masri al-sayed alaa alami alaoui
    alavi alfasi ali alkan almasri alon altin altun altunbas amar amara amer amin amini amiri
    amrani amsalem ansari anwar arab arafat arikan arslan asaad asadi ashkenazi ashour aslan asmar
    assaf atalay atallah ates atiyeh attar attia avci avraham awad ay ayad aydemir aydin aydogan
    aygun ayhan ayoub azar azizi azoulay azulay bacha badawi bagheri bahrami bahri bakri bal balci
    bar-lev barak barakat bardugo baruch basaran basha bashir baskan bayrak bayram baysal bazzi
    behzadi bektas belhaj ben-ami ben-david ben-haim ben-shimon benali benjelloun bennani bennis
    berk berrada bilgic bilgin bilir birinci bishara biton bitton bouazza boutros bouzid bozkurt
    bulut cakir cakmak caliskan cam camci candan celebi celik cetin cetinkaya cevik ceylan chahine
    charif cherif cicek cinar coban cohen colak coskun dag dahan daher dahir dal daneshvar darwish
    davoodi dayan demir demirbas demirci demirel demirkan demirtas deniz dere diab dib dikmen
    dincer dogan doganay dogru duman durak durmaz dursun ebrahimi edri eid ekici ekinci el-sayed
    elamin elbaz elhaddad eliyahu elkayam elmas eltayeb erbay ercan erdem erden erdogan eren ergin
    ergun erkan erol ersoy ertas ertem esen eskandari esmaili essam fadel fahmy farag farah
    farahani faraj fares farhadi farhat farouk fathi fayed feldman fidan friedman gabay gabbay
    ganon genc ghaffari ghali ghanem gharbi ghasemi ghazal ghorbani girgis gok gokce gokmen gol
    golan goldberg goldman golzar gul gulec guler gumus gunay gundogdu gunduz gunes gungor gur
    gurbuz gursoy guven guzel habib hadad haddad hadid hajjar hakimi halabi hamad hamdan hamdi
    hammoud hamza han hanafi hanna harb hariri haroun hasan hashem hashemi hashimi hassan hassani
    hatem hazan heidari hershkovitz heydari hijazi hilal hosseini huseini hussain hussein husseini
    ibrahim idrissi inan ince isik ismail issa jabbar jaber jafari jalali jamal jamshidi jaziri
    jomaa kabak kabbani kader kagan kahana kahraman kahya kalkan kamal kamali kamel kanaan kaplan
    kara karabulut karaca karadag karademir karagoz karahan karakas karakaya karakoc karakus karam
    karaman karatas karim karimi kartal kassab kassem katz kavak kaya kayaalp kaymak kazemi keles
    keskin khalaf khaled khalifa khalil khalili khan khani khatib khattab khosravi khoury kilani
    kilic kilinc kirac kiraz koc koca kocak kocaman koksal konak korkmaz korkut kose kouri koyuncu
    kurt kurtulus kuru kus kutlu labib lahlou lahoud levi levin levy lugasi maalouf mahdavi mahdi
    mahfouz mahmoud mahmoudi majid makki maleki malik malka malouf mansour mansouri masri matar
    mehdi mernissi mikhail mirzaei mizrachi mizrahi mohammad mohammadi mohammed mohseni mokhtari
    moradi mousavi moussa moyal mubarak murad musa mustafa nader naguib nahas naji najjar nakhle
    nasr nasrallah nassar nasser nazari nikpour noor norouzi nouri obeid ocak odabas odeh oguz
    ohana ohayon oksuz omar omari oral osman othman oved oz ozbek ozcan ozdemir ozen ozer ozgur
    ozkan ozkaya ozmen ozsoy oztas oztekin ozturk ozyurt pahlavi pala parlak parvizi peker peretz
    polat qabbani qasim qureshi rabinovich rachidi rahal rahimi rahman rahmani ramadan ranjbar
    rashed rashid rashidi razavi rezaei rifai rizk rosenberg rostami saab saad saadi sabbagh sabri
    sadeghi sadek sadri safar safavi sagir sahin said salama salameh saleh salehi salem salim
    salman samaan samadi samara sari sarikaya sarkis sasson savas sawalha sayed sayegh sayin segal
    seker sen sener sengul serin sevim shaaban shafiei shahbazi shaheen shahin shalaby shalom
    shapira shapiro sharabi sharif shehadeh shehata sheikh sherif shirazi shitrit shulman simsek
    sofer soliman soltani sonmez souissi soyer soylu sozen sulaiman suleiman sultan swisa tabet
    taha tahan taheri tal talhouni tan tannous tas tasci taskin tastan tavakoli tawfik tazi tehrani
    tekin tetik tok tokgoz topal topcu toprak tosun touma tuna tunc tuncer turan turgut turki
    turkmen tzur ucar uckan ugur uludag ulusoy unal unlu unver uslu usta uyar uysal uzun vaknin
    wahba weizman yaakov yahya yalcin yalcinkaya yaman yasar yassin yavas yavuz yazbek yazdani
    yazici yener yesil yigit yildirim yildiz yilmaz yosef younes yousefi youssef yuce yucel yuksel
    zaid zaidan zaki zamani zand zare zayed zein zengin ziani zidan zidane zoabi zohar
    """
}
