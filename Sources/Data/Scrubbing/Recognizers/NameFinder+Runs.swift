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
  ///
  /// - Parameter afterTitle: whether the first word may be a common word (`Mrs. Day`).
  func run(from start: Int, afterTitle: Bool = false) -> Int? {
    guard canBegin(start, mayBeStop: afterTitle) else { return nil }
    if words[start].shape == .caseless { return caselessRun(from: start) }
    let isParticle = isLowerParticle(start)
    var last = isParticle ? -1 : start
    var solid = isParticle ? 0 : 1
    var particles = isParticle ? 1 : 0
    var index = start + 1
    while index < words.count, solid < 4 {
      let word = words[index]
      let gap = gap(index)
      guard gap == .space && isOneSpace(index) || gap == .stopSpace && words[index - 1].isInitial
      else { break }
      if NameCue.suffixes.contains(word.hash), word.shape != .lower, last >= 0 {
        last = index
        break
      }
      if NameCue.particles.contains(word.hash), particles < 3, !word.isInitial {
        particles += 1
        index += 1
        continue
      }
      guard word.isInitial || continues(word, start, index) else { break }
      last = index
      solid += 1
      index += 1
    }
    return last < 0 ? nil : last
  }

  /// Whether `word` can be a later part of the name that begins at `start`.
  private func continues(_ word: NameWord, _ start: Int, _ index: Int) -> Bool {
    guard word.shape == .capitalised || word.shape == .upper && words[start].shape == .upper else {
      return false
    }
    if !NameStops.hashes.contains(word.hash) { return true }
    return word.isSurname && words[start].isGivenName && words[index - 1].shape == word.shape
  }

  /// Two words of a script without case, or one.
  private func caselessRun(from start: Int) -> Int {
    let next = start + 1
    guard next < words.count, words[next].shape == .caseless, gap(next) == .space,
      !NameStops.hashes.contains(words[next].hash)
    else { return start }
    return next
  }

  private func isLowerParticle(_ index: Int) -> Bool {
    NameCue.particles.contains(words[index].hash) && words[index].shape == .lower
  }

  /// The last word of a name in lower case: the next word that is no particle.
  func lowerCaseRun(from start: Int) -> Int? {
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
    return nil
  }

  private func canBegin(_ index: Int, mayBeStop: Bool) -> Bool {
    let word = words[index]
    // `Regards, Dr. Ford`: the name begins behind the title.
    if NameCue.titles.contains(word.hash), !word.isGivenName, !word.isSurname { return false }
    if word.isInitial { return true }
    if NameCue.particles.contains(word.hash) {
      return index + 1 < words.count
        && (words[index + 1].shape == .capitalised
          || NameCue.particles.contains(words[index + 1].hash))
    }
    return (word.shape == .capitalised || word.shape == .upper || word.shape == .caseless)
      && (mayBeStop || !NameStops.hashes.contains(word.hash))
  }

  private func isOneSpace(_ index: Int) -> Bool {
    words[index].start - words[index - 1].end <= 2
  }
}
