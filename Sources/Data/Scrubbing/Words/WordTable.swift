/// What each listed word can be, by the hash of the word: one probe answers for all lists.
///
/// Open addressing with linear probing over at most half full slots.
///
/// A slot of eight bytes holds the upper 40 bits of the hash and the number of a set of classes, so
/// that the table stays in the second cache. The table is made once and never freed; after that it is
/// only read, which makes it `Sendable`.
struct WordTable: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<UInt64>
  private let mask: Int
  /// The sets of classes that occur; number 0 is the empty one.
  private let sets: UnsafeMutablePointer<WordClass>

  private static let setBits: UInt64 = 24

  /// - Parameter lists: words between white space, and what all of them are.
  init(_ lists: [(words: String, classes: WordClass)]) {
    var classes: [UInt64: WordClass] = [:]
    for (words, list) in lists {
      for word in words.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
        classes[FoldedHash.of(Substring(word)), default: []].formUnion(list)
      }
    }
    var numbers: [UInt64: UInt64] = [0: 0]
    for set in classes.values where numbers[set.rawValue] == nil {
      numbers[set.rawValue] = UInt64(numbers.count)
    }
    sets = .allocate(capacity: numbers.count)
    for (raw, number) in numbers { (sets + Int(number)).initialize(to: WordClass(rawValue: raw)) }
    var capacity = 1024
    while capacity < 2 * classes.count { capacity *= 2 }
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    mask = capacity - 1
    for (hash, set) in classes {
      var place = start(hash)
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = (hash >> Self.setBits) << Self.setBits | (numbers[set.rawValue] ?? 0)
    }
  }

  private func start(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
  }

  /// What the word can be; nothing for a word that is in no list.
  subscript(hash: UInt64) -> WordClass {
    var place = start(hash)
    while true {
      let slot = slots[place]
      if (slot ^ hash) >> Self.setBits == 0 { return sets[Int(slot & 0xFF_FFFF)] }
      if slot == 0 { return [] }
      place = (place + 1) & mask
    }
  }

  /// All lists of ``WordLists``.
  static let shared = WordTable(WordLists.all)
}
