/// Byte strings → numbers, walked byte by byte: (node, byte) → node by open addressing.
struct ByteTrie: Sendable {
  private struct Slot: BitwiseCopyable {
    /// Node << 8 | byte, plus one; 0: free.
    var key: UInt32 = 0
    var node: Int32 = 0
  }
  private let slots: FrozenBuffer<Slot>
  private let shift: UInt32
  private let mask: Int
  /// The value of each node; −1 where no key ends.
  private let values: FrozenBuffer<Int32>
  /// Nodes beyond this do not fit a slot's key.
  static let nodesMax = (1 << 24) - 2

  /// Of two entries with the same bytes the later one counts. Nil when the keys need too many nodes.
  init?(_ entries: [(key: [UInt8], value: Int32)]) {
    let bytes = entries.reduce(0) { $0 + $1.key.count }
    guard bytes < Self.nodesMax else { return nil }
    var bits: UInt32 = 4
    while 1 << bits < bytes * 2 { bits += 1 }
    shift = 32 - bits
    mask = (1 << bits) - 1
    var slots = [Slot](repeating: Slot(), count: 1 << bits)
    var values: [Int32] = [-1]
    for entry in entries where !entry.key.isEmpty {
      var node: Int32 = 0
      for byte in entry.key {
        let key = (UInt32(node) << 8 | UInt32(byte)) &+ 1
        var index = Self.index(key, shift)
        while slots[index].key != 0, slots[index].key != key { index = (index + 1) & mask }
        if slots[index].key == 0 {
          slots[index] = Slot(key: key, node: Int32(values.count))
          values.append(-1)
        }
        node = slots[index].node
      }
      values[Int(node)] = entry.value
    }
    self.slots = FrozenBuffer(slots)
    self.values = FrozenBuffer(values)
  }

  /// Where walks begin.
  static var root: Int32 { 0 }

  /// The node after `byte`, or −1.
  @inline(__always)
  func child(_ node: Int32, _ byte: UInt8) -> Int32 {
    let key = (UInt32(bitPattern: node) << 8 | UInt32(byte)) &+ 1
    var index = Self.index(key, shift)
    while true {
      let slot = slots[index]
      if slot.key == key { return slot.node }
      if slot.key == 0 { return -1 }
      index = (index + 1) & mask
    }
  }

  /// The value of the key that ends at `node`, or −1.
  @inline(__always)
  func value(_ node: Int32) -> Int32 { values[Int(node)] }

  @inline(__always)
  private static func index(_ key: UInt32, _ shift: UInt32) -> Int {
    Int((key &* 0x9E37_79B1) >> shift)
  }
}
