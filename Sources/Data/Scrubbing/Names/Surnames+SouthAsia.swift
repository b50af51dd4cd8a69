extension Surnames {
  /// Family names of South Asia in Latin letters.
  static let southAsia = """
    abidi achari acharya adhikari adiga afridi afzal agarwal agrawal ahlawat ahluwalia ahmad ahuja
    aiyar aiyer ajmera akella akhtar alagappan alam alvi anand ananth anantharaman angadi anjum
    apte arora arya aslam asthana athreya atwal awasthi aziz babu bachchan badal badami bagchi
    bahadur bahl bahuguna baig bairagi bairwa bajaj bajpai bajwa bakht bakshi balakrishnan
    balasubramaniam balasubramanian bali balyan bandara bandopadhyay bandyopadhyay banerjee banerji
    bansal bapat barman barot barua baruah basak basu batra bawa bedi beg begum behera bera bhagat
    bhagwat bhalla bhandari bhandarkar bharadwaj bhardwaj bhargava bhasin bhaskar bhat bhatia
    bhatnagar bhatt bhattacharjee bhattacharya bhatti bhave bhavsar bhosale bhosle bhuiyan bhushan
    bhutto bibi birla bisht biswas bora borah bordoloi borkar bose brahmbhatt brar bukhari burman
    butt chadha chahal chakrabarti chakraborty chakravarthy chakravarti chakravorty chand chanda
    chander chandra chandran chandrasekaran chandrasekhar chari chatterjee chatterji chattopadhyay
    chaturvedi chaudhari chaudhary chaudhry chaudhuri chauhan chavan chawla cheema chhabra chheda
    chikkaballapur chinoy chitale chitnis chokshi chopra choudhary choudhury chowdary chowdhary
    chowdhury dalal dalmia damani dandekar dang dani dar darji dasgupta dash dass datta dave dayal
    de-silva deb deka deo deol desai deshmukh deshpande dev devan devi dewan dey dhaliwal dhar
    dhawan dhillon dhingra dhole dhruv dikshit dissanayake dixit dogra doshi dua dubashi dube dubey
    dugar duggal durai durrani dutt dutta dwivedi edwin fakhri farooqi farooqui fernando gadgil
    gaekwad gaikwad gamage gandhi ganesan ganesh ganguly garde garewal garg gavaskar george ghai
    ghani ghorpade ghose ghosh ghoshal gilani gill goel goenka gogoi gokhale gole gopal
    gopalakrishnan gopalan gosain goswami gounder gowda goyal grewal grover guha gulati gunawardena
    gupta gupte gurung guruswamy haider haldar halder hameed handa hans hansda haq haque hari
    haridas hariharan hashmi hazarika hebbar hegade hegde hemrom herath hiremath hooda hossain huq
    hyder ilyas iqbal islam iyengar iyer jadeja jadhav jaggi jain jaiswal jaitley jakhar jalan
    jamwal jangid jani jariwala jaswal javed jayaraman jayasuriya jayawardena jha jhaveri jindal
    jog joglekar johar johri jolly joshi juneja kadam kakade kakkar kale kalita kalra kamat kamath
    kamble kanda kandasamy kannan kansal kanwar kapadia kapoor kapur karki karmakar karnik kashyap
    kataria katoch kaul kaur kaushik kazi kedia keer kelkar ker khandelwal khanna khare khatoon
    khatri khatun khawaja khera khosla khurana kini kirloskar kohli koirala kolhe komaravolu
    konkani koppikar kothari kotian kotwal kripalani krishna krishnamoorthy krishnamurthy krishnan
    krishnaswamy kulkarni kumar kumaran kumari kumble kunda kundu kunwar kuppuswamy kurian
    kuruvilla kushwaha lad lahiri lakhani lakshman lakshmanan lal lalwani lama laskar latif limaye
    limbu lodha lodhi lohia lokhande luthra madan madhavan madhok magar mahadevan mahajan mahanta
    mahapatra maheshwari mahindra mahmood mahtani mahto maitra majhi majumdar majumder makhija
    malhotra mallick mallya malviya mandal manekshaw mangal mangeshkar mani manjrekar marathe
    marwah master mathai mathew mathur maurya mazumdar meena meghwal mehra mehrotra mehta memon
    mendis menezes menon merchant mhatre miah mian minhas mirza mishra misra mistry mitra mittal
    modi mohan mohanty mohapatra mohite moitra mondal monga mudaliar mughal mukherjee mukherji
    mukhopadhyay munda munir munshi murali murmu murthy murugan muthu nadar nadeem nadkarni nag
    naga nagar nagaraj nagarajan nagpal naidu naik nair nambiar nambisan namboodiri nanda nandi
    nandy naqvi narang narasimhan narayan narayanan narula natarajan nath nawaz nayak nayar nayyar
    negi nehru niazi nigam nimbalkar nizami ojha oommen oza padhi padhy padmanabhan pai pal palit
    pande pandey pandit pandya panicker panigrahi panikkar pannu pant parab paranjape paranjpe
    parekh parida parihar parikh parmar parthasarathy parulekar pasha paswan patankar patel pathak
    patil patnaik patra patro pattanaik patwardhan pawar peshwa phadke phadnis phukan pillai pillay
    poddar potdar powar prabhakar prabhu pradhan prajapati prasad purandare puri purohit qadri qazi
    rafiq raghavan raghunathan rai raina raj raja rajagopal rajagopalan rajan rajapaksa rajaram
    rajendran rajput raju ram ramachandran ramakrishnan ramamurthy raman ramanathan ramani
    ramanujam ramaswamy ramesh rana ranade ranatunga randhawa ranganathan rangarajan rao rastogi
    rath rathi rathnayake rathod rathore ratnam raut raval ravi rawal rawat ray raza reddy rege
    rehman rizvi rohatgi rout roychowdhury rungta sabharwal sachdev sachdeva sadiq saeed saha sahai
    sahni sahoo sahu saikia saini salgaonkar salunkhe samant samanta sampath sandhu sane sanghvi
    sanyal sapra saran sarin sarkar sarma sarwar sastry sathe satpathy savant sawant saxena
    sebastian sehgal sekhar selvam senanayake sengupta seshadri seth sethi sethna sethuraman shah
    shaikh shankar shanmugam sharma shastri shekhar shekhawat shenoy shergill sherpa sheth shetty
    shinde shirke shirodkar shivakumar shrestha shrivastav shrivastava shroff shukla sibal siddiqi
    siddiqui sidhu sikarwar singh singha singhal singhania singhvi sinha sivaraman sodhi solanki
    soman somani sonawane sondhi soni sood soren sridhar sridharan srinivas srinivasan srivastav
    srivastava subbarao subramaniam subramanian subramanyam sultana sundar sundaram suri surve
    swain swaminathan swamy swarup syed tagore talukdar talwar tamang tambe tandon taneja tariq
    tata tawde tendulkar tewari thakkar thakur thapa thapar tharoor tilak tiwari tomar toor trehan
    tripathi tripathy trivedi tyagi ubale uchil unni unnikrishnan upadhyay upadhyaya usmani vaidya
    vaidyanathan vakil vala varadarajan vargheese varghese varma varshney vasan vasudevan vaswani
    velu venkatachalam venkataraman venkatesan venkatesh venkatraman verma vig vijayan viswanathan
    vohra vora vyas wadhwa wadia wagle walia warrier warsi wickramasinghe yadav yagnik yousaf
    zachariah zaidi zaman zaveri ziauddin
    """
}
