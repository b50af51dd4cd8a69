/// The phrases of ``NameCues``, with commas between, in the languages that the recognizer knows.
enum NameCueLists {
  static let all: [(list: String, strength: NameCue.Strength)] = [
    (announcing, .announces), (labelling, .labels), (heading, .heads), (closing, .closes),
    (calling, .calls),
    (introducing, .introduces), (preceding, .precedes),
  ]

  /// The phrases of a list.
  static func phrases(_ list: String) -> [Substring] {
    list.split { $0 == "," || $0 == "\n" }
  }

  private static let announcing = """
    my name is, my full name is, the name is, name is, i am called, people call me, they call me,
    signed by, executed by, written by, directed by, authored by, represented by, in the name of,
    on behalf of, registered to, estate of the late, estate of, formalities of,
    signed for the buyer, signed for the seller, myself, s o, d o, w o, c o, mein name ist,
    mein name lautet, ich heisse, ich heiss, je m appelle, m appelle, s appelle, mon nom est,
    im namen von, zugunsten von, bevollmachtige ich, ich bevollmachtige, je soussigne,
    je soussignee, au nom de, pouvoir a, procuration a, mijn naam is, ik heet, t n v, ten name van,
    ondergetekende, machtigt, hierbij machtig ik, ter attentie van, t a v, me llamo, se llama,
    mi nombre es, a nombre de, en nombre de, autorizo a, mi chiamo, a nome di, io sottoscritto,
    io sottoscritta, il sottoscritto, la sottoscritta, intestato a, intestata a, delego, si chiama,
    il mio nome e, meu nome e, o meu nome e, me chamo, chamo me, nazywam sie, mam na imie,
    jag heter, mitt namn ar, jeg heter, jeg hedder, mit navn er, nimeni on, benim adim, adim,
    jmenuji se, numele meu este, मेरा नाम, मेरे पति, मेरी पत्नी
    """

  private static let labelling = """
    name, names, full name, first name, last name, given name, family name, middle name, firstname,
    lastname, surname, username, forename, account name, cardholder, card holder, cardholder name,
    account holder, accountholder, policy holder, policyholder, next of kin, emergency contact,
    attn, attention, recipient, beneficiary, sender, payee, payer, caller, attender, attendee,
    attendees, author, authors, owner, assignee, assigned to, reporter, reported by, submitted by,
    approved by, prepared by, reviewed by, requested by, created by, referred by, diagnosed by,
    treated by, signed, signature, patient, pt, client, customer, contact, contact person,
    consultant, employee, candidate, applicant, tenant, landlord, buyer, seller, borrower, lender,
    guarantor, witness, witnesses, witnesses present were, defendant, plaintiff, passenger, guest,
    student, teacher, driver, spouse, husband, wife, father, mother, son, daughter, brother,
    sister, manager, colleague, agent, adjuster, claimant, insured, assessor, surveyor, inspector,
    investigator, pupil, guardian, parents of, petitioner, respondent, appellant, judge,
    interviewer, interviewed by, new starter, new hire, new joiner, starter, nominee, kunde,
    kundin, kontoinhaber, kontoinhaberin, karteninhaber, ansprechpartner, ansprechpartnerin,
    empfanger, empfangerin, absender, patientin, mieter, mieterin, vermieter, kaufer, verkaufer,
    bewerbung von, bewerber, mitarbeiter, mitarbeiterin, kollege, kollegin, hausarzt, vorname,
    nachname, familienname, teilnehmer, zeuge, zeugen, gutachter, gutachterin, sachverstandiger,
    sachverstandige, versicherter, versicherte, versicherungsnehmer, versicherungsnehmerin,
    neueintritt, notfallkontakt, bevollmachtigter, bevollmachtigte, begunstigter, begunstigte,
    geschadigter, geschadigte, bewerberin, arzt, arztin, schuler, schulerin, erziehungsberechtigte,
    erziehungsberechtigter, eltern von, klager, klagerin, beklagter, beklagte, zeugin, richter,
    richterin, inhaber, vertreten durch, unterzeichnet, nom, prenom, nom complet, destinataire,
    expediteur, expert, experte, assure, assuree, candidat, candidature de, temoin, eleve,
    parents de, tuteur, tutrice, demandeur, demanderesse, defendeur, defenderesse, juge,
    nouvelle arrivee, nouvel arrivant, contact d urgence, responsable, titulaire,
    titulaire du compte, patiente, cliente, locataire, bailleur, acheteur, vendeur, signe,
    medecin traitant, medecin, employe, salarie, presents, etaient presents, beneficiaire, naam,
    voornaam, achternaam, klant, ontvanger, afzender, huurder, verhuurder, koper, verkoper,
    leerling, voogd, ouders van, eiser, eiseres, gedaagde, rechter, verzekerde, kandidaat, getuige,
    nieuwe medewerker, medewerker, noodcontact, werknemer, contactpersoon, rekeninghouder,
    huisarts, aanwezig, nombre, nombre completo, apellido, apellidos, destinatario, remitente,
    paciente, titular, empleado, asistieron, alumno, alumna, tutor, tutora, padres de, demandante,
    demandado, demandada, contacto, perito, perita, asegurado, asegurada, candidato, candidata,
    testigo, solicitante, alta nueva, nuevo empleado, nueva empleada, contacto de emergencia,
    perito assicurativo, alunno, alunna, genitori di, tutore, attore, attrice, convenuto,
    convenuta, teste, assicurato, assicurata, testimone, contatto, nuova assunzione, dipendente,
    referente, nome, nome e cognome, cognome, mittente, paziente, intestatario, presenti,
    nome completo, sobrenome, apelido, klient, klientka, imie, nazwisko, imie i nazwisko, odbiorca,
    nadawca, pacjent, pacjentka, kunden, kontoinnehavare, mottagare, avsandare, namn, navn,
    kontakt, musteri, hasta, ad soyad, नाम, ग्राहक, रोगी, मरीज, कर्मचारी, प्रेषक, प्राप्तकर्ता,
    अनुबंध, छात्र, छात्रा, अभिभावक, वादी, प्रतिवादी, गवाह, दावा, पिता, पति, पत्नी
    """

  private static let heading = """
    from, to, cc, bcc, user, von, an, de, a, da, van, aan
    """

  private static let closing = """
    regards, best regards, sincerely, best wishes, yours truly, yours faithfully, yours, cheers,
    best, thanks, many thanks, thank you, love, xoxo, respectfully, cordially, mvg, mfg, lg, vg,
    grussen, grusse, gruss, gruesse, gruessen, dein, deine, ihr, ihre, bisous, bises, cordialement,
    amicalement, sinceres salutations, salutations distinguees, groet, groeten, groetjes,
    groetjes van, saludos, un saludo, atentamente, cordialmente, saluti, cordiali saluti,
    distinti saluti, atenciosamente, cumprimentos, abraco, abracos, pozdrawiam, z powazaniem,
    halsningar, hilsen, mvh, saygilarimla, terveisin, s pozdravem, danke, merci, bedankt, gracias,
    grazie, obrigado, obrigada, tack, धन्यवाद, सादर, भवदीय
    """

  private static let calling = """
    hi, hello, hey, hiya, dear, good morning, good afternoon, good evening, morning, respected,
    sorry, please, congrats, congratulations, welcome, bye, happy birthday, hallo, guten morgen,
    guten tag, guten abend, moin, servus, gruezi, liebe, lieber, werte, werter, sehr geehrte,
    sehr geehrter, bonjour, bonsoir, salut, coucou, cher, chere, hoi, beste, goedemorgen,
    goedemiddag, goedenavond, lieve, geachte, dag, hola, buenos dias, buenas tardes, querido,
    querida, estimado, estimada, ciao, buongiorno, buonasera, caro, cara, gentile, egregio,
    egregia, ola, bom dia, boa tarde, prezado, prezada, czesc, dzien dobry, drogi, droga, szanowny,
    szanowna, hej, kara, kare, basta, merhaba, sevgili, sayin, ahoj, dobry den, this side, tell,
    ask, ping, thank, हाय, नमस्ते, प्रिय
    """

  private static let introducing = """
    its, it s, im, i m, i am, this is, here is, c est, moi c est, ici, je suis, ik ben, hier is,
    hoi met, met, ich bin, hier ist, hier spricht, das ist, soy, sono, sou, jestem, jag ar, jeg er,
    hier, ben, bhai
    """

  private static let preceding = """
    by, with, for, and, or, between, asked, told, met, call, called, emailed, contacted, contact,
    saw, see, authorise, authorize, thanks to, named, of, that, because, if, when, while, says,
    said, than, about, like, via, mit, fur, und, bei, herrn, durch, avec, par, et, pour, chez,
    door, en, voor, namens, con, por, y, e, para, di, per, com, do, dla, z, i, od, och, med, av,
    fran, og, hos, ve, ile, और
    """
}
