/// Finds phrases of words with gaps; the text is looked at once.
struct PhraseMatcher: Sendable {
  /// A word and where its bytes lie.
  struct Word: Sendable {
    var hash: UInt64
    var start: Int
    var end: Int
  }

  private struct Place: Sendable {
    /// Words of each alternative.
    var alternatives: [[UInt64]]
    /// Words that may lie between this place and the one before it.
    var gap: Int
  }

  private var phrases: [[Place]] = []
  /// First word of the first place → phrases.
  private var starts: [UInt64: [Int]] = [:]

  init(_ patterns: [String]) {
    for pattern in patterns {
      var places: [Place] = []
      var gap = 0
      for part in pattern.split(separator: " ") {
        if part.hasPrefix("~") {
          gap = Int(part.dropFirst()) ?? 0
          continue
        }
        let alternatives = part.split(separator: "|").map {
          NormalWords.hashes($0.split(separator: "_").joined(separator: " "))
        }
        places.append(Place(alternatives: alternatives, gap: gap))
        gap = 0
      }
      guard let first = places.first else { continue }
      for word in Set(first.alternatives.compactMap(\.first)).sorted() {
        starts[word, default: []].append(phrases.count)
      }
      phrases.append(places)
    }
  }

  /// Calls `body` with each phrase that occurs and the indices of its first and last word; a phrase
  /// once for each word it begins at.
  func forEachMatch(_ words: [Word], _ body: (_ phrase: Int, _ first: Int, _ last: Int) -> Void) {
    for index in words.indices {
      guard let candidates = starts[words[index].hash] else { continue }
      for phrase in candidates {
        if let end = end(phrases[phrase][...], words, at: index, gap: 0) {
          body(phrase, index, end - 1)
        }
      }
    }
  }

  /// The index after the last word when `places` match from `at`, or within `gap` words of it.
  private func end(_ places: ArraySlice<Place>, _ words: [Word], at: Int, gap: Int) -> Int? {
    guard let place = places.first else { return at }
    for start in at...(at + gap) {
      for alternative in place.alternatives where !alternative.isEmpty {
        let after = start + alternative.count
        guard after <= words.count,
          zip(alternative, words[start..<after]).allSatisfy({ $0 == $1.hash })
        else { continue }
        let rest = places.dropFirst()
        if let end = end(rest, words, at: after, gap: rest.first?.gap ?? 0) { return end }
      }
    }
    return nil
  }
}
