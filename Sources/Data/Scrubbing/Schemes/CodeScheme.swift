/// Codes of letters and digits of one issuer, by a template.
///
/// In a template `A` is a letter, `9` a digit, `*` either, `_` at most one separator (space, hyphen,
/// dot, slash), `-` a hyphen, `?` before a sign makes it optional, and a small letter stands for
/// itself in any case.
struct CodeScheme: Sendable {
  /// Letters and digits of the value, letters as capitals.
  typealias Characters = UnsafeBufferPointer<UInt8>

  let entity: Entity
  let template: StaticString
  let cue: CueSet
  /// Score without any cue.
  let base: Double
  let isChecked: Bool
  let check: @Sendable (Characters) -> Bool
  /// How many letters may stand before the first digit, 0…7.
  let leadingLetters: [Int]
  /// Bit n: the first run of digits may have n of them.
  let digitRuns: UInt32
  /// What may stand behind that run: bit 0 the end, bit 1 a letter, bit 2 a separator.
  let behindRun: UInt8
  let gate: CodeGate

  init(
    _ entity: Entity, _ template: StaticString, cue: CueSet, _ base: Double,
    checked: Bool = false, _ check: @escaping @Sendable (Characters) -> Bool = { _ in true }
  ) {
    self.entity = entity
    self.template = template
    self.cue = cue
    self.base = base
    isChecked = checked
    self.check = check
    let signs = template.withUTF8Buffer { Array($0) }
    leadingLetters = Self.leading(signs)
    (digitRuns, behindRun) = Self.digitRuns(signs)
    gate = CodeGate(signs, digitRuns: digitRuns, behindRun: behindRun)
  }

  /// The score of what ``end(_:at:into:)`` wrote; nil when it is none or stays below `limit`.
  func score(_ value: Characters, _ context: Context, isLower: Bool, limit: Double) -> Double? {
    let isNamed = context.has(cue)
    var score = base
    if isNamed {
      score = max(score + 0.35, isChecked ? 0.7 : 0.45)
    } else if context.isIdentity {
      score += isChecked ? 0.3 : 0.15
    } else if !context.nearest.isEmpty, context.distance <= 4, !isChecked {
      score -= 0.3
    }
    if isLower, !isNamed { score -= 0.3 }
    return score >= limit && check(value) ? min(1, score) : nil
  }

  /// Where the template that begins at `start` ends, with its letters and digits in `out`; nil when
  /// the text does not fit. Separators are all of one kind.
  func end(
    _ text: ByteText, at start: Int, into out: UnsafeMutableBufferPointer<UInt8>
  ) -> (end: Int, count: Int)? {
    let template = UnsafeBufferPointer(
      start: template.utf8Start, count: template.utf8CodeUnitCount)
    var index = start
    var count = 0
    var place = 0
    while place < template.count {
      var sign = template[place]
      var isOptional = false
      if sign == UInt8(ascii: "?") {
        isOptional = true
        place += 1
        sign = template[place]
      }
      place += 1
      if sign == UInt8(ascii: "_") {
        if let (_, length) = text.separator(at: index) { index += length }
        continue
      }
      if sign == UInt8(ascii: "-") {
        if let (kind, length) = text.separator(at: index), kind == .dash {
          index += length
        } else if !isOptional {
          return nil
        }
        continue
      }
      let byte = text[index]
      guard Self.fits(byte, sign), count < out.count else {
        if isOptional { continue }
        return nil
      }
      out[count] = ByteText.isLetter(byte) ? byte & 0xDF : byte
      count += 1
      index += 1
    }
    return (index, count)
  }

  private static func fits(_ byte: UInt8, _ sign: UInt8) -> Bool {
    switch sign {
    case UInt8(ascii: "A"): ByteText.isLetter(byte)
    case UInt8(ascii: "9"): ByteText.isDigit(byte)
    case UInt8(ascii: "*"): ByteText.isAlphanumeric(byte)
    default: ByteText.lower(byte) == sign
    }
  }

  private static func digitRuns(_ template: [UInt8]) -> (runs: UInt32, behind: UInt8) {
    // From the first sure digit on; anything that is not sure leaves it open.
    var place = 0
    var least: UInt32 = 0
    while place < template.count {
      let next = place + 1 < template.count ? template[place + 1] : 0
      switch template[place] {
      case UInt8(ascii: "9"): least += 1
      case UInt8(ascii: "*"): return (~0, 7)
      case UInt8(ascii: "?"):
        if least > 0 || next == UInt8(ascii: "9") { return (~0, 7) }
        place += 1
      case UInt8(ascii: "_") where least > 0:
        if next == UInt8(ascii: "9") || next == UInt8(ascii: "*") { return (~0 << least, 7) }
        return (1 << least, 6)
      case UInt8(ascii: "-") where least > 0: return (1 << least, 4)
      case UInt8(ascii: "_"), UInt8(ascii: "-"): break
      default: if least > 0 { return (1 << least, 2) }
      }
      place += 1
    }
    return least == 0 ? (~0, 7) : (1 << least, 5)
  }

  private static func leading(_ template: [UInt8]) -> [Int] {
    // Every number of letters that the signs before a sure digit allow.
    var least = 0
    var most = 0
    var isOptional = false
    for sign in template {
      switch sign {
      case UInt8(ascii: "?"):
        isOptional = true
        continue
      case UInt8(ascii: "9"):
        if !isOptional { return Array(min(7, least)...min(7, most)) }
      case UInt8(ascii: "_"), UInt8(ascii: "-"): break
      case UInt8(ascii: "*"): most += 1
      default:
        if !isOptional, least == most { least += 1 }
        most += 1
      }
      isOptional = false
    }
    return Array(min(7, least)...min(7, most))
  }

  static let all: [CodeScheme] = europe + southernEurope + world + plates
}

extension UnsafeBufferPointer<UInt8> {
  /// Digits and letters as 0…35.
  func value(_ place: Int) -> Int {
    ByteText.isDigit(self[place]) ? Int(self[place] - 0x30) : Int(self[place]) - 0x41 + 10
  }

  /// The digits of a range of ASCII characters as a number; letters count as 0.
  func decimal(_ range: Range<Int>) -> Int {
    range.reduce(0) { $0 * 10 + (ByteText.isDigit(self[$1]) ? Int(self[$1] - 0x30) : 0) }
  }

  func letter(_ place: Int, in letters: StaticString) -> Bool {
    letters.withUTF8Buffer { $0.contains(self[place]) }
  }

  /// ICAO 9303: weights 7, 3, 1 over the characters before the last, which is the check digit.
  var isICAO: Bool {
    guard let last, ByteText.isDigit(last) else { return false }
    var sum = 0
    for place in 0..<count - 1 { sum += value(place) * [7, 3, 1][place % 3] }
    return sum % 10 == Int(last - 0x30)
  }
}
