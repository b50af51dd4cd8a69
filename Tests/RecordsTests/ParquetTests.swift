import Diagnostics
import Documents
import Foundation
import Records
import TestSupport
import Testing

/// Files written by pyarrow and polars (`Tests/Fixtures/parquet/make.py`), and what is left of them
/// when they are damaged.
@Suite struct ParquetTests {
  static let folder = "Tests/Fixtures/parquet"

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".parquet") }.sorted()

  static func rows(_ path: String) throws -> [JSONValue] {
    let reader = try ParquetReader(path, file: "x.parquet")
    var rows: [JSONValue] = []
    while let batch = try reader.next() {
      for record in batch.records {
        #expect(record.line == rows.count + 1)
        rows.append(
          try JSONReader.parse(
            Array(batch.bytes[record.start..<record.end]), file: "x.parquet", line: record.line))
      }
    }
    return rows
  }

  @Test("the fixtures are there") func fixtures() { #expect(Self.names.count >= 11) }

  @Test("rows are those that the writer says it wrote", arguments: names)
  func fixture(_ name: String) throws {
    let group = name.prefix { $0 != "-" && $0 != "." }
    let wanted = try SharedMaterial.bytes("\(Self.folder)/\(group).jsonl")
      .split(separator: 0x0A).map { try JSONReader.parse(Array($0), file: "wanted") }
    let found = try Self.rows("\(Self.folder)/\(name)")
    #expect(found.count == wanted.count)
    for (row, (a, b)) in zip(found, wanted).enumerated() {
      try #require(Self.same(a, b), "row \(row + 1): \(a) is not \(b)")
    }
  }

  /// Numbers by value: 3.0 in one writer is 3 in another.
  static func same(_ a: JSONValue, _ b: JSONValue) -> Bool {
    switch (a, b) {
    case (.array(let a), .array(let b)): return a.count == b.count && zip(a, b).allSatisfy(same)
    case (.object(let a), .object(let b)):
      return a.count == b.count
        && zip(a, b).allSatisfy { $0.key == $1.key && same($0.value, $1.value) }
    case (.integer, .number), (.number, .integer): return a.doubleValue == b.doubleValue
    default: return a == b
    }
  }

  @Test("a file cut anywhere is answered with a diagnostic", arguments: names)
  func cut(_ name: String) throws {
    let bytes = try SharedMaterial.bytes("\(Self.folder)/\(name)")
    let folder = try TemporaryFolder()
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
      let path = try folder.write("cut.parquet", Array(bytes[..<length]))
      let failure = #expect(throws: Failure.self) { try Self.rows(path) }
      #expect(failure?.diagnostics.first?.code == "parquet.damaged")
    }
  }

  @Test("a file with changed bytes gives rows or a diagnostic, never a trap", arguments: names)
  func changed(_ name: String) throws {
    let bytes = try SharedMaterial.bytes("\(Self.folder)/\(name)")
    let folder = try TemporaryFolder()
    var state: UInt64 = 42
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
    for round in 0..<150 {
      var damaged = bytes
      for _ in 0...next(3) {
        // Half of the changes hit the footer, where lies do most harm.
        let at = round % 2 == 0 ? bytes.count - 1 - next(min(900, bytes.count)) : next(bytes.count)
        damaged[at] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(next(256))][next(6)]
      }
      let path = try folder.write("changed.parquet", damaged)
      do {
        let reader = try ParquetReader(path, file: "x.parquet")
        var rows = 0
        while let batch = try reader.next(), rows < 100_000 { rows += batch.records.count }
      } catch { #expect(error is Failure) }
    }
  }
}
