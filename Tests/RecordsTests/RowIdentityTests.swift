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

  @Test("an encoded row has the same hash as its content")
  func encoded() {
    let fields = [JSONMember("x", 1.5), JSONMember("a", .null)]
    let content = RowContent.completion(prompt: "p\u{0}", completion: "ü")
    #expect(EncodedRow(content, fields).hash == RowIdentity.hash(content, fields))
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
