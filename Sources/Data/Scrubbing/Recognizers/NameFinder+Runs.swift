extension NameFinder {
  /// What stands between two words.
  enum Gap {
    /// One or more spaces or tabs.
    case space
    /// A full stop and at most one space.
    case stopSpace
    /// A comma and spaces.
    case comma
    /// Marks that introduce: colon, quote, bracket, dash, line break, and spaces around them.
    case mark
    /// The end of a sentence, an empty line, or anything else.
    case far
  }

  /// What stands before word `index`.
  func gap(_ index: Int) -> Gap {
    let bytes = text.bytes[words[index - 1].end..<words[index].start]
    guard bytes.count <= 12 else { return .far }
    var hasComma = false
    var hasStop = false
    var hasMark = false
    var lineBreaks = 0
    for (place, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): continue
      case 0xC2, 0xA0: continue
      case UInt8(ascii: ","): hasComma = true
      case UInt8(ascii: "."): if place == 0 { hasStop = true } else { return .far }
      case UInt8(ascii: "\n"):
        lineBreaks += 1
        hasMark = true
      case UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: "-"),
        UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "!"):
        hasMark = true
      default: return .far
      }
    }
    if lineBreaks > 2 { return .far }
    if hasMark { return .mark }
    if hasStop { return .stopSpace }
    return hasComma ? .comma : .space
  }

  func isGap(_ index: Int, _ gaps: [Gap]) -> Bool { gaps.contains(gap(index)) }

  /// The last word of the run of words from `start` that can be one name; nil when even the first
  /// cannot. At most four words that are not particles.
  func run(from start: Int, mayBeUnknown: Bool) -> Int? {
    guard canBegin(start) else { return nil }
    var last = NameCue.particles.contains(words[start].hash) && words[start].shape == .lower ? -1 : start
    var solid = last < 0 ? 0 : 1
    var index = start + 1
    while index < words.count, solid < 4 {
      let word = words[index]
      let previous = words[index - 1]
      let gap = gap(index)
      guard gap == .space && isOneSpace(index) || gap == .stopSpace && previous.isInitial else {
        break
      }
      if NameCue.suffixes.contains(word.hash), word.shape != .lower {
        last = index
        break
      }
      if NameCue.particles.contains(word.hash), index + 1 < words.count, index - last <= 3 {
        index += 1
        continue
      }
      guard word.shape == .capitalised || word.shape == .upper || word.isInitial,
        !NameStops.hashes.contains(word.hash) || word.isInitial,
        word.shape != .upper || words[start].shape == .upper || word.isInitial
      else { break }
      last = index
      solid += 1
      index += 1
    }
    if last < 0 { return nil }
    // A name does not end with an initial, unless nothing else follows the given name.
    return last
  }

  func lowerCaseRun(from start: Int) -> Int? {
    var last = start
    var index = start + 1
    while index < words.count, index - start <= 4, gap(index) == .space {
      if NameCue.particles.contains(words[index].hash) {
        index += 1
        continue
      }
      guard words[index].shape == .lower, !NameStops.hashes.contains(words[index].hash) else {
        break
      }
      return index
    }
    last = start
    return last
  }

  private func canBegin(_ index: Int) -> Bool {
    let word = words[index]
    if word.isInitial { return true }
    if NameCue.particles.contains(word.hash) {
      return index + 1 < words.count
        && (words[index + 1].shape == .capitalised
          || NameCue.particles.contains(words[index + 1].hash))
    }
    return (word.shape == .capitalised || word.shape == .upper)
      && !NameStops.hashes.contains(word.hash)
  }

  private func isOneSpace(_ index: Int) -> Bool {
    words[index].start - words[index - 1].end <= 2
  }
}
