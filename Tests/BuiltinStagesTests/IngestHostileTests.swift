import BuiltinStages
import Diagnostics
import Documents
import StageKit
import TestSupport
import Testing

/// The verdict that each hostile file of the shared corpus must get.
@Suite(.enabled(if: SharedMaterial.hostile.exists, "the hostile corpus is absent"))
struct IngestHostileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var verdict: String
    var line: Int?
    var hint: String?
    var forbidden: [String]
    var testDescription: String { file }
  }

  static let cases: [Case] = {
    guard let bytes = try? SharedMaterial.bytes(SharedMaterial.hostile.path("manifest.json")),
      let json = try? JSONReader.parse(bytes, file: "manifest.json")
    else { return [] }
    return (json["cases"]?.arrayValue ?? []).compactMap { item in
      guard let parser = item["parser"]?.stringValue, ["jsonl", "csv"].contains(parser),
        let file = item["file"]?.stringValue, item["big"]?.boolValue != true
      else { return nil }
      return Case(
        file: file, verdict: item["verdict"]?.stringValue ?? "", line: item["line"]?.integerValue,
        hint: item["hint"]?.stringValue,
        forbidden: item["forbid"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    }
  }()

  @Test("the corpus is there") func corpus() { #expect(Self.cases.count > 60) }

  @Test("a hostile file gets its verdict, its line and its hint", arguments: cases)
  func verdict(_ hostile: Case) throws {
    let folder = try TemporaryFolder()
    let name = String(hostile.file.split(separator: "/")[1])
    let bytes = try SharedMaterial.bytes(SharedMaterial.hostile.path(hostile.file))
    try folder.write(name, bytes)
    var shown: [String] = []
    var lines: [Int] = []
    do {
      let result = try StageHarness().run(
        Ingest.self, #"{"sources":[{"path":"\#(name)"}]}"#, folder: folder)
      for event in result.events {
        if case .message(let finding) = event { shown.append(finding.message) }
      }
      #expect(hostile.verdict != "reject")
    } catch let failure as Failure {
      #expect(hostile.verdict != "accept", "\(failure)")
      for finding in failure.diagnostics {
        shown.append(finding.message + " " + (finding.fix ?? ""))
        if let span = finding.span {
          #expect(span.file == name)
          lines.append(span.line)
        }
      }
      if let line = hostile.line { #expect(lines.contains(line), "\(failure)") }
      if let hint = hostile.hint {
        #expect(shown.contains { $0.contains(hint) }, "\(shown) should hold \(hint)")
      }
      #expect(shown.count <= 3)
    }
    for text in hostile.forbidden { #expect(!shown.joined().contains(text)) }
  }
}
