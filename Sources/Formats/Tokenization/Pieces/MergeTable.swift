/// Pairs of token ids → rank and result of their merge, by open addressing in flat memory.
struct MergeTable: Sendable {
  private struct Slot: BitwiseCopyable {
    var pair: UInt64
    var rank: Int32
    var result: Int32
  }
  private let slots: FrozenBuffer<Slot>
  private let mask: Int
  static let none: Int32 = .max

  /// Merges in order of rank; of two for one pair the first counts.
  init(_ merges: [(left: Int32, right: Int32, result: Int32)]) {
    var size = 16
    while size < merges.count * 2 { size *= 2 }
    let mask = size - 1
    self.mask = mask
    slots = FrozenBuffer(
      count: size, repeating: Slot(pair: .max, rank: Self.none, result: -1)
    ) { slots in
      for (rank, merge) in merges.enumerated() {
        let pair = Self.key(merge.left, merge.right)
        var slot = Self.slot(pair) & mask
        while slots[slot].pair != .max, slots[slot].pair != pair { slot = (slot + 1) & mask }
        if slots[slot].pair == .max {
          slots[slot] = Slot(pair: pair, rank: Int32(rank), result: merge.result)
        }
      }
    }
  }

  /// Rank and result of the merge of two tokens; rank is ``none`` when there is no such merge.
  @inline(__always)
  func find(_ left: Int32, _ right: Int32) -> (rank: Int32, result: Int32) {
    let pair = Self.key(left, right)
    var index = Self.slot(pair) & mask
    while true {
      let slot = slots[index]
      if slot.pair == pair { return (slot.rank, slot.result) }
      if slot.pair == .max { return (Self.none, -1) }
      index = (index + 1) & mask
    }
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private static func slot(_ pair: UInt64) -> Int {
    let (high, low) = pair.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return Int(truncatingIfNeeded: high ^ low)
  }
}
