extension GivenNames {
  /// Given names of South Asia in Latin letters.
  static let southAsia = """
    aadi aaditya aakash aalok aanya aarav aarti aarushi aashish abhay abhijeet abhijit abhilash
    abhinav abhishek abida abrar achyut aditi aditya afreen afroz afzal ahana aishwarya ajay ajit
    akanksha akash akhil akhilesh akhtar akram akshata akshay akshita alka alok aloke amal amar
    amarjeet amarjit amartya ambika amina amita amitabh amitabha amitava amna amol amrit amrita
    amruta anagha anand ananda anandi anant ananya anchal angad aniket anindita anirban aniruddha
    anirudh anisha anjali anjana anju anjum ankit ankita ankur ankush anmol annapurna anoop anshu
    anshul antara anuj anuja anupam anupama anuradha anurag anusha anushka anushree anwar aparajita
    aparna apoorva apurva aravind archana archit arijit arindam arjit arjun armaan arnab arpan
    arpit arpita arshad arti arun aruna arundhati arunima arvind arya aryan asad asha ashima ashish
    ashok ashutosh ashwin ashwini asif asim aslam asmita atif atul avani avinash avni ayan ayub
    ayush ayushi azhar babita babu badal bala balaji balakrishnan baldev balraj balram balvinder
    balwinder banani basant basanti bhagwan bhagyashree bhanu bharat bharath bharati bharti bhaskar
    bhavana bhavesh bhavin bhavna bhavya bhim bhoomika bhupendra bhupinder bhushan bhuvan bhuvana
    bijay bijoy bikash bikram bimal bina bindu binod bipin biswajit brij brijesh bushra chaitanya
    chaitra chameli chanchal chandan chandana chandni chandra chandrakant chandrasekhar
    chandrashekhar charu charulata chetan chetana chhaya chinmay chirag chitra daksh damini damodar
    danish darsh darshan darshana dattatray daya dayanand debabrata debanjan debashis debasish
    debjani debraj deepa deepak deepali deepika deepthi deepti devendra devesh devi devika devraj
    devyani dhananjay dhanush dhara dharam dharmendra dharmesh dhaval dheeraj dhiraj dhruv dhwani
    diksha dilip dimple dinesh dipa dipak dipali dipankar dipika dipti disha divya divyansh diya
    durga durgesh dushyant dwarka ekta esha eshaan faiyaz falguni faraz farhan farhat farzana
    fauzia gagan gajanan gajendra ganesh ganga gargi gaurang gaurav gauri gautam gautami gayathri
    gayatri geeta geetanjali geetha geetika ghulam girish gita gitanjali gobind gopal gopi gopinath
    govind govinda gulshan gunjan gurdeep gurinder gurmeet gurpreet gurvinder habibullah hardeep
    hardik hari harini harish harjeet harjinder harjit harleen harmeet haroon harpreet harsh harsha
    harshad harshal harshit harshita harshvardhan heena hema hemalatha hemant hemlata himani
    himanshu hina hitesh hrishikesh hrithik iftikhar imtiaz inder inderjeet inderjit indira
    indrajit indrani indu iqbal ira isha ishaan ishan ishani ishaq ishita ishrat ishwar iswar
    jaffer jagadish jagannath jagat jagdish jagjit jagmohan jagruti jahnavi jai jaideep jaidev
    jasbir jaspal jaspreet jaswant jaswinder jatin jaya jayant jayanta jayanthi jayanti jayaram
    jayashree jayesh jeet jeetendra jeevan jhanvi jigar jigna jignesh jitendra jithin joginder juhi
    junaid jyothi jyoti jyotsna kabir kailash kajal kaleem kalpana kalpesh kalyan kalyani kamala
    kamalesh kamini kamla kamlesh kanak kanchan kanhaiya kanika kanta kapil karan karishma karthik
    kartik kartikeya karuna karunakar kashif kashish kaushal kaushalya kaushik kaustubh kaveri
    kavita kavitha kavya kedar keertana keerthana keerthi keshav ketaki ketan keya khurram khushboo
    khushi kiran kiranjit kirit kirti kishan kishor kishore komal kranti krishan krishna
    krishnakant krishnan krishnendu kriti krutika kuldeep kulwant kulwinder kumud kunal kundan
    kushal kusum lakhan lakshay lakshman lakshmi lalit lalita lalitha lata latha lavanya laxman
    laxmi leela lokesh lopamudra madan madhav madhavi madhu madhubala madhur madhura madhuri
    madhusudan mahadev mahavir mahendra mahesh mahima mahira mala malati malini mallika malti
    mamata mamta manas manasa manasi mandar mandeep mandira manik manikandan manish manisha manjeet
    manjit manju manjula manjunath manjusha manohar manoj manorama manpreet mansi maqbool mariyam
    masood mayank mayur mayuri meena meenakshi meenu meera megha meghana meghna mehmood mehreen
    mehul milind minal mitali mithila mithun mohan mohana mohini mohit mohnish monali monish
    mridula mrinal mrinalini mrunal mubashir mudassar mukesh mukta mukul mukund murali murlidhar
    mushtaq muskan muzammil nadeem naeem nafisa naheed naina nakul nalini naman namita namrata
    nandan nandini nandita nandkishore narayan narayana naren narendra naresh nargis narinder
    narmada naseem nasir nasreen natarajan nausheen naveed naveen navin navjot navneet navya nawaz
    nayan nazia neelam neelima neelu neena neeraj neerja neeta neetu neha nidhi nidhin niharika
    nikhil nikunj nilam nilanjana nilesh nilima nimesh nimisha nipun niraj niranjan nirav nirmal
    nirmala nirupama nisha nishant nishanth nishi nishikant nishita nitesh nithin nithya nitin
    nitish nitu nivedita niyati noman nupur nusrat nutan om omkar omprakash padma padmaja
    padmavathi padmini pallab pallavi pankaj pankhuri parag paramjit paras paresh parimal parinita
    paritosh parmeet parminder parth partha parthiv parul parvathi parvati parveen parvez pavan
    pavani pavithra pawan payal piyali piyush pooja poonam poornima prabha prabhakar prabhat prabhu
    prachi pradeep pradip pradnya pradyumna prafull prafulla pragati pragya prahlad prajakta
    prakash prakriti pramila pramod pranab pranali pranati pranav pranay pranita pranjal prasad
    prasanna prasanta prasanth prashant prashanth prasun pratap prateek prathamesh pratibha pratik
    pratiksha pratima pratyush praveen praveena pravin preet preetha preethi preeti prem prema
    premlata prerna prithvi prithviraj priti priya priyam priyanka priyansh priyanshu puja pulkit
    puneet punit purnima purushottam purva purvi pushkar pushpa pushpendra qadir rachana rachit
    rachna radha radhakrishnan radheshyam radhey radhika rafique raghav raghavendra raghu raghunath
    rahat raheel rahman rahul raj rajan rajani rajat rajdeep rajeev rajendra rajesh rajeshwari
    rajeswari raji rajinder rajiv rajkumar rajkumari rajnish rajshree raju rakesh rakhi raksha rama
    ramakant ramakrishna raman ramanathan ramanuj ramesh rameshwar ramila ramnath ramprasad ranbir
    randeep randhir ranganath rangarajan rani ranjan ranjana ranjit ranjith rashi rashida rashmi
    rasika ratan rati ratna raveena raveendra ravi ravikant ravikumar ravinder ravindra reema reena
    reeta reetika rehan rehana rehman rekha renu renuka reshma reva revathi rhea richa riddhi
    ridhima rijul rinku ripan rishabh rishi rishikesh ritesh ritika ritu ritwik riya rizwan rohan
    rohini rohit roma roopa roshan roshni rubina rucha ruchi ruchika ruchira rudra rukhsana rukmini
    rupa rupal rupali rupesh rupinder rushikesh rutuja saba sachin sadhana sadia saeeda sagar
    sagarika sahana sahil sai sailaja sainath sajid sajida saket sakshi salahuddin saleem samarth
    samiksha samina sampath samrat samridhi sanchita sandeep sandesh sandhya sandip sangeet
    sangeeta sangeetha sangita sangram sanika sanjana sanjay sanjeev sanjeevani sanjib sanjit
    sanjiv sanjoy sanjukta sankalp sankar sankara sankarshan sanket sanskriti santanu santosh
    santoshi sanya sapna sarada saraswathi saraswati sarfraz sarika sarita saritha sarla saroj
    saroja sarojini sarthak sarvesh sathish sathya satinder satish satpal satya satyajit satyam
    satyanarayana satyendra saumya saurabh saurav sauvik savita savitha savitri sayali seema sejal
    selvi shabana shabbir shafiq shagufta shahbaz shaheen shahid shahida shahnaz shahrukh shahzad
    shaila shailaja shailendra shailesh shaishav shaista shakeel shakil shakti shakuntala shalini
    shalu shamim shamshad shanaya shankar shankari shanta shantanu shanthi shanti shantilal sharad
    sharada sharan sharanya sharda sharmila sharmistha shashank shashi shashikala shashikant
    shashwat shatrughan shaukat shazia sheela sheetal shefali shehnaz shekhar shikha shilpa shilpi
    shirish shital shiv shivam shivangi shivani shivansh shivaprasad shivaraj shivkumar shoaib
    shobha shobhana shobhit shraddha shravan shreya shreyansh shreyas shreyasi shrikant shrinivas
    shrish shristi shruthi shruti shubham shubhangi shubhankar shubhra shukla shweta shwetha shyam
    shyamal shyamala siddhant siddharth siddhartha siddhi simran simranjeet sindhu sita sitaram
    smita smitha smriti sneh sneha snehal snehalata sohail soham sohan sohini somnath sona sonal
    sonali sonam sonika sonu soumen soumik soumitra soumya sourabh sourav sowmya sreedevi sreedhar
    sreeja sreelatha sreenivas sreenivasan srinath srinidhi srinivas srinivasa srinivasan sriram
    srishti srividya subash subha subhadra subhankar subhas subhash subhashini subhasish subodh
    subramani subramaniam subrata suchi suchismita suchitra sudarshan sudha sudhakar sudhansu
    sudheer sudhir sudip sudipta sugandha suhana suhani suhas suhasini sujan sujata sujatha sujay
    sujit sujoy sukanya sukhdeep sukhdev sukhjinder sukhvinder sukhwinder sukriti sukumar sulekha
    sulochana sultana suman sumana sumanta sumathi sumedha sumeet sumit sumita sumitra sumona
    sunaina sunanda sundar sundari sunder suneel suneet suneeta sunidhi sunil sunila sunita sunitha
    suparna supriya surabhi suraiya suraj surajit surekha surendra suresh surinder surjeet surjit
    surya suryakant susanta sushant sushil sushila sushma sushmita suvarna suyash swapan swapna
    swapnil swara swarna swarnali swarup swathi swati sweta taapsee tabassum tahira talha tamanna
    tanay tanisha tanmay tanuja tanushree tanveer tanvi tanvir tapan tapas tapasi tara taraknath
    tarun taruna tasleem tauseef tejal tejas tejaswini thangaraj tilak toshi trilok tripti trisha
    trupti tulasi tulsi tushar ubaid uday udaya udit ujjwal ujwala uma umang umesh upasana upendra
    urmi urmila urvashi usha ushma usman utkarsh utpal uttam uzma vaibhav vaidehi vaishali
    vaishnavi vamsi vandana vani vanita vanitha varsha varun vasant vasanta vasanthi vasudev
    vasudha vasundhara vatsal vatsala vedant vedanti veena veer veerendra venkat venkata venkatesh
    venkateswara venu vibha vibhor vibhuti vidhi vidhya vidisha vidya vidyasagar vihaan vijay
    vijaya vijayalakshmi vijender vijendra vijeta vikas vikash vikram vikramjit vikrant vimal
    vimala vinay vinaya vinayak vineet vineeta vinita vinod vinodini vinoth vipan vipin vipul viraj
    viral viren virender virendra visakha vishakha vishal vishnu vishwa vishwajeet vishwanath
    vishwas viswanath viswanathan vivaan vivek vrinda vyas wahida waman waqar waqas waseem wasim
    yadav yamini yamuna yash yashaswini yashoda yashodhara yashpal yashraj yashwant yasmeen
    yogendra yogesh yogita younus yudhishthir yuvraj zafar zaheer zahid zahida zahoor zakir zareena
    zeenat zeeshan ziauddin zubaida zulfiqar
    """
}
