import Scrubbing
import Testing

/// Numbers with check digits: those passed are examples that issuers and standards print, or made by
/// the published rule; each is also tried with its last digit changed.
@Suite struct NumberSchemeTests {
  @Test(
    "a number with its check digits is found behind its word, and not with another last digit",
    arguments: [
      ("social insurance number", "123 456 782"), ("Steuer-ID", "86095742719"),
      ("Sozialversicherungsnummer", "1237 010180"), ("AHV", "756.9217.0769.85"),
      ("BSN", "111222333"), ("rijksregisternummer", "85.07.30-033.28"),
      ("sécurité sociale", "2 55 08 14 168 025 38"), ("codice fiscale", "RSSMRA85T10A562S"),
      ("DNI", "12345678Z"), ("NIE", "X1234567L"), ("NHS number", "943 476 5919"),
      ("Aadhaar", "2341 2341 2346"), ("TFN", "123 456 782"), ("PESEL", "44051401359"),
      ("personnummer", "811218-9876"), ("henkilötunnus", "131052-308T"),
      ("fødselsnummer", "01010750160"), ("rodné číslo", "710319/2745"), ("CNP", "1800101221144"),
      ("CPF", "529.982.247-25"), ("kimlik", "10000000146"), ("NRIC", "S1234567D"),
      ("身份证", "110101199003078515"), ("OIB", "94577403194"), ("СНИЛС", "112-233-445 95"),
      ("contribuinte", "123456789"), ("RUT", "12.345.678-5"), ("NPI", "1234567893"),
      ("ABN", "51 824 753 556"), ("CIF", "A58818501"), ("PPS number", "1234567T"),
    ])
  func checked(word: String, number: String) throws {
    let text = "\(word): \(number)."
    let found = Detector().detections(in: text)
    #expect(found.count == 1, "\(text): \(found)")
    let start = word.utf8.count + 2
    #expect(found.first?.range == start..<start + number.utf8.count, "\(text): \(found)")
    #expect(found.first?.isVerified == true, "\(text): \(found)")
    // Behind a word of identity another country's check may pass.
    guard let entity = found.first?.entity, entity != .nationalID else { return }
    let last = try #require(number.last)
    let other = last.isNumber ? (last == "9" ? "0" : "9") : (last == "A" ? "B" : "A")
    let wrong = "\(word): \(number.dropLast())\(other)."
    #expect(
      !Detector().detections(in: wrong).contains {
        $0.isVerified && $0.entity == entity
      }, "\(wrong)")
  }

  @Test(
    "numbers of a layout of their own need no word",
    arguments: [
      "756.9217.0769.85", "85.07.30-033.28", "2 55 08 14 168 025 38", "RSSMRA85T10A562S",
      "12345678Z",
      "529.982.247-25", "811218-9876", "131052-308T", "110101199003078515", "KVLPD7051V",
      "943 476 5919", "AB 12 34 56 C", "536-22-8145",
    ])
  func alone(number: String) {
    #expect(
      Detector().detections(in: "see \(number) there").map(\.range) == [4..<4 + number.utf8.count])
  }

  @Test(
    "any separator of Unicode and digits of other scripts are read",
    arguments: [
      "card 4111\u{A0}1111\u{202F}1111\u{2009}1111", "ssn 536\u{2011}22\u{2011}8145",
      "card ４１１１１１１１１１１１１１１１", "मोबाइल ९८७६५४३२१०",
      "IBAN DE89\u{2009}3704\u{2009}0044\u{2009}0532\u{2009}0130\u{2009}00",
    ])
  func scripts(text: String) {
    let found = Detector().detections(in: text)
    #expect(found.count == 1 && found.first?.range.upperBound == text.utf8.count, "\(found)")
  }

  @Test(
    "what only looks like a number of somebody is left",
    arguments: [
      "version 4.12.0.7", "build 20240131123456", "order 9960-4539-9277-6562",
      "order 4111111111111111",
      "at 1700000000 seconds", "1700000000123", "commit 3f786850e387550fdab836ed7e6dc881de23001b",
      "trace 123e4567-e89b-12d3-a456-426614174000", "SKU AX-1234-BLK", "ISBN 978-0-131-44040-2",
      "invoice 20230120", "LOT968583292", "see ticket #7465829", "CASE-2376075", "price 56,808.50",
      "1 234 567 890 EUR total", "lat 52.52000, lon 13.40500", "10:46:37", "2023-01-20 10:46",
      "3-2-1", "page 123456 of 234567", "0x8007000E", "RFC 2119", "sha256:9f86d081884c7d65",
      "tracking 9400111899223100000000", "1.2.3-beta.4", "Bestellung 123456789",
      "facture n° 20231234",
    ])
  func lookAlikes(text: String) {
    #expect(Detector().detections(in: text).isEmpty, "\(text): \(Detector().detections(in: text))")
  }

  @Test("a word raises the score and another one lowers it")
  func context() {
    let score = { (text: String) in
      Detector(scoreThreshold: 0).detections(in: text).first?.score ?? 0
    }
    #expect(score("SIN 123456782") > score("see 123456782"))
    #expect(score("order 415 555 0123") < score("see 415 555 0123"))
  }

  @Test("thresholds hold for one entity")
  func thresholds() {
    let strict = Detector(thresholds: [.usSSN: 0.9])
    #expect(strict.detections(in: "see 536-22-8145").isEmpty)
    #expect(strict.detections(in: "mail ann@example.com").count == 1)
  }
}
