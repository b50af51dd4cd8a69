/// Byte strings → numbers, by open addressing in flat memory. Compares bytes, so that two spellings
/// which Unicode calls equivalent stay two entries.
struct ByteStringTable: Sendable {
  private let slots: FrozenBuffer<Int32>
  private let starts: FrozenBuffer<Int32>
  private let blob: FrozenBuffer<UInt8>
  private let values: FrozenBuffer<Int32>
  private let mask: Int

  /// A later entry with the same bytes is ignored.
  init(_ entries: [(key: [UInt8], value: Int32)]) {
    var size = 16
    while size < entries.count * 2 { size *= 2 }
    let mask = size - 1
    var slots = [Int32](repeating: -1, count: size)
    var starts: [Int32] = [0]
    var blob: [UInt8] = []
    starts.reserveCapacity(entries.count + 1)
    blob.reserveCapacity(entries.reduce(0) { $0 + $1.key.count })
    for entry in entries {
      blob += entry.key
      starts.append(Int32(blob.count))
    }
    for (index, entry) in entries.enumerated() {
      entry.key.withUnsafeBufferPointer { key in
        var slot = Int(truncatingIfNeeded: ByteHash.of(key)) & mask
        while slots[slot] >= 0 {
          let other = Int(slots[slot])
          let range = Int(starts[other])..<Int(starts[other + 1])
          if blob[range].elementsEqual(key) { return }
          slot = (slot + 1) & mask
        }
        slots[slot] = Int32(index)
      }
    }
    self.mask = mask
    self.slots = FrozenBuffer(slots)
    self.starts = FrozenBuffer(starts)
    self.blob = FrozenBuffer(blob)
    values = FrozenBuffer(entries.map(\.value))
  }

  /// The value of `key`, or −1.
  @inline(__always)
  func find(_ key: Bytes) -> Int32 { find(key, hash: ByteHash.of(key)) }

  @inline(__always)
  func find(_ key: Bytes, hash: UInt64) -> Int32 {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = Int(slots[slot])
      if entry < 0 { return -1 }
      let start = Int(starts[entry])
      if Int(starts[entry + 1]) - start == key.count, ByteHash.equal(blob.base + start, key) {
        return values[entry]
      }
      slot = (slot + 1) & mask
    }
  }
}

/// A fast hash of byte strings, for tables in memory only: never written anywhere.
enum ByteHash {
  @inline(__always)
  static func of(_ bytes: Bytes) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return hash }
    var index = 0
    while index + 8 <= bytes.count {
      hash = mix(hash ^ base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while index < bytes.count {
      tail |= UInt64(bytes[index]) << shift
      shift += 8
      index += 1
    }
    return mix(hash ^ tail)
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let (high, low) = (value ^ 0xA076_1D64_78BD_642F)
      .multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return high ^ low
  }

  @inline(__always)
  static func equal(_ stored: UnsafePointer<UInt8>, _ key: Bytes) -> Bool {
    var index = 0
    while index < key.count {
      if stored[index] != key[index] { return false }
      index += 1
    }
    return true
  }
}
