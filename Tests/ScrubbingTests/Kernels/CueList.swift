import CKernels

/// Phrases for `orc_pii_scan`, as its table and as plain lists.
///
/// - Note: `@unchecked Sendable`: changed by `init` only.
final class CueList: @unchecked Sendable {
  struct Entry {
    var number: Int
    var isTrigger: Bool
  }

  private var phrases: [[UInt64]: Entry] = [:]
  private var beginnings: Set<[UInt64]> = []
  private let slots: UnsafeMutableBufferPointer<orc_pii_entry> = .allocate(capacity: 256)
  private let filter: UnsafeMutableBufferPointer<UInt64> = .allocate(capacity: 1024)

  /// - Parameter phrases: in small letters; those with a `!` behind them make a mark.
  init(_ phrases: [String]) {
    slots.initialize(repeating: orc_pii_entry())
    filter.initialize(repeating: 0)
    for (number, phrase) in phrases.enumerated() {
      let isTrigger = phrase.hasSuffix("!")
      let words = phrase.split { $0 == " " || $0 == "!" }.map { WordReference.hash(Array($0.utf8)) }
      self.phrases[words] = Entry(number: number, isTrigger: isTrigger)
      add(words, flags: ORC_PII_TERMINAL | (isTrigger ? ORC_PII_TRIGGER : 0), number)
      for count in 1..<max(1, words.count) {
        beginnings.insert(Array(words.prefix(count)))
        add(Array(words.prefix(count)), flags: ORC_PII_PREFIX, 0)
      }
    }
  }

  deinit {
    slots.deallocate()
    filter.deallocate()
  }

  func entry(_ words: [UInt64]) -> Entry? { phrases[words] }
  func begins(_ words: [UInt64]) -> Bool { beginnings.contains(words) }

  var table: orc_pii_table {
    orc_pii_table(slots: slots.baseAddress, mask: 255, filter: filter.baseAddress)
  }

  private func add(_ words: [UInt64], flags: Int, _ number: Int) {
    let key = words.dropFirst().reduce(words[0]) { orc_pii_join($0, $1) }
    let tag = UInt32(key >> 32)
    var slot = Int(key & 255)
    while slots[slot].tag != 0, slots[slot].tag != tag { slot = (slot + 1) & 255 }
    slots[slot].tag = tag
    slots[slot].flags |= UInt16(flags)
    if flags & ORC_PII_TERMINAL != 0 { slots[slot].entry = UInt16(number) }
    filter[Int(key >> 54)] |= 1 << (key >> 48 & 63)
  }
}
