import Diagnostics
import Documents

/// One line of a .jsonl file as bytes: where its id and its text are, found without building the
/// row.
///
/// The scanner checks the line as it goes. What it does not understand, or finds wrong, goes to
/// ``JSONReader``, which says what is wrong or reads what is rare.
struct PIILine {
  /// The id as JSON, or nil when the row has none.
  private(set) var id: Range<Int>?
  /// The text between its quotes, or nil when the row has none.
  private(set) var text: Range<Int>?
  private(set) var hasEscapes = false
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  /// - Returns: nil when the line is not plain JSON of the usual form.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, field: [UInt8]) {
    self.bytes = bytes
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return nil }
    skipSpace()
    if take(UInt8(ascii: "}")) {
      skipSpace()
      if at != bytes.count { return nil }
      return
    }
    var keys = 0
    while true {
      guard let key = string() else { return nil }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return nil }
      skipSpace()
      let start = at
      let isText = bytes[key.range].elementsEqual(field)
      let isID = bytes[key.range].elementsEqual("id".utf8)
      // A key with an escape may be any key; two of one name are an error.
      if key.hasEscapes || isText && text != nil || isID && id != nil { return nil }
      if isText, current == UInt8(ascii: "\"") {
        guard let value = string() else { return nil }
        text = value.range
        hasEscapes = value.hasEscapes
      } else if isText || !skipValue(depth: 0) {
        return nil
      }
      if isID { id = start..<at }
      keys += 1
      skipSpace()
      if take(UInt8(ascii: ",")) {
        skipSpace()
      } else {
        break
      }
    }
    guard take(UInt8(ascii: "}")) else { return nil }
    skipSpace()
    guard at == bytes.count else { return nil }
  }

  private var current: UInt8 { at < bytes.count ? bytes[at] : 0 }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D { at += 1 }
  }

  /// A string from its quote; nil when it does not end or holds something rare.
  private mutating func string() -> (range: Range<Int>, hasEscapes: Bool)? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = at
    var hasEscapes = false
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return (start..<at - 1, hasEscapes)
      }
      if byte < 0x20 { return nil }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        guard skipEscape() else { return nil }
      } else {
        at += 1
      }
    }
    return nil
  }

  private mutating func skipEscape() -> Bool {
    guard at + 1 < bytes.count else { return false }
    switch bytes[at + 1] {
    case UInt8(ascii: "u"):
      // Surrogates are left to the reader that knows how to complain about lone ones.
      guard let value = Self.hex4(bytes, at + 2), !(0xD800...0xDFFF).contains(value) else {
        return false
      }
      at += 6
      return true
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 2
      return true
    default: return false
    }
  }

  private mutating func skipValue(depth: Int) -> Bool {
    switch current {
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "{"), UInt8(ascii: "["): return skipContainer(depth: depth)
    case UInt8(ascii: "t"): return skip("true")
    case UInt8(ascii: "f"): return skip("false")
    case UInt8(ascii: "n"): return skip("null")
    default: return skipInteger()
    }
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    for k in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[k]) { return false }
    return true
  }

  private mutating func skipContainer(depth: Int) -> Bool {
    let isObject = current == UInt8(ascii: "{")
    let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    at += 1
    skipSpace()
    if take(close) { return true }
    guard depth < 32 else { return false }
    while true {
      if isObject {
        guard string() != nil else { return false }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { return false }
        skipSpace()
      }
      guard skipValue(depth: depth + 1) else { return false }
      skipSpace()
      if take(close) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
      skipSpace()
    }
  }

  /// Whole numbers without needless zeros, and plain decimals.
  private mutating func skipInteger() -> Bool {
    if current == UInt8(ascii: "-") { at += 1 }
    let start = at
    while current &- 0x30 < 10 { at += 1 }
    guard at > start, at - start < 19, bytes[start] != 0x30 || at - start == 1 else { return false }
    if current == UInt8(ascii: ".") {
      at += 1
      let fraction = at
      while current &- 0x30 < 10 { at += 1 }
      guard at > fraction else { return false }
    }
    return current | 0x20 != UInt8(ascii: "e")
  }

  static func hex4(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32? {
    guard start + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<start + 4] {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    return value
  }
}

extension PIILine {
  /// The text with its escapes undone, appended to `out`.
  func decodeText(into out: inout [UInt8]) {
    guard let text else { return }
    var index = text.lowerBound
    while index < text.upperBound {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\\") else {
        out.append(byte)
        index += 1
        continue
      }
      let sign = bytes[index + 1]
      index += 2
      switch sign {
      case UInt8(ascii: "n"): out.append(0x0A)
      case UInt8(ascii: "t"): out.append(0x09)
      case UInt8(ascii: "r"): out.append(0x0D)
      case UInt8(ascii: "b"): out.append(0x08)
      case UInt8(ascii: "f"): out.append(0x0C)
      case UInt8(ascii: "u"):
        if let value = Self.hex4(bytes, index), let scalar = Unicode.Scalar(value) {
          out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        index += 4
      default: out.append(sign)
      }
    }
  }
}
