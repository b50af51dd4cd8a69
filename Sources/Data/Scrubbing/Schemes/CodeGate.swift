/// What a ``CodeScheme`` asks of the first characters of a value: plain numbers, so that most schemes
/// are left out without going through their templates.
///
/// A gate refuses nothing that a template fits.
struct CodeGate: Sendable {
  private let digitRuns: UInt32
  private let behindRun: UInt8
  /// What cannot stand at each of the first letters and digits, as in ``CodeStart/kinds``.
  private let refused: UInt32
  /// Bit n: the n-th letter of the alphabet may be the first character, or the second; bit 0 stands
  /// for digits.
  private let first: UInt32
  private let second: UInt32
  /// Bit n: no separator may stand before the n-th of them; one must.
  private let joined: UInt32
  private let separated: UInt32
  /// Bit n, for a template of n letters and digits: what follows the last one does not belong to it.
  private let end: UInt32
  /// The place of the scheme in its list.
  private(set) var number: UInt32 = 0

  init(_ template: [UInt8], digitRuns: UInt32, behindRun: UInt8) {
    self.digitRuns = digitRuns
    self.behindRun = behindRun
    var refused: UInt32 = 0
    var letters: [UInt32] = [.max, .max]
    var joined: UInt32 = 0
    var separated: UInt32 = 0
    var place = 0
    var separator: UInt8?
    // Behind an optional sign, places differ.
    for sign in template.prefix(while: { $0 != UInt8(ascii: "?") }) {
      guard sign != UInt8(ascii: "_"), sign != UInt8(ascii: "-") else {
        separator = sign
        continue
      }
      guard place < CodeStart.length else { break }
      if place > 0, separator == nil { joined |= 1 << UInt32(place) }
      if separator == UInt8(ascii: "-") { separated |= 1 << UInt32(place) }
      separator = nil
      switch sign {
      case UInt8(ascii: "*"): break
      case UInt8(ascii: "9"): refused |= CodeStart.letter << UInt32(2 * place)
      default:
        refused |= CodeStart.digit << UInt32(2 * place)
        if sign != UInt8(ascii: "A"), place < 2 { letters[place] = 1 | 1 << UInt32(sign & 31) }
      }
      place += 1
    }
    self.refused = refused
    self.joined = joined
    self.separated = separated
    let isWhole = !template.contains(UInt8(ascii: "?")) && separator == nil
    end = isWhole && place < CodeStart.length ? 1 << UInt32(place) : 0
    (first, second) = (letters[0], letters[1])
  }

  func numbered(_ number: Int) -> CodeGate {
    var gate = self
    gate.number = UInt32(number)
    return gate
  }

  /// Whether the first run of digits may be so long and end so: see
  /// ``FinderRules/gates(letters:run:behind:)``.
  func fits(run: Int, behind: Int) -> Bool {
    digitRuns >> UInt32(run) & 1 == 1 && behindRun >> UInt8(behind) & 1 == 1
  }

  @inline(__always)
  func admits(_ start: CodeStart) -> Bool {
    refused & start.kinds == 0 && first & start.first != 0 && second & start.second != 0
      && joined & start.separated == 0 && (separated | end) & ~start.open == 0
  }
}

/// The first letters and digits of a text from some place on, separators left out.
struct CodeStart {
  static let length = 16
  static let letter: UInt32 = 1
  static let digit: UInt32 = 2

  /// Two bits for each: ``letter``, ``digit``, or both where the value has ended.
  private(set) var kinds: UInt32 = 0
  /// One bit each, as in ``CodeGate``; all bits where the value has ended.
  private(set) var first: UInt32 = .max
  private(set) var second: UInt32 = .max
  /// Bit n: a separator stands before the n-th.
  private(set) var separated: UInt32 = 0
  /// Bit n: the same, or the value ends before the n-th.
  private(set) var open: UInt32 = 0

  init(_ text: ByteText, at start: Int) {
    var index = start
    for place in 0..<Self.length {
      var byte = text[index]
      while !ByteText.isAlphanumeric(byte) {
        guard let (_, length) = text.separator(at: index) else {
          kinds |= .max << UInt32(2 * place)
          open |= .max << UInt32(place)
          return
        }
        separated |= 1 << UInt32(place)
        open |= 1 << UInt32(place)
        index += length
        byte = text[index]
      }
      let isLetter = ByteText.isLetter(byte)
      kinds |= (isLetter ? Self.letter : Self.digit) << UInt32(2 * place)
      let bit: UInt32 = isLetter ? 1 << UInt32(byte & 31) : 1
      if place == 0 { first = bit } else if place == 1 { second = bit }
      index += 1
    }
  }
}
