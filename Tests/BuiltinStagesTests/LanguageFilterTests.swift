import BuiltinStages
import Curation
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct LanguageFilterTests {
  static let texts = [
    "Where is the invoice that I asked for last week?",
    "Wo ist die Rechnung, um die ich letzte Woche gebeten habe?", "12345",
    "¿Dónde está mi factura?",
  ]

  static func run(_ parameters: String) throws -> (StageHarness.Result, TemporaryFolder) {
    let folder = try TemporaryFolder()
    let input = try RecordsFixture.make(texts.map { (.text($0), []) }, folder, "in")
    return (
      try StageHarness().run(
        LanguageFilter.self, parameters, inputs: ["records": input], folder: folder), folder
    )
  }

  @Test("rows in other languages go; those that cannot be told stay or go as asked")
  func filter() throws {
    let (kept, folder) = try Self.run(#"{"languages": ["en", "es"]}"#)
    #expect(
      try RecordsFixture.rows(kept, "records").map(\.content)
        == [0, 2, 3].map { .text(Self.texts[$0]) })
    #expect(try FilterFixture.rules(kept) == ["language.wrong"])
    #expect(
      try FilterFixture.report(kept)["languages"] == .object(["de": 1, "en": 1, "es": 1, "und": 1]))
    let (dropped, other) = try Self.run(#"{"languages": ["de"], "on_unknown": "drop"}"#)
    #expect(
      try FilterFixture.rules(dropped) == ["language.wrong", "language.unknown", "language.wrong"])
    _ = (folder, other)
  }

  @Test("the language is written down when asked")
  func record() throws {
    let (result, folder) = try Self.run(#"{"record": true}"#)
    let rows = try RecordsFixture.rows(result, "records")
    #expect(rows.map { $0.field("language") } == ["en", "de", "und", "es"])
    for row in rows { #expect(row.id.hash == RowIdentity.hash(row.content, row.fields)) }
    _ = folder
  }

  @Test(
    "parameters that make no sense are refused",
    arguments: [
      (#"{"languages": ["english"]}"#, "no language this version tells"), ("{}", "nothing to do"),
      (#"{"languages": ["en"], "min_confidence": 2}"#, "expected a number from 0 to 1"),
    ])
  func parameters(json: String, message: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    let diagnostics = LanguageFilter.read(node).diagnostics
    #expect(diagnostics.contains { $0.message.contains(message) }, "\(diagnostics.map(\.message))")
  }
}
