import Curation
import Diagnostics
import Documents
import Records
import TestSupport
import Testing

@Suite struct ChunkSketchTests {
  static func sketch(_ keep: DedupRules.Keep = .best) throws -> ChunkSketch {
    let folder = try TemporaryFolder()
    let rows = DedupFixture.changedTexts(50, seed: 2).enumerated().map { index, text in
      (
        content: RowContent.text(index == 7 ? "" : text),
        fields: [
          JSONMember("source", .string(index % 3 == 0 ? "wörter" : "web")),
          JSONMember("score", .number(Double(index) / 3)),
        ]
      )
    }
    let reader = try DedupFixture.records(rows, folder)
    let rules = DedupRules(
      MinHash(threshold: 0.8, seed: 1), Shingler(.words, size: 5), keep: keep,
      scoreColumn: "score")
    return try ChunkSketcher(rules).sketch(try reader.stored(0))
  }

  @Test("a sketch reads back as it was written", arguments: DedupRules.Keep.allCases)
  func coding(_ keep: DedupRules.Keep) throws {
    let sketch = try Self.sketch(keep)
    #expect(sketch.rowCount == 50)
    #expect(try ChunkSketch(encoded: sketch.encoded()) == sketch)
  }

  @Test("bytes that are no sketch are refused, wherever they end")
  func damaged() throws {
    func isRefused(_ bytes: [UInt8]) -> Bool { (try? ChunkSketch(encoded: bytes)) == nil }
    let bytes = try Self.sketch().encoded()
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(isRefused(Array(bytes[..<length])))
    }
    #expect(isRefused(bytes + [0]))
    // The mark and the counts of the lists.
    for place in 0..<56 {
      var other = bytes
      other[place] ^= 0x80
      #expect(isRefused(other), "byte \(place)")
    }
    #expect(throws: Failure.self) { try ChunkSketch(encoded: [1, 2, 3]).rowCount }
  }
}
