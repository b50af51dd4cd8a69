/// Where in one JSON value (RFC 8259) a text is, byte by byte.
///
/// What is stricter than the grammar: nesting and digits are bounded, escapes never name surrogates,
/// and keys hold no escapes, so that equal keys have equal bytes.
package struct JSONState: Sendable, Hashable {
  package enum Mode: UInt8, Sendable {
    /// A value, or after `[` the end of the array.
    case value, valueOrEnd
    /// A comma or the end of the container; at depth 0 the value is complete.
    case afterValue
    case keyOrEnd, key, colon
    case string, keyString
    /// `\\`, and then hexadecimal digits to come.
    case escape, hex
    case minus, zero, integer, point, fraction, exponent, exponentSign, exponentDigits
    /// What is left of `true`, `false`, `null`.
    case literal
  }

  static let depthMax = 32
  static let digitsMax = 15
  static let exponentDigitsMax = 2

  package private(set) var mode = Mode.value
  /// Containers that are open; bit d of `objects` tells an object at depth d + 1.
  package private(set) var depth = 0
  private var objects: UInt64 = 0
  /// Bytes to come of a character, and what the next of them is within.
  package private(set) var pending = 0
  private var low: UInt8 = 0x80, high: UInt8 = 0xBF
  /// Digits so far, digits to come of an escape, or bytes of the literal that have been.
  private var count = 0
  private var literal = 0

  package init() {}

  private static let literals: [[UInt8]] = ["true", "false", "null"].map { Array($0.utf8) }

  private var isInObject: Bool { depth > 0 && objects >> UInt64(depth - 1) & 1 == 1 }
  package var isInKey: Bool { mode == .keyString }

  /// Whether the text so far is a whole JSON value.
  package var isComplete: Bool {
    guard depth == 0 else { return false }
    switch mode {
    case .afterValue, .zero, .integer, .fraction, .exponentDigits: return true
    default: return false
    }
  }

  /// Whether nothing but white space can follow.
  package var isClosed: Bool { depth == 0 && mode == .afterValue }

  /// The fewest bytes that complete the value, an unfinished or expected key left as it is.
  package var bytesToClose: Int {
    switch mode {
    case .value: 1 + depth
    case .valueOrEnd, .afterValue, .keyOrEnd, .zero, .integer, .fraction, .exponentDigits: depth
    case .key: 4 + depth
    case .colon: 2 + depth
    case .string: pending + 1 + depth
    case .keyString: pending + 3 + depth
    case .escape: 2 + depth
    case .hex: count + 1 + depth
    case .minus, .point, .exponent, .exponentSign: 1 + depth
    case .literal: Self.literals[literal].count - count + depth
    }
  }

  /// Goes on with a byte; false: it cannot follow, and the state is of no use any more.
  package mutating func take(_ byte: UInt8) -> Bool {
    switch mode {
    case .string, .keyString: return character(byte)
    case .escape: return escape(byte)
    case .hex: return hexadecimal(byte)
    case .literal:
      guard byte == Self.literals[literal][count] else { return false }
      count += 1
      if count == Self.literals[literal].count { mode = .afterValue }
      return true
    case .value, .valueOrEnd, .afterValue, .keyOrEnd, .key, .colon:
      return isSpace(byte) || structure(byte)
    case .minus, .zero, .integer, .point, .fraction, .exponent, .exponentSign, .exponentDigits:
      return number(byte)
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private mutating func structure(_ byte: UInt8) -> Bool {
    switch (mode, byte) {
    case (.valueOrEnd, UInt8(ascii: "]")), (.keyOrEnd, UInt8(ascii: "}")): close()
    case (.value, _), (.valueOrEnd, _): return value(byte)
    case (.keyOrEnd, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")): mode = .keyString
    case (.colon, UInt8(ascii: ":")): mode = .value
    case (.afterValue, _): return afterValue(byte)
    default: return false
    }
    return true
  }

  private mutating func value(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.depthMax else { return false }
      let isObject = byte == UInt8(ascii: "{")
      let bit = UInt64(1) << UInt64(depth)
      objects = isObject ? objects | bit : objects & ~bit
      depth += 1
      mode = isObject ? .keyOrEnd : .valueOrEnd
    case UInt8(ascii: "\""): mode = .string
    case UInt8(ascii: "-"): (mode, count) = (.minus, 0)
    case UInt8(ascii: "0"): mode = .zero
    case UInt8(ascii: "1")...UInt8(ascii: "9"): (mode, count) = (.integer, 1)
    default:
      guard let index = Self.literals.firstIndex(where: { $0[0] == byte }) else { return false }
      (mode, literal, count) = (.literal, index, 1)
    }
    return true
  }

  private mutating func afterValue(_ byte: UInt8) -> Bool {
    if depth == 0 { return false }
    switch byte {
    case UInt8(ascii: ","): mode = isInObject ? .key : .value
    case UInt8(ascii: "}") where isInObject, UInt8(ascii: "]") where !isInObject: close()
    default: return false
    }
    return true
  }

  private mutating func close() {
    depth -= 1
    mode = .afterValue
  }

  // MARK: - Strings

  private mutating func character(_ byte: UInt8) -> Bool {
    if pending > 0 {
      guard low...high ~= byte else { return false }
      pending -= 1
      (low, high) = (0x80, 0xBF)
      return true
    }
    switch byte {
    case UInt8(ascii: "\""): mode = mode == .keyString ? .colon : .afterValue
    case UInt8(ascii: "\\"):
      if mode == .keyString { return false }
      mode = .escape
    case 0x20..<0x80: break
    case 0xC2...0xDF: pending = 1
    case 0xE0...0xEF:
      (pending, low, high) = (2, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF)
    case 0xF0...0xF4:
      (pending, low, high) = (3, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF)
    default: return false
    }
    return true
  }

  private mutating func escape(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "u"): (mode, count) = (.hex, 4)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      mode = .string
    default: return false
    }
    return true
  }

  private mutating func hexadecimal(_ byte: UInt8) -> Bool {
    let digit: UInt8
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
    default: return false
    }
    // D800 to DFFF are surrogates.
    if count == 3, literal == 13, digit > 7 { return false }
    if count == 4 { literal = Int(digit) }
    count -= 1
    if count == 0 { mode = .string }
    return true
  }

  // MARK: - Numbers

  private mutating func number(_ byte: UInt8) -> Bool {
    let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    switch mode {
    case .minus:
      guard isDigit else { return false }
      (mode, count) = (byte == UInt8(ascii: "0") ? .zero : .integer, 1)
    case .point, .exponentSign:
      guard isDigit else { return false }
      (mode, count) = (mode == .point ? .fraction : .exponentDigits, 1)
    case .exponent:
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
        mode = .exponentSign
        return true
      }
      guard isDigit else { return false }
      (mode, count) = (.exponentDigits, 1)
    default:
      if isDigit { return digit() }
      if byte == UInt8(ascii: "."), mode == .zero || mode == .integer {
        mode = .point
      } else if byte | 0x20 == UInt8(ascii: "e"), mode != .exponentDigits {
        mode = .exponent
      } else {
        // The number has ended.
        mode = .afterValue
        return isSpace(byte) || afterValue(byte)
      }
    }
    return true
  }

  private mutating func digit() -> Bool {
    guard mode != .zero,
      count < (mode == .exponentDigits ? Self.exponentDigitsMax : Self.digitsMax)
    else { return false }
    count += 1
    return true
  }
}
