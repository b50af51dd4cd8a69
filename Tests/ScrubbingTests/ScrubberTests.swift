import Documents
import Records
import Reproducibility
import Scrubbing
import Testing

@Suite struct ScrubberTests {
  static let text = "I am Dr. Ford, ann@example.com or +1 212 555 0123, card 4111 1111 1111 1111."

  @Test(
    "operators",
    arguments: [
      (
        ScrubOperator.replace,
        "I am Dr. <PERSON>, <EMAIL_ADDRESS> or <PHONE_NUMBER>, card <CREDIT_CARD>."
      ),
      (.redact, "I am Dr. ,  or , card ."),
      (.mask, "I am Dr. ****, *************** or ***************, card *******************."),
      (.keep, "I am Dr. Ford, ann@example.com or +1 212 555 0123, card 4111 1111 1111 1111."),
    ])
  func operators(scrubOperator: ScrubOperator, expected: String) {
    let scrubber = Scrubber(detector: Detector(), operator: scrubOperator)
    #expect(scrubber.scrub(Self.text).text == expected)
  }

  @Test("one entity may have another operator, and a mask may leave the end")
  func mixed() {
    let scrubber = Scrubber(
      detector: Detector(), operator: .redact, operators: [.creditCard: .mask],
      mask: MaskStyle(character: "#", charactersToMask: 15))
    #expect(scrubber.scrub("card 4111 1111 1111 1111").text == "card ###############1111")
    let fromEnd = MaskStyle(character: "#", charactersToMask: 4, fromEnd: true)
    let other = Scrubber(detector: Detector(), operator: .mask, mask: fromEnd)
    #expect(other.scrub("card 4111 1111 1111 1111").text == "card 4111 1111 1111 ####")
  }

  @Test("a hash depends on the key and not on the spelling")
  func hash() {
    func hash(_ text: String, _ key: String) -> String {
      Scrubber(detector: Detector(), operator: .hash, key: key).scrub(text).text
    }
    #expect(hash("DE89 3704 0044 0532 0130 00", "k") == hash("DE89370400440532013000", "k"))
    #expect(hash("ann@example.com", "k") != hash("ann@example.com", "l"))
    #expect(hash("ann@example.com", "k").utf8.count == 32)
  }

  @Test("the keyed hash is HMAC-SHA-256 (RFC 4231, case 2)")
  func hmac() {
    // The value is normalised and prefixed by its entity, so the vector is checked on digests made
    // by the same construction from the definition.
    let key = Array("Jefe".utf8) + [UInt8](repeating: 0, count: 60)
    let message = Array("EMAIL_ADDRESS".utf8) + [0] + Array("annexamplecom".utf8)
    func bytes(_ digest: Digest) -> [UInt8] {
      stride(from: 0, to: 64, by: 2).map { place in
        let digits = digest.hex.dropFirst(place).prefix(2)
        return UInt8(digits, radix: 16) ?? 0
      }
    }
    let inner = bytes(Digest(of: key.map { $0 ^ 0x36 } + message))
    let outer = Digest(of: key.map { $0 ^ 0x5C } + inner)
    let scrubber = Scrubber(detector: Detector(), operator: .hash, key: "Jefe")
    #expect(scrubber.scrub("ann@example.com").text == String(outer.hex.prefix(32)))
  }

  @Test("pseudonyms are the same everywhere, of the same kind, and found again as such")
  func pseudonyms() {
    let scrubber = Scrubber(detector: Detector(), operator: .pseudonym, key: "secret")
    let once = scrubber.scrub(Self.text).text
    #expect(once == scrubber.scrub(Self.text).text)
    #expect(
      once != Scrubber(detector: Detector(), operator: .pseudonym, key: "x").scrub(Self.text).text)
    let kinds = Detector().detections(in: once).map(\.entity)
    #expect(kinds == [.person, .emailAddress, .phoneNumber, .creditCard], "\(once)")
    for (entity, value) in [
      (Entity.ibanCode, "DE89 3704 0044 0532 0130 00"), (.ipAddress, "10.0.0.1"),
      (.ipAddress, "fe80::1"), (.url, "https://example.org/x"), (.macAddress, "62:C1:13:85:6D:1C"),
    ] {
      let fake = scrubber.scrub(value).text
      #expect(fake != value)
      #expect(Detector().detections(in: fake).map(\.entity) == [entity], "\(value) → \(fake)")
    }
  }

  @Test("a family name keeps its pseudonym with and without the given name")
  func familyNames() {
    let scrubber = Scrubber(detector: Detector(), operator: .pseudonym, key: "k")
    let full = scrubber.scrub("My name is James Ford").text.split(separator: " ")
    let short = scrubber.scrub("Dr. Ford").text.split(separator: " ")
    #expect(full.count == 5 && full.last == short.last && short.last != "Ford")
  }

  @Test("allowed values stay and denied texts go")
  func lists() {
    let detector = Detector(
      allowList: ["INFO@example.com"], denyList: ["Project Falcon"])
    let scrubber = Scrubber(detector: detector, operator: .replace)
    #expect(
      scrubber.scrub("project falcon: info@example.com, ann@example.com; Project Falconry").text
        == "<DENY_LIST>: info@example.com, <EMAIL_ADDRESS>; Project Falconry")
  }

  @Test("of two that overlap the longer wins and takes the rest of the other")
  func overlaps() {
    let a = Detection(.phoneNumber, 0..<10, score: 0.5)
    let b = Detection(.creditCard, 4..<20, score: 1, verified: true)
    let c = Detection(.usSSN, 30..<41, score: 0.6)
    let d = Detection(.phoneNumber, 30..<41, score: 0.9, verified: true)
    let resolved = [a, b, c, d].resolved()
    #expect(resolved.map(\.entity) == [.creditCard, .phoneNumber])
    #expect(resolved.map(\.range) == [0..<20, 30..<41])
  }

  @Test("any bytes are read without a trap, and no detection leaves the text")
  func anyBytes() {
    let alphabet =
      Array("@.:/-+() 0123456789abcfxDE[\n".utf8) + [0xC2, 0xA0, 0xE2, 0x80, 0x91, 0xF0, 0xFF]
    let detector = Detector(scoreThreshold: 0)
    for seed in 0..<400 {
      let random = CounterRandom(seed: UInt64(seed), stream: "bytes")
      let bytes = (0..<64).map { alphabet[random.integer(UInt64($0), below: alphabet.count)] }
      bytes.withUnsafeBufferPointer { buffer in
        var end = 0
        for detection in detector.detections(in: ByteText(buffer)) {
          #expect(
            detection.range.lowerBound >= end && detection.range.upperBound <= 64, "seed \(seed)")
          end = detection.range.upperBound
        }
      }
    }
  }

  @Test("every text of a row is scrubbed and counted by field")
  func rows() throws {
    let row = Row(
      id: RowID(hash: String(repeating: "0", count: 32), ordinal: 0),
      content: .conversation(
        [
          Message(.user, "mail ann@example.com"),
          Message(
            .assistant, "ok",
            extra: [JSONMember("reasoning_content", .string("their ip is 10.0.0.1"))]),
        ], tools: nil),
      fields: [
        JSONMember("label", .string("billing")), JSONMember("customer", .string("Zed Unknown")),
        JSONMember("ticket", .string("ann@example.com")), JSONMember("n", .integer(3)),
      ])
    let scrubber = RowScrubber(
      Scrubber(detector: Detector(), operator: .replace), excludedColumns: ["ticket"])
    let result = scrubber.scrub(row)
    #expect(result.content.texts == ["mail <EMAIL_ADDRESS>", "ok", "their ip is <IP_ADDRESS>"])
    #expect(
      result.fields.map(\.value) == ["billing", "<PERSON>", "ann@example.com", .integer(3)])
    #expect(
      result.findings.map(\.field) == ["messages.user", "messages.assistant", "columns.customer"])
    #expect(result.findings[0].shape == "xxx@xxxxxxx.xxx")
  }
}
