import Curation
import Reproducibility
import Testing

@Suite struct MixPlanTests {
  static func source(
    _ ratio: Double, _ count: Int, lengths: [UInt32] = [], times: [UInt8] = [], _ part: UInt64 = 0
  ) -> MixPlan.Source {
    let random = CounterRandom(seed: 8, stream: "source", part)
    return MixPlan.Source(
      ratio: ratio, bits: (0..<count).map { random.bits(UInt64($0)) }, lengths: lengths,
      times: times)
  }

  static func rows(_ plan: MixPlan) -> [Int] {
    plan.rows.indices.map { source in plan.order.count { Int($0) == source } }
  }

  @Test(
    "each rule of stopping takes what it says",
    arguments: [
      (MixPlan.Stop.firstExhausted, [0.9, 0.1], [900, 1000], [900, 100]),
      (.firstExhausted, [0.9, 0.1], [5000, 100], [900, 100]),
      (.firstExhausted, [9, 1], [5000, 100], [900, 100]),
      (.allExhausted, [0.9, 0.1], [1000, 100], [1000, 111]),
      (.allExhausted, [0.5, 0.5], [1000, 30], [1000, 1000]),
      (.withoutReplacement, [0.5, 0.5], [1000, 30], [1000, 30]),
    ])
  func stops(_ stop: MixPlan.Stop, _ ratios: [Double], _ counts: [Int], _ expected: [Int]) {
    let plan = MixPlan(
      zip(ratios, counts).map { Self.source($0, $1) }, stop: stop, seed: 1)
    #expect(Self.rows(plan) == expected)
    #expect(plan.rows.map(\.count) == expected)
    // Rounds are whole: no row is there twice more than another.
    for (rows, count) in zip(plan.rows, counts) {
      var times = [Int](repeating: 0, count: count)
      for row in rows { times[Int(row)] += 1 }
      #expect(times.max()! - times.min()! <= 1)
    }
  }

  @Test("every stretch has nearly the shares of the whole")
  func discrepancy() {
    let plan = MixPlan(
      [Self.source(0.7, 7000), Self.source(0.2, 2000), Self.source(0.1, 1000)],
      stop: .firstExhausted, seed: 1)
    var done = [0, 0, 0]
    for (index, source) in plan.order.enumerated() {
      done[Int(source)] += 1
      for (count, share) in zip(done, [0.7, 0.2, 0.1]) {
        #expect(abs(Double(count) - share * Double(index + 1)) < 2)
      }
    }
  }

  @Test("a source that gives a part gives a sample in its own order, the same in any order of rows")
  func sample() {
    let plan = MixPlan(
      [Self.source(0.5, 100), Self.source(0.5, 5000, 1)], stop: .firstExhausted, seed: 1)
    let rows = plan.rows[1]
    #expect(rows.count == 100 && rows == rows.sorted() && Set(rows).count == 100)
    #expect(rows.count { $0 < 2500 } > 30 && rows.count { $0 >= 2500 } > 30)
    var shuffled = Self.source(0.5, 5000, 1)
    let order = CounterRandom(seed: 2, stream: "order").permutation(of: 5000)
    let bits = shuffled.bits
    shuffled.bits = order.map { bits[$0] }
    let again = MixPlan([Self.source(0.5, 100), shuffled], stop: .firstExhausted, seed: 1)
    #expect(Set(again.rows[1].map { UInt32(order[Int($0)]) }) == Set(rows))
  }

  @Test("by characters the shares are those of the texts")
  func characters() {
    let random = CounterRandom(seed: 5, stream: "lengths")
    let short = (0..<4000).map { UInt32(20 + random.integer($0, below: 60)) }
    let long = (0..<4000).map { UInt32(500 + random.integer($0 + 9999, below: 3000)) }
    let sources = [
      Self.source(0.75, 4000, lengths: short), Self.source(0.25, 4000, lengths: long, 1),
    ]
    let plan = MixPlan(sources, stop: .firstExhausted, seed: 1)
    let units = plan.rows.enumerated().map { index, rows in
      rows.reduce(0.0) { $0 + Double(sources[index].lengths[Int($1)]) }
    }
    #expect(abs(units[0] / (units[0] + units[1]) - 0.75) < 0.01)
    #expect(plan.rows[0].count == 4000)
  }

  @Test("max_rows keeps the shares, weights count rows more often")
  func limits() {
    let capped = MixPlan(
      [Self.source(0.8, 1000), Self.source(0.2, 1000, 1)], stop: .allExhausted, rowsMax: 100,
      seed: 1)
    #expect(Self.rows(capped) == [80, 20])
    let weighted = MixPlan(
      [Self.source(1, 10, times: [2, 0, 1, 1, 1, 1, 1, 1, 1, 3])], stop: .withoutReplacement,
      seed: 1)
    #expect(weighted.rows == [[0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]])
  }
}
