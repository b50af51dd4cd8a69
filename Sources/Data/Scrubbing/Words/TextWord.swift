internal import CKernels

/// A word or a number of a text, with what the rules for names and addresses ask of it.
struct TextWord {
  /// In the order of `ORC_PII_CAPITALISED`, …
  enum Shape: UInt8 {
    /// `Anna`, `McKay`, `Hans-Peter`
    case capitalised
    /// `ANNA`; one letter counts as this too
    case upper
    case lower
    /// Letters of a script without case.
    case caseless
    case digits
    /// Letters and digits.
    case mixed
    /// `iPhone`, `getName`
    case other
  }

  let kernel: orc_pii_word

  /// UTF-8 offsets.
  var start: Int { Int(kernel.start) }
  /// Behind the word, without a possessive `'s`.
  var end: Int { Int(kernel.end) }
  var hash: UInt64 { kernel.hash }
  /// The last eight bytes of the folded word.
  var tail: UInt64 { kernel.tail }
  var classes: WordClass { WordClass(rawValue: kernel.classes) }
  /// For a word with a hyphen: what its last part can be.
  var lastClasses: WordClass { WordClass(rawValue: kernel.last_classes) }
  var gap: WordGap { WordGap(rawValue: kernel.gap) }
  var shape: Shape { unsafeBitCast(kernel.shape, to: Shape.self) }
  /// Letters, not bytes.
  var letters: UInt8 { kernel.letters }
  var hasHyphen: Bool { kernel.has_hyphen != 0 }
  /// How many words further the next word stands that begins with a digit; 255 for none.
  var digitsAhead: UInt8 { kernel.digits_ahead }

  /// One capital letter: `D` of `Austin D. Taylor`.
  var isInitial: Bool { letters == 1 && shape == .upper }
  var isCapital: Bool { shape == .capitalised || shape == .upper }
  func `is`(_ wanted: WordClass) -> Bool { !classes.isDisjoint(with: wanted) }
  var isCommon: Bool { classes.contains(.common) }
  /// A given name that is no everyday word.
  var isSureGiven: Bool {
    classes.contains(.given) && classes.isDisjoint(with: [.common, .calendar, .product])
  }
}

/// An ending of words, to be compared with ``TextWord/tail``.
struct WordEnding: Sendable {
  let value: UInt64
  let mask: UInt64
  let count: UInt8

  init(_ text: some StringProtocol) {
    precondition(text.utf8.count <= 8, "an ending of more than eight letters")
    value = text.utf8.reduce(0) { $0 << 8 | UInt64($1) }
    count = UInt8(text.utf8.count)
    mask = count == 8 ? .max : (1 << (8 * UInt64(count))) - 1
  }

}

/// Endings of words, with a first look at the last two letters that most words fail.
struct WordEndings: Sendable {
  private let endings: [WordEnding]
  /// Bit 32 · (last letter but one) + (last letter), five bits of each.
  private var pairs = [UInt64](repeating: 0, count: 16)

  init(_ text: String) {
    endings = text.split(whereSeparator: \.isWhitespace).map { WordEnding($0) }
    for ending in endings {
      let pair = Self.pair(ending.value)
      if ending.count > 1 {
        pairs[pair >> 6] |= 1 << UInt64(pair & 63)
      } else {
        for before in 0..<32 {
          let pair = before << 5 | Int(ending.value & 31)
          pairs[pair >> 6] |= 1 << UInt64(pair & 63)
        }
      }
    }
  }

  private static func pair(_ tail: UInt64) -> Int { Int(tail >> 8 & 31) << 5 | Int(tail & 31) }

  /// Whether the word has one of the endings, behind at least `stem` letters.
  func end(_ word: TextWord, stem: UInt8) -> Bool {
    let pair = Self.pair(word.tail)
    guard pairs[pair >> 6] >> UInt64(pair & 63) & 1 == 1 else { return false }
    return endings.contains {
      word.tail & $0.mask == $0.value && Int(word.letters) >= Int($0.count) + Int(stem)
    }
  }
}
