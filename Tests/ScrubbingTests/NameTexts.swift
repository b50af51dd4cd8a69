/// Sentences with names ⟦…⟧ and addresses ⟪…⟫ marked, a line each; `␤` is a line break. All people
/// and addresses are invented; the sentences follow no template of another set.
enum NameTexts {
  static let byLocale: [(locale: String, lines: String)] = [
    ("en-US", american), ("en-GB", british), ("de", german), ("fr", french), ("nl", dutch),
    ("es", spanish), ("it", italian), ("pt", portuguese), ("pl", polish), ("nordic", nordic),
    ("en-IN", indian), ("hi", hindi), ("world", world),
  ]

  private static let american = """
    I talked to ⟦Marlene Kowalchuk⟧ at the counter and she gave me a receipt.
    Ship it to ⟪2218 Pinecrest Blvd, Unit 4B, Boise, ID 83704⟫ before Friday.
    Our landlord, ⟦Desmond Achterberg⟧, refuses to return the deposit.
    Please mail the check to ⟪P.O. Box 771, Missoula, MT 59806⟫.
    Dear Ms. ⟦Oyelaran⟧, we received your application.
    hey this is ⟦tyrone beckett⟧, the locksmith never showed up
    ⟦Priscilla Vandermeer⟧ wrote: the heating is still broken.
    The dog bit ⟦Hector Villaseñor⟧ near the park.
    Witness: ⟦Gwendolyn T. Haskins⟧, badge 4417
    My new place is ⟪905 W 34th St Apt 12, Austin, TX 78705⟫ and the lease starts in June.
    Contact: ⟦Rashad Whitlock⟧ (supervisor)
    Nurse called Mr. ⟦Delgadillo⟧ twice this morning.
    "Hold the elevator," said ⟦Fiona⟧.
    Send a copy to ⟦Lamar⟧ and ⟦Noreen⟧ please.
    Regards,␤⟦Eleanor Schlossberg⟧␤Facilities
    Applicant lives at ⟪41 Old Mill Road, Concord, NH 03301⟫ with two children.
    Prescriber Dr. ⟦Anand Raghunath⟧ changed the dose.
    Name: ⟦Kaitlyn Orozco-Bell⟧␤Address: ⟪77 Harbor View Ter, Portland, ME 04101⟫
    ⟦Thaddeus Okafor⟧ and ⟦Meredith Lindqvist⟧ co-signed the loan.
    The package for ⟦JOSEPHINE TRUJILLO⟧ was left at ⟪1600 S Grant Ave, Denver, CO 80210⟫.
    Billing contact is ⟦Wendell P. Strickland Jr⟧. since March.
    Ask ⟦Beatriz⟧ whether the badge was returned.
    Thanks ⟦Curtis⟧, that solved it!
    Ticket opened by ⟦Olivia McAllister⟧: printer offline on floor 3
    ⟦Nguyen⟧: any news?␤⟦Patricia⟧: not yet, ⟦Omar⟧ is checking
    """

  private static let british = """
    Could you redirect my post to ⟪Flat 6, 18 Albion Terrace, Leeds LS2 9AB⟫?
    Mrs ⟦Threlfall⟧ rang about her boiler again.
    The tenant, ⟦Callum Ravenscroft⟧, has given notice.
    He lives at ⟪3 Orchard Close, Nether Wallop, Hampshire, SO20 8EW⟫.
    I, ⟦Philippa Ashdown⟧, confirm that the above is correct.
    Cheers, ⟦Gareth⟧
    The parcel for ⟦Imogen Fairweather⟧ went to ⟪22 Castle Street, Edinburgh EH2 3HT⟫.
    Spoke with Sir ⟦Alastair Pemberton⟧ regarding the donation.
    Dear Dr ⟦Okonjo⟧,␤your referral has been received.
    ⟦Siobhan Kilbride⟧ says the meter reading is wrong.
    Return address:␤⟪Rose Cottage␤Mill Lane␤Thornbury␤BS35 1AB⟫
    Next of kin: ⟦Bronwen Prothero⟧ (daughter)
    Policy holder ⟦Nigel Hathersage⟧ moved to ⟪9 Quay Road, Whitby, YO21 1DW⟫ in May.
    its ⟦rhys pugh⟧ from downstairs, the alarm is going off
    Minutes taken by ⟦Harriet Oduya⟧.
    ⟦A. J. Featherstone⟧ approved the refund.
    Deliver to ⟪Unit 7, Meadow Business Park, Swindon SN3 4TW⟫ please.
    Kind regards␤⟦Tamsin Holloway⟧␤Customer Care
    """

  private static let german = """
    Ich wohne in der ⟪Lindenstraße 14, 04109 Leipzig⟫ und warte auf den Techniker.
    Herr ⟦Obermüller⟧ hat den Vertrag gestern unterschrieben.
    Sehr geehrte Frau Dr. ⟦Wiesenthal⟧,␤anbei die Unterlagen.
    Die Sendung an ⟦Annegret Pfisterer⟧ kam beschädigt an.
    Bitte an ⟪Am Hang 3, 72070 Tübingen⟫ liefern.
    Mit freundlichen Grüßen␤⟦Holger Dinkelmeyer⟧
    Mein Name ist ⟦Swantje Reimers⟧, ich habe eine Frage zur Rechnung.
    Viele Grüße, ⟦Jochen⟧
    Ansprechpartner: ⟦Torsten Eberlein⟧, Durchwahl 12
    Vermieterin ist ⟦Gudrun Haselbach⟧, ⟪Goethering 27, 63067 Offenbach⟫.
    Der Patient ⟦Ulrich Steinmetz⟧ klagt über Schwindel.
    Kundin ⟦Fatma Yıldırım⟧ möchte kündigen.
    Anschrift: ⟪Kaiser-Wilhelm-Allee 102a, 42117 Wuppertal⟫
    Hallo ⟦Sabine⟧, kannst du das prüfen?
    ⟦Rüdiger Vogelsang⟧ und ⟦Heike Brandstetter⟧ sind im Urlaub.
    Postanschrift: ⟪Postfach 10 12 34, 20008 Hamburg⟫
    hier ist ⟦markus lehner⟧, das internet geht nicht
    Frau ⟦von Hagenow⟧ bittet um Rückruf.
    Unterzeichnet von Prof. ⟦Dietmar Kranzberger⟧.
    Der Brief ging an ⟪Schulgasse 5/3, 1180 Wien⟫.
    Empfänger: ⟦Urs Zgraggen⟧␤⟪Bahnhofstrasse 44␤8001 Zürich⟫
    Danke ⟦Kerstin⟧!
    Zeugin ⟦Liselotte Marquardt⟧ hat nichts gesehen.
    Laut Herrn ⟦Tausendfreund⟧ ist die Heizung seit Montag kaputt.
    """

  private static let french = """
    J'habite au ⟪12, rue des Lilas, 69003 Lyon⟫ depuis janvier.
    Madame ⟦Perrineau⟧ a signé le contrat.
    Bonjour, je m'appelle ⟦Élodie Castaing⟧ et je souhaite résilier.
    Livraison : ⟪5 bis avenue de la Gare, 35000 Rennes⟫
    Le dossier de ⟦Jean-Baptiste Rouvière⟧ est incomplet.
    Cordialement,␤⟦Mireille Gauthreau⟧
    M. ⟦Delacourt⟧ rappellera demain.
    Patiente ⟦Aïcha Benmoussa⟧, vue ce jour.
    Merci ⟦Thibault⟧ !
    Envoyé à ⟪BP 412, 13002 Marseille⟫.
    Le locataire ⟦Gaëtan Lefort⟧ quitte l'appartement au ⟪8 place du Marché, 67000 Strasbourg⟫.
    Contact : ⟦Solène Kervella⟧
    Destinataire : ⟦Yves Montfort⟧␤⟪17, boulevard Victor-Hugo␤06000 Nice⟫
    coucou c'est ⟦manon⟧, tu passes ce soir ?
    Mme ⟦de Villepreux⟧ demande un duplicata.
    ⟦Sandrine Le Goff⟧ et ⟦Karim Haddadi⟧ étaient absents.
    Docteur ⟦Philippe Armand⟧ a prescrit un repos.
    Domicilié ⟪3 chemin des Vignes, 1009 Pully⟫, il travaille à Lausanne.
    """

  private static let dutch = """
    Ik woon op ⟪Prinsengracht 210, 1016 HD Amsterdam⟫ en heb geen water.
    Mevrouw ⟦Oosterveld⟧ belde over haar factuur.
    Mijn naam is ⟦Jeroen Terpstra⟧, klant sinds 2019.
    Met vriendelijke groet,␤⟦Annelies Wagemakers⟧
    De monteur sprak met ⟦Bart de Ruyter⟧ aan de deur.
    Graag leveren op ⟪Dorpsstraat 5a, 3981 EA Bunnik⟫.
    Huisarts dr. ⟦Van Nistelrode⟧ is akkoord.
    Hoi ⟦Femke⟧, lukt het morgen?
    Contactpersoon: ⟦Sjoerd Hoogeveen⟧
    De heer ⟦van der Zwan⟧ is verhuisd naar ⟪Molenweg 88, 9712 JK Groningen⟫.
    Klant ⟦Fatima El Idrissi⟧ wil een terugbetaling.
    Stuur het naar ⟪Postbus 330, 5600 AH Eindhoven⟫.
    Patiënt ⟦Koen Verhelst⟧, opgenomen op maandag.
    groetjes ⟦Lieke⟧
    Getekend: ⟦Hendrik-Jan Kuipers⟧
    ⟦Marieke Bloem⟧ en ⟦Thijs Scholten⟧ hebben bezwaar gemaakt.
    """

  private static let spanish = """
    Vivo en ⟪Calle de la Palma, 33, 2º B, 28004 Madrid⟫ y no hay luz.
    La señora ⟦Etxebarria⟧ llamó por la avería.
    Me llamo ⟦Rocío Valdivieso⟧ y quiero cambiar mi tarifa.
    Un saludo,␤⟦Joaquín Berenguer⟧
    Enviar a ⟪Avenida de Andalucía 102, 41005 Sevilla⟫
    El paciente ⟦Fermín Ozores⟧ acude a consulta.
    Contacto: ⟦Maite Urdangarín⟧
    Sr. ⟦Quintanilla⟧, su pedido está listo.
    Hola ⟦Lucía⟧, ¿puedes revisarlo?
    ⟦Álvaro Cifuentes⟧ y ⟦Nuria Sempere⟧ firmaron el acta.
    Domicilio: ⟪Plaza Mayor 7, 37002 Salamanca⟫
    Gracias, ⟦Íker⟧
    El inquilino ⟦Wilmer Quispe⟧ debe dos meses.
    Nombre: ⟦Guadalupe Monteagudo⟧
    """

  private static let italian = """
    Abito in ⟪Via Garibaldi 21, 10122 Torino⟫ e non ricevo posta.
    La signora ⟦Bertolucci⟧ ha firmato ieri.
    Mi chiamo ⟦Ludovica Sperandio⟧ e vorrei un rimborso.
    Cordiali saluti,␤⟦Gianmarco Tedeschini⟧
    Spedire a ⟪Corso Italia 8, 16145 Genova (GE)⟫
    Il paziente ⟦Salvatore Lo Cascio⟧ è stabile.
    Ciao ⟦Giulia⟧, hai novità?
    Dott. ⟦Marchesini⟧ non è disponibile.
    ⟦Ilaria Fumagalli⟧ e ⟦Davide Zorzi⟧ erano presenti.
    Referente: ⟦Tiziano Bevilacqua⟧
    Residente in ⟪Piazza della Repubblica 3, 50123 Firenze⟫ dal 2010.
    Grazie, ⟦Matteo⟧
    """

  private static let portuguese = """
    Moro na ⟪Rua das Acácias, 145, Pinheiros, São Paulo - SP, 05422-030⟫ e estou sem internet.
    A senhora ⟦Figueiredo⟧ ligou hoje.
    Meu nome é ⟦Thiago Nascimento⟧ e quero cancelar.
    Atenciosamente,␤⟦Luciana Bittencourt⟧
    Enviar para ⟪Avenida da Liberdade 110, 1250-146 Lisboa⟫
    O paciente ⟦Joaquim Seabra⟧ teve alta.
    Olá ⟦Inês⟧, tudo bem?
    Sr. ⟦Albuquerque⟧, o contrato está pronto.
    ⟦Rafael Moutinho⟧ e ⟦Beatriz Lacerda⟧ assinaram.
    Obrigada, ⟦Mariana⟧
    """

  private static let polish = """
    Mieszkam przy ⟪ul. Kwiatowej 12/4, 60-529 Poznań⟫ od roku.
    Pani ⟦Wojtasik⟧ prosi o fakturę.
    Nazywam się ⟦Bartłomiej Gądek⟧ i mam pytanie.
    Z poważaniem,␤⟦Agnieszka Rusinek⟧
    Pacjent ⟦Zdzisław Kępiński⟧ zgłosił ból.
    Adres: ⟪al. Jana Pawła II 27, 00-867 Warszawa⟫
    Cześć ⟦Kasia⟧, masz chwilę?
    ⟦Mirosława Lewandowska⟧ i ⟦Paweł Strzelecki⟧ podpisali umowę.
    Paní ⟦Dvořáková⟧ volala kvůli faktuře.
    Jmenuji se ⟦Ondřej Havlíček⟧.
    """

  private static let nordic = """
    Jag heter ⟦Gunilla Sjölander⟧ och bor på ⟪Storgatan 18, 582 23 Linköping⟫.
    Kunden ⟦Fredrik Wallenborg⟧ vill ha kvitto.
    Med vänliga hälsningar␤⟦Pernilla Åkerlund⟧
    Jeg heter ⟦Torbjørn Haugland⟧ og trenger hjelp.
    Hilsen ⟦Ingrid⟧
    Send pakken til ⟪Vestergade 31, 8000 Aarhus⟫ tak.
    Potilas ⟦Mikko Lahdenperä⟧ saapui ajoissa.
    Hej ⟦Astrid⟧, kan du ringa?
    ⟦Søren Kjeldgaard⟧ og ⟦Mette Holmegaard⟧ har skrevet under.
    Leveres til ⟪Kirkeveien 64B, 0364 Oslo⟫.
    """

  private static let indian = """
    Myself ⟦Sunitha Nambiar⟧, residing at ⟪Flat No. 302, Green Meadows, Kondapur, Hyderabad 500084⟫.
    Shri ⟦Ramakant Deshmukh⟧ has submitted the form.
    Kindly deliver to ⟪H.No. 14-2/7, Gandhi Nagar, Vijayawada - 520003⟫.
    ⟦Harpreet Kaur Dhillon⟧ is the nominee for this policy.
    Dear ⟦Venkatesh⟧ sir, please check.
    Smt. ⟦Lakshmi Ammal⟧ visited the branch.
    Permanent address: ⟪27, 2nd Cross, MG Road, Bengaluru 560001⟫
    Pt. ⟦Mohd. Irfan Sheikh⟧ came with fever.
    Thanks and regards,␤⟦Anirban Chattopadhyay⟧
    Owner ⟦Gurpreet Singh Bedi⟧ S/o ⟦Balwant Singh⟧ signed the deed.
    bhai ⟦rohit⟧ ka number do
    Driver name: ⟦Murugesan⟧, vehicle at gate
    ⟦Ishita Banerjee⟧ and ⟦Tejas Kulkarni⟧ are on leave.
    Courier returned from ⟪Plot 45, Sector 18, Noida 201301⟫.
    """

  private static let hindi = """
    मेरा नाम ⟦सुरेश चतुर्वेदी⟧ है और मैं शिकायत करना चाहता हूँ।
    श्रीमती ⟦मीनाक्षी जोशी⟧ ने फॉर्म जमा किया।
    पता: ⟪मकान नंबर 45, शास्त्री नगर, जयपुर 302016⟫
    ग्राहक ⟦अनिल वर्मा⟧ का भुगतान अटक गया है।
    नमस्ते ⟦रेखा⟧ जी, आपका ऑर्डर तैयार है।
    ⟦विनोद पाठक⟧ और ⟦कविता सक्सेना⟧ ने हस्ताक्षर किए।
    डॉ. ⟦रमेश गुप्ता⟧ ने दवा लिखी।
    धन्यवाद, ⟦प्रीति⟧
    रोगी ⟦मोहम्मद सलीम⟧ को भर्ती किया गया।
    """

  private static let world = """
    ⟦Yuki Hasegawa⟧ will present the results on Thursday.
    Please welcome ⟦Chukwuemeka Adeyemi⟧ to the team.
    ⟦Zhang Wei⟧ asked for a copy of the invoice.
    Driver: ⟦Mehmet Karadağ⟧
    Signed by ⟦Oleksandr Tkachenko⟧ on behalf of the buyer.
    We met ⟦Nikos Papadimitriou⟧ at the fair.
    Caller was ⟦Khalid Al-Harbi⟧, he sounded upset.
    ⟦Kim Min-jun⟧ and ⟦Park Seo-yeon⟧ share the desk.
    The author is ⟦Ngozi Eze⟧.
    From: ⟦Ioana Munteanu⟧ <ioana.m@example.org>
    Attendees: ⟦Dmitri Volkov⟧, ⟦Leila Hosseini⟧, ⟦Sándor Szabó⟧
    Patient ⟦Tran Thi Hoa⟧ needs an interpreter.
    Dear ⟦Abdulrahman⟧, thank you for writing.
    Reported by ⟦Svetlana Orlova⟧ at noon.
    """
}
