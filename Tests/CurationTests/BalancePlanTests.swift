import Curation
import Reproducibility
import Testing

@Suite struct BalancePlanTests {
  @Test(
    "targets follow the rule, and the user's numbers come first",
    arguments: [
      (
        BalancePlan.Method.undersample, 5.0, BalancePlan.Reference.smallest, [100, 10, 50, 0],
        [50, 10, 50, 0]
      ),
      (.undersample, 1, .smallest, [100, 10, 50, 0], [10, 10, 10, 0]),
      (.undersample, 2, .median, [100, 10, 50, 20], [40, 10, 40, 20]),
      (.undersample, 1.5, .smallest, [100, 3], [4, 3]),
      (.oversample, 5, .smallest, [100, 10, 50, 0], [100, 20, 50, 0]),
      (.oversample, 3, .smallest, [100, 10], [100, 34]),
    ])
  func targets(
    _ method: BalancePlan.Method, _ ratio: Double, _ reference: BalancePlan.Reference,
    _ counts: [Int], _ expected: [Int]
  ) {
    #expect(BalancePlan.targets(counts, method, ratio: ratio, reference) == expected)
    var fixed = expected
    fixed[0] = 7
    #expect(
      BalancePlan.targets(counts, method, ratio: ratio, reference, explicit: [0: 7]) == fixed)
  }

  @Test("classes get what they should, copies are spread evenly and bounded")
  func times() {
    let random = CounterRandom(seed: 3, stream: "rows")
    let classes: [UInt32] = (0..<1000).map { $0 % 10 == 0 ? 1 : $0 % 13 == 0 ? .max : 0 }
    let bits = (0..<1000).map { random.bits(UInt64($0)) }
    let times = BalancePlan.times(classes, bits: bits, targets: [300, 250], copiesMax: 4, seed: 1)
    func total(_ number: UInt32) -> Int {
      (0..<1000).reduce(0) { $0 + (classes[$1] == number ? Int(times[$1]) : 0) }
    }
    #expect(total(0) == 300 && total(1) == 250)
    for row in 0..<1000 {
      switch classes[row] {
      case 0: #expect(times[row] <= 1)
      case 1: #expect(times[row] == 2 || times[row] == 3)
      default: #expect(times[row] == 1)
      }
    }
    let bounded = BalancePlan.times(
      classes, bits: bits, targets: [300, 900], copiesMax: 4, seed: 1)
    #expect(bounded.max() == 4)
    // The order of rows does not matter, the seed does.
    let order = random.permutation(of: 1000)
    let permuted = BalancePlan.times(
      order.map { classes[$0] }, bits: order.map { bits[$0] }, targets: [300, 250], copiesMax: 4,
      seed: 1)
    #expect(permuted == order.map { times[$0] })
    #expect(
      BalancePlan.times(classes, bits: bits, targets: [300, 250], copiesMax: 4, seed: 2) != times)
  }

  @Test("a fraction of a weight is the share of rows shown once more")
  func weights() {
    let random = CounterRandom(seed: 1, stream: "weights")
    let sum = (0..<10_000).reduce(0) {
      $0 + TagWeights.times(1.25, bits: random.bits(UInt64($1)), random)
    }
    #expect(abs(sum - 12_500) < 200)
    #expect((0..<100).allSatisfy { TagWeights.times(2, bits: UInt64($0), random) == 2 })
    #expect((0..<100).allSatisfy { TagWeights.times(0, bits: UInt64($0), random) == 0 })
  }
}
