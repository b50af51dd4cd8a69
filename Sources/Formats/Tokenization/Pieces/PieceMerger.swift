/// Applies merges to the symbols of one piece, lowest rank first, leftmost first among equals.
struct PieceMerger {
  let merges: MergeTable
  /// Up to this many symbols a scan for the lowest rank beats a heap.
  private static let scanMax = 40

  /// Merges `symbols[from...]` in place. At most n − 1 merges happen, since each takes a symbol away,
  /// whatever the table says.
  func merge(_ symbols: inout [Int32], from: Int) {
    let count = symbols.count - from
    if count < 2 { return }
    let left = count <= Self.scanMax ? scan(&symbols, from, count) : heap(&symbols, from, count)
    symbols.removeLast(count - left)
  }

  /// Returns how many symbols are left.
  private func scan(_ symbols: inout [Int32], _ from: Int, _ total: Int) -> Int {
    symbols.withUnsafeMutableBufferPointer { all in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * Self.scanMax) { work in
        let ids = all.baseAddress! + from  // total >= 2: the buffer is not empty
        let ranks = work.baseAddress!
        let results = ranks + Self.scanMax
        for index in 0..<(total - 1) {
          (ranks[index], results[index]) = merges.find(ids[index], ids[index + 1])
        }
        var count = total
        while true {
          var best = MergeTable.none
          var place = -1
          for index in 0..<(count - 1) where ranks[index] < best {
            best = ranks[index]
            place = index
          }
          if place < 0 { return count }
          ids[place] = results[place]
          count -= 1
          for index in (place + 1)..<max(count, place + 1) {
            ids[index] = ids[index + 1]
            ranks[index] = ranks[index + 1]
            results[index] = results[index + 1]
          }
          if place > 0 {
            (ranks[place - 1], results[place - 1]) = merges.find(ids[place - 1], ids[place])
          }
          if place < count - 1 {
            (ranks[place], results[place]) = merges.find(ids[place], ids[place + 1])
          }
        }
      }
    }
  }

  /// For long pieces: a linked list of symbols and a heap of candidate merges.
  private func heap(_ symbols: inout [Int32], _ from: Int, _ count: Int) -> Int {
    var next = (0..<count).map { Int32($0 + 1) }
    var previous = (0..<count).map { Int32($0 - 1) }
    var ids = Array(symbols[from...])
    var queue = RankHeap(capacity: count)
    func push(_ at: Int) {
      let right = Int(next[at])
      if right >= count { return }
      let found = merges.find(ids[at], ids[right])
      if found.rank != MergeTable.none { queue.push(rank: found.rank, place: at) }
    }
    for index in 0..<(count - 1) { push(index) }
    while let (rank, at) = queue.pop() {
      let right = Int(next[at])
      if ids[at] < 0 || right >= count { continue }
      let found = merges.find(ids[at], ids[right])
      if found.rank != rank { continue }
      ids[at] = found.result
      ids[right] = -1
      next[at] = next[right]
      if Int(next[at]) < count { previous[Int(next[at])] = Int32(at) }
      push(at)
      if previous[at] >= 0 { push(Int(previous[at])) }
    }
    var left = 0
    for index in 0..<count where ids[index] >= 0 {
      symbols[from + left] = ids[index]
      left += 1
    }
    return left
  }
}

/// A binary heap of (rank, place), smallest first.
private struct RankHeap {
  private var items: [UInt64] = []

  init(capacity: Int) { items.reserveCapacity(capacity) }

  mutating func push(rank: Int32, place: Int) {
    items.append(UInt64(rank) << 32 | UInt64(place))
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if items[parent] <= items[child] { return }
      items.swapAt(parent, child)
      child = parent
    }
  }

  mutating func pop() -> (rank: Int32, place: Int)? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    if !items.isEmpty {
      items[0] = last
      var parent = 0
      while true {
        var child = 2 * parent + 1
        if child >= items.count { break }
        if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
        if items[parent] <= items[child] { break }
        items.swapAt(parent, child)
        parent = child
      }
    }
    return (Int32(top >> 32), Int(top & 0xFFFF_FFFF))
  }
}
