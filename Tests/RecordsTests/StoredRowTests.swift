import Diagnostics
import Documents
import Records
import Reproducibility
import TestSupport
import Testing

@Suite struct StoredRowTests {
  static let contents: [RowContent] = [
    .text("plain"), .text(""), .text("line\nquote\" back\\ tab\t é 漢 🙂 \u{1}"),
    .conversation(
      [
        Message(.system, "be brief"), Message(.user, "hi \"you\""),
        Message(
          .assistant, "hello", train: true,
          extra: [
            JSONMember("reasoning_content", "thinks\nhard"),
            JSONMember("tool_calls", [["id": "7", "function": ["name": "f", "arguments": "{}"]]]),
          ]),
      ], tools: [["name": "f"]]),
    .completion(prompt: "2+2=", completion: " 4"),
    .preference(
      prompt: [Message(.user, "p")], chosen: [Message(.assistant, "c")],
      rejected: [Message(.assistant, "r")]),
    .unpaired(
      prompt: [Message(.user, "p")], completion: [Message(.assistant, "a")], label: false),
    .tokens(ids: [1, 2], labels: [-100, 2]),
  ]

  static let digits = "0123456789abcdef9876543210fedcba"

  @Test("an id is read as it was written", arguments: [0, 1, 12, 4_294_967_295])
  func ids(_ ordinal: Int) throws {
    let id = RowID(hash: Self.digits, ordinal: ordinal)
    let line = Array("{\"id\":\"\(id.description)\",\"type\":\"text\",\"text\":\"\"}".utf8)
    let row = try StoredRow(line[...], file: "chunks/000001.jsonl", number: 1)
    #expect(row.id == id && row.key == RowKey(id) && row.key.description == id.description)
    #expect(row.id == RowID(id.description))
    #expect(row.key.first.id == RowID(hash: Self.digits, ordinal: 0))
  }

  private static func records(_ folder: TemporaryFolder) throws -> (RecordsReader, [Row]) {
    let writer = try RecordsWriter(folder: folder.path)
    var identity = RowIdentity()
    var rows: [Row] = []
    for content in contents + contents {
      let fields = [JSONMember("label", "x\n"), JSONMember("n", 3)]
      rows.append(Row(id: identity.next(content, fields), content: content, fields: fields))
    }
    for row in rows { try writer.append(row) }
    try writer.finish()
    return (try RecordsReader(FileTree(folder: folder.path)), rows)
  }

  @Test("a stored row gives the id, the values, the texts and the columns of the row written")
  func parts() throws {
    let folder = try TemporaryFolder()
    let (reader, rows) = try Self.records(folder)
    let stored = try (0..<reader.chunkCount).flatMap { try reader.stored($0) }
    #expect(stored.map(\.id) == rows.map(\.id))
    var scratch: [UInt8] = []
    var tape = JSONTape()
    for (stored, row) in zip(stored, rows) {
      #expect(try stored.row() == row)
      var texts: [String] = []
      try stored.forEachText(&scratch) { texts.append(String(decoding: $0, as: UTF8.self)) }
      #expect(texts == row.content.texts)
      #expect(try stored.field("n") == 3)
      #expect(try stored.field("label") == "x\n")
      #expect(try stored.field("absent") == nil)
      var (all, columns): ([String], [Int: JSONValue]) = ([], [:])
      try stored.read(&tape, &scratch, columns: ["absent", "label", "n"]) {
        all.append(String(decoding: $0, as: UTF8.self))
      } column: { number, value in
        columns[number] = value
      }
      #expect(all == texts && columns == [1: "x\n", 2: 3])
      #expect(stored.tail == EncodedRow(row.content, row.fields).tail)
    }
  }

  @Test(
    "a line that does not begin with a row's id is damage, named with its place",
    arguments: [
      "", "{", "{\"id\":\"12\"}", "{\"type\":\"text\",\"id\":\"0\"}",
      "{\"id\":\"\(digits)", "{\"id\":\"\(digits)0\"}", "{\"id\":\"\(digits.uppercased())\"}",
      "{\"id\":\"\(digits)-\"}", "{\"id\":\"\(digits)-0\"}", "{\"id\":\"\(digits)-01\"}",
      "{\"id\":\"\(digits)-4294967296\"}", "{\"id\":\"\(digits)-1",
      "{\"id\":\"\(digits)-99999999999999999999999\"}", "{\"id\":\"\(digits.dropLast())g\"}",
    ])
  func damage(line: String) throws {
    let failure = #expect(throws: Failure.self) {
      try StoredRow(Array(line.utf8)[...], file: "chunks/000001.jsonl", number: 3)
    }
    #expect(failure?.diagnostics.first?.code == "records.damaged")
    #expect(failure?.diagnostics.first?.span?.line == 3)
  }
}
