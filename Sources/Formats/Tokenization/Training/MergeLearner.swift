/// Turns counted pieces into merges. Counts of pairs are kept up to date; a heap names the next one.
struct MergeLearner {
  /// Bytes of the tokens, the 256 single bytes first (in order of their spelling), by id − firstID.
  private(set) var tokens: [[UInt8]]
  private(set) var merges: [(left: Int, right: Int)] = []

  private let firstID: Int
  private var ids: [[UInt8]: Int] = [:]
  private var words: [[Int32]] = []
  private var counts: [Int] = []
  private var pairs: [Pair: Entry] = [:]
  private var queue: [Candidate] = []

  private struct Pair: Hashable {
    var left: Int32
    var right: Int32
  }
  private struct Entry {
    var count = 0
    /// Words in which the pair stood at some time; a word may be listed twice.
    var words: [Int32] = []
  }
  private struct Candidate {
    var count: Int
    var pair: Pair

    /// More frequent first; among equals the lower ids.
    func precedes(_ other: Candidate) -> Bool {
      if count != other.count { return count > other.count }
      return (pair.left, pair.right) < (other.pair.left, other.pair.right)
    }
  }

  init(_ pieces: [(piece: [UInt8], count: Int)], firstID: Int) {
    self.firstID = firstID
    tokens = (0...255).map { UInt8($0) }
      .sorted { ByteAlphabet.scalars[Int($0)] < ByteAlphabet.scalars[Int($1)] }.map { [$0] }
    var byteID = [Int32](repeating: 0, count: 256)
    for (index, token) in tokens.enumerated() {
      ids[token] = firstID + index
      byteID[Int(token[0])] = Int32(firstID + index)
    }
    for (piece, count) in pieces where piece.count > 1 {
      words.append(piece.map { byteID[Int($0)] })
      counts.append(count)
    }
    for (word, symbols) in words.enumerated() {
      for (left, right) in zip(symbols, symbols.dropFirst()) {
        change(Pair(left: left, right: right), by: counts[word], word: Int32(word))
      }
    }
    for (pair, entry) in pairs { queue.append(Candidate(count: entry.count, pair: pair)) }
    // A sorted list is a heap, whatever order the dictionary had.
    queue.sort { $0.precedes($1) }
  }

  /// Learns until there are `size` tokens or no pair is frequent enough.
  mutating func learn(until size: Int, minimumFrequency: Int) {
    while tokens.count < size, let top = pop() {
      guard let entry = pairs[top.pair], entry.count > 0 else { continue }
      if entry.count != top.count {
        push(Candidate(count: entry.count, pair: top.pair))
        continue
      }
      if top.count < max(1, minimumFrequency) { return }
      merge(top.pair, entry)
    }
  }

  private mutating func merge(_ pair: Pair, _ entry: Entry) {
    let bytes = tokens[Int(pair.left) - firstID] + tokens[Int(pair.right) - firstID]
    let new: Int
    if let known = ids[bytes] {
      new = known
    } else {
      new = firstID + tokens.count
      ids[bytes] = new
      tokens.append(bytes)
    }
    merges.append((Int(pair.left), Int(pair.right)))
    pairs[pair] = nil
    var changed: Set<Pair> = []
    for word in entry.words { replace(pair, by: Int32(new), in: Int(word), &changed) }
    for pair in changed {
      if let count = pairs[pair]?.count, count > 0 { push(Candidate(count: count, pair: pair)) }
    }
  }

  private mutating func replace(
    _ pair: Pair, by new: Int32, in word: Int, _ changed: inout Set<Pair>
  ) {
    let symbols = words[word]
    let count = counts[word]
    var out: [Int32] = []
    out.reserveCapacity(symbols.count)
    var index = 0
    var found = false
    while index < symbols.count {
      guard symbols[index] == pair.left, index + 1 < symbols.count,
        symbols[index + 1] == pair.right
      else {
        out.append(symbols[index])
        index += 1
        continue
      }
      found = true
      out.append(new)
      index += 2
    }
    if !found { return }
    words[word] = out
    // Pairs of the word before and after; those that stay cancel out.
    for (left, right) in zip(symbols, symbols.dropFirst())
    where left != pair.left || right != pair.right {
      change(Pair(left: left, right: right), by: -count, word: nil)
    }
    for (left, right) in zip(out, out.dropFirst()) {
      let isNew = left == new || right == new
      let next = Pair(left: left, right: right)
      if next == pair { continue }
      change(next, by: count, word: isNew ? Int32(word) : nil)
      if isNew { changed.insert(next) }
    }
  }

  private mutating func change(_ pair: Pair, by count: Int, word: Int32?) {
    pairs[pair, default: Entry()].count += count
    if let word, pairs[pair]?.words.last != word { pairs[pair]?.words.append(word) }
  }

  // MARK: - Heap

  private mutating func push(_ candidate: Candidate) {
    queue.append(candidate)
    var child = queue.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard queue[child].precedes(queue[parent]) else { return }
      queue.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func pop() -> Candidate? {
    guard let top = queue.first, let last = queue.popLast() else { return nil }
    if queue.isEmpty { return top }
    queue[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= queue.count { return top }
      if child + 1 < queue.count, queue[child + 1].precedes(queue[child]) { child += 1 }
      guard queue[child].precedes(queue[parent]) else { return top }
      queue.swapAt(parent, child)
      parent = child
    }
  }
}
