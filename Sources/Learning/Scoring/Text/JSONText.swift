package import Documents

/// JSON in an answer.
package enum JSONText {
  /// The value that the whole text is (RFC 8259); nil when it is none.
  package static func strict(_ text: String) -> JSONValue? {
    try? JSONReader.parse(Array(text.utf8), file: "answer")
  }

  /// The same once a ``` fence around it is taken off.
  package static func lenient(_ text: String) -> JSONValue? {
    strict(withoutFence(TextNormalization.trimmed(text)))
  }

  /// What stands between the first line, when it opens a fence, and the last, when it closes one.
  package static func withoutFence(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 3, lines[0].hasPrefix("```"), lines[lines.count - 1].hasPrefix("```")
    else { return text }
    return lines[1..<(lines.count - 1)].joined(separator: "\n")
  }

  /// The first object or array that stands somewhere in a text.
  ///
  /// The search ends once brackets that come to nothing have cost sixteen times the text.
  package static func first(in text: String) -> JSONValue? {
    let bytes = Array(text.utf8)
    var start = 0
    var left = 16 * bytes.count + 65_536
    while left > 0,
      let open = bytes[start...].firstIndex(where: { $0 == brace || $0 == bracket })
    {
      let (end, closes) = end(of: open, in: bytes)
      left -= end - open
      if closes, let value = try? JSONReader.parse(Array(bytes[open..<end]), file: "answer") {
        return value
      }
      start = open + 1
    }
    return nil
  }

  private static let brace = UInt8(ascii: "{")
  private static let bracket = UInt8(ascii: "[")

  /// Behind the bracket that closes the one at `open`, strings skipped, or where the search for it
  /// ended.
  private static func end(of open: Int, in bytes: [UInt8]) -> (end: Int, closes: Bool) {
    var depth = 0
    var index = open
    var isInString = false
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isInString {
        if byte == UInt8(ascii: "\\") { index += 1 }
        if byte == UInt8(ascii: "\"") { isInString = false }
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte == brace || byte == bracket {
        depth += 1
        if depth > JSONReader.depthMax { break }
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        depth -= 1
        if depth == 0 { return (index, true) }
      }
    }
    return (min(index, bytes.count), false)
  }
}
