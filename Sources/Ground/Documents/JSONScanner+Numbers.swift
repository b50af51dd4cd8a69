extension JSONScanner {
  /// Powers of ten that a double holds exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Digits of a number while they are read.
  private struct Digits {
    /// Value of the first 18 digits.
    var value: UInt64 = 0
    var count = 0
    /// Of them after the point.
    var fraction = 0
  }

  /// `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`
  mutating func number() throws(Problem) -> JSONValue {
    let start = at
    let isNegative = bytes[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    guard isDigit else { throw unexpected("a digit") }
    var digits = Digits()
    if bytes[at] == UInt8(ascii: "0") {
      at += 1
      digits.count = 1
      guard !isDigit else {
        throw problem("leading-zero", "a number must not start with 0", at: start)
      }
    } else {
      take(&digits)
    }
    var isInteger = true
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      isInteger = false
      at += 1
      guard isDigit else { throw unexpected("a digit") }
      let before = digits.count
      take(&digits)
      digits.fraction = digits.count - before
    }
    var exponent = 0
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      exponent = try self.exponent()
    }
    if digits.count <= 18 {
      if isInteger, !(isNegative && digits.value == 0) {
        return .integer(isNegative ? -Int64(digits.value) : Int64(digits.value))
      }
      // Clinger 1990, "How to read floating point numbers accurately": exact when the digits and
      // the power of ten both are, since one correctly rounded operation remains.
      let power = exponent - digits.fraction
      if digits.value < 1 << 53, abs(power) <= 22 {
        let whole = Double(digits.value)
        let scale = Self.exactPowers[abs(power)]
        let magnitude = power < 0 ? whole / scale : whole * scale
        return .number(isNegative ? -magnitude : magnitude)
      }
    }
    return try slow(start, isInteger)
  }

  private mutating func exponent() throws(Problem) -> Int {
    at += 1
    var isNegative = false
    if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") {
      isNegative = bytes[at] == UInt8(ascii: "-")
      at += 1
    }
    guard isDigit else { throw unexpected("a digit") }
    var value = 0
    while isDigit {
      value = min(100_000, value * 10 + Int(bytes[at] - UInt8(ascii: "0")))
      at += 1
    }
    return isNegative ? -value : value
  }

  /// Any number, by the standard library.
  private func slow(_ start: Int, _ isInteger: Bool) throws(Problem) -> JSONValue {
    guard at - start <= 400 else {
      throw problem(
        "number-too-long", "a number of \(at - start) characters, at most 400 are read", at: start)
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
    if isInteger, text != "-0", let integer = Int64(text) { return .integer(integer) }
    guard let double = Double(text), double.isFinite else {
      throw problem("number-range", "the number is too large for a 64-bit float", at: start)
    }
    return .number(double)
  }

  @inline(__always)
  private var isDigit: Bool { at < bytes.count && bytes[at] &- UInt8(ascii: "0") < 10 }

  @inline(__always)
  private mutating func take(_ digits: inout Digits) {
    while isDigit {
      if digits.count < 18 {
        digits.value = digits.value &* 10 &+ UInt64(bytes[at] - UInt8(ascii: "0"))
      }
      digits.count += 1
      at += 1
    }
  }
}
