import Curation
import Documents
import Records
import Testing

@Suite struct RowBytesTests {
  static let rows: [Row] = {
    var identity = RowIdentity()
    let fields: [[JSONMember]] = [
      [], [JSONMember("label", "a \"quoted\" \\ one")],
      [
        JSONMember("fields", .object(["x": .array([1, "]}", .null])])), JSONMember("n", 1.0),
        JSONMember("naïve \n key", .null), JSONMember("last", .bool(true)),
      ],
    ]
    let contents: [RowContent] = [
      .text("plain"), .text("with \"fields\":{ inside \\\\"),
      .conversation(
        [
          Message(.user, "say \"fields\""),
          Message(
            .assistant, "", extra: [JSONMember("tool_calls", .array([.object(["id": "1"])]))]),
        ], tools: .array([.object(["fields": .object(["a": 1])])])),
      .tokens(ids: [1, 2], labels: [-100, 2]),
    ]
    return contents.flatMap { content in
      fields.map { Row(id: identity.next(content, $0), content: content, fields: $0) }
    }
  }()

  static func stored(_ row: Row) throws -> StoredRow {
    try StoredRow(Array(JSONWriter.compact(RowCodec.json(row)).utf8)[...], file: "rows", number: 1)
  }

  @Test("columns are found as the reader finds them, and only they", arguments: rows)
  func fields(_ row: Row) throws {
    let stored = try Self.stored(row)
    for name in ["label", "fields", "n", "naïve \n key", "last", "x", "type", "id", "absent"] {
      let value = try RowBytes.with(stored) { bytes in
        try bytes.field(ColumnKey(name).bytes).map {
          try JSONReader.parse(Array(bytes.line[$0]), file: "value")
        }
      }
      #expect(value == row.field(name), "\(name)")
    }
    let keys = RowBytes.with(stored) { bytes in
      var keys: [String] = []
      bytes.forEachField { key, _ in
        keys.append((try? JSONReader.parse(Array(bytes.line[key]), file: "key").stringValue) ?? "")
      }
      return keys
    }
    #expect(keys == row.fields.map(\.key))
  }

  @Test("two rows have equal content bytes when they say the same")
  func contents() throws {
    for a in Self.rows {
      for b in Self.rows {
        let bytes = try [a, b].map { row in
          RowBytes.with(try Self.stored(row)) { (Array($0.line[$0.content]), $0.hash($0.content)) }
        }
        #expect((bytes[0].0 == bytes[1].0) == (a.content == b.content))
        #expect((bytes[0].1 == bytes[1].1) == (a.content == b.content))
      }
    }
  }

  @Test("short texts have hashes of their own")
  func hashes() {
    var seen: Set<UInt64> = []
    for value in 0..<70_000 {
      seen.insert(hash64(Array(String(value).utf8)))
      seen.insert(hash64(Array("a longer text that fills some words \(value)".utf8)))
    }
    for length in 0..<200 { seen.insert(hash64(Array(repeating: 0, count: length))) }
    #expect(seen.count == 140_200)
    #expect(hash64([1], seed: 1) != hash64([1], seed: 2))
  }

  @Test("a damaged line gives parts inside of it")
  func damaged() throws {
    let line = Array(JSONWriter.compact(RowCodec.json(Self.rows[2])).utf8)
    for length in 0...line.count {
      line[..<length].withUnsafeBufferPointer { bytes in
        let row = RowBytes(bytes)
        #expect(row.content.upperBound <= length && row.fields.upperBound <= length)
        row.forEachField { key, value in #expect(value.upperBound <= length) }
        _ = row.hash(row.content)
      }
    }
  }

  @Test("numbers of names are by first appearance")
  func names() {
    var names = ByteNames()
    #expect([[1], [2, 3], [], [1], [2, 3]].map { names.number($0) } == [0, 1, 2, 0, 1])
    var other = ByteNames()
    _ = other.number([9])
    _ = other.number([2, 3])
    #expect(names.merge(other) == [3, 1])
    #expect(names.names == [[1], [2, 3], [], [9]])
  }

  @Test(
    "dates become seconds since 1970",
    arguments: [
      ("1970-01-01", 0.0), ("2000-03-01", 951_868_800),
      ("2024-05-31T08:15:30.25+02:00", 1_717_136_130.25),
      ("2024-05-31 06:15", 1_717_136_100), ("2024-05-31T06:15Z", 1_717_136_100),
      ("1969-12-31T23:59:59-0100", 3599),
    ])
  func dates(_ text: String, _ seconds: Double) {
    #expect(TimeStamp.seconds(text) == seconds)
  }

  @Test(
    "what is no date is none",
    arguments: [
      "", "2024", "2024-13-01", "2024-05-31T25:00", "31.05.2024", "2024-05-31x",
      "2024-05-31T08:15:",
    ])
  func noDates(_ text: String) { #expect(TimeStamp.seconds(text) == nil) }
}
