import Diagnostics

/// Recursive-descent scanner over UTF-8 bytes; recursion is bounded by ``JSONReader/depthMax``.
///
/// Strings are in `JSONScanner+Strings.swift`, numbers in `JSONScanner+Numbers.swift`.
struct JSONScanner {
  struct Problem: Error {
    var code: String
    var message: String
    var offset: Int
    var fix: String?
  }

  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0
  private var depth = 0

  /// - Parameter start: where to begin; nonzero to step over a byte order mark.
  init(_ bytes: UnsafeBufferPointer<UInt8>, start: Int = 0) {
    self.bytes = bytes
    at = start
  }

  mutating func document() throws(Problem) -> JSONValue {
    skipSpace()
    guard at < bytes.count else { throw problem("empty", "the text is empty, expected JSON") }
    let value = try self.value()
    skipSpace()
    guard at == bytes.count else {
      throw problem(
        "surplus", "found more text after the end of the JSON value",
        fix: "write one value per line")
    }
    return value
  }

  func problem(_ code: String, _ message: String, at offset: Int? = nil, fix: String? = nil)
    -> Problem
  {
    Problem(code: code, message: message, offset: offset ?? at, fix: fix)
  }

  func unexpected(_ expected: String) -> Problem {
    guard at < bytes.count else {
      return problem("unexpected-end", "the text ends where \(expected) is expected")
    }
    let byte = bytes[at]
    var fix: String?
    if byte == UInt8(ascii: "'") { fix = "JSON strings use double quotes" }
    if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "#") { fix = "JSON has no comments" }
    if byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I") {
      fix = "NaN and Infinity are not JSON; write null or leave the field out"
    }
    let shown =
      byte > 0x20 && byte < 0x7F
      ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
    return problem("unexpected-character", "found \(shown) where \(expected) is expected", fix: fix)
  }

  // MARK: - Values

  @inline(__always)
  private mutating func skipSpace() {
    while at < bytes.count {
      let byte = bytes[at]
      if byte > 0x20 || !(byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09) { return }
      at += 1
    }
  }

  private mutating func value() throws(Problem) -> JSONValue {
    guard at < bytes.count else {
      throw problem("unexpected-end", "the text ends where a value is expected")
    }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw unexpected("a value")
    }
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(Problem)
    -> JSONValue
  {
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { throw unexpected("a value") }
    for index in 0..<count where bytes[at + index] != text.utf8Start[index] {
      throw unexpected("a value")
    }
    at += count
    return value
  }

  private mutating func enter() throws(Problem) {
    depth += 1
    guard depth <= JSONReader.depthMax else {
      throw problem("too-deep", "nested too deep: more than \(JSONReader.depthMax) levels")
    }
    at += 1
    skipSpace()
  }

  private mutating func array() throws(Problem) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var items: [JSONValue] = []
    if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
      at += 1
      return .array(items)
    }
    while true {
      items.append(try value())
      if try isLast(UInt8(ascii: "]"), "',' or ']'") { return .array(items) }
    }
  }

  private mutating func object() throws(Problem) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members: [JSONMember] = []
    var seen: Set<UTF8Key> = []
    if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    members.reserveCapacity(4)
    while true {
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw unexpected("a key") }
      let keyOffset = at
      let key = try string()
      if isDuplicate(key, members, &seen) {
        throw problem(
          "duplicate-key", "the key '\(SafeText.escaped(key, limit: 40))' is given twice",
          at: keyOffset)
      }
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw unexpected("':'") }
      at += 1
      skipSpace()
      members.append(JSONMember(key, try value()))
      if try isLast(UInt8(ascii: "}"), "',' or '}'") { return .object(members) }
    }
  }

  /// Steps over what follows an element: true at the closing bracket, false after a comma.
  @inline(__always)
  private mutating func isLast(_ close: UInt8, _ expected: StaticString) throws(Problem) -> Bool {
    skipSpace()
    guard at < bytes.count else { throw unexpected("\(expected)") }
    if bytes[at] == close {
      at += 1
      return true
    }
    guard bytes[at] == UInt8(ascii: ",") else { throw unexpected("\(expected)") }
    at += 1
    skipSpace()
    if at < bytes.count, bytes[at] == close {
      throw problem(
        "trailing-comma", "found '\(Character(Unicode.Scalar(close)))' after a comma",
        fix: "remove the last comma")
    }
    return false
  }

  /// Small objects compare keys one by one; large ones use a set. Keys are compared by their bytes:
  /// two spellings that Unicode calls equivalent stay two keys.
  @inline(__always)
  private func isDuplicate(_ key: String, _ members: [JSONMember], _ seen: inout Set<UTF8Key>)
    -> Bool
  {
    if members.count < 12 {
      // String equality is the quicker test and never false for equal bytes.
      for member in members where member.key == key {
        if member.key.hasSameBytes(as: key) { return true }
      }
      return false
    }
    if seen.isEmpty { seen = Set(members.map { UTF8Key($0.key) }) }
    return !seen.insert(UTF8Key(key)).inserted
  }
}
