/// Given names that are common in Europe, the Americas and South Asia, gathered from general
/// knowledge. Names that are ordinary words or places in English are in ``ambiguous`` as well.
enum GivenNames {
  static let hashes = WordHash.set(list)
  static let ambiguousHashes = WordHash.set(ambiguous)

  static let list = """
    aaron abby abdul abdullah abigail adam adele adrian adriana ahmad ahmed aidan aiden aisha alan
    alana albert alberto alejandra alejandro alex alexa alexander alexandra alexandre alexis alfred
    ali alice alicia alina alison allan allen allison alma alvin alyssa amanda amber amelia amina amir
    amit amrita amy ana anastasia andre andrea andreas andrew andrey andy angela angelica angelina
    angie anika anil anita anja ann anna annabelle anne anneke annette annie ansel anthony antoine
    anton antonia antonio anya april archie ariana arjun armando arnold arthur arturo arun ashley
    ashok astrid aubrey audrey augustin aurora austin ava avery axel ayesha barbara barry bart
    beatrice becky bella ben benedict benedikt benjamin bernard bernadette bernd bert bertrand beth
    bethany betty beverly bianca bilal bill billy birgit bjorn blake bob bobby bonnie boris brad
    bradley brandon brandy brenda brendan brent brett brian bridget brigitte britney brittany brooke
    bruce bruno bryan bryce caitlin caleb calvin cameron camila camille candace carl carla carlos
    carmen carol carolina caroline carolyn carrie carsten casey cassandra catherine cathy cecilia
    cedric cesar chad chandra charlene charles charlie charlotte chelsea cheryl chloe chris christa
    christian christiane christina christine christof christophe christopher cindy claire clara
    clarence claude claudia claudio clement clemence clifford clint clive cody colette colin colleen
    connie connor conor corey corinna corinne cornelia courtney craig cristian cristina crystal curtis
    cynthia daisy dale damien damian dan dana daniel daniela daniele danielle danny daphne darius
    darlene darrell darren dave david dawn dean deanna debbie deborah debra deepa deepak denis denise
    dennis derek derrick desiree destiny devin diana diane diego dieter dimitri dinesh dirk dmitri
    dolores dominic dominik dominique don donald donna dora doreen doris dorothy doug douglas drew
    duncan dustin dwayne dylan earl eddie edgar edith eduardo edward edwin eileen elaine eleanor elena
    eli elias elisa elisabeth elise elizabeth ella ellen elliot elliott elsa emil emilia emilie emily
    emma emmanuel enrique eric erica erik erika erin ernest ernesto esme esther ethan etienne eugene
    eva evan evelyn fabian fabio farah fatima faye felicia felipe felix fernando fiona flora florence
    florian frances francesca francesco francis francisco franck francois françois françoise frank
    franz fred freddie frederic frederick fredrik freya frida frieda friedrich gabriel gabriela
    gabrielle gail garry gareth gary gavin gaurav geert gemma gene genevieve geoff geoffrey george
    georgia georgina gerald geraldine gerard gerd gerhard gert gianna gilbert gillian gina giovanni
    gisela giulia giuseppe gladys glen glenn gloria gordon grace graham grant greg gregor gregory greta
    guido guillaume gunther gustav gustavo guy gwen haley hanna hannah hans hari harold harriet harris
    harry harvey hassan hazel heather hector heidi heike heinrich heinz helen helena helene helga
    helmut hendrik henk henri henry herbert herman hermann hilary hilda holger holly hollie horst howard
    hubert hugh hugo ian ibrahim ida ignacio igor ilse imran ines ingrid inga irene iris irma isaac
    isabel isabella isabelle isaiah isha ismail ivan ivy jack jackie jackson jacob jacqueline jacques
    jade jaime jake james jamie jan jana jane janet janice janine jared jasmin jasmine jason javier jay
    jean jeanette jeanne jeff jeffrey jelle jemma jenna jennifer jenny jens jeremy jerome jerry jesse
    jessica jesus jill jillian jim jimmy joan joanna joanne joao joaquin jochen jodie joe joel joelle
    joey johan johanna johannes john johnny jolanda jon jonas jonathan jordan jorge jose josef joseph
    josephine josh joshua joy joyce juan juanita judith judy julia julian juliana julie julien juliet
    juliette julio julius jun june jurgen jürgen justin justine kai kamal karen karim karin karl karla
    katarina kate katelyn katherine kathleen kathrin kathryn kathy katie katja katrin katrina kavita
    kay kayla keith kelly kelsey ken kenneth kenny kerry kevin khalid kim kimberly kiran kirsten klaas
    klaus krishna kristen kristin kristina kristine kumar kurt kyle lakshmi lance lara larissa larry
    lars laura laure lauren laurence laurent laurie lawrence lea leah leanne lee leila lena lennart leo
    leon leonard leonardo leonie leroy leslie leticia levi lewis liam lilian liliana lillian lily lina
    linda lindsay lindsey lisa lise liz lloyd logan lois lola lora lorena lorenz lorenzo loretta lori
    lorraine lotte lou louis louisa louise luc luca lucas lucia lucie lucien lucille lucy luis luisa
    luise lukas luke luna lydia lynn mabel mackenzie madeleine madison mads maeve magdalena maggie
    maja malcolm malik mandy manfred manish manon manuel manuela marc marcel marcela marcia marco marcos
    marcus margaret margarita margaux margot maria marian marianne marie mariana mariah marilyn marina
    mario marion marisa marissa marjorie mark marko markus marlene marta martha martin martina marvin
    mary maryam mason mateo mathieu mathilde matt matteo matthew matthias matthieu maureen maurice max
    maxime maximilian maya meera megan mehdi mehmet melanie melinda melissa mercedes meredith mia
    michael michaela michel michele michelle miguel mika mike mila milan mildred miles milos mina mira
    miranda miriam misty mitchell mohamed mohammad mohammed mohan molly mona monica monika monique
    morgan moritz moses muhammad mustafa myra myriam nadia nadine nancy naomi natalia natalie natasha
    nate nathalie nathan nathaniel neal neha neil nelson nicholas nick nicola nicolai nicolas nicole
    nicky nigel nikhil nikita niklas nikolai nils nina nisha noah noel noemi noor nora norah norbert
    norma norman oleg olga oliver olivia olivier omar oscar otto owen pablo paige pam pamela paola
    pascal pat patricia patrick patrik paul paula paulette pauline paulo pedro peggy penelope penny
    perry petra pete peter phil philip philippa philippe phillip phoebe phyllis pierre pieter pooja
    prakash pranav priya quentin quinn rachel rafael rahul raj rajesh rakesh ralf ralph ramesh ramon
    randall randy raphael rashid raul ravi ray raymond rebecca regina reinhard renate rene renee rhonda
    ricardo richard rick ricky riley rita rob robert roberta roberto robin rocio rodney rodrigo roger
    rohan roland rolf roman ron ronald ronnie rory rosa rosalie rosalind rose rosemary rosie ross roxanne
    roy ruben ruby rudolf rudy rupert russell ruth ryan sabine sabrina sadie said salim sally salma
    salvador sam samantha sami samir sammy samuel sandeep sander sandra sandro sandy sangeeta sanjay
    santiago sara sarah sasha saskia scott sean sebastian selena selina serena serge sergei sergey
    sergio seth shane shannon sharon shaun shawn sheila shelby shelley sherry shirley shreya sibylle
    sidney sigrid silke silvia simon simona simone sofia sofie sonia sonja sophia sophie spencer
    stacey stacy stan stanley stefan stefanie stella stephan stephane stephanie stephen steve steven
    stewart stuart sue summer sunil sunita suresh susan susanna susanne suzanne sven svetlana swati
    sydney sylvain sylvia sylvie tamara tammy tanja tanya tara tatiana taylor ted teresa terence terri
    terry tess thea theo theodore theresa therese thibault thierry thomas thorsten tiffany till tim timo
    timothy tina tobias toby todd tom tommy toni tony tracey tracy travis trevor tricia trisha tristan
    troy tyler uli ulrich ulrike ursula usha uwe valentin valentina valeria valerie vanessa vera verena
    vernon veronica veronique vicki vicky victor victoria vijay vikram vincent viola violet virginia
    virginie vivian vivek vladimir volker wade walter wanda warren wayne wendy werner wesley wilfried
    wilhelm will willem william willie wilma winston wolfgang wouter xavier yannick yasmin yasmine
    yolanda yosef youssef yusuf yves yvette yvonne zach zachary zahra zane zara zoe zoé élise émile
    émilie éric étienne andré rené rené chloé hélène jérôme léa léo noémie océane sébastien stéphanie
    stéphane thérèse valérie véronique cécile clémence aurélie benoît frédéric gaëlle geneviève michèle
    mélanie raphaël théo zoë björn günter günther jörg jürgen käthe rüdiger sören ángel andrés jesús
    josé maría mónica raúl sofía tomás verónica víctor inés adrián hervé loïc aditya ananya anjali
    ankit arvind asha ashwin bharat divya ganesh gopal jyoti kiran lata madhu manoj meena mukesh naresh
    naveen nitin pankaj pradeep prashant praveen preeti rajiv rekha ritu rohit sachin sanjana satish
    seema shalini shilpa shiv siddharth sneha subhash sushil uma varun vikas vinod vishal yash akira
    haruto hiro kenji yuki yuko mei ming wei xin li jing hao chen min-jun ji-woo hyun nguyen thi anh
    minh olumide chidi ngozi amara kwame kofi ama abena thabo sipho lerato fatou mamadou aminata
    krzysztof andrzej agnieszka katarzyna małgorzata piotr paweł tomasz jakub zofia zuzanna ewa
    jiří petr pavel tereza zdeněk lukáš jana eszter gábor istvan laszlo zoltan katalin ilona mihai
    andreea ioana bogdan radu vlad ana-maria dragan goran zoran milica jelena ivana nikola stefano
    luigi marta chiara alessandro alessia federico simone riccardo enzo giorgio sara paolo roberto
    pekka mikko jukka aino eero sanna anders bengt gunnar hakan leif magnus ulf ingeborg sigurd ole
    bram daan femke floor jeroen joost joris kees koen lieke maarten marieke marijke menno niels pim
    rianne ruud sanne sjoerd stijn thijs tjeerd wim ayse elif emre fatma hasan huseyin kemal leyla
    murat mustafa orhan selin zeynep ibrahima omari hussein layla nour rania samira tariq yara zainab
    """

  /// Also words, places, months or brands: alone they are no evidence.
  static let ambiguous = """
    amber angel april archie art ash asha august aurora austin autumn ava bella bill blake bob brandy
    brooke brook bruno candy carol charity charlotte chase chelsea chad christian clay cody coral dale
    daisy dakota dawn dean destiny diamond don drew earl eli elsa ernest eve faith faye felix flora
    florence frank gene georgia gilbert ginger glen gloria grace grant guy harmony harry hazel heath
    heather holly hope hunter india iris isaac ivy jack jackson jade jasmine jay jersey jesus jewel
    jordan joy julia june jun kay kelly ken kent kiran krishna kumar lance lane lee leo lily lincoln
    lisa logan lou luna madison mark martin mason max maxime may maya melody mercedes mia mike miles
    milan mina ming min misty moses nelson norman olive opal oscar owen page paige paris pat patience
    paul pearl penny perry phoenix pierre pooja prudence queen quinn ray reed regina rich rick ridge
    river rob robin rocky rose ross ruby ruth said sally sam san sandy santiago savannah scarlet
    scott shelby sierra sky stan star sterling stone sue summer sunny sydney taylor ted terry tiffany
    till tim tom tony trinity troy tyler uma usha valentine van vera victor victoria viola violet
    virginia wade warren wayne wei will winter wren yash zion li hao chen xin ole ama leif floor pim
    mei jing anh thi uli alma ada jenkins ruby-on julian mira nova
    """
}
