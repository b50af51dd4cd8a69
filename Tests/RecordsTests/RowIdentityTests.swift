import Documents
import Records
import Testing

@Suite struct RowIdentityTests {
  @Test("equal rows count up, different rows start at nought")
  func ordinals() {
    var identity = RowIdentity()
    let a = identity.next(.text("a"), [])
    let b = identity.next(.text("b"), [])
    let c = identity.next(.text("a"), [])
    #expect([a.ordinal, b.ordinal, c.ordinal] == [0, 0, 1])
    #expect(a.hash == c.hash)
    #expect(a.hash != b.hash)
    #expect(c.description == a.hash + "-1")
  }

  @Test("the order of columns does not matter, their values do")
  func columns() {
    let x = JSONMember("x", 1)
    let y = JSONMember("y", 2)
    #expect(RowIdentity.hash(.text("a"), [x, y]) == RowIdentity.hash(.text("a"), [y, x]))
    #expect(RowIdentity.hash(.text("a"), [x, y]) != RowIdentity.hash(.text("a"), [x]))
    #expect(RowIdentity.hash(.text("a"), []) != RowIdentity.hash(.text("a "), []))
  }

  @Test("a key is its row's id in 24 bytes, and counts as the id does")
  func keys() {
    let hash = "0123456789abcdef" + "fedcba9876543210"
    for ordinal in [0, 1, 4_000_000_000] {
      let id = RowID(hash: hash, ordinal: ordinal)
      #expect(RowKey(id).id == id && RowKey(id).description == id.description)
    }
    var identity = RowIdentity()
    #expect(identity.next(hash).ordinal == 0)
    #expect(identity.next(RowKey(hash: hash, ordinal: 7)).id == RowID(hash: hash, ordinal: 1))
    #expect(identity.next(hash).ordinal == 2)
  }

  @Test("a line of changes is JSON in one order of members")
  func changes() {
    let (row, was) = (RowKey(high: 1, low: 2, ordinal: 3), RowKey(high: 0, low: 10, ordinal: 0))
    let zeros = { (count: Int) in String(repeating: "0", count: count) }
    let wasText = "\"was\":\"\(zeros(31))a\""
    var lines: [UInt8] = []
    RowChanges.append(row: row, was: was, rule: "a\"b", detail: ["n": 1], to: &lines)
    RowChanges.append(row: nil, was: was, rule: "x", detail: nil, to: &lines)
    RowChanges.append(row: nil, was: was, rule: "x", to: &lines) { $0 += Array("[2]".utf8) }
    #expect(
      String(decoding: lines, as: UTF8.self) == """
        {"row":"\(zeros(15))1\(zeros(15))2-3",\(wasText),"rule":"a\\"b","detail":{"n":1}}
        {\(wasText),"rule":"x"}
        {\(wasText),"rule":"x","detail":[2]}

        """)
  }

  @Test("an encoded row has the same hash as its content")
  func encoded() {
    let fields = [JSONMember("x", 1.5), JSONMember("a", .null)]
    let content = RowContent.completion(prompt: "p\u{0}", completion: "ü")
    #expect(EncodedRow(content, fields).hash == RowIdentity.hash(content, fields))
  }

  @Test("many rows, equal in every distance, count as a dictionary counts them")
  func many() {
    var identity = RowIdentity()
    var seen: [String: Int] = [:]
    for index in 0..<20_000 {
      // Hashes that share their low bits stand in each other's way in the table.
      let value = (index * index) % 7919
      let low = value % 3 == 0 ? "0000000000000000" : String(value * 2_654_435_761, radix: 16)
      let hash =
        String(repeating: "0", count: 12) + String(value + 4096, radix: 16)
        + String(repeating: "0", count: max(0, 16 - low.count)) + low.suffix(16)
      let id = identity.next(hash)
      #expect(id.hash == hash && id.ordinal == seen[hash, default: 0])
      seen[hash, default: 0] += 1
    }
    #expect(seen.count > 2000)
  }

  @Test("ids are read back from their text")
  func parsing() {
    let hash = String(repeating: "0a", count: 16)
    #expect(RowID(hash) == RowID(hash: hash, ordinal: 0))
    #expect(RowID(hash + "-12") == RowID(hash: hash, ordinal: 12))
    for bad in ["", "-1", hash + "-", hash + "-0", hash + "-01", hash + "--1", hash.uppercased()] {
      #expect(RowID(bad) == nil, "\(bad)")
    }
  }
}
