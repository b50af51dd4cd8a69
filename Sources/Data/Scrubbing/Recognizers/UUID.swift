extension Recognizer {
  /// UUIDs by RFC 9562: 8-4-4-4-12 hexadecimal digits of versions 1 to 8 and its own variant; the
  /// nil and the maximal one name nobody. Looked for only when asked.
  static let uuid = Recognizer(
    entity: .uuid,
    search: .at(bytes: digits + Array("abcdefABCDEF".utf8)) { text, start in
      guard !text.isWord(before: start), text[start - 1] != UInt8(ascii: "-") else { return nil }
      var end = start
      for (part, count) in [8, 4, 4, 4, 12].enumerated() {
        if part > 0 {
          guard text[end] == UInt8(ascii: "-") else { return nil }
          end += 1
        }
        for _ in 0..<count {
          guard end < text.count, ByteText.isHex(text[end]) else { return nil }
          end += 1
        }
      }
      guard !text.isWord(at: end), text[end] != UInt8(ascii: "-"),
        (UInt8(ascii: "1")...UInt8(ascii: "8")).contains(text[start + 14]),
        "89abAB".utf8.contains(text[start + 19])
      else { return nil }
      return Detection(.uuid, start..<end, score: 0.5)
    })
}
