import CKernels

/// `orc_pii_scan`, byte by byte: what the kernel is compared with.
struct MarkReference {
  struct Cue: Equatable {
    var start, end, word, entry: Int
  }

  struct Mark: Equatable {
    var offset, word, cues, kind: Int
  }

  private(set) var marks: [Mark] = []
  private(set) var cues: [Cue] = []
  private let text: [UInt8]
  private let list: CueList
  private var word = 0
  /// Words directly before, at most three, each with its start.
  private var open: [(start: Int, words: [UInt64])] = []
  private var openEnd = 0

  init(_ text: String, _ list: CueList) {
    self.text = Array(text.utf8)
    self.list = list
    scan()
  }

  private func byte(_ index: Int) -> UInt8 {
    index >= 0 && index < text.count ? text[index] : 0
  }
  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  private static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  private static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

  private mutating func mark(_ offset: Int, _ kind: Int) {
    marks.append(Mark(offset: offset, word: word, cues: cues.count, kind: kind))
  }

  private mutating func scan() {
    var index = 0
    var isInRun = false
    while index < text.count {
      let byte = text[index]
      let (length, isDigit) = byte >= 0xC0 ? foreign(index) : (0, Self.isDigit(byte))
      if Self.isLetter(byte) || byte >= 0xC0 && length == 0 {
        index = readWord(index)
        continue
      }
      if isDigit {
        if !isInRun { mark(index, ORC_PII_DIGIT) }
        isInRun = true
      } else {
        isInRun = false
        lookAtSign(index)
      }
      index += max(1, length)
    }
  }

  /// Bytes of a space, sign or digit outside ASCII; 0 for part of a word.
  private func foreign(_ index: Int) -> (length: Int, isDigit: Bool) {
    let (a, b, c) = (byte(index), byte(index + 1), byte(index + 2))
    switch a {
    case 0xC2: return ([0xAA, 0xB5, 0xBA].contains(b) ? 0 : 2, false)
    case 0xE2: return (b < 0xB0 ? 3 : 0, false)
    case 0xE3: return (b == 0x80 ? 3 : 0, false)
    case 0xEF where b == 0xBC && (0x90...0x99).contains(c): return (3, true)
    case 0xEF: return (b == 0xBC && c < 0x90 || b == 0xBB && c == 0xBF ? 3 : 0, false)
    case 0xD9 where (0xA0...0xA9).contains(b): return (2, true)
    case 0xDB where (0xB0...0xB9).contains(b): return (2, true)
    case 0xE0 where b % 2 == 1 && (0xA5...0xB5).contains(b) && (0xA6...0xAF).contains(c):
      return (3, true)
    case 0xE0: return (b == 0xA5 && (c == 0xA4 || c == 0xA5) ? 3 : 0, false)
    case 0xF0: return (b == 0x9F ? 4 : 0, false)
    default: return (0, false)
    }
  }

  private mutating func readWord(_ start: Int) -> Int {
    var index = start
    var wasLower = false
    var folded: [UInt8] = []
    while index < text.count {
      let byte = text[index]
      if Self.isUpper(byte) {
        if wasLower { break }
        folded.append(byte | 0x20)
      } else if Self.isLetter(byte) {
        wasLower = true
        folded.append(byte)
      } else if byte >= 0x80 {
        if byte >= 0xC0, foreign(index).length > 0 { break }
        let isCapital = index > start && text[index - 1] == 0xC3 && byte <= 0x9E && byte != 0x97
        folded.append(isCapital ? byte + 0x20 : byte)
        wasLower = false
      } else {
        break
      }
      index += 1
    }
    end(WordReference.hash(folded), start, index)
    return index
  }

  /// The word alone, then as the last of the phrases that are open before it.
  private mutating func end(_ hash: UInt64, _ start: Int, _ end: Int) {
    word += 1
    if start - openEnd > 3 { open = [] }
    var next: [(start: Int, words: [UInt64])] = []
    for (first, words) in [(start, [hash])] + open.map({ ($0.start, $0.words + [hash]) }) {
      if let entry = list.entry(words) {
        cues.append(Cue(start: first, end: end, word: word, entry: entry.number))
        if entry.isTrigger { mark(end, ORC_PII_CUE) }
      }
      if list.begins(words), next.count < 3 { next.append((first, words)) }
    }
    open = next
    openEnd = end
  }

  private mutating func lookAtSign(_ index: Int) {
    let (before, after) = (byte(index - 1), byte(index + 1))
    let isAlnum = { (byte: UInt8) in Self.isLetter(byte) || Self.isDigit(byte) }
    switch text[index] {
    case UInt8(ascii: "\n"): word += 3
    case UInt8(ascii: "!"), UInt8(ascii: "?"): if after == 0x20 { word += 3 }
    case UInt8(ascii: "@"): mark(index, ORC_PII_AT)
    case UInt8(ascii: ":"):
      let colon = UInt8(ascii: ":")
      if after == UInt8(ascii: "/")
        || (Self.isHex(before) || before == colon) && (Self.isHex(after) || after == colon)
        || after == colon && Self.isHex(byte(index + 2))
      {
        mark(index, ORC_PII_COLON)
      }
    case UInt8(ascii: "."):
      if isAlnum(before), isAlnum(after) {
        let isLong = index >= 4 && index + 9 < text.count && byte(index + 5) == UInt8(ascii: ".")
        if !Self.isDigit(before) || !Self.isDigit(after) || isLong { mark(index, ORC_PII_DOT) }
      } else if after == 0x20, Self.isUpper(byte(index + 2)), !isAbbreviation(index) {
        word += 3
      }
    case UInt8(ascii: "-"): lookAtDash(index)
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: " "):
      let closes: [UInt8: UInt8] = [0x28: 0x29, 0x5B: 0x5D, 0x7B: 0x7D, 0x20: 0x20]
      if byte(index + 1) | 0x20 == UInt8(ascii: "a"), byte(index + 2) | 0x20 == UInt8(ascii: "t"),
        index + 3 < text.count, byte(index + 3) == closes[text[index]]
      {
        mark(text[index] == 0x20 ? index + 1 : index, ORC_PII_SPELLED_AT)
      }
    default: break
    }
  }

  private mutating func lookAtDash(_ index: Int) {
    let dash = UInt8(ascii: "-")
    if byte(index + 1) == dash, index + 4 < text.count {
      let isFive = (index...index + 4).allSatisfy { byte($0) == dash }
      if isFive, byte(index - 1) != dash { mark(index, ORC_PII_DASH) }
    } else if index >= 2, byte(index + 3) == dash,
      [-2, -1, 1, 2].allSatisfy({ Self.isHex(byte(index + $0)) })
    {
      mark(index, ORC_PII_DASH)
    }
  }

  private func isAbbreviation(_ stop: Int) -> Bool {
    var letters = 0
    while letters < 4, Self.isLetter(byte(stop - 1 - letters)) { letters += 1 }
    return (1...3).contains(letters)
  }
}
