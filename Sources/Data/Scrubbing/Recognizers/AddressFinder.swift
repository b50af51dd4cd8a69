/// Finds postal addresses among the words of one text.
///
/// An address is a row of pieces: street lines, units, boxes, localities, postcodes. It grows forward
/// from a street line, a unit or a box, or backward from a postcode, and is kept when it holds a sure
/// street line or box, or a postcode behind something like a street, or stands behind a label.
struct AddressFinder {
  let words: TextWords
  var found: [FoundAddress] = []

  static func addresses(in words: TextWords) -> [FoundAddress] {
    var finder = AddressFinder(words: words)
    finder.scanForward()
    finder.scanPostcodes()
    return finder.found
  }

  /// How much a piece says.
  enum Strength: Int, Comparable {
    /// Words that could name a place.
    case plain
    /// A number and words, a unit: an address if more follows.
    case weak
    /// A street line or a box.
    case sure
    /// A postcode or a country.
    case closing

    static func < (a: Strength, b: Strength) -> Bool { a.rawValue < b.rawValue }
  }

  struct Piece {
    var last: Int
    var strength: Strength
  }

  private mutating func scanForward() {
    var index = 0
    while index < words.count {
      // No address begins more than twelve words before its first number.
      let ahead = words[index].digitsAhead
      if ahead > 12, words[index].shape != .digits, words[index].shape != .mixed {
        index += Int(ahead) - 12
        continue
      }
      guard mayBegin(index), let address = grown(from: index) else {
        index += 1
        continue
      }
      found.append(address)
      index = address.last + 1
    }
  }

  /// Whether a street line, a unit or a box may begin at the word.
  private func mayBegin(_ index: Int) -> Bool {
    let word = words[index]
    switch word.shape {
    case .digits, .mixed: return isHouseNumber(index)
    case .lower: return word.is([.streetPrefix, .unit, .box])
    case .capitalised, .upper: return true
    case .caseless: return word.is([.unit, .streetSuffix])
    case .other: return false
    }
  }

  private func grown(from first: Int) -> FoundAddress? {
    guard let start = opening(at: first) else { return nil }
    var last = start.last
    var best = start.strength
    var closes = false
    var cursor = start.last
    var pieces = 1
    while pieces < 9, let next = continuation(behind: cursor) {
      pieces += 1
      cursor = next.last
      // Behind the postcode only a country, or what hangs on to the place, belongs to it.
      if closes, next.strength != .closing || !words[next.last].is(.country) {
        guard words[cursor].gap == [.space, .slash] else { break }
      }
      if next.strength == .closing { closes = true }
      best = max(best, min(next.strength, .sure))
      // A place's name alone is taken along only when more follows or nothing else can be meant.
      if next.strength != .plain || isSafeEnd(next.last) { last = next.last }
    }
    let hasLabel = isBehindLabel(first)
    let hasNumber = (first...last).contains { ByteText.isDigit(words.text[words[$0].start]) }
    guard best >= .sure || best == .weak && hasNumber && (closes || hasLabel) || closes && hasLabel
    else { return nil }
    if best == .sure, start.strength == .plain, !closes { return nil }
    return FoundAddress(first: first, last: last, score: closes || hasLabel ? 0.8 : 0.6)
  }

  /// Whether a plain piece may end an address: a mark or a line's end follows, or the place is known.
  private func isSafeEnd(_ index: Int) -> Bool {
    let gap = words.gap(behind: index)
    return gap != .space || words[index].is(.place)
  }

  /// Whether one of the four words before announces an address.
  func isBehindLabel(_ first: Int) -> Bool {
    var index = first - 1
    while index >= 0, index >= first - 4 {
      if words[index].is(.addressCue) { return true }
      if words[index + 1].gap.contains(.blankLine) || words[index].is(.title) { return false }
      index -= 1
    }
    return false
  }
}
