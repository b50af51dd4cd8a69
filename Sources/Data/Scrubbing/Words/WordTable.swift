internal import CKernels

/// What each listed word can be, by the hash of the word: one probe answers for all lists.
///
/// Open addressing with linear probing over at most half full slots: `orc_pii_lists`.
///
/// A slot of eight bytes holds the upper 40 bits of the hash and the number of a set of classes, so
/// that the table stays in the second cache. The table is made once and never freed; after that it is
/// only read, which makes it `Sendable`.
struct WordTable: @unchecked Sendable {
  let lists: orc_pii_lists

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
    let sets = UnsafeMutablePointer<UInt64>.allocate(capacity: numbers.count)
    for (raw, number) in numbers { (sets + Int(number)).initialize(to: raw) }
    var capacity = 1024
    while capacity < 2 * classes.count { capacity *= 2 }
    let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    let mask = capacity - 1
    for (hash, set) in classes {
      var place = Self.start(hash) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = (hash >> Self.setBits) << Self.setBits | (numbers[set.rawValue] ?? 0)
    }
    self.lists = orc_pii_lists(slots: slots, mask: UInt64(mask), sets: sets)
  }

  private static func start(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }

  /// What the word can be; nothing for a word that is in no list.
  subscript(hash: UInt64) -> WordClass {
    withUnsafePointer(to: lists) { WordClass(rawValue: orc_pii_classes($0, hash)) }
  }

  /// All lists of ``WordLists``.
  static let shared = WordTable(WordLists.all)
}
