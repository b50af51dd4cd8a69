/// Disjoint sets of 0..<count; the root of a set is its smallest member.
struct UnionFind {
  private var parent: [UInt32]

  init(_ count: Int) { parent = (0..<UInt32(count)).map { $0 } }

  mutating func find(_ index: UInt32) -> UInt32 {
    var at = index
    while parent[Int(at)] != at {
      parent[Int(at)] = parent[Int(parent[Int(at)])]
      at = parent[Int(at)]
    }
    return at
  }

  mutating func join(_ a: UInt32, _ b: UInt32) {
    let (x, y) = (find(a), find(b))
    if x != y { parent[Int(max(x, y))] = min(x, y) }
  }

  mutating func find(_ index: Int) -> Int { Int(find(UInt32(index))) }
  mutating func join(_ a: Int, _ b: Int) { join(UInt32(a), UInt32(b)) }
}
