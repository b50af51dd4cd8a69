/// Applies merges to the symbols of one piece, lowest rank first, leftmost first among equals.
struct PieceMerger {
  let merges: MergeTable
  /// llama.cpp's queue: a waiting merge still counts when its two symbols together have the length
  /// they had, even if others stand there now.
  var comparesLengths = false
  /// Up to this many symbols a scan for the lowest rank beats a heap.
  private static let scanMax = 40

  /// Merges `symbols[from...]` in place. At most n − 1 merges happen, since each takes a symbol away,
  /// whatever the table says.
  func merge(_ symbols: inout [Int32], from: Int) {
    let count = symbols.count - from
    if count < 2 { return }
    let left =
      count <= Self.scanMax && !comparesLengths
      ? scan(&symbols, from, count) : heap(&symbols, from, count)
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
    var lengths = [Int32](repeating: 1, count: comparesLengths ? count : 0)
    var queue = RankHeap(capacity: count)
    func push(_ at: Int) {
      let right = Int(next[at])
      if right >= count { return }
      let found = merges.find(ids[at], ids[right])
      if found.rank == MergeTable.none { return }
      let length = comparesLengths ? lengths[at] + lengths[right] : 0
      queue.push(.init(rank: found.rank, place: Int32(at), result: found.result, length: length))
    }
    for index in 0..<(count - 1) { push(index) }
    while let top = queue.pop() {
      let at = Int(top.place)
      let right = Int(next[at])
      if ids[at] < 0 || right >= count { continue }
      if comparesLengths {
        if lengths[at] + lengths[right] != top.length { continue }
        lengths[at] = top.length
      } else if merges.find(ids[at], ids[right]).rank != top.rank {
        continue
      }
      ids[at] = top.result
      ids[right] = -1
      next[at] = next[right]
      if Int(next[at]) < count { previous[Int(next[at])] = Int32(at) }
      // llama.cpp offers the left neighbour first; ranks and places decide, not the order here.
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

/// A binary heap of merges: lowest rank first, leftmost among equals.
private struct RankHeap {
  struct Item {
    var rank: Int32
    var place: Int32
    var result: Int32
    var length: Int32

    @inline(__always)
    var key: UInt64 { UInt64(rank) << 32 | UInt64(UInt32(bitPattern: place)) }
  }
  private var items: [Item] = []

  init(capacity: Int) { items.reserveCapacity(capacity) }

  mutating func push(_ item: Item) {
    items.append(item)
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if items[parent].key <= items[child].key { return }
      items.swapAt(parent, child)
      child = parent
    }
  }

  mutating func pop() -> Item? {
    guard let top = items.first, let last = items.popLast() else { return nil }
    if !items.isEmpty {
      items[0] = last
      var parent = 0
      while true {
        var child = 2 * parent + 1
        if child >= items.count { break }
        if child + 1 < items.count, items[child + 1].key < items[child].key { child += 1 }
        if items[parent].key <= items[child].key { break }
        items.swapAt(parent, child)
        parent = child
      }
    }
    return top
  }
}
