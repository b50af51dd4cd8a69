/// Substrings that occur in at least two words, by a sorted list of suffixes, and the words themselves:
/// the seeds of a unigram vocabulary.
enum RepeatedSubstrings {
  struct Seed {
    var text: [UInt32]
    /// Occurrences × length, as SentencePiece weighs them.
    var score: Int
  }

  /// The seeds of 2 to `lengthMax` scalars whose occurrences do not all go on alike, best first; of
  /// equals the smaller text.
  static func seeds(
    _ words: [(text: [UInt32], count: Int)], lengthMax: Int, countMax: Int
  ) -> [Seed] {
    var text: [UInt32] = []
    var ends: [Int32] = []
    var weights: [Int] = []
    // Whole words occur once each here; the count says how often they do.
    var seeds = words.filter { $0.count > 1 && 2...lengthMax ~= $0.text.count }
      .map { Seed(text: $0.text, score: $0.count * $0.text.count) }
    for word in words {
      let end = Int32(text.count + word.text.count)
      text += word.text
      ends += repeatElement(end, count: word.text.count)
      weights += repeatElement(word.count, count: word.text.count)
    }
    let whole = Set(seeds.map(\.text))
    text.withUnsafeBufferPointer { text in
      ends.withUnsafeBufferPointer { ends in
        func length(_ at: Int) -> Int { min(lengthMax, Int(ends[at]) - at) }
        let order = text.indices.sorted { left, right in
          let count = min(length(left), length(right))
          for offset in 0..<count where text[left + offset] != text[right + offset] {
            return text[left + offset] < text[right + offset]
          }
          let (a, b) = (length(left), length(right))
          return a != b ? a < b : left < right
        }
        collect(
          order,
          common: { left, right in
            let most = min(length(left), length(right))
            var count = 0
            while count < most, text[left + count] == text[right + count] { count += 1 }
            return count
          }
        ) { at, length, range in
          let seed = Array(text[at..<(at + length)])
          if whole.contains(seed) { return }
          let count = range.reduce(0) { $0 + weights[order[$1]] }
          seeds.append(Seed(text: seed, score: count * length))
        }
      }
    }
    seeds.sort {
      $0.score != $1.score ? $0.score > $1.score : $0.text.lexicographicallyPrecedes($1.text)
    }
    return Array(seeds.prefix(countMax))
  }

  /// Calls `found` with a place, the length and the occurrences in the list of every prefix at which
  /// neighbours in the sorted list part.
  private static func collect(
    _ order: [Int], common: (Int, Int) -> Int, found: (Int, Int, Range<Int>) -> Void
  ) {
    var stack: [(length: Int, first: Int)] = []
    for index in 1..<max(1, order.count + 1) {
      let shared = index < order.count ? common(order[index - 1], order[index]) : 0
      var first = index - 1
      while let top = stack.last, top.length > shared {
        stack.removeLast()
        if top.length >= 2 { found(order[top.first], top.length, top.first..<index) }
        first = top.first
      }
      if shared > 0, stack.last?.length ?? 0 < shared { stack.append((shared, first)) }
    }
  }
}
