/// A place in JSON text; every step says whether what it expects stands there.
struct ByteCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, at: Int = 0) {
    self.bytes = bytes
    self.at = at
  }

  /// The places of `model.vocab`, a mapping, and `model.merges`, a list; nil when there is no such
  /// thing or they are empty.
  mutating func largeParts() -> (vocabulary: Range<Int>, merges: Range<Int>)? {
    guard open(0x7B) else { return nil }
    var key: [UInt8] = []
    while true {
      guard string(into: &key), step(over: 0x3A) else { return nil }
      if key.elementsEqual("model".utf8) { return modelParts() }
      guard skipValue(), separator(0x7D) == false else { return nil }
    }
  }

  private mutating func modelParts() -> (vocabulary: Range<Int>, merges: Range<Int>)? {
    guard open(0x7B) else { return nil }
    var key: [UInt8] = []
    var vocabulary: Range<Int>?
    var merges: Range<Int>?
    while true {
      guard string(into: &key), step(over: 0x3A) else { return nil }
      skipSpace()
      let start = at
      guard skipValue() else { return nil }
      if key.elementsEqual("vocab".utf8), bytes[start] == 0x7B { vocabulary = start..<at }
      if key.elementsEqual("merges".utf8), bytes[start] == 0x5B { merges = start..<at }
      guard let isLast = separator(0x7D) else { return nil }
      if isLast { break }
    }
    guard let vocabulary, let merges else { return nil }
    return (vocabulary, merges)
  }

  /// Whether a list ends where its first element would stand.
  var isEmptyList: Bool {
    var copy = self
    guard copy.step(over: 0x5B) else { return false }
    return copy.step(over: 0x5D)
  }

  /// Steps over an opening bracket that has something in it.
  mutating func open(_ bracket: UInt8) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == bracket else { return false }
    let start = at
    at += 1
    skipSpace()
    if at < bytes.count, bytes[at] != bracket + 2 { return true }
    at = start
    return false
  }

  mutating func step(over byte: UInt8) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  /// After an element: true at the closing bracket, false after a comma, nil at anything else.
  mutating func separator(_ close: UInt8) -> Bool? {
    if step(over: close) { return true }
    return step(over: 0x2C) ? false : nil
  }

  /// A whole number from 0 on.
  mutating func integer() -> Int? {
    skipSpace()
    let start = at
    var value = 0
    while at < bytes.count, bytes[at] &- 0x30 < 10, at - start < 12 {
      value = value * 10 + Int(bytes[at] - 0x30)
      at += 1
    }
    guard at > start, at - start == 1 || bytes[start] != 0x30, at < bytes.count else { return nil }
    let next = bytes[at]
    return next == 0x2C || next == 0x7D || next <= 0x20 ? value : nil
  }

  /// A string without its quotes, escapes resolved. UTF-8 is not checked.
  mutating func string(into out: inout [UInt8]) -> Bool {
    out.removeAll(keepingCapacity: true)
    skipSpace()
    guard at < bytes.count, bytes[at] == 0x22 else { return false }
    at += 1
    var start = at
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 0x22 {
        if at - start < 24 {
          for index in start..<at { out.append(bytes[index]) }
        } else {
          out.append(contentsOf: bytes.slice(start, at))
        }
        at += 1
        return true
      }
      if byte < 0x20 { return false }
      if byte == 0x5C {
        out.append(contentsOf: bytes.slice(start, at))
        guard escape(into: &out) else { return false }
        start = at
      } else {
        at += 1
      }
    }
    return false
  }

  private mutating func escape(into out: inout [UInt8]) -> Bool {
    guard at + 1 < bytes.count else { return false }
    at += 2
    switch bytes[at - 1] {
    case 0x22, 0x5C, 0x2F: out.append(bytes[at - 1])
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "u"):
      guard var value = hexadecimal() else { return false }
      if 0xD800..<0xDC00 ~= value {
        guard at + 1 < bytes.count, bytes[at] == 0x5C, bytes[at + 1] == UInt8(ascii: "u") else {
          return false
        }
        at += 2
        guard let low = hexadecimal(), 0xDC00..<0xE000 ~= low else { return false }
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(value) else { return false }
      out.append(contentsOf: String(Character(scalar)).utf8)
    default: return false
    }
    return true
  }

  private mutating func hexadecimal() -> UInt32? {
    guard at + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }

  /// Steps over a value without looking at more than its brackets and strings.
  private mutating func skipValue() -> Bool {
    var depth = 0
    while true {
      skipSpace()
      guard at < bytes.count else { return false }
      switch bytes[at] {
      case 0x22: guard skipString() else { return false }
      case 0x7B, 0x5B:
        depth += 1
        at += 1
        continue
      case 0x7D, 0x5D:
        depth -= 1
        at += 1
      case 0x2C, 0x3A:
        if depth == 0 { return false }
        at += 1
        continue
      default:
        let start = at
        while at < bytes.count, Self.isPlain(bytes[at]) { at += 1 }
        if at == start { return false }
      }
      if depth < 0 { return false }
      if depth == 0 { return true }
    }
  }

  /// Whether a byte can be part of a number or a word such as `true`.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x22 && byte < 0x7B && byte != 0x2C && byte != 0x3A && byte != 0x5D
  }

  private mutating func skipString() -> Bool {
    at += 1
    while at < bytes.count, bytes[at] != 0x22 { at += bytes[at] == 0x5C ? 2 : 1 }
    at += 1
    return at <= bytes.count
  }

  private mutating func skipSpace() {
    while at < bytes.count {
      let byte = bytes[at]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at += 1
    }
  }
}
