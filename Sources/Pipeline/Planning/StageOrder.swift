/// The order in which stages can run.
struct StageOrder {
  /// Every stage after what it waits for; among those ready, the order of the file. Stages of a cycle
  /// and behind one are left out.
  let names: [String]
  /// One per group of stages that wait for each other: each waits for the next, the last for the
  /// first.
  let cycles: [[String]]

  /// - Parameters:
  ///   - names: in the order of the file.
  ///   - waits: what each waits for; names of no stage are passed over.
  init(_ names: [String], waits: [String: [String]]) {
    let position = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    let needs = names.map { Array(Set(waits[$0, default: []].compactMap { position[$0] })) }
    var open = needs.map(\.count)
    var waiting = [[Int]](repeating: [], count: names.count)
    for (index, needed) in needs.enumerated() { for need in needed { waiting[need].append(index) } }
    var ready = SmallestFirst()
    for index in names.indices where open[index] == 0 { ready.insert(index) }
    var order: [String] = []
    while let next = ready.removeFirst() {
      order.append(names[next])
      for index in waiting[next] {
        open[index] -= 1
        if open[index] == 0 { ready.insert(index) }
      }
    }
    self.names = order
    let known = waits.mapValues { $0.filter { position[$0] != nil } }
    cycles =
      order.count == names.count
      ? [] : Self.cycles(names.indices.filter { open[$0] > 0 }.map { names[$0] }, known)
  }

  /// Walks from each stage that is left along the first thing it waits for that is left too, until a
  /// stage repeats.
  private static func cycles(_ remaining: [String], _ waits: [String: [String]]) -> [[String]] {
    let left = Set(remaining)
    var seen: Set<String> = []
    var found: [[String]] = []
    for start in remaining where !seen.contains(start) {
      var path: [String] = []
      var current = start
      while seen.insert(current).inserted {
        path.append(current)
        guard let next = waits[current, default: []].first(where: left.contains) else { break }
        current = next
      }
      if let first = path.firstIndex(of: current), path.count > first,
        waits[path[path.count - 1], default: []].contains(current)
      {
        found.append(Array(path[first...]))
      }
    }
    return found
  }
}

/// Numbers, the smallest of which leaves first: a binary heap.
package struct SmallestFirst: Sendable {
  private var heap: [Int] = []

  package init() {}

  package mutating func insert(_ number: Int) {
    heap.append(number)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  package mutating func removeFirst() -> Int? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return first }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return first }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return first }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
