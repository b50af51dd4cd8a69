import Scrubbing
import Testing

/// Places are marked in the texts: ⟦what must be found⟧.
@Suite struct RecognizerTests {
  /// Takes the marks out and returns the ranges between them.
  static func unmark(_ marked: String) -> (text: String, ranges: [Range<Int>]) {
    var text = ""
    var starts: [Int] = []
    var ranges: [Range<Int>] = []
    for character in marked {
      switch character {
      case "⟦": starts.append(text.utf8.count)
      case "⟧": ranges.append(starts.removeLast()..<text.utf8.count)
      default: text.append(character)
      }
    }
    return (text, ranges)
  }

  static func check(_ entity: Entity, _ marked: String) {
    let (text, ranges) = unmark(marked)
    let found = Detector(entities: [entity]).detections(in: text)
    #expect(found.map(\.range) == ranges, "\(entity) in \(marked.debugDescription)")
  }

  @Test(
    "e-mail addresses",
    arguments: [
      "write to ⟦ann.lee+news@mail.example.co.uk⟧, please", "<⟦ANN@EXAMPLE.COM⟧>",
      "user=⟦ann@example.com⟧ src=1", "⟦jürgen@müller.de⟧", "end ⟦a@b.io⟧.",
      "logo@2x.png user@host @name",
      "a@b..com", "@ann",
      "⟦wheeler64 at gmail dot com⟧", "⟦emartin (at) firma.de⟧", "⟦gil.joyce[at]gmx[dot]de⟧",
      "look at gmail today", "meet at noon dot", "⟦x_y@sub.example.org⟧/path",
    ])
  func emailAddress(marked: String) { Self.check(.emailAddress, marked) }

  @Test(
    "telephone numbers",
    arguments: [
      "call ⟦+1 (212) 555-0123⟧ now", "⟦415-555-0123⟧", "⟦(303) 902-9935⟧", "⟦617.988.4300⟧",
      "⟦+44 20 7946 0123⟧", "⟦+49 (0)30 7264725⟧", "⟦040 3365677⟧", "⟦06 51273600⟧",
      "⟦01 32 12 72 24⟧", "tel ⟦(512) 940-5179 ext. 452⟧", "⟦0044 20 7946 0123⟧",
      "Ann (⟦95735-89469⟧)",
      "nuevo número ⟦635426529⟧", "alt. no. ⟦91222-82749⟧", "IBAN 0043 664 4436180",
      "(7, 'a@b.de', '⟦617 242 713⟧')", "(7, 'x', '617 242 713')",
      "call ⟦555-0142⟧", "⟦+49\u{A0}151\u{202F}3110362⟧", "⟦415\u{2011}555\u{2011}0123⟧",
      "2023-01-20", "10:46:37", "order 9960-4539-9277-6562", "$4155550123", "1.2.3.4",
      "978-0-131-44040-2", "call 4 people", "6f-4155550123-a", "12/31/2024", "3-2-1", "#4155550123",
    ])
  func phoneNumber(marked: String) { Self.check(.phoneNumber, marked) }

  @Test("a cue that has its value already says nothing of the next number")
  func spentCue() {
    let (text, ranges) = Self.unmark("IBAN ⟦DE89370400440532013000⟧, Anne (⟦0043 664 4436180⟧)")
    let found = Detector(entities: [.phoneNumber, .ibanCode]).detections(in: text)
    #expect(found.map(\.range) == ranges)
    Self.check(.phoneNumber, "IBAN 0043 664 4436180")
  }

  @Test(
    "payment cards",
    arguments: [
      "card ⟦4111 1111 1111 1111⟧ exp 12/25", "⟦4111-1111-1111-1111⟧", "⟦4111111111111111⟧,1963",
      "⟦3782 822463 10005⟧", "⟦5555\u{A0}5555\u{A0}5555\u{A0}4444⟧",
      "⟦6011\u{2009}1111\u{2009}1111\u{2009}1117⟧", "⟦4111\u{2011}1111\u{2011}1111\u{2011}1111⟧",
      "⟦2221 0000 0000 0009⟧", "⟦3530111333300000⟧", "4111 1111 1111 1112", "9999 9999 9999 9999",
      "7777 7777 7777 7777", "4111-1111 1111-1111", "a4111111111111111", "41111111111111111111111",
    ])
  func creditCard(marked: String) { Self.check(.creditCard, marked) }

  @Test(
    "bank accounts",
    arguments: [
      "⟦DE89 3704 0044 0532 0130 00⟧ please", "⟦DE89370400440532013000⟧",
      "⟦GB82 WEST 1234 5698 7654 32⟧",
      "⟦FR14-2004-1010-0505-0001-3M02-606⟧", "⟦NL91ABNA0417164300⟧.", "⟦de89370400440532013000⟧",
      "⟦NO93\u{A0}8601\u{A0}1117\u{A0}947⟧", "DE89 3704 0044 0532 0130 01",
      "DE89 3704 0044 0532 0130 0",
      "ZZ89370400440532013000", "IBAN ⟦DE88 3704 0044 0532 0130 00⟧", "DE89370400440532013000X",
    ])
  func ibanCode(marked: String) { Self.check(.ibanCode, marked) }

  @Test(
    "network addresses",
    arguments: [
      "from ⟦203.0.113.7⟧.", "ip=⟦10.0.0.1⟧", "\"ip\": \"⟦39.160.103.192⟧\"", "⟦192.168.0.1⟧:8080",
      "http://⟦10.1.2.3⟧/x", "version 1.2.3.4", "v1.2.3.4",
      "ssh root@⟦91.191.149.195⟧", "npm i pkg@1.18.7.4", "released 1.18.7.4 today",
      "ping ⟦4.2.2.2⟧",
      "upgraded from 1.18.7.4 to 1.19.0.1", "⟦8.8.8.8⟧:53", "⟦12.4.0.0⟧/16", "at ⟦10.0.0.4⟧",
      "app:1.25.5.20", "IMAGE_TAG=1.2.3.4",
      "upgrade to 12.26.6.2", "256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "pkg==1.2.3.4",
      "src=⟦2001:db8:a526:402b:bf83:d82a:8d35:d738⟧", "⟦2a02:27d8:3237::656b⟧", "⟦::1⟧",
      "⟦fe80::1⟧ up",
      "⟦::ffff:10.1.2.3⟧", "10:46:37", "std::vector", "a::b", "62:C1:13:85:6D:1C",
      "1:2:3:4:5:6:7:8:9",
      "ip:⟦10.0.0.1⟧",
    ])
  func ipAddress(marked: String) { Self.check(.ipAddress, marked) }

  @Test(
    "web addresses",
    arguments: [
      "see ⟦https://example.org/a?b=1&c=2⟧.", "(⟦http://example.org/users/7⟧)",
      "⟦www.example.com/x⟧",
      "⟦github.com/ann-lee⟧ said", "⟦example.com⟧, ok", "ftp.Wrong", "main.py README.md", "end.The",
      "⟦ftp://files.example.org⟧", "a.b", "x@example.com", "3.5.com",
      "⟦https://de.wikipedia.org/wiki/Saar_(Fluss)⟧ x",
    ])
  func url(marked: String) { Self.check(.url, marked) }

  @Test(
    "social security numbers",
    arguments: [
      "ssn ⟦536-22-8145⟧.", "⟦028 06 5933⟧", "⟦536\u{2011}22\u{2011}8145⟧", "SSN: ⟦536228145⟧",
      "536228145", "000-12-3456", "666-12-3456", "900-12-3456", "536-00-8145", "536-22-0000",
      "078-05-1120", "536-22-81456", "1536-22-8145", "536-22 8145", "2023-01-20",
    ])
  func usSSN(marked: String) { Self.check(.usSSN, marked) }

  @Test(
    "UUIDs with a version and the variant of RFC 9562, when asked",
    arguments: [
      "trace ⟦123e4567-e89b-42d3-a456-426614174000⟧.", "⟦018F3A1B-7C2D-7E4F-9A0B-1C2D3E4F5A6B⟧",
      "no version 123e4567-e89b-02d3-a456-426614174000",
      "other variant 123e4567-e89b-42d3-7456-426614174000",
      "cut 123e4567-e89b-42d3-a456-42661417400",
      "longer 123e4567-e89b-42d3-a456-4266141740000",
      "more 123e4567-e89b-42d3-a456-426614174000-1",
      "00000000-0000-0000-0000-000000000000",
    ])
  func uuid(marked: String) { Self.check(.uuid, marked) }

  @Test("UUIDs are left alone unless asked for")
  func uuidIsOptional() {
    let text = "trace 123e4567-e89b-42d3-a456-426614174000"
    #expect(Detector().detections(in: text).isEmpty)
  }

  @Test("hardware addresses, wallets, national numbers")
  func others() {
    Self.check(
      .macAddress, "mac=⟦62:C1:13:85:6D:1C⟧ ⟦7d-ac-c6-09-a8-9f⟧ ⟦6B78.148D.519B⟧ 00:00:00:00:00:00")
    Self.check(
      .crypto,
      "⟦1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa⟧ 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb "
        + "⟦0x42F941d611ce4BBD5efa87474F46Af9d5137C7BC⟧ 0xFFBD3D02")
    Self.check(.ukNINO, "⟦AB123456C⟧ ⟦AB 12 34 56 C⟧ QQ123456C")
    Self.check(.ukNHS, "⟦943 476 5919⟧ 943 476 5918 943-476-5919")
    Self.check(.inPAN, "⟦KVLPD7051V⟧ KVLXD7051V")
    Self.check(.inAadhaar, "⟦2341 2341 2346⟧, 2341 2341 2347, 2341 2341 2346 1234")
  }

  @Test(
    "names behind titles, cues and by lists",
    arguments: [
      "Regards, Mr. ⟦Miller⟧", "Referred by Dr. ⟦Ford⟧ to the clinic", "Frau ⟦Staude⟧ wohnt",
      "My name is ⟦Priya Sharma⟧.", "This is ⟦Oliver Novak⟧. I wait", "Best regards, ⟦Clara Reid⟧",
      "Kind regards,\n⟦Sofia Andersen⟧\n", "Yours sincerely, ⟦Xolani Qwerty⟧",
      "{\"name\": \"⟦Zed Unknown⟧\"}",
      "Mevrouw ⟦van den Berg⟧ woont", "ask ⟦Bruce⟧ (see", "hey its ⟦donald bates⟧ here",
      "Caller: ⟦Moore, Simon⟧.", "⟦Austin D. Taylor⟧ wrote", "Mrs. ⟦Day⟧ (tel",
      "mein Name ist ⟦Ewald Binner⟧",
      "je m'appelle ⟦Tristan Lecomte⟧ et", "⟦JENNIFER SMITH⟧ called", "⟦Emily⟧'s order",
      "lunch at Wendy's on Friday", "Victoria Station", "stuck in San Jose", "Julia 1.9",
      "We love Calvin Klein jeans",
      "Best regards, Customer Support", "Thank you for your help.", "The parcel is late in April.",
      "This is Windows Server", "Regards, Dr. ⟦Rossi⟧", "I waited for three weeks",
      "Hi Team, hello", "मेरा नाम ⟦अकबर रॉय⟧ है",
      "je parle à ⟦Guillaume Chabot⟧ demain", "El titular autorizo a ⟦Griselda Zabala⟧.",
      "hallo ⟦Mara⟧, hier ⟦daniela huber⟧, neue", "Payroll for ⟦Sandoval, Chelsea⟧: paid",
      "hi ⟦Pushti⟧ ji, see you", "Gutachter: ⟦Laurin Kraft⟧, Tel.",
      "in the name of ⟦Jackson Kota⟧,",
      "ATTENDEE;CN=⟦Antonio Robadey⟧:mailto:antonio", "@⟦Gerald⟧ did you", "@Override void",
      "so ⟦helen keary⟧ told me", "he said that ⟦Amy Mccall⟧ left",
      "Die Eltern von ⟦Maurus Sidler⟧ (geb",
      "Alunno: ⟦Giacobbe Chechi⟧", "Perito: ⟦Gaetano Durante⟧, tel.", "Jackson, Mississippi: rain",
      "a Victoria sponge cake",
    ])
  func person(marked: String) {
    Self.check(.person, marked)
  }

  @Test(
    "addresses by the grammar of their country",
    arguments: [
      "ship to ⟦2218 Pinecrest Blvd, Unit 4B, Boise, ID 83704⟧ today",
      "at ⟦P.O. Box 771, Missoula, MT 59806⟧.",
      "to ⟦Flat 6\n18 Albion Terrace\nLeeds\nLS2 9AB⟧",
      "in der ⟦Lindenstraße 14, 04109 Leipzig⟧ und",
      "au ⟦12, rue des Lilas, 69003 Lyon⟧ depuis", "op ⟦Prinsengracht 210, 1016 HD Amsterdam⟧ en",
      "in ⟦Via Garibaldi 21, 10122 Torino (TO)⟧ e", "en ⟦Calle Mayor 12, 28013 Madrid⟧ desde",
      "przy ⟦ul. Kwiatowej 12/4, 60-529 Poznań⟧ od",
      "at ⟦H.No. 14-2/7, Gandhi Nagar, Vijayawada - 520003⟧.",
      "पता: ⟦मकान नंबर 45, शास्त्री नगर, जयपुर 302016⟧", "⟦1963 Jackson Pass, New Jeffreyborough, YT L9L1H4⟧",
      "version 12 Main Menu", "Main Street Bank opened", "Am Dienstag 12 Uhr",
      "born 2 Jan 2000, MRN P-714482",
      "the 24/7 shop near Paris", "Section 4.2 refers to Schedule 1", "12 Angry Men",
      "stuck in Florence, Italy",
    ])
  func address(marked: String) { Self.check(.location, marked) }
}
