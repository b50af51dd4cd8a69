/// Words of everyday texts, folded, written down from general knowledge: a word in one of these lists
/// is no name, or needs more evidence than a capital when it is one too.
enum CommonWords {
  /// Small words of German, where all nouns have capitals.
  static let germanSmall = """
    aber alle alles als auch auf aus bei beim bis bitte dann das dass dein deine dem den denn der
    des dich die dir dort durch ein eine einem einen einer eines er es euch fur gegen gestern haben
    hat hatte hatten heute hier ich ihnen ihr ihre ihrem ihren ihrer im immer ins ist jetzt kann
    kein keine konnen man mehr mein meine meinen meiner mich mir mit mochte morgen muss mussen nach
    nicht noch nur oder ohne schon sehr seit sich sie sind soll sollte uber um und uns unser unsere
    unter vom war waren was weil wenn wer werden wie wieder wir wird wo wurde wurden zum zur
    zwischen
    """

  /// Words of German, nouns above all.
  static let german = """
    abend absender abteilung achtung adresse akte aktion alte alter amt anbei anfang anfrage angabe
    angaben angebot anhang anlage anlagen anliegen anmeldung anruf anschrift anspruch antrag
    antwort anwalt anwendung anzahl april arbeit arbeiter arbeitgeber arbeitnehmer arbeitsplatz
    arbeitsvertrag art arten artikel arzt aspekt aufgabe aufgrund auftrag auge august ausgabe
    auskunft ausland ausserdem ausweis auto bahn bank basis bau baum bearbeitung bedeutung
    bedingung beginn begriff behandlung behorde beispiel beitrag bekannt benutzer bereich bericht
    beruf bescheid beschwerde besitz besprechung besprechungsraum beste bestellung besuch betrag
    betreff betrieb bevor bewerbung beziehung bild blatt blick blut boden brief bruder buch
    bundesland bundesrepublik buro bzw chance chef computer dabei dafur daher damit dank danke
    darauf daruber datei daten datenschutz datum dauer davon dazu decke deshalb deutsche deutschen
    deutscher dienst dienstag diese dieser dieses ding dokument donnerstag dorf druck drucker
    druckerei durfen ebene ehe eigenschaft eigentum eingang einheit einkauf einladung einrichtung
    einsatz eltern elternzeit empfanger ende energie entscheidung entwicklung erde erfahrung erfolg
    ergebnis erhohung erklarung ernst ersatz erstattung erste ersten essen fach fahrrad fahrt fall
    falls familie farbe fax fehler feld fenster fest feuer figur film firma fluss folge folgende
    form fortschritt foto frage frau frauen freiheit freitag freund freunde freundin freundliche
    freundlichen frist frohe fuhrung funktion fuss gang garten gast gebaude gebiet gebuhr geburt
    geburtsdatum geehrte geehrter gefahr gefuhl gegend gegenstand gehaltsabrechnung geist geld
    gemass gemeinde gemeinsame gemeinschaft gerat gericht gern gerne geschaft geschaftsbedingungen
    geschaftsfuhrer geschichte gesellschaft gesetz gesicht gesprach gesundheit gewalt gewicht
    gewinn ggf glas gluck gott grad grenze grosse grund grundlage grundsatze gruppe gruss grusse
    gute guten guter gutschein haar halfte hallo hand handel handy haus hausarzt haushalt
    hausnummer heft heim herr herrn herz herzliche herzlichen hiermit hilfe himmel hinblick hinweis
    hof hohe holz hotel hund idee information informationen inhalt inkl insel interesse internet ja
    jahr jahre jahren januar jede jeder jedes jugend juli jung junge juni kabel kaffee kalender
    kampf kapitel karte kasse katze kauf keller kenntnis kind kinder kirche klasse kleid kleine
    klinik knie kollege kollegen kollegin kolleginnen komplett kontakt konto kontoauszug
    kontoinhaber kopf korper kosten kostenvoranschlag kraft kraftfahrzeug krankenhaus krankenkasse
    krankheit kredit kreis krieg kuche kultur kunde kunden kundennummer kundenservice kundigung
    kundin kunst kurs lage lager land lander landkreis landschaft laptop lauf laut leben leider
    leiter leitung letzte letzten licht liebe lieber lied lieferadresse lieferschein lieferung
    linie liste losung luft macht madchen mahnung mai mail mal management mann manner mannschaft
    markt maschine mass massnahme material mauer meer mehrheit mehrwertsteuer meinung meldung menge
    mensch menschen messer miete mieter mietvertrag milch million minute mitarbeiter mitarbeiterin
    mitglied mittag mittagspause mitte mittel mittwoch mobil modell moglichkeit moment monat montag
    morgen motor museum musik mutter nachbar nachdem nachfrage nachmittag nachname nachricht
    nachste nachsten nacht nachtrag name namen nation nationen natur nein netz neue neuer neues
    neuigkeiten newsletter niemand norden november nummer oktober onkel ordner ordnung ort osten
    paket papier parkplatz partei partner passwort patient patientin pause person personal
    personalabteilung personen pflege pflicht plan platz politik polizei position post postfach
    postleitzahl prasident preis problem produkt produktion programm projekt protokoll prozent
    prozess prufung punkt qualitat quelle raum raume rechner rechnung rechnungen recht rede regel
    regen regierung region reihe reise reisepass rente reparatur rest richtung risiko rolle
    ruckerstattung ruckgabe ruckmeldung ruckruf sache samstag schaden schicht schiff schloss
    schluss schlussel schnee schone schonen schreiben schritt schule schuler schutz schwester see
    seele sehr seitdem seite sekunde sendung september server sicherheit sicht siehe sinn situation
    sitz sitzung sobald software sohn solche somit sommer sonder sonne sonntag sorge sowie soziale
    speicher spiegel spiel sport sprache staat stadt stand stelle stellung steuer stimme stock
    stoff storung strasse strom stuck student studium stuhl stunde stunden suche suden summe
    support system tag tage tagen tante tasche tat tatigkeit teil teilnahme teilnehmer telefon
    telefonnummer termin test text thema thoraxschmerz tier tisch titel tochter tod ton toner
    treffen trommel trotzdem tur ubergabe uberweisung ubung uhr umgebung umsatz umstand umzug
    unfall union universitat unterlagen unternehmen unterschied unterschrift unterstutzung urlaub
    ursache urteil usw vater verbindung verehrte verein vereinten verfahren verfugung vergangenheit
    vergleich vergutung verhaltnis verkauf verkehr verlag verlust vermieter vermogen
    versanddienstleister versandkosten versicherung version verspatung versuch vertrag vertreten
    vertreter vertrieb verwaltung viele vielen vielleicht volk volker vollmacht vorgang vorhaben
    vorname vorschlag vorstand vorstellung vorteil wahl wahrend wahrheit wald wand warme wartung
    wasser web weg weihnachten weise weitere welche welt werbung werk werkstatt werktag werktage
    wert westen wetter widerspruch winter wirkung wirtschaft wissen wissenschaft woche wochen
    wochenende wohnort wohnung wohnzimmer wort worte wunsch zahl zahlung zahn zeichen zeit
    zeitpunkt zeitraum zeitung zentrale zentrum zeuge zeugen ziel zimmer zinsen zudem zug zukunft
    zusammenhang zusatz zustand zwar zweck zweifel zweite zzgl
    """

  /// Words of French.
  static let french = """
    a administration adresse ainsi alors ancien aout appel appelle apres assurance au aucun aujourd
    aussi autre autres aux avant avec avez avoir avons avril banque bien bienvenue bonjour bonsoir
    car carte ce cela celui cependant ces cet cette ceux chaque cheque cher chere chers chez ci
    client cliente clients code colis commande comme comment compte conseil contact contrat contre
    cordialement courriel courrier dans date de decembre delai demain demande demeurant depuis des
    deux dimanche directeur direction document domicilie domiciliee donc dont dossier droit du elle
    elles employe en encore entre entreprise entretien erreur est et etage etaient ete etre etude
    eux facture faire fait femme fevrier fille fils fin font frere garantie grand grande groupe
    habite heure hier homme hui ici il ils information janvier je jeudi jeune joignable jointe
    joints jour jours juillet juin jusque la ladite le ledit les lettre leur leurs lieu ligne liste
    livraison lors loyer lui lundi ma madame mai mairie mais maison marche mardi mars matin me meme
    merci mercredi mere mes message ministre mise mlle mme moi moins mois mon monsieur montant ne
    nee ni nom non nos note notre nous nouveau nouvelle novembre numero objet octobre on ont ou oui
    page paiement papiers par parce partie pas passeport patient patiente pays pendant pere permis
    personne petit petite peu peut piece place plus point poste pour pourquoi pourriez pouvez
    pouvons prefere premier premiere prenom present president pris prix probleme produit projet qu
    quand quatre que quel quelle quelques question qui quoi rapport reception recu reference
    reglement remboursement remuneration rendez reponse responsable reunion rien rue sa salaire
    salut samedi sans sante se seance selon semaine septembre service services ses si siege
    signature situation societe soeur soir solution son sont souhaite souhaitons sous soussigne
    soussignee suite sur ta tache taux te tel telephone temps tes titre toi ton tous tout toute
    toutes travail tres trois trop tu un une universite vendredi vente vers veuillez vie ville
    virement voici voila voir voiture vos votre voudrais vous
    """

  /// Words of Dutch.
  static let dutch = """
    aan aanwezig achter adres af afdeling afspraak afzender al alle alleen allen als altijd alvast
    an andere antwoord april arbeidsovereenkomst arts augustus bank bedankt bedrag bedrijf ben bent
    bereikbaar bericht beste bestelling betaling bezorgadres bij bijlage binnen blijven boven brief
    broer buiten contract daar dag dan dank dat datum de december deze dienst dinsdag dit dochter
    doen donderdag door dossier dus een eens eerste eigen elk elke en er even factuur februari
    firma fout gaan gaat garantie geachte geboren gedaan geen geld gemeente geval gevallen geweest
    gisteren goed goede goedemiddag goedemorgen graag groep groet groeten groetjes groot haar had
    hallo heb hebben hebt heeft heel heer hem hen herstart het hier hij hoe hoi huis huisarts hun
    huur huurder ieder iemand iets ik in inloggen is ja jaar januari je jij jou jouw juli jullie
    juni kaart kan keer kind kinderen klant klanten kom komen kon koper korting kun kunnen laat
    laatste land later leven levering lijk maand maandag maar maart mag mail maken man meer mei
    melding men meneer mensen met mevrouw mij mijn moeder moet moeten mogen morgen na naam naar nee
    niet niets nieuw nieuwe nog november nu nummer of oktober om omdat onder ons ontvangen
    ontvanger onze ook op oplossing over overeenkomst pakket pas paspoort patient per persoon prijs
    probleem rekening resultaat samen school september sinds staat stad steeds storing straat te
    tegen telefoon ten ter tijd toch toen tot tussen twee u uit uur uw vader van vanaf vandaag
    vanwege veel verder vergadering verkoper versie verwerkt verzekering verzonden via volgens voor
    vooral vraag vriend vriendin vrijdag vrouw waar waarom wanneer want waren was wat water we week
    weer wel welke wereld werk werkgever werknemer wie wij wijk wil willen woensdag wonen wonende
    woning woon woont worden wordt zal zaterdag ze zeer zei zelf zich ziekenhuis zij zijn zo zondag
    zonder zoon zou zullen zus
    """

  /// Words of Spanish.
  static let spanish = """
    a abril agosto al algo algunas algunos ano anos ante antes apellido apellidos aquel aquella
    aqui asi asistieron atencion atentamente aun aunque ayer ayuda bajo bien buen buena buenas
    bueno buenos cada calle casa casi ciudad cliente clientes codigo como con contra contrato
    cordial cordiales correctamente correo cual cuando cuanto cuenta de del departamento desde dia
    dias diciembre dinero direccion domicilio domingo donde dos durante e el ella ellas ellos
    empleada empleado empresa en enero entre entrega envio era eran error es esa ese eso esta
    estado estan estas este estimada estimado estimados esto estos factura favor febrero fecha fue
    fueron gente gobierno gracias grupo ha habia hablado han hasta hay he hola hombre hora horas
    hospital hoy informacion jueves julio junio la las le les lo los luego lugar lunes manana
    martes marzo mas mayo me medico menos mes mesa mi miercoles mis mismo muchas mucho muchos mujer
    mundo muy nada ni no nombre nos nosotros noviembre nuestra nuestro nuestros nueva nuevo numero
    o octubre os otra otro paciente pago pais paquete para parte pedido pendiente pero persona piso
    poco por porque precio problema proyecto puede pueden pues punto que queja quien quiero
    quisiera recibo reembolso reunion sabado saludo saludos santo se sea semana senor senora
    septiembre ser servicio si sido siempre siguiente sin sistema sobre sociedad solicita
    soluciones son su sus tal tambien tan tanto tarde tarjeta te telefono tener tiempo tienda tiene
    tienen todo todos trabajo tras tu un una unas uno unos usted ustedes vez vida viernes vivo y ya
    yo
    """

  /// Words of Italian.
  static let italian = """
    a abbiamo abito ad agosto ai al alla alle allo anche ancora anni anno appuntamento aprile
    articolo avere aveva banca bene buon buona buonasera buone buongiorno buono c carta casa che
    chi chiamo chiede ci ciao cliente clienti codice cognome col come con conto contratto cordiali
    cortese cortesi cosa cosi cui da dai dal dalla dalle dallo data dati degli dei del della delle
    dello dentro destinatario di dicembre distinti documento domani domenica dopo dove due e ecco
    ed era erano errore essere essi euro fa fare fatto fattura febbraio fine fino fra gennaio
    gentile gentili gia giorni giorno giovedi giugno gli grazie gruppo ha hanno ho i ieri il in
    indirizzo informazioni io l la lavoro le lei lettera lo loro luglio lui lunedi ma maggio mai
    martedi marzo me medico meno mentre mercoledi mese messaggio mi mia mie miei mio mittente modo
    molto nata nato ne nei nel nella nelle nello no noi nome non nostra nostro novembre numero
    nuova nuovo o officine oggi ogni ora ordine ore ospedale ottobre pacco pagamento parlato parte
    paziente pazienza per perche pero persona piano piu poi posta presenti presso prezzo prima
    problema prodotto progetto punto qua quale quando quanto quasi quella quelle quelli quello
    questa queste questi questo qui quindi reclamo residente ricevuta richiesta rimborso riunione
    sabato saluti sara se sede sei sempre senza servizio settembre settimana si sia siamo signor
    signora signore sistema societa sono sopra sotto spedito spedizione spett spettabile sta stata
    stato su sua sue sugli sui sul sulla suo suoi te telefono tempo ti tra tre tu tua tuo tutti
    tutto ufficio un una uno va venerdi vi via viene vita voi vostra vostro
    """

  /// Words of Portuguese.
  static let portuguese = """
    a abraco abril agosto ano anos ao aos as ate atenciosamente banco boa boas bom cara caro cartao
    casa cidade cliente codigo com como conta contrato correio cumprimentos da das data de depois
    dezembro dia dias dinheiro do domiciliado domingo dos e ela elas ele eles em empresa encomenda
    endereco entre entrega era erro essa esse esta este eu fatura favor fevereiro foi foram
    funcionario gostaria grupo ha hoje hora horas informacao isso isto ja janeiro julho junho lhe
    maio mais marco mas me mensagem mes mesmo meu minha morada moro muito mundo na nao nas nem no
    nome nos nossa nosso novembro num numa numero o obrigada obrigado ola onde os ou outubro
    paciente pagamento pais para pedido pediu pela pelo pessoa por porque posso prazo preciso preco
    prezada prezado problema produto projeto quando quarta que quem quinta reembolso residente rua
    sabado se segunda sem semana senhor senhora ser servico setembro seu seus sexta sim sistema so
    sobre sociedade sua suas tambem te telefone tem ter terca trabalho tu tudo um uma umas uns vida
    voce voces vos
    """

  /// Words of Polish and Czech.
  static let westSlavic = """
    a aby adres adresem adresie albo ale ani bardzo bedzie bez bo by byc byl byla bylo chce co
    czerwiec czwartek czy data dekuji den dla dlaczego do dobry dziekuje dzien dzis faktura firma
    gdy gdzie go grudzien i ich im imie ja jak jako je jego jej jest jestem jeszcze jmenuji jsem
    jsou juz kiedy klient kod konto ktera ktery kto ktora ktore ktory kwiecien kwota lekarz lipiec
    listopad luty ma maj mam marzec mi miasto miedzy miesiac mieszkam mnie moj moja moje moze na
    nad nam nas nasz nazwisko nazywam nich nie niedziela nim nowa nowy numer o objednavka od
    odbiorca on ona one oni oraz pacjent pan pana pane pani panie panu pazdziernik piatek pieniedzy
    po pod poniedzialek powazaniem pozdrawiam pracownik problem prosi prosim prosze przed przesylka
    przez przy raz roku rowniez sa sie sierpien sobota sprawa sroda styczen swoj szanowna szanowny
    ta tak tam te tego tej telefon temu ten to tu tych tydzien tylko umowa w we wrzesien wszystko
    wtorek wyslana wyslany z za zamieszkala zamieszkaly zamieszkalym zamowienie zawsze ze zwrot
    """

  /// Words of Swedish, Danish, Norwegian.
  static let nordic = """
    adress adressen alla alle allt ar at att augusti av avtal basta bestallning blev bor bra dar de
    deg den denna deres det detta din du efter ej eller en er ett faktura februari fick for fra
    fran fredag hade halsningar han har hej hejsan hilsen hon hos hun hvor i igen ikke in inte ja
    jag januari jeg jo juli juni kaere kan kjaere kommer kr kund kunden kunne lordag maj man mandag
    manga maste med mellan mellom men mig min mitt mot mvh mycket na namn nar navn nej ni nog noget
    nogle norr norsk nu nummer och ocksa og oktober om onsdag oss over pa pengarna sa sagt seg sig
    sin ska skal skulle som sondag svensk tack tak takk telefon til till tillbaka tirsdag tisdag
    torsdag ud under upp ut vad vanliga var vara vart vel venlig vennlig vi vid vil vill
    """

  /// Words of Turkish.
  static let turkish = """
    adres ama ben bir biz bu cok da daha de degil diye en gibi gun icin ile iyi kadar ki merhaba mi
    musteri nasil ne numara o olan olarak oldugu onlar sayin sen siparis siz su tarih telefon
    tesekkur tesekkurler var ve veya ya yok
    """

  /// Words of Hindi.
  static let hindi = """
    अक्टूबर अगस्त अच्छा अजय अनुबंध अपडेट अपना अपनी अपने अप्रैल अब अभी अमर अर्चना अवनी आएंगे
    आकांक्षा आज आधार आनंद आनन्द आप आपका आपकी आपके आर्डर आशा इस इसे ईमेल उदय उनका उनकी उनके उनसे उषा
    उस उसका उसकी उसे एक एवं ऑर्डर ओम और कंपनी कब कमल कर करना करुणा करें कर्मचारी कल कल्पना कविता
    कहाँ का काजल काम कि किए किया किरण की कुछ कृपया के कैसे को कोई कोमल कौन क्या क्यों खाता खुशी
    गंगा गई गए गया गुरुवार गौरव ग्राहक घर चार चेतना जनवरी जन्म जय जल्दी जा जाए जाना जी जीवन जुलाई
    जून ज्योति टीम ट्रेडर्स ठीक तक तथा तारा तिथि तीन तो था थी थे दर्शन दिन दिया दिल्ली दिसंबर
    दीक्षा दे दें देखा देव दो द्वारा धन्यवाद धैर्य न नंबर नमस्ते नम्बर नवंबर नहीं नाम नित्या
    नियुक्त निर्मल निवासी निशा नूपुर ने पता पर पवन पहले पायल पासपोर्ट पूछ पूजा पैन प्रकाश प्रगति
    प्रतिभा प्रभा प्रार्थना प्रिय प्रेम फ़रवरी फ़ोन फिर फोन बहुत बाद बारे बीच बुखार बुधवार बैंक
    भवदीय भाई भारत भावना भी भुगतान भूमि भेज भेजा भैया मंगलवार मई मत मधुर ममता मरीज महीना मानव मार्च
    माला मिल मिलते मिला मुंबई मुस्कान में मेरा मेरी मेरे मेल मैं मैंने मैडम मोबाइल मोहन यमुना यह या
    ये रक्षा रचना रविवार रहा रही रहे राज राम राशि रिकॉर्ड रुपया रुपये रोगी रोशनी लिए लिमिटेड लिया
    लेकिन लोग वर्षा वह वाला वाली वाले विकास विजय विद्या विधि वीर वे वेद शनिवार शांति शिकायत शिव
    शीतल शुक्रवार संख्या संगीत संध्या संपर्क सब सभी समय समर समस्या सर सागर साथ सादर साधना साल
    सितंबर सीमा सुंदर सुन्दर सुमन सूर्य से सेवा सोमवार स्वप्ना हम हमारा हमारी हरि हाँ हाय ही हूँ
    हूं है हैं हो होगा होगी होता होती
    """
}
