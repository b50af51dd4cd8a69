/// Places in a text that no token can cross, so that the parts may be encoded one by one: between two
/// characters whose adjoining bytes stand side by side in no token, and before a `▁` that follows
/// another character where tokens have it at their start only.
struct SafeCuts: Sendable {
  /// Bytes × bytes: whether they stand side by side in some token.
  private let joins: FrozenBuffer<Bool>
  private let marksLead: Bool

  /// - Parameter tokens: all that a merge can make, in UTF-8.
  init(_ tokens: some Sequence<String?>) {
    var marksLead = true
    joins = FrozenBuffer(count: 1 << 16, repeating: false) { joins in
      for case var token? in tokens {
        token.withUTF8 { bytes in
          var isLeading = true
          var index = 0
          for at in bytes.indices.dropFirst() {
            joins[Int(bytes[at - 1]) << 8 | Int(bytes[at])] = true
          }
          while index < bytes.count {
            let isMark = index + 2 < bytes.count && Self.isMark(bytes, index)
            if isMark, !isLeading { marksLead = false }
            if !isMark { isLeading = false }
            index += isMark ? 3 : 1
          }
        }
      }
    }
    self.marksLead = marksLead
  }

  @inline(__always)
  func forEachPart(of text: Bytes, _ body: (Bytes) -> Void) {
    var start = 0
    for index in 1..<max(1, text.count) where text[index] & 0xC0 != 0x80 {
      if joins[Int(text[index - 1]) << 8 | Int(text[index])] {
        guard marksLead, text[index] == 0xE2, index + 2 < text.count, Self.isMark(text, index),
          !(index >= 3 && Self.isMark(text, index - 3))
        else { continue }
      }
      body(text.slice(start, index))
      start = index
    }
    if start < text.count { body(text.slice(start, text.count)) }
  }

  @inline(__always)
  private static func isMark(_ bytes: Bytes, _ at: Int) -> Bool {
    bytes[at] == 0xE2 && bytes[at + 1] == 0x96 && bytes[at + 2] == 0x81
  }
}
