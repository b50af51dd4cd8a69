/// What stands behind a word such as `password`, judged as a secret.
struct SecretValue {
  var range: Range<Int>
  private(set) var digits = 0
  private(set) var lowers = 0
  private(set) var uppers = 0
  private(set) var signs = 0
  private(set) var isInOneCase = true
  private var distinct = 0
  private let first: UInt8

  /// Reads the value at `start`: to white space, a quote or a closing bracket.
  ///
  /// - Parameter quote: the quote before it, up to which it goes; 0 without one.
  init?(_ text: ByteText, at start: Int, quote: UInt8) {
    var end = start
    while end < text.count, end - start < 4096 {
      let byte = text[end]
      if byte == quote, quote != 0 { break }
      if byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`")
        || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "'") && quote != 0x22
      {
        break
      }
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";"), quote == 0,
        text[end + 1] <= 0x20 || text[end + 1] == 0x22 || text[end + 1] == 0x27
      {
        break
      }
      if byte == 0xC2 && text[end + 1] == 0xA0 || byte == 0xE2 && text[end + 1] == 0x80 { break }
      end += 1
    }
    if quote == 0, text[end] <= 0x20 {
      while end > start,
        ".,;:".utf8.contains(text[end - 1])
          || (text[end - 1] == UInt8(ascii: ")")
            && !text.bytes[start..<end].contains(UInt8(ascii: "(")))
          || text[end - 1] == UInt8(ascii: "]") || text[end - 1] == UInt8(ascii: "}")
      {
        end -= 1
      }
    }
    guard end > start else { return nil }
    range = start..<end
    first = text[start]
    var seen: (UInt64, UInt64) = (0, 0)
    for byte in text.bytes[start..<end] {
      if ByteText.isDigit(byte) {
        digits += 1
      } else if byte &- 0x61 < 26 {
        lowers += 1
      } else if ByteText.isUpper(byte) {
        uppers += 1
      } else {
        signs += 1
      }
      if byte < 64 { seen.0 |= 1 << UInt64(byte) } else { seen.1 |= 1 << UInt64(byte & 63) }
    }
    distinct = seen.0.nonzeroBitCount + seen.1.nonzeroBitCount
    // `Required` and `true` are words; `tRue5` is not.
    isInOneCase = uppers == 0 || lowers == 0 || uppers == 1 && ByteText.isUpper(first)
  }

  var count: Int { range.count }

  /// `${DB_PASSWORD}`, `<your-token>`, `%s`, `***`, `YOUR_API_KEY`, `xxxx`, `changeme`, `os.environ[…]`.
  func isPlaceholder(_ text: ByteText) -> Bool {
    if distinct < 4 && !(digits == count && count >= 4 && distinct > 1) { return true }
    let second = text[range.lowerBound + 1]
    switch first {
    case UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("): return true
    case UInt8(ascii: "$"):
      if second == UInt8(ascii: "{") || digits == 0 && lowers == 0 { return true }
    case UInt8(ascii: "%"): if count <= 3 || second == UInt8(ascii: "(") { return true }
    case UInt8(ascii: "*"): if second == UInt8(ascii: "*") { return true }
    default: break
    }
    let start = range.lowerBound
    for word in Self.placeholders where text.has(word, at: start) { return true }
    return text.bytes[range].contains(UInt8(ascii: "("))
  }

  private static let placeholders: [StaticString] = [
    "your", "my_", "my-", "xxx", "changeme", "change_me", "example", "placeholder", "redacted",
    "insert", "replace", "process.env", "os.environ", "env.", "getenv", "config.", "settings.",
    "secrets.", "vault:", "null", "none", "undefined", "todo", "dummy", "test_key", "hidden",
  ]

  /// Behind `password:`; words and short numbers are not taken.
  func isPassword(isAssigned: Bool, isEquals: Bool) -> Bool {
    guard (4...128).contains(count) else { return false }
    if digits == count { return isAssigned && count <= 12 }
    if isAssigned {
      if digits > 0 || signs > 0 && (uppers > 0 || lowers > 0) || !isInOneCase { return count >= 5 }
      return isEquals && count >= 6
    }
    guard count >= 6 else { return false }
    return digits > 0 && lowers + uppers > 0
      || signs > 0 && uppers > 0 && lowers > 0 && !isInOneCase
  }

  /// Behind `api_key=`, `secret`, `Bearer`: long, of a token's characters, and not a word.
  func isToken(_ text: ByteText, lengthMin: Int) -> Bool {
    guard count >= lengthMin else { return false }
    for byte in text.bytes[range]
    where !ByteText.isAlphanumeric(byte) && !"-_.=+/~:!@#$%^&*".utf8.contains(byte) {
      return false
    }
    // Random text of this length holds digits and another class, or both cases mixed.
    if digits == 0 { return count >= 20 && !isInOneCase && uppers >= 3 && lowers >= 3 }
    return lowers + uppers > 0 && digits < count - 1 && distinct >= 6
  }
}
