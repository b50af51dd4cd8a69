import Curation
import Documents
import Foundation
import TestSupport
import Testing

@Suite struct LanguageIdentifierTests {
  @Test(
    "an everyday sentence is told in each language",
    arguments: [
      ("en", "My neighbour bought a bicycle for her daughter yesterday."),
      ("de", "Gestern hat meine Nachbarin ihrer Tochter ein Fahrrad gekauft."),
      ("fr", "Hier, ma voisine a acheté un vélo pour sa fille."),
      ("es", "Ayer mi vecina le compró una bicicleta a su hija."),
      ("it", "Ieri la mia vicina ha comprato una bicicletta a sua figlia."),
      ("pt", "Ontem a minha vizinha comprou uma bicicleta para a filha."),
      ("nl", "Gisteren heeft mijn buurvrouw een fiets voor haar dochter gekocht."),
      ("pl", "Wczoraj moja sąsiadka kupiła rower dla swojej córki."),
      ("ru", "Вчера моя соседка купила дочери велосипед."),
      ("tr", "Dün komşum kızına bir bisiklet aldı."),
      ("ja", "昨日、隣の人が娘に自転車を買いました。"), ("ko", "어제 이웃이 딸에게 자전거를 사 주었습니다."),
      ("zh", "昨天我的邻居给女儿买了一辆自行车。"), ("el", "Χθες η γειτόνισσά μου αγόρασε ένα ποδήλατο."),
      ("he", "אתמול השכנה שלי קנתה אופניים לבת שלה."), ("th", "เมื่อวานเพื่อนบ้านซื้อจักรยานให้ลูกสาว"),
      ("hi", "कल मेरी पड़ोसन ने अपनी बेटी के लिए साइकिल ख़रीदी।"),
      ("ar", "اشترت جارتي أمس دراجة لابنتها."), ("ta", "நேற்று என் அயலவர் மகளுக்கு மிதிவண்டி வாங்கினார்."),
    ])
  func sentence(_ code: String, _ text: String) {
    let found = LanguageIdentifier.shared.identify(text)
    #expect(found.code == code)
    #expect(found.confidence > 0.5 && found.confidence <= 1)
  }

  @Test(
    "what has no letters, or letters of no language known, is unknown",
    arguments: ["", " ", "12345 !?", "a", "ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺ", "\u{1F600}\u{1F600}"])
  func unknown(_ text: String) {
    let found = LanguageIdentifier.shared.identify(text)
    #expect(found.code == LanguageIdentifier.unknown && found.confidence == 0)
  }

  @Test("case, marks and line feeds change nothing, and candidates bind")
  func invariants() {
    let identifier = LanguageIdentifier.shared
    let plain = identifier.identify("wo ist meine rechnung von gestern")
    let loud = identifier.identify("WO IST MEINE\nRECHNUNG, von... Gestern?!")
    #expect(plain.code == "de" && loud.code == "de" && plain.confidence == loud.confidence)
    var text = "Gisteren heeft mijn buurvrouw een fiets gekocht."
    let bound = text.withUTF8 { identifier.identify($0, among: ["en", "de"]) }
    #expect(bound.code == "de")
    #expect(identifier.codes.count == 81 && identifier.codes == identifier.codes.sorted())
  }

  @Test(
    "sentences and pieces of three words in 24 languages are told, among all 81",
    .enabled(if: SharedMaterial.data.exists, "shared data is absent"))
  func sample() throws {
    let bytes = try SharedMaterial.bytes(SharedMaterial.data.path("lang/lid_sample.jsonl"))
    var right = [false: 0, true: 0]
    var all = [false: 0, true: 0]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let row = try JSONReader.parse(Array(line), file: "lid")
      let text = try #require(row["text"]?.stringValue)
      let code = try #require(row["lang"]?.stringValue)
      let isPiece = text.split(separator: " ").count <= 3 && !["ja", "zh"].contains(code)
      all[isPiece, default: 0] += 1
      if LanguageIdentifier.shared.identify(text).code == code { right[isPiece, default: 0] += 1 }
    }
    let (sentences, pieces) = (
      Double(right[false]!) / Double(all[false]!), Double(right[true]!) / Double(all[true]!)
    )
    print(
      "language: sentences \(right[false]!)/\(all[false]!), pieces \(right[true]!)/\(all[true]!)")
    #expect(sentences >= 0.98)
    #expect(pieces >= 0.88)
  }

  @Test("a hundred thousand sentences take about a second")
  func speed() {
    var text = "The customer asked for a refund because the parcel arrived two weeks late."
    let start = clock()
    let code = text.withUTF8 { bytes in
      (0..<20_000).map { _ in LanguageIdentifier.shared.identify(bytes).code }.last
    }
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    print("language: \(Int(20_000 / seconds)) sentences a CPU second")
    #expect(code == "en" && seconds < 2)
  }
}
