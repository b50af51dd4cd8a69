/// A binary heap: the least element comes out first.
struct Heap<Element: Comparable & Sendable>: Sendable {
  private var items: [Element] = []

  var isEmpty: Bool { items.isEmpty }
  var first: Element? { items.first }

  mutating func insert(_ element: Element) {
    items.append(element)
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if items[parent] <= items[child] { return }
      items.swapAt(parent, child)
      child = parent
    }
  }

  mutating func popFirst() -> Element? {
    guard let least = items.first, let last = items.popLast() else { return nil }
    if items.isEmpty { return least }
    items[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= items.count { return least }
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      if items[parent] <= items[child] { return least }
      items.swapAt(parent, child)
      parent = child
    }
  }
}
