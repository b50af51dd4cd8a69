internal import CKernels

/// ``CueWords`` as the kernel reads them: an open-addressed table of hashes of words, of phrases and
/// of beginnings of phrases.
///
/// - Note: `@unchecked Sendable`: the buffers are written by `init` only and never freed.
final class CueTable: @unchecked Sendable {
  static let shared = CueTable(CueWords.all)

  /// By entry: what the word or phrase says.
  let sets: [CueSet]
  /// By entry of a month: its number 1…12; 0 for other entries.
  let months: [UInt8]
  private let slots: UnsafeMutableBufferPointer<orc_pii_entry>
  private let filter: UnsafeMutableBufferPointer<UInt64>
  let table: orc_pii_table

  init(_ lists: [CueWords.List]) {
    var flags: [UInt64: UInt32] = [:]
    var meaning: [UInt64: CueSet] = [:]
    var month: [UInt64: UInt8] = [:]
    for list in lists {
      for phrase in list.phrases {
        let hashes = Self.words(of: phrase)
        guard var key = hashes.first else { continue }
        for next in hashes.dropFirst() {
          flags[key, default: 0] |= UInt32(ORC_PII_PREFIX)
          key = orc_pii_join(key, next)
        }
        flags[key, default: 0] |= UInt32(ORC_PII_TERMINAL)
        if list.isTrigger { flags[key, default: 0] |= UInt32(ORC_PII_TRIGGER) }
        meaning[key, default: []].formUnion(list.cue)
        if list.month > 0 { month[key] = list.month }
      }
    }
    let keys = flags.keys.sorted()
    precondition(keys.count < 1 << 16, "entries have 16 bits")
    var capacity = 256
    while capacity < keys.count * 2 { capacity *= 2 }
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: orc_pii_entry(tag: 0, entry: 0, flags: 0))
    filter = .allocate(capacity: 1024)
    filter.initialize(repeating: 0)
    for (entry, key) in keys.enumerated() {
      var slot = Int(key & UInt64(capacity - 1))
      while slots[slot].tag != 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = orc_pii_entry(
        tag: UInt32(key >> 32), entry: UInt16(entry), flags: UInt16(flags[key] ?? 0))
      filter[Int(key >> 54)] |= 1 << (key >> 48 & 63)
    }
    sets = keys.map { meaning[$0] ?? [] }
    months = keys.map { month[$0] ?? 0 }
    table = orc_pii_table(
      slots: slots.baseAddress, mask: UInt64(capacity - 1), filter: filter.baseAddress)
  }

  /// Hashes of the words of a phrase, cut as the kernel cuts them.
  private static func words(of phrase: Substring) -> [UInt64] {
    let bytes = Array(phrase.utf8)
    var hashes: [UInt64] = []
    var start = 0
    for index in 0...bytes.count where index == bytes.count || bytes[index] < 0x41 {
      if index > start {
        hashes.append(
          bytes[start..<index].withUnsafeBufferPointer {
            orc_pii_hash($0.baseAddress, $0.count)
          })
      }
      start = index + 1
    }
    return hashes
  }
}
