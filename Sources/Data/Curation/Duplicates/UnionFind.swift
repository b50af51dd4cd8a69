/// Disjoint sets of 0..<count; the root of a set is its smallest member.
struct UnionFind {
  private var parent: [UInt32]

  init(_ count: Int) { parent = (0..<UInt32(count)).map { $0 } }

  mutating func find(_ index: Int) -> Int {
    var at = UInt32(index)
    while parent[Int(at)] != at {
      parent[Int(at)] = parent[Int(parent[Int(at)])]
      at = parent[Int(at)]
    }
    return Int(at)
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (x, y) = (find(a), find(b))
    if x != y { parent[max(x, y)] = UInt32(min(x, y)) }
  }
}
