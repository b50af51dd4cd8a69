import Curation
import Records
import Reproducibility
import Testing

@Suite struct SplitPlanTests {
  /// Rows with one kind of key, in a few strata; `order` permutes them.
  static func rows(_ count: Int, seed: UInt64 = 1, order: [Int]? = nil) -> SplitRows {
    let random = CounterRandom(seed: seed, stream: "items")
    var rows = SplitRows(keyKinds: 1)
    for index in order ?? Array(0..<count) {
      let draws = { (part: Int, below: Int) in
        random.integer(UInt64(3 * index + part), below: below)
      }
      rows.bits.append(random.bits(UInt64(1_000_000 + index)))
      rows.keys[0].append(draws(0, 4) == 0 ? UInt64(1 + draws(1, max(1, 2000 / 6))) : 0)
      let name = ["a", "b", "b", "c", "c", "c", "c", "c"][draws(2, 8)]
      rows.strata.append(rows.strataNames.number(Array(name.utf8)))
    }
    return rows
  }

  static func name(_ rows: SplitRows, _ index: Int) -> String {
    String(decoding: rows.strataNames.names[Int(rows.strata[index])], as: UTF8.self)
  }

  @Test(
    "no key is on two sides, quotas are kept, and every stratum has its share", arguments: 1...5)
  func invariants(_ seed: UInt64) {
    let rows = Self.rows(2000, seed: seed)
    let plan = SplitPlan(rows, test: 200, validation: 100, seed: seed)
    var sides: [UInt64: Set<SplitPlan.Side>] = [:]
    for (key, side) in zip(rows.keys[0], plan.sides) where key != 0 {
      sides[key, default: []].insert(side)
    }
    #expect(sides.values.allSatisfy { $0.count == 1 })
    let test = plan.sides.indices.filter { plan.sides[$0] == .test }
    #expect(test.count == 200)
    #expect(plan.sides.count { $0 == .validation } == 100)
    for stratum in ["a", "b", "c"] {
      let all = (0..<2000).count { Self.name(rows, $0) == stratum }
      let here = test.count { Self.name(rows, $0) == stratum }
      #expect(abs(Double(here) - Double(all) / 10) < 8, "\(stratum): \(here) of \(all)")
    }
  }

  @Test("the order of rows does not matter")
  func order() {
    let plan = SplitPlan(Self.rows(1500), test: 150, validation: 75, folds: 4, seed: 3)
    let order = CounterRandom(seed: 9, stream: "order").permutation(of: 1500)
    let permuted = SplitPlan(
      Self.rows(1500, order: order), test: 150, validation: 75, folds: 4, seed: 3)
    #expect(permuted.sides == order.map { plan.sides[$0] })
    #expect(permuted.folds == order.map { plan.folds[$0] })
  }

  @Test("a row more moves few rows")
  func stability() {
    let plan = SplitPlan(Self.rows(2000), test: 200, validation: 100, seed: 3)
    let longer = SplitPlan(Self.rows(2001), test: 200, validation: 100, seed: 3)
    #expect(zip(plan.sides, longer.sides).count { $0 != $1 } <= 20)
  }

  @Test("another seed deals other rows")
  func seeds() {
    let rows = Self.rows(1000)
    #expect(
      SplitPlan(rows, test: 100, validation: 50, seed: 1).sides
        != SplitPlan(rows, test: 100, validation: 50, seed: 2).sides)
  }

  @Test("folds hold the same number of rows, each stratum spread over all, no key in two")
  func folds() {
    let rows = Self.rows(2000)
    let plan = SplitPlan(rows, test: 100, validation: 0, folds: 5, seed: 1)
    var sizes = [Int](repeating: 0, count: 5)
    var foldsOf: [UInt64: Set<UInt8>] = [:]
    var strata: [String: [Int]] = [:]
    for index in 0..<2000 where plan.sides[index] == .train {
      sizes[Int(plan.folds[index])] += 1
      if rows.keys[0][index] != 0 {
        foldsOf[rows.keys[0][index], default: []].insert(plan.folds[index])
      }
      strata[Self.name(rows, index), default: [0, 0, 0, 0, 0]][Int(plan.folds[index])] += 1
    }
    #expect(sizes.reduce(0, +) == 1900)
    #expect(sizes.max()! - sizes.min()! <= 3)
    #expect(foldsOf.values.allSatisfy { $0.count == 1 })
    #expect(strata.values.allSatisfy { $0.max()! - $0.min()! <= 20 })
  }

  @Test("by time the newest rows are test and those before them validation")
  func times() {
    var rows = SplitRows(keyKinds: 1)
    let random = CounterRandom(seed: 4, stream: "times")
    let times = random.permutation(of: 300)
    for index in 0..<300 {
      rows.bits.append(random.bits(UInt64(index)))
      // The newest and the oldest row belong together.
      rows.keys[0].append(times[index] == 299 || times[index] == 0 ? 7 : 0)
      rows.strata.append(rows.strataNames.number([]))
      rows.times.append(Double(times[index]))
    }
    let plan = SplitPlan(rows, test: 30, validation: 20, seed: 1)
    for index in 0..<300 {
      let expected: SplitPlan.Side =
        times[index] >= 271 || times[index] == 0
        ? .test : times[index] >= 251 ? .validation : .train
      #expect(plan.sides[index] == expected, "time \(times[index])")
    }
  }

  @Test("gold rows are in test, with what belongs to them, and count as such")
  func gold() {
    var rows = Self.rows(500)
    rows.goldCount = 10
    for index in 0..<10 { rows.keys[0][index] = 0 }
    rows.keys[0][3] = 99_999
    rows.keys[0][400] = 99_999
    let plan = SplitPlan(rows, test: 50, validation: 25, seed: 1)
    #expect(plan.sides[..<10].allSatisfy { $0 == .test })
    #expect(plan.sides[400] == .test)
    #expect(plan.sides.count { $0 == .test } == 50)
  }
}
