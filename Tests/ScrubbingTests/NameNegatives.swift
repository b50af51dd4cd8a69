/// Lines without a name or an address of a person, by style.
enum NameNegatives {
  static let byStyle: [(style: String, lines: String)] = [
    ("chat", chat), ("ticket", ticket), ("code", code), ("news", news), ("german", german),
    ("other", other),
  ]

  private static let chat = """
    lol that was so funny, see you tomorrow
    will you be there at 8 or later?
    May I ask something? Sure, go ahead
    ok Grace period ends monday, pay before that
    Hope you had a great weekend!
    anyone up for Counter Strike tonight
    the new Dyson is 300 bucks cheaper at Costco
    i love Paris in spring
    Happy New Year everyone!!
    can u send me the link to Google Maps
    brb, Netflix is buffering again
    Good Morning all, coffee machine is fixed
    what a day... need Pizza now
    did you watch Star Wars yet?
    meet at Victoria Station, platform 4
    Dear all, lunch is at noon
    Hey team, quick update below
    hi there, hows it going
    Thanks everyone, great work
    so excited for Christmas, flights to New York booked
    Just saw the Golden Gate Bridge, amazing
    use Dark Mode, it saves battery
    my Kindle died, any tips
    Rose wine or red wine tonight?
    the Smart TV keeps rebooting
    Please, Please, PLEASE restart it
    Sorry for the late reply, Slack was down
    That Bluetooth speaker is a steal
    Summer is over, Autumn is here
    I think Python 3.12 is faster
    are the Lakers playing tonight
    No worries, have a Nice Day
    """

  private static let ticket = """
    My order 5541-2219 has not shipped, the status says Pending Review.
    The Return Policy page shows Error 404 after login.
    Customer Support told me to clear the cache.
    I would like to cancel my Premium Plan effective April 1.
    The Refund Request Form does not load in Safari.
    Card Payment failed with code 51, Insufficient Funds.
    Please reset Two Factor Authentication for my account.
    Where can I find the Terms and Conditions?
    Delivery Window was 9 to 12, nobody came.
    The Mobile App crashes on Android 14 after the June update.
    I was charged twice for Prime Video.
    Could you confirm the Standard Shipping rate to Canada?
    Model KX-200 shows Low Battery although it is charged.
    Billing Cycle changed without notice on May 3.
    I bought a Samsung Galaxy S21 at Best Buy.
    We need an Enterprise License for 50 seats.
    Export to Microsoft Excel loses the date column.
    The Welcome Email links to the wrong Landing Page.
    Customer Number and Invoice Number do not match.
    Our Account Manager left, who is the new contact?
    The Wells Fargo transfer is missing since Monday.
    Please escalate to Level 2 Support.
    Office Hours are 9 AM to 5 PM, Monday to Friday.
    SIM Card not recognized after Factory Reset.
    The Help Center article about Direct Debit is outdated.
    Gift Card balance shows zero.
    Version 12 Main Menu is broken, page 3 Street View too.
    Product: Jordan Air Max, Size 10, Color Black
    Subject: Change of Address Form missing
    Priority: High␤Status: Open␤Category: Network
    Order of 24 Paper Towels arrived with 12 Rolls missing.
    """

  private static let code = """
    let user = User(name: name, address: address)
    import Foundation; struct Person { let firstName: String }
    SELECT name, city FROM customers WHERE country = 'France';
    def get_full_name(self): return self.first + self.last
    // TODO: rename Foo Bar to Baz in ModelLoader
    npm install --save react-router-dom
    git checkout -b feature/add-victor-rebase
    docker run -it --rm ubuntu:22.04 bash
    class HttpClient extends BaseClient implements Closeable {}
    error: cannot find symbol Charlie in scope
    const Grace = require('grace'); Grace.start();
    The Singleton Pattern and the Abstract Factory are in chapter 3.
    RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB
    <div class="Main Street">content</div>
    curl -X POST https://api.example.com/v1/users
    # Build with Apache Maven and run Jenkins
    printf("Hello World\\n");
    TypeError: undefined is not a function at line 12 column 5
    assert response.status_code == 200
    kubectl get pods -n kube-system | grep Running
    INFO 2024-05-01 10:22:01 Started Server in 2.3 seconds
    WARN Connection Pool exhausted, retry in 5 s
    public static void main(String[] args)
    Fix typo in README and bump Gradle to 8.2
    enum Color { case Red, Green, Blue }
    the Bloom Filter and the Merkle Tree share this hash
    test("Mark as read") { expect(true) }
    Update Ruby on Rails to 7.1 and Julia to 1.9
    """

  private static let news = """
    The European Central Bank raised rates on Thursday.
    Heavy rain hit Northern Italy and parts of Austria.
    Shares of General Motors fell 3 percent in New York.
    The Supreme Court will hear the case in October.
    Real Madrid beat Bayern Munich 2-1 in the Champions League.
    The World Health Organization issued new guidance.
    San Francisco approved the new housing plan.
    Inflation in the United Kingdom slowed in April.
    The White House declined to comment.
    Apple unveiled the iPhone in Cupertino, California.
    Goldman Sachs expects growth of 2 percent.
    The Mississippi River flooded several towns.
    Mount Everest was closed to climbers in May.
    The Treaty of Versailles was signed in 1919.
    Johnson & Johnson recalled the product.
    The Nobel Prize in Chemistry goes to three teams.
    Ministers met in Brussels to discuss the Green Deal.
    Air France cancelled flights from Charles de Gaulle Airport.
    The Great Barrier Reef lost more coral.
    Prices at Marks & Spencer rose again.
    Voters in South Carolina head to the polls.
    The Senate passed the Infrastructure Bill late on Friday.
    Main Street Bank reported record profits.
    Oxford University published the study in Nature.
    The Golden State Warriors won again.
    """

  private static let german = """
    Die Bundesregierung plant höhere Ausgaben für Schulen und Straßen.
    Der Bahnhof wurde nach dem Umbau wieder eröffnet.
    Die Wartung der Anlage erfolgt im Frühjahr.
    Heute ist das Wetter schön, morgen kommt Regen.
    Das Gericht hat die Klage der Mieter abgewiesen.
    Im Anhang finden Sie die Rechnung vom letzten Monat.
    Die Geschäftsführung hat dem Antrag zugestimmt.
    Zum Abendessen gibt es Kartoffeln mit Quark.
    Der Kundenservice ist von Montag bis Freitag erreichbar.
    Bitte prüfen Sie die Einstellungen im Menü Datenschutz.
    Das Bundesministerium für Gesundheit warnt vor der Grippewelle.
    Die Deutsche Bahn meldet Verspätungen zwischen Köln und Bonn.
    Mein Drucker zeigt den Fehler Papierstau an.
    Für die Reparatur des Fahrrads braucht man Werkzeug.
    Am Dienstag 12 Uhr beginnt die Sitzung im großen Saal.
    Der Vertrag endet mit Ablauf der Mindestlaufzeit.
    Die Polizei sucht Zeugen eines Unfalls auf der Autobahn.
    Viele Menschen leiden unter Schlafstörungen und Kopfschmerzen.
    Die Kinder spielen im Garten hinter dem Haus.
    Ihre Bestellung wurde an den Paketdienst übergeben.
    Der Roman erzählt die Geschichte einer Reise durch Asien.
    Mit der Taste Eingabe bestätigen Sie die Auswahl.
    Die Lieferung erfolgt an den Arbeitsplatz 3 im Lager.
    Im Kapitel 5 wird die Wirkung der Strahlung erklärt.
    Ein Ernst der Lage war nicht zu erkennen.
    Der Marktplatz ist wegen des Festes gesperrt.
    Neue Regeln gelten ab Januar für alle Betriebe.
    Die Sonne scheint, der Wald ist ruhig.
    Kurz vor Weihnachten steigen die Preise für Gänse.
    Der Ausschuss berät über den Haushalt der Stadt Essen.
    """

  private static let other = """
    Le Conseil municipal se réunit mardi à la mairie.
    La Banque de France publie ses prévisions.
    Bonjour, ma commande est arrivée abîmée.
    La rue est fermée à cause des travaux.
    Le service client ouvre à 9 heures.
    De gemeente heeft de straat afgesloten wegens werk.
    Het pakket is gisteren bezorgd bij de buren.
    De Tweede Kamer stemt donderdag over het voorstel.
    El Banco Central mantiene los tipos de interés.
    La calle está cortada por obras hasta el viernes.
    Mi pedido llegó roto y quiero una devolución.
    Il treno per Roma parte alle 9.
    La via più breve passa dal centro.
    Il Consiglio dei ministri approva il decreto.
    A encomenda chegou com atraso.
    O Banco do Brasil divulgou o resultado.
    Zamówienie zostało wysłane w poniedziałek.
    Beställningen skickades i går.
    कृपया मेरा ऑर्डर रद्द करें।
    भारत में मानव विकास सूचकांक बढ़ा है।
    बैंक सोमवार को बंद रहेगा।
    """
}
