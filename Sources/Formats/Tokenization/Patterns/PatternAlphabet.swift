/// The classes into which a pattern's sets cut the scalars: two scalars of one class are in the same
/// sets. The symbol after the last class stands for the end of the text.
struct PatternAlphabet: Sendable {
  /// Classes; also the symbol of the end.
  let endSymbol: Int
  /// For each class, the bits of the sets that hold it.
  private let members: [UInt64]
  /// Classes of the scalars below U+0800.
  private let low: FrozenBuffer<UInt16>
  /// First scalars of the intervals in which range membership is constant.
  private let intervals: FrozenBuffer<UInt32>
  /// interval × category → class.
  private let classes: FrozenBuffer<UInt16>

  init(_ sets: [ScalarSet]) {
    let borders = ([0] + sets.flatMap(\.borders)).sorted()
    var intervals: [UInt32] = []
    for border in borders where intervals.last != border { intervals.append(border) }
    var members: [UInt64] = []
    var numbers: [UInt64: UInt16] = [:]
    var classes: [UInt16] = []
    for start in intervals {
      for category in 0..<ScalarCategories.count {
        var signature: UInt64 = 0
        for (index, set) in sets.enumerated() where set.contains(start, category: category) {
          signature |= 1 << UInt64(index)
        }
        let next = UInt16(members.count)
        let number = numbers[signature] ?? next
        if number == next {
          numbers[signature] = next
          members.append(signature)
        }
        classes.append(number)
      }
    }
    self.members = members
    endSymbol = members.count
    let intervalTable = FrozenBuffer(intervals)
    let classTable = FrozenBuffer(classes)
    low = FrozenBuffer((0..<0x800).map { Self.find(UInt32($0), intervalTable, classTable) })
    self.intervals = intervalTable
    self.classes = classTable
  }

  @inline(__always)
  func symbol(_ scalar: UInt32) -> Int {
    if scalar < 0x800 { return Int(low[Int(scalar)]) }
    return Int(Self.find(scalar, intervals, classes))
  }

  func isMember(_ symbol: Int, of set: Int) -> Bool { members[symbol] >> UInt64(set) & 1 == 1 }

  private static func find(
    _ scalar: UInt32, _ intervals: FrozenBuffer<UInt32>, _ classes: FrozenBuffer<UInt16>
  ) -> UInt16 {
    var below = 0
    var above = intervals.count
    while above - below > 1 {
      let middle = (below + above) / 2
      if intervals[middle] <= scalar { below = middle } else { above = middle }
    }
    return classes[below * ScalarCategories.count + ScalarCategories.index(of: scalar)]
  }
}
