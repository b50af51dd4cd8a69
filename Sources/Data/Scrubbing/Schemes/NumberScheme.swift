/// Numbers of one issuer: how many digits, how they are grouped, and what check they pass.
struct NumberScheme: Sendable {
  typealias Digits = UnsafeBufferPointer<UInt8>

  let entity: Entity
  let digits: Int
  /// Usual groupings as hexadecimal digits (3-2-4 is `0x324`) beside the number in one piece.
  let layouts: [UInt64]
  /// What stands between the groups; empty: any one sign.
  let gaps: [NumberRun.Gap]
  /// Words that name it.
  let cue: CueSet
  /// Scores without any cue: in one piece, and grouped.
  let bare: Double
  let grouped: Double
  /// Whether `check` has check digits, so that few other numbers pass.
  let isChecked: Bool
  let check: @Sendable (Digits) -> Bool

  init(
    _ entity: Entity, _ digits: Int, _ layouts: [UInt64] = [], _ gaps: [NumberRun.Gap] = [],
    cue: CueSet, bare: Double, grouped: Double = 0, checked: Bool = true,
    _ check: @escaping @Sendable (Digits) -> Bool
  ) {
    self.entity = entity
    self.digits = digits
    self.layouts = layouts
    self.gaps = gaps
    self.cue = cue
    self.bare = bare
    self.grouped = grouped
    isChecked = checked
    self.check = check
  }

  static let all: [NumberScheme] =
    northAmerica + britain + germanic + romance + nordic + easternEurope + asia + elsewhere
}

// MARK: - What checks are made of

extension UnsafeBufferPointer<UInt8> {
  /// The digits of a range as a number.
  func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + Int(self[$1]) } }

  /// Σ digit × weight over the first digits.
  func weighted(_ weights: [Int]) -> Int {
    var sum = 0
    for place in weights.indices { sum += Int(self[place]) * weights[place] }
    return sum
  }

  /// Day and month at two places; the day may be moved by `dayOffset`, the month by a multiple of 20.
  func isDate(day: Int, month: Int, dayOffset: Int = 0) -> Bool {
    let value = number(day..<day + 2)
    let dayValue = value > dayOffset ? value - dayOffset : value
    return (1...31).contains(dayValue) && (1...12).contains(number(month..<month + 2))
  }

  /// Whether all digits are the same, as in `111111111`: passes many checks and is given to nobody.
  var isRepeated: Bool { allSatisfy { $0 == self[0] } }

  /// Check digit of weights modulo 11; a remainder of 10 counts as `ten` (nil: never issued).
  func mod11(_ weights: [Int], ten: Int? = nil) -> Bool {
    let remainder = weighted(weights) % 11
    let check = remainder == 10 ? ten : remainder
    return check == Int(self[weights.count])
  }

  /// The same with the complement to 11 as check digit.
  func mod11Complement(_ weights: [Int], ten: Int? = nil) -> Bool {
    let complement = (11 - weighted(weights) % 11) % 11
    let check = complement == 10 ? ten : complement
    return check == Int(self[weights.count])
  }

  /// ISO/IEC 7064 mod 11,10 over all digits, the check digit last.
  var isMod1110: Bool {
    var product = 10
    for digit in dropLast() {
      let sum = (Int(digit) + product) % 10
      product = (sum == 0 ? 10 : sum) * 2 % 11
    }
    return (11 - product) % 10 == Int(self[count - 1])
  }
}
