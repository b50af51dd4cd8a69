/// A word of a text, with what the rules for names ask of it.
struct NameWord {
  enum Shape {
    /// `Anna`, `McKay`, `Hans-Peter`, `O'Neill`
    case capitalised
    /// `ANNA`, at least two letters
    case upper
    /// `anna`
    case lower
    /// Letters of a script without case.
    case caseless
    /// Anything else, such as a word with digits.
    case other
  }

  var start: Int
  /// Behind the word, without a possessive `'s`.
  var end: Int
  var hash: UInt64
  var shape: Shape
  var isGivenName: Bool
  var isSurname: Bool

  /// One capital letter: `D` of `Austin D. Taylor`.
  var isInitial: Bool { end - start == 1 && (shape == .upper || shape == .capitalised) }
  var isAmbiguous: Bool { GivenNames.ambiguousHashes.contains(hash) }

  /// The words of `text` in order. Apostrophes, hyphens and slashes between letters belong to a word
  /// (`s/o`), full stops do not.
  static func words(of text: ByteText) -> [NameWord] {
    var words: [NameWord] = []
    var index = 0
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      guard isLetter(scalar) else {
        index += length
        continue
      }
      let start = index
      index = wordEnd(text, from: index)
      words.append(NameWord(text, start..<index))
    }
    return words
  }

  private static func wordEnd(_ text: ByteText, from start: Int) -> Int {
    var index = start
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      if isLetter(scalar) || (scalar >= 0x30 && scalar <= 0x39) || scalar == 0x5F {
        index += length
        continue
      }
      let isJoint =
        scalar == 0x27 || scalar == 0x2D || scalar == 0x2019 || scalar == 0x2F
      guard isJoint, isLetter(text.scalar(at: index + length).value) else { break }
      index += length
    }
    return index
  }

  private init(_ text: ByteText, _ range: Range<Int>) {
    start = range.lowerBound
    end = range.upperBound
    if end - start > 2, text[end - 1] | 0x20 == UInt8(ascii: "s"),
      text[end - 2] == UInt8(ascii: "'")
    {
      let owner = start..<end - 2
      let ownerHash = text.hash(owner)
      if GivenNames.hashes.contains(ownerHash) || Surnames.hashes.contains(ownerHash) {
        end -= 2
      }
    }
    hash = text.hash(start..<end)
    shape = Self.shape(text, start..<end)
    guard shape != .other, shape != .caseless else {
      isGivenName = false
      isSurname = false
      return
    }
    isGivenName = GivenNames.hashes.contains(hash)
    isSurname = Surnames.hashes.contains(hash)
    if !isGivenName, let dash = text.bytes[start..<end].firstIndex(of: UInt8(ascii: "-")) {
      isGivenName = GivenNames.hashes.contains(text.hash(start..<dash))
    }
  }

  private static func shape(_ text: ByteText, _ range: Range<Int>) -> Shape {
    var uppers = 0
    var lowers = 0
    var startsUpper = false
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, length) = text.scalar(at: index)
      if isUpper(scalar) {
        uppers += 1
        if index == range.lowerBound { startsUpper = true }
      } else if isLower(scalar) {
        lowers += 1
      } else if scalar >= 0x30 && scalar <= 0x39 || scalar == 0x5F {
        return .other
      }
      index += length
    }
    if uppers + lowers == 0 { return .caseless }
    if lowers == 0 { return .upper }
    if startsUpper { return uppers <= 3 ? .capitalised : .other }
    return uppers == 0 ? .lower : .other
  }

  private static func isLetter(_ scalar: UInt32) -> Bool {
    scalar < 0x80
      ? ByteText.isLetter(UInt8(scalar)) : ByteText.isWord(scalar)
  }

  private static func isUpper(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A9, 0x410...0x42F: true
    case 0x100...0x137, 0x14A...0x177: scalar % 2 == 0
    case 0x139...0x148, 0x179...0x17E: scalar % 2 == 1
    default: false
    }
  }

  private static func isLower(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x61...0x7A, 0xDF...0xF6, 0xF8...0xFF, 0x3B1...0x3C9, 0x430...0x44F: true
    case 0x100...0x137, 0x14A...0x177: scalar % 2 == 1
    case 0x139...0x148, 0x179...0x17E: scalar % 2 == 0
    default: false
    }
  }
}
