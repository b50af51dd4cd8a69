import Diagnostics
import Scrubbing
import Testing

@Suite struct CustomRecognizerTests {
  static func detector(
    _ regex: String, score: Double = 0.5, context: [String] = [],
    check: CustomRecognizer.Check? = nil
  ) throws -> Detector {
    Detector(
      entities: [],
      custom: [
        try CustomRecognizer(
          name: "staff", entity: "EMPLOYEE_ID", patterns: [(regex, score)], context: context,
          check: check)
      ])
  }

  @Test("patterns are found at their UTF-8 offsets")
  func patterns() throws {
    let found = try Self.detector(#"\bEMP-\d{4}\b"#).detections(
      in: "é emp-1234, EMP-12345, EMP-0001")
    #expect(found.map(\.range) == [3..<11, 24..<32])
    #expect(found.first?.entity == "EMPLOYEE_ID" && found.first?.score == 0.5)
  }

  @Test("a context word raises the score over the threshold")
  func context() throws {
    let detector = try Self.detector(#"\b\d{4}\b"#, score: 0.1, context: ["badge"])
    #expect(detector.detections(in: "badge no 1234").map(\.range) == [9..<13])
    #expect(detector.detections(in: "room no 1234").isEmpty)
  }

  @Test("a checksum decides")
  func checksum() throws {
    let detector = try Self.detector(#"\d{8}"#, check: .luhn)
    #expect(detector.detections(in: "12345674").first?.isVerified == true)
    #expect(detector.detections(in: "12345675").isEmpty)
  }

  @Test("bytes that are no UTF-8 do no harm")
  func invalid() throws {
    let detector = try Self.detector("[^ ]+")
    let bytes: [UInt8] = [0xFF, 0xFE, 0x20, 0xC3, 0x28]
    bytes.withUnsafeBufferPointer { _ = detector.detections(in: ByteText($0)) }
  }

  @Test("a wrong pattern says where")
  func wrong() {
    let failure = #expect(throws: Failure.self) { _ = try Self.detector("a(b") }
    #expect(failure?.diagnostics.first?.message.contains("character") == true)
  }
}
