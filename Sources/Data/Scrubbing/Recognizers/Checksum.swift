/// Check-digit rules shared by recognizers.
enum Checksum {
  /// ISO/IEC 7812-1 annex B.
  static func luhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
    var sum = 0
    var isDoubled = false
    for digit in digits.reversed() {
      let doubled = isDoubled ? Int(digit) * 2 : Int(digit)
      sum += doubled > 9 ? doubled - 9 : doubled
      isDoubled.toggle()
    }
    return sum % 10 == 0
  }

  /// The remainder of ISO/IEC 7064 mod 97 over digits and letters (A = 10 … Z = 35).
  static func mod97(_ characters: some Sequence<UInt8>) -> Int { mod97(characters, after: 0) }

  /// The same over two pieces one behind the other.
  static func mod97(_ first: some Sequence<UInt8>, _ second: some Sequence<UInt8>) -> Int {
    let head = mod97(first, after: 0)
    return mod97(second, after: head)
  }

  private static func mod97(_ characters: some Sequence<UInt8>, after start: Int) -> Int {
    var remainder = start
    for byte in characters {
      if ByteText.isDigit(byte) {
        remainder = (remainder * 10 + Int(byte - 0x30)) % 97
      } else {
        remainder = (remainder * 100 + Int(ByteText.lower(byte) - 0x61) + 10) % 97
      }
    }
    return remainder
  }

  /// Verhoeff's dihedral check, as used by Aadhaar: the whole number, check digit last.
  static func verhoeff(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
    var check = 0
    for (place, digit) in digits.reversed().enumerated() {
      check = product(check, permuted(Int(digit), place))
    }
    return check == 0
  }

  /// The multiplication of the dihedral group D5 on 0…9.
  private static func product(_ a: Int, _ b: Int) -> Int {
    switch (a < 5, b < 5) {
    case (true, true): (a + b) % 5
    case (true, false): (a + b - 5) % 5 + 5
    case (false, true): (a - b) % 5 + 5
    case (false, false): (a - b + 5) % 5
    }
  }

  private static func permuted(_ digit: Int, _ place: Int) -> Int {
    let once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    var value = digit
    for _ in 0..<(place % 8) { value = once[value] }
    return value
  }
}
