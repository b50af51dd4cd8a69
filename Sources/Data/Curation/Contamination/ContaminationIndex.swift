/// Finds the items of evaluation sets whose words a row holds.
///
/// An item of at least ``words`` words is cut into windows of that many (13: GPT-3, appendix C, and
/// the janitor of lm-evaluation-harness); one of at least ``wordsMin`` into windows of that many; a
/// shorter one must be the whole of a text. A row holds an item when the share of the item's
/// windows found in it is at least a threshold: single windows are often quotations or templates.
/// Windows that many items share say nothing and are left out. About 24 bytes a window.
package struct ContaminationIndex: Sendable {
  /// An item that a row holds.
  package struct Hit: Sendable, Hashable {
    /// Index into ``sets``, and of the item in its set.
    package var set: Int
    package var item: Int
    /// Words of a window; 0 for an item that is the whole of a text.
    package var words: Int
    /// Windows found over windows of the item.
    package var share: Double
  }

  private struct Entry: Sendable {
    var set: Int32
    var item: Int32
    var words: Int32
    /// Windows that count.
    var grams: Int32
  }

  package let sets: [String]
  package let words: Int
  package let wordsMin: Int
  private var entries: [Entry] = []
  /// Window → where its entries begin in ``postings``; a list ends with a negative number.
  private var places: [UInt64: Int32] = [:]
  /// Indices into ``entries``; the last of a list is written as -1 - index.
  private var postings: [Int32] = []
  /// A bit for the low bits of each window: most windows of a text are told apart by it alone.
  private var filter: [UInt64]
  /// Windows left out.
  package private(set) var ignored = 0

  /// A window in more items than this, and in more than a hundredth of its set, is a template.
  static let itemsMax = 4

  /// - Parameter ignoring: windows that ``ContaminationCensus`` found to be common.
  package init(
    _ sets: [ContaminationSet], words: Int = 13, wordsMin: Int = 8, ignoring: Set<UInt64> = []
  ) {
    self.sets = sets.map(\.name)
    self.words = words
    self.wordsMin = min(wordsMin, words)
    filter = [UInt64](repeating: 0, count: 1 << 14)
    var lists: [(key: UInt64, entry: Int32)] = []
    for (number, set) in sets.enumerated() {
      var found: [(key: UInt64, item: Int)] = []
      for (item, text) in set.items.enumerated() where !text.isEmpty {
        var keys: Set<UInt64> = []
        let size = self.size(of: text)
        NormalWords.forEachGram(text, size: size == 0 ? text.count : size) { key, _ in
          keys.insert(Self.key(key, size))
        }
        found += keys.map { ($0, item) }
      }
      found.sort { ($0.key, $0.item) < ($1.key, $1.item) }
      let itemsMax = max(Self.itemsMax, set.items.count / 100)
      var kept: [Int: [UInt64]] = [:]
      var start = 0
      while start < found.count {
        var end = start
        while end < found.count, found[end].key == found[start].key { end += 1 }
        if end - start > itemsMax || ignoring.contains(found[start].key) {
          ignored += 1
        } else {
          for index in start..<end { kept[found[index].item, default: []].append(found[index].key) }
        }
        start = end
      }
      for (item, text) in set.items.enumerated() {
        guard let keys = kept[item] else { continue }
        for key in keys { lists.append((key, Int32(entries.count))) }
        entries.append(
          Entry(
            set: Int32(number), item: Int32(item), words: Int32(size(of: text)),
            grams: Int32(keys.count)))
      }
    }
    build(lists)
  }

  private mutating func build(_ lists: [(key: UInt64, entry: Int32)]) {
    let lists = lists.sorted { ($0.key, $0.entry) < ($1.key, $1.entry) }
    places.reserveCapacity(lists.count)
    for (index, item) in lists.enumerated() {
      if index == 0 || lists[index - 1].key != item.key {
        places[item.key] = Int32(postings.count)
        filter[Int(item.key >> 6 & 0x3FFF)] |= 1 << (item.key & 63)
      }
      let isLast = index + 1 == lists.count || lists[index + 1].key != item.key
      postings.append(isLast ? -1 - item.entry : item.entry)
    }
  }

  /// Words of the windows of an item; 0 when it must be the whole of a text.
  private func size(of text: [UInt64]) -> Int {
    text.count >= words ? words : text.count >= wordsMin ? wordsMin : 0
  }

  /// Windows of one size are not taken for those of another.
  private static func key(_ key: UInt64, _ size: Int) -> UInt64 {
    key ^ UInt64(size) &* 0x94D0_49BB_1331_11EB
  }

  /// The windows of a row that the index holds, each once, in ascending order.
  func matches(_ texts: [[UInt64]]) -> [UInt64] {
    var found: [UInt64] = []
    func look(_ words: [UInt64], _ length: Int, _ size: Int) {
      NormalWords.forEachGram(words, size: length) { gram, _ in
        let key = Self.key(gram, size)
        if filter[Int(key >> 6 & 0x3FFF)] & 1 << (key & 63) != 0, places[key] != nil {
          found.append(key)
        }
      }
    }
    for text in texts {
      look(text, words, words)
      if wordsMin < words { look(text, wordsMin, wordsMin) }
      if text.count < wordsMin { look(text, text.count, 0) }
    }
    if found.count < 2 { return found }
    found.sort()
    return found.indices.filter { $0 == 0 || found[$0] != found[$0 - 1] }.map { found[$0] }
  }

  /// The items with at least one window among `matches`, in order of set and item.
  func hits(_ matches: [UInt64]) -> [Hit] {
    if matches.isEmpty { return [] }
    var counts: [Int32: Int32] = [:]
    for key in matches {
      forEachEntry(of: key) { counts[$0, default: 0] += 1 }
    }
    return counts.keys.sorted().map { index in
      let entry = entries[Int(index)]
      return Hit(
        set: Int(entry.set), item: Int(entry.item), words: Int(entry.words),
        share: Double(counts[index] ?? 0) / Double(entry.grams))
    }
  }

  private func forEachEntry(of key: UInt64, _ body: (Int32) -> Void) {
    guard let place = places[key] else { return }
    var at = Int(place)
    while true {
      let value = postings[at]
      body(value < 0 ? -1 - value : value)
      if value < 0 { return }
      at += 1
    }
  }

  /// The items that a row holds by at least `share`, in order of set and item.
  ///
  /// - Parameter texts: ``NormalWords/hashes(_:)`` of each text of the row.
  package func hits(in texts: [[UInt64]], share: Double) -> [Hit] {
    hits(matches(texts)).filter { $0.share >= share }
  }
}
