/// Words in front of a name that say so.
struct NameCue: Sendable {
  enum Strength: Sendable {
    /// What follows is a name if it can be one: `my name is`.
    case announces
    /// A label, such as `Customer:`; without a mark between it and the name it only calls.
    case labels
    /// A header, such as `From:`; without a mark it is a small word.
    case heads
    /// A sign-off: `Best regards,`.
    case closes
    /// Calls somebody: `Dear`, `Thanks`.
    case calls
    /// Introduces the writer or a speaker: `this is`, `ich bin`.
    case introduces
    /// Stands before names and much else: `by`, `with`.
    case precedes
  }

  /// The folded hashes of its words, in order.
  let words: [UInt64]
  let strength: Strength

  var isLabel: Bool { strength == .labels }
}

/// All cues by the hash of their last word; longer cues first.
struct NameCues: Sendable {
  private let byLastWord: [UInt64: [NameCue]]

  static let shared = NameCues()

  private init() {
    var table: [UInt64: [NameCue]] = [:]
    for (list, strength) in NameCueLists.all {
      for phrase in NameCueLists.phrases(list) {
        let words = phrase.split(separator: " ").map { FoldedHash.of($0) }
        guard let last = words.last else { continue }
        table[last, default: []].append(NameCue(words: words, strength: strength))
      }
    }
    byLastWord = table.mapValues { $0.sorted { $0.words.count > $1.words.count } }
  }

  /// The longest cue whose last word is word `end` of the text.
  func cue(endingAt end: Int, in words: TextWords) -> NameCue? {
    byLastWord[words[end].hash]?.first { matches($0, endingAt: end, in: words) }
  }

  private func matches(_ cue: NameCue, endingAt end: Int, in words: TextWords) -> Bool {
    let start = end - cue.words.count + 1
    guard start >= 0 else { return false }
    for offset in cue.words.indices {
      guard words[start + offset].hash == cue.words[offset] else { return false }
      if offset > 0, words[start + offset].gap.contains(.newline) { return false }
    }
    return true
  }

  /// The last words of all cues, for ``WordTable``.
  static var lastWords: String {
    NameCueLists.all.flatMap { NameCueLists.phrases($0.list) }
      .compactMap { $0.split(separator: " ").last.map(String.init) }
      .joined(separator: " ")
  }
}
