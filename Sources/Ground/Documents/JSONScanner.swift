import Diagnostics

/// Recursive-descent scanner over UTF-8 bytes; recursion is bounded by ``JSONReader/depthMax``.
struct JSONScanner {
  struct Problem: Error {
    var code: String
    var message: String
    var offset: Int
    var fix: String?
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

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

  private func problem(_ code: String, _ message: String, at offset: Int? = nil, fix: String? = nil)
    -> Problem
  {
    Problem(code: code, message: message, offset: offset ?? at, fix: fix)
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
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

  private func unexpected(_ expected: String) -> Problem {
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
      skipSpace()
      guard at < bytes.count else { throw unexpected("',' or ']'") }
      if bytes[at] == UInt8(ascii: "]") {
        at += 1
        return .array(items)
      }
      guard bytes[at] == UInt8(ascii: ",") else { throw unexpected("',' or ']'") }
      at += 1
      skipSpace()
      if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
        throw problem("trailing-comma", "found ']' after a comma", fix: "remove the last comma")
      }
    }
  }

  private mutating func object() throws(Problem) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members: [JSONMember] = []
    var seen: Set<String> = []
    if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    while true {
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw unexpected("a key") }
      let keyOffset = at
      let key = try string()
      if isDuplicate(key, members, &seen) {
        throw problem(
          "duplicate-key", "the key '\(SafeText.escaped(key))' is given twice", at: keyOffset)
      }
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw unexpected("':'") }
      at += 1
      skipSpace()
      members.append(JSONMember(key, try value()))
      skipSpace()
      guard at < bytes.count else { throw unexpected("',' or '}'") }
      if bytes[at] == UInt8(ascii: "}") {
        at += 1
        return .object(members)
      }
      guard bytes[at] == UInt8(ascii: ",") else { throw unexpected("',' or '}'") }
      at += 1
      skipSpace()
      if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
        throw problem("trailing-comma", "found '}' after a comma", fix: "remove the last comma")
      }
    }
  }

  /// Small objects compare keys one by one; large ones use a set. Keys are compared by scalars:
  /// two spellings that Unicode calls equivalent stay two keys, as they are two byte strings.
  private func isDuplicate(_ key: String, _ members: [JSONMember], _ seen: inout Set<String>)
    -> Bool
  {
    func same(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
    if members.count < 12 { return members.contains { same($0.key, key) } }
    if seen.isEmpty { seen.formUnion(members.map(\.key)) }
    if seen.insert(key).inserted { return false }
    return members.contains { same($0.key, key) }
  }

  private mutating func number() throws(Problem) -> JSONValue {
    let start = at
    var isInteger = true
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    guard at < bytes.count, isDigit(bytes[at]) else { throw unexpected("a digit") }
    if bytes[at] == UInt8(ascii: "0") {
      at += 1
      if at < bytes.count, isDigit(bytes[at]) {
        throw problem("leading-zero", "a number must not start with 0", at: start)
      }
    } else {
      skipDigits()
    }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      isInteger = false
      at += 1
      guard at < bytes.count, isDigit(bytes[at]) else { throw unexpected("a digit") }
      skipDigits()
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      at += 1
      if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") {
        at += 1
      }
      guard at < bytes.count, isDigit(bytes[at]) else { throw unexpected("a digit") }
      skipDigits()
    }
    guard at - start <= 400 else {
      throw problem("number-too-long", "a number of \(at - start) digits", at: start)
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
    if isInteger, text != "-0", let integer = Int64(text) { return .integer(integer) }
    guard let double = Double(text), double.isFinite else {
      throw problem("number-range", "the number is too large for a 64-bit float", at: start)
    }
    return .number(double)
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
  private mutating func skipDigits() { while at < bytes.count, isDigit(bytes[at]) { at += 1 } }

  private mutating func string() throws(Problem) -> String {
    let open = at
    at += 1
    var start = at
    var decoded: [UInt8]?
    while true {
      guard at < bytes.count else {
        throw problem("unclosed-string", "a string is not closed", at: open)
      }
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        var buffer = decoded ?? []
        buffer.append(contentsOf: bytes[start..<at])
        try escape(into: &buffer)
        decoded = buffer
        start = at
      } else if byte < 0x20 {
        throw problem(
          "control-character",
          "a raw control character (byte 0x\(String(byte, radix: 16))) in a string",
          fix: "write it as an escape such as \\n or \\u0009")
      } else if byte < 0x80 {
        at += 1
      } else {
        try multibyte()
      }
    }
    let tail = UnsafeBufferPointer(rebasing: bytes[start..<at])
    at += 1
    guard var decoded else { return String(decoding: tail, as: UTF8.self) }
    decoded.append(contentsOf: tail)
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Steps over one multi-byte scalar; refuses overlong forms, surrogates and cut sequences.
  private mutating func multibyte() throws(Problem) {
    let lead = bytes[at]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, at + length <= bytes.count else { throw notUTF8() }
    for index in 1..<length where bytes[at + index] & 0xC0 != 0x80 { throw notUTF8() }
    let second = bytes[at + 1]
    if lead == 0xE0 && second < 0xA0 || lead == 0xED && second > 0x9F
      || lead == 0xF0 && second < 0x90 || lead == 0xF4 && second > 0x8F
    {
      throw notUTF8()
    }
    at += length
  }

  private func notUTF8() -> Problem {
    problem(
      "not-utf8", "byte 0x\(String(bytes[at], radix: 16)) is not valid UTF-8",
      fix: "convert the file to UTF-8, for example with iconv")
  }

  private mutating func escape(into out: inout [UInt8]) throws(Problem) {
    let start = at
    guard at + 1 < bytes.count else { throw problem("unclosed-string", "a string is not closed") }
    at += 2
    switch bytes[at - 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(bytes[at - 1])
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "u"): try unicodeEscape(start, into: &out)
    default: throw problem("bad-escape", "an unknown escape in a string", at: start)
    }
  }

  private mutating func unicodeEscape(_ start: Int, into out: inout [UInt8]) throws(Problem) {
    var value = try hex4(start)
    if value >= 0xD800, value < 0xDC00 {
      guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
        bytes[at + 1] == UInt8(ascii: "u")
      else { throw loneSurrogate(start) }
      at += 2
      let low = try hex4(start)
      guard low >= 0xDC00, low < 0xE000 else { throw loneSurrogate(start) }
      value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw loneSurrogate(start) }
    out.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  private func loneSurrogate(_ start: Int) -> Problem {
    problem(
      "lone-surrogate", "an escaped lone surrogate: it cannot be written as UTF-8", at: start,
      fix: "write surrogates in pairs, high then low")
  }

  private mutating func hex4(_ start: Int) throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard at < bytes.count, let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else {
        throw problem("bad-escape", "\\u needs four hexadecimal digits", at: start)
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }
}
