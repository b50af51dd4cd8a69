/// What makes digits a telephone number: international with `+` or `00`, and the national layouts of
/// the countries that write them most.
enum PhoneNumber {
  typealias Digits = UnsafeBufferPointer<UInt8>

  /// How sure digits without a `+` are a telephone number by their layout alone; 0 for not.
  ///
  /// - Parameter isOpened: whether the first group stands in parentheses.
  static func score(_ digits: Digits, _ candidate: NumberCandidate, isOpened: Bool) -> Double {
    let layout = candidate.layout
    guard let first = digits.first, layout != 0x324, candidate.count >= 7 else { return 0 }
    if let international = prefixed(digits, candidate) { return international }
    if let score = northAmerican(digits, candidate, isOpened: isOpened) { return score }
    if first == 0 { return trunk(digits, candidate) }
    switch layout {
    case 0x254, 0x244: return isOpened ? 0.65 : candidate.gap == .wide ? 0.45 : 0.3  // Brazil
    case 0x3222, 0x3322: return first >= 3 ? 0.45 : 0.3  // Spain, Italy
    case 0x13322: return first == 8 || first == 7 ? 0.5 : 0.1  // Russia
    case 0x333: return first >= 5 ? 0.3 : 0.1  // Spain, Poland, Czechia
    case 0x55: return first >= 6 ? 0.5 : 0  // India
    case 0xA: return first >= 6 ? 0.45 : 0.1  // India
    case 0x433: return first >= 6 ? 0.45 : 0  // India
    case 0x37: return first >= 3 ? 0.36 : 0
    case 0x344: return first == 1 && digits[1] >= 3 ? 0.5 : 0.1  // China
    case 0x2222, 0x44, 0x323: return 0.2  // Nordic countries, Singapore, Hong Kong
    case 0x2444, 0x2224, 0x334: return 0.3
    default: return isOpened && candidate.count <= 12 ? 0.45 : 0
    }
  }

  /// `00` or `011` before a country code.
  private static func prefixed(_ digits: Digits, _ candidate: NumberCandidate) -> Double? {
    let skipped: Int
    if digits[0] == 0, digits[1] == 0 {
      skipped = 2
    } else if digits[0] == 0, digits[1] == 1, digits[2] == 1, candidate.count >= 12 {
      skipped = 3
    } else {
      return nil
    }
    let rest = Digits(rebasing: digits[skipped...])
    let isLaidOut = candidate.groupCount > 1 || candidate.count >= 11
    return isLaidOut && isInternational(rest) ? 0.6 : skipped == 3 ? nil : 0
  }

  /// NXX-NXX-XXXX with N = 2…9, with or without a leading 1; other digits at N in the same layout
  /// are less sure.
  private static func northAmerican(_ digits: Digits, _ candidate: NumberCandidate, isOpened: Bool)
    -> Double?
  {
    var layout = candidate.layout
    var first = 0
    if candidate.count == 11, digits[0] == 1 {
      first = 1
      switch layout {
      case 0x1334: layout = 0x334
      case 0xB, 0x1A: layout = 0xA
      default: return nil
      }
    }
    guard candidate.count - first == 10 else { return nil }
    let isValid = digits[first] >= 2 && digits[first + 3] >= 2
    switch layout {
    case 0x334:
      if isValid { return isOpened || first == 1 ? 0.65 : 0.6 }
      return digits[first] > 0 && (isOpened || candidate.gap != .space) ? 0.45 : nil
    case 0x37, 0x64: return isValid ? isOpened ? 0.65 : 0.5 : nil
    case 0xA: return isValid ? first == 1 ? 0.3 : 0.45 : nil
    default: return nil
    }
  }

  /// National numbers with a trunk zero, as in most of Europe, Asia and Australia.
  private static func trunk(_ digits: Digits, _ candidate: NumberCandidate) -> Double {
    let total = candidate.count
    if candidate.groupCount == 1 { return (10...11).contains(total) ? 0.45 : 0.1 }
    // The first group is an area code; no later group has one digit.
    var layout = candidate.layout
    var smallest: UInt64 = 15
    while layout > 0 {
      smallest = min(smallest, layout & 15)
      layout >>= 4
    }
    guard smallest >= 2 else { return 0.1 }
    return (9...12).contains(total) ? 0.62 : total == 8 ? 0.2 : 0.1
  }

  /// E.164: a country code and at most 15 digits; exact lengths where the plan is closed.
  static func isInternational(_ digits: Digits) -> Bool {
    guard (8...16).contains(digits.count), digits[0] != 0 else { return false }
    let code = digits.number(0..<2)
    // A trunk zero in parentheses, `+49 (0)30`, is one digit more.
    if digits[0] == 1 { return digits.count == 11 }
    switch code {
    case 31, 33, 34: return (11...12).contains(digits.count)
    case 44, 91: return (11...13).contains(digits.count)
    case 49: return (9...14).contains(digits.count)
    case 21, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 85, 87, 88, 96, 97, 99:
      return digits.count >= 10 || code == 50 || code > 66 || code == 35
    default: return digits.count <= 15
    }
  }

  /// Behind ` ext. 452`, ` x452`, ` Durchwahl 12`; `end` itself when there is none.
  static func extensionEnd(_ text: ByteText, from end: Int) -> Int {
    var index = end
    if text[index] == UInt8(ascii: ",") { index += 1 }
    while let (kind, length) = text.separator(at: index), kind == .space { index += length }
    let letter = text[index] | 0x20
    guard
      letter == 0x65 || letter == 0x64 || letter == 0x70 || letter == 0x78 || letter == 0x69
        || letter == 0x61 || letter == 0x23
    else { return end }
    guard let word = extensions.first(where: { text.has($0, at: index) }) else { return end }
    index += word.utf8CodeUnitCount
    if text[index] == UInt8(ascii: ":") { index += 1 }
    while let (kind, length) = text.separator(at: index), kind == .space { index += length }
    let start = index
    var count = 0
    while let (_, length) = text.digit(at: index) {
      index += length
      count += 1
    }
    return index > start && count <= 6 && !text.isWord(at: index) ? index : end
  }

  private static let extensions: [StaticString] = [
    "extension", "ext.", "ext", "extn.", "extensión", "durchwahl", "dw", "poste", "anexo",
    "interno", "int.", "x", "#",
  ]
}
