import Diagnostics
import Documents
import Foundation
import TestSupport
import Testing

/// Every yaml case of the hostile corpus: verdict, line, column, hint, value.
@Suite("hostile YAML", .enabled(if: SharedMaterial.hostile.exists))
struct HostileYAMLTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var verdict: String
    var line: Int?
    var column: Int?
    var hint: String?
    var expected: JSONValue?
    var forbidden: [String]
    var testDescription: String { file }
  }

  static let cases: [Case] = {
    guard SharedMaterial.hostile.exists,
      let bytes = try? SharedMaterial.bytes(SharedMaterial.hostile.path("manifest.json")),
      let manifest = try? JSONReader.parse(bytes, file: "manifest.json")
    else { return [] }
    return (manifest["cases"]?.arrayValue ?? []).compactMap { item in
      guard item["parser"]?.stringValue == "yaml", let file = item["file"]?.stringValue,
        let verdict = item["verdict"]?.stringValue
      else { return nil }
      return Case(
        file: file, verdict: verdict, line: item["line"]?.integerValue,
        column: item["col"]?.integerValue, hint: item["hint"]?.stringValue,
        expected: item["expect"],
        forbidden: item["forbid"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    }
  }()

  @Test("the corpus is read") func corpus() { #expect(Self.cases.count >= 60) }

  @Test("gets the verdict, place and hint it must", arguments: cases)
  func verdict(_ hostile: Case) throws {
    let bytes = try SharedMaterial.bytes(SharedMaterial.hostile.path(hostile.file))
    let start = ContinuousClock.now
    do {
      let value = CoreSchema.json(try YAMLReader.parse(bytes, file: hostile.file))
      #expect(hostile.verdict != "reject", "accepted")
      if let expected = hostile.expected { #expect(Self.isEqual(value, expected)) }
      let text = JSONWriter.compact(value)
      for forbidden in hostile.forbidden { #expect(!text.contains(forbidden)) }
    } catch let failure as Failure {
      #expect(hostile.verdict != "accept", "\(failure)")
      #expect(failure.failureClass == .badInput)
      let renderer = DiagnosticRenderer(sources: [hostile.file: bytes])
      let text = renderer.text(failure.diagnostics, lineLimit: 12)
      #expect(text.utf8.count { $0 == 0x0A } <= 12 && text.utf8.count < 4000)
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
      if let hint = hostile.hint { #expect(text.lowercased().contains(hint.lowercased())) }
      let places = failure.diagnostics.compactMap(\.span)
      if let line = hostile.line {
        #expect(places.first?.line == line, "\(text)")
        if let column = hostile.column { #expect(places.first?.column == column, "\(text)") }
      }
    }
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  /// JSON equality with 1 = 1.0.
  private static func isEqual(_ a: JSONValue, _ b: JSONValue) -> Bool {
    JSONWriter.canonical(a) == JSONWriter.canonical(b)
  }
}
