/// Byte strings → numbers, by open addressing in flat memory. Compares bytes, so that two spellings
/// which Unicode calls equivalent stay two entries.
struct ByteStringTable: Sendable {
  /// The place in `blob`, the length, part of the hash and the value of an entry.
  struct Slot: BitwiseCopyable {
    var start: UInt32 = 0
    /// Length plus one; 0: free.
    var length: UInt32 = 0
    var tag: UInt32 = 0
    var value: Int32 = -1
  }
  private let slots: FrozenBuffer<Slot>
  private let blob: FrozenBuffer<UInt8>
  private let mask: Int

  /// A later entry with the same bytes is ignored.
  init(_ entries: [(key: [UInt8], value: Int32)]) {
    var builder = Builder(
      count: entries.count, byteCount: entries.reduce(0) { $0 + $1.key.count })
    for entry in entries {
      entry.key.withUnsafeBufferPointer { _ = builder.add($0, entry.value) }
    }
    self.init(builder)
  }

  init(_ builder: consuming Builder) {
    mask = builder.mask
    slots = FrozenBuffer(builder.slots)
    blob = FrozenBuffer(builder.blob)
  }

  /// The value of `key`, or −1.
  @inline(__always)
  func find(_ key: Bytes) -> Int32 { find(key, hash: ByteHash.of(key)) }

  @inline(__always)
  func find(_ key: Bytes, hash: UInt64) -> Int32 {
    var index = Int(truncatingIfNeeded: hash) & mask
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    while true {
      let slot = slots[index]
      if slot.length == 0 { return -1 }
      if slot.tag == tag, Int(slot.length) - 1 == key.count,
        ByteHash.equal(blob.base + Int(slot.start), key)
      {
        return slot.value
      }
      index = (index + 1) & mask
    }
  }

  /// A table as it grows.
  struct Builder {
    fileprivate private(set) var slots: [Slot]
    /// The bytes of all entries, in order.
    private(set) var blob: [UInt8] = []
    fileprivate private(set) var mask: Int
    private(set) var count = 0

    /// - Parameter count: how many entries to make room for.
    init(count: Int, byteCount: Int) {
      var size = 16
      while size < count * 2 { size *= 2 }
      slots = [Slot](repeating: Slot(), count: size)
      mask = size - 1
      blob.reserveCapacity(byteCount)
    }

    /// Adds an entry and returns −1, or returns the value that these bytes have already.
    @discardableResult
    mutating func add(_ key: Bytes, _ value: Int32) -> Int32 {
      if count * 2 >= slots.count { grow() }
      let hash = ByteHash.of(key)
      var index = Int(truncatingIfNeeded: hash) & mask
      let tag = UInt32(truncatingIfNeeded: hash >> 32)
      while slots[index].length != 0 {
        let slot = slots[index]
        if slot.tag == tag, Int(slot.length) - 1 == key.count {
          let isEqual = blob.withUnsafeBufferPointer {
            ByteHash.equal($0.baseAddress! + Int(slot.start), key)  // not empty: it has an entry
          }
          if isEqual { return slot.value }
        }
        index = (index + 1) & mask
      }
      slots[index] = Slot(
        start: UInt32(blob.count), length: UInt32(key.count + 1), tag: tag, value: value)
      if blob.isEmpty { blob.reserveCapacity(64) }
      blob.append(contentsOf: key)
      count += 1
      return -1
    }

    private mutating func grow() {
      let old = slots
      slots = [Slot](repeating: Slot(), count: old.count * 2)
      mask = slots.count - 1
      for slot in old where slot.length != 0 {
        let start = Int(slot.start)
        let hash = blob.withUnsafeBufferPointer {
          ByteHash.of($0.slice(start, start + Int(slot.length) - 1))
        }
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index].length != 0 { index = (index + 1) & mask }
        slots[index] = slot
      }
    }
  }
}
