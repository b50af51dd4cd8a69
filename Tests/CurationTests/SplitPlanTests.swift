import Curation
import Records
import Reproducibility
import Testing

@Suite struct SplitPlanTests {
  static func items(_ count: Int, seed: UInt64 = 1) -> [SplitPlan.Item] {
    let random = CounterRandom(seed: seed, stream: "items")
    return (0..<count).map { index in
      var keys: [String] = []
      if random.integer(UInt64(3 * index), below: 4) == 0 {
        keys.append("c\(random.integer(UInt64(3 * index + 1), below: count / 6))")
      }
      let stratum = ["a", "b", "b", "c", "c", "c", "c", "c"][
        random.integer(UInt64(3 * index + 2), below: 8)]
      let content = RowContent.text("row \(index)")
      let id = RowID(hash: RowIdentity.hash(content, []), ordinal: 0)
      return SplitPlan.Item(id: id, stratum: stratum, keys: keys)
    }
  }

  @Test(
    "no key is on two sides, quotas are kept, and every stratum has its share", arguments: 1...5)
  func invariants(_ seed: UInt64) {
    let items = Self.items(2000, seed: seed)
    let plan = SplitPlan(items, test: 200, validation: 100, seed: seed)
    var sides: [String: Set<SplitPlan.Side>] = [:]
    for (item, side) in zip(items, plan.sides) {
      for key in item.keys { sides[key, default: []].insert(side) }
    }
    #expect(sides.values.allSatisfy { $0.count == 1 })
    let test = zip(items, plan.sides).filter { $0.1 == .test }
    #expect(test.count == 200)
    #expect(plan.sides.count { $0 == .validation } == 100)
    for stratum in ["a", "b", "c"] {
      let all = items.count { $0.stratum == stratum }
      let here = test.count { $0.0.stratum == stratum }
      #expect(abs(Double(here) - Double(all) / 10) < 8, "\(stratum): \(here) of \(all)")
    }
  }

  @Test("the order of rows does not matter")
  func order() {
    let items = Self.items(1500)
    let plan = SplitPlan(items, test: 150, validation: 75, seed: 3)
    let order = CounterRandom(seed: 9, stream: "order").permutation(of: items.count)
    let permuted = SplitPlan(order.map { items[$0] }, test: 150, validation: 75, seed: 3)
    #expect(permuted.sides == order.map { plan.sides[$0] })
  }

  @Test("a row more moves few rows")
  func stability() {
    let items = Self.items(2001)
    let plan = SplitPlan(Array(items.dropLast()), test: 200, validation: 100, seed: 3)
    let longer = SplitPlan(items, test: 200, validation: 100, seed: 3)
    #expect(zip(plan.sides, longer.sides).count { $0 != $1 } <= 20)
  }

  @Test("another seed deals other rows")
  func seeds() {
    let items = Self.items(1000)
    #expect(
      SplitPlan(items, test: 100, validation: 50, seed: 1).sides
        != SplitPlan(items, test: 100, validation: 50, seed: 2).sides)
  }
}
