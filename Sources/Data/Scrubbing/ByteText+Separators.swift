/// What may stand between the groups of a number.
enum Separator: Sendable {
  case space, dash, dot, slash
}

extension ByteText {
  /// The separator at `index` and its length in bytes, Unicode's spaces and hyphens included: text
  /// copied from web pages and documents is full of no-break spaces and non-breaking hyphens.
  func separator(at index: Int) -> (kind: Separator, length: Int)? {
    switch self[index] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): return (.space, 1)
    case UInt8(ascii: "-"): return (.dash, 1)
    case UInt8(ascii: "."): return (.dot, 1)
    case UInt8(ascii: "/"): return (.slash, 1)
    case 0xC2, 0xE2, 0xE3: break
    default: return nil
    }
    let (scalar, length) = scalar(at: index)
    switch scalar {
    case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return (.space, length)
    case 0xAD, 0x2010...0x2015, 0x2212: return (.dash, length)
    default: return nil
    }
  }

  /// The separator that ends at `index`.
  func separator(before index: Int) -> (kind: Separator, start: Int)? {
    let start = previous(index)
    guard start >= 0, let found = separator(at: start) else { return nil }
    return (found.kind, start)
  }

  /// Whether a number may begin at `index`: not inside a word, and not behind a hyphen, dot or slash
  /// that belongs to one (the second part of `AB-1234` or `1.2`).
  func startsNumber(at index: Int) -> Bool {
    if isWord(before: index) { return false }
    guard let (kind, start) = separator(before: index), kind != .space else { return true }
    return !isWord(before: start)
  }

  /// Whether a number may end at `index`: no letter or digit follows, and none behind a hyphen or
  /// dot.
  func endsNumber(at index: Int) -> Bool {
    if isWord(at: index) { return false }
    guard let (kind, length) = separator(at: index), kind != .space else { return true }
    return kind == .slash || !isWord(at: index + length)
      || (kind == .dot && !Self.isDigit(self[index + length]))
  }
}

/// Groups of digits with one separator between each two.
struct DigitGroups {
  /// The values 0…9 of all digits.
  private(set) var digits: [UInt8] = []
  /// Digits per group.
  private(set) var sizes: [Int] = []
  /// UTF-8 offset behind each group.
  private(set) var ends: [Int] = []
  /// Kinds between groups; one fewer than groups.
  private(set) var separators: [Separator] = []

  /// Reads groups from `start`; stops where the next is not a digit behind one separator, or once
  /// there are more than `digitsMax` digits.
  init(_ text: ByteText, at start: Int, digitsMax: Int) {
    var index = start
    while true {
      let groupStart = index
      while ByteText.isDigit(text[index]) {
        digits.append(text[index] - 0x30)
        index += 1
        if digits.count > digitsMax { break }
      }
      guard index > groupStart else { return }
      sizes.append(index - groupStart)
      ends.append(index)
      guard digits.count <= digitsMax, let (kind, length) = text.separator(at: index),
        ByteText.isDigit(text[index + length])
      else { return }
      separators.append(kind)
      index += length
    }
  }

  /// Whether the separators before group `count` are all of one kind, and which.
  func separator(ofFirst count: Int) -> Separator? {
    guard count > 1, let first = separators.first else { return nil }
    return separators.prefix(count - 1).allSatisfy { $0 == first } ? first : nil
  }
}
