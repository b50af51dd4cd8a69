import Parallelism
import Reproducibility
import Scoring
import Testing

@Suite struct IntervalTests {
  static func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance
  }

  @Test(
    "the normal quantile undoes the distribution function",
    arguments: [
      1e-8, 0.001, 0.02, 0.024, 0.025, 0.3, 0.5, 0.8, 0.975, 0.98, 0.9999,
    ])
  func quantile(p: Double) {
    let x = NormalDistribution.quantile(p)
    #expect(Self.near(NormalDistribution.cumulative(x), p, 1e-13 + 1e-12 * p))
    #expect(Self.near(NormalDistribution.quantile(0.975), 1.959963984540054, 1e-12))
  }

  /// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  @Test(
    "Wilson's interval gives the published values",
    arguments: [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
      (1, 29, 0.0061, 0.1718),
    ])
  func wilson(successes: Int, count: Int, lower: Double, upper: Double) {
    let interval = ConfidenceInterval.wilson(successes: successes, of: count, confidence: 0.95)
    #expect(Self.near(interval.lower, lower, 5e-5))
    #expect(Self.near(interval.upper, upper, 5e-5))
  }

  @Test("Wilson's interval is the set of proportions a score test accepts")
  func wilsonBySearch() {
    for (successes, count) in [(3, 10), (0, 7), (50, 51), (400, 1000)] {
      let interval = ConfidenceInterval.wilson(successes: successes, of: count, confidence: 0.9)
      let z = NormalDistribution.quantile(0.95)
      let estimate = Double(successes) / Double(count)
      for step in 1..<2000 {
        let p = Double(step) / 2000
        let score = abs(estimate - p) / (p * (1 - p) / Double(count)).squareRoot()
        let isInside = p > interval.lower && p < interval.upper
        #expect((score < z) == isInside, "\(successes) of \(count) at \(p)")
      }
    }
  }

  /// The score with the constrained maximum found by search over the likelihood, not by formula.
  @Test("Tango's interval is the set of differences a score test accepts")
  func tangoBySearch() {
    for (b, c, n) in [(40, 20, 160), (3, 0, 20), (0, 0, 10), (7, 9, 30), (12, 1, 15), (5, 5, 10)] {
      let interval = ConfidenceInterval.tango(gained: b, lost: c, of: n, confidence: 0.95)
      let z = 1.959963984540054
      for step in -99...99 {
        let delta = Double(step) / 100
        if min(abs(delta - interval.lower), abs(delta - interval.upper)) < 1e-3 { continue }
        let q = Self.constrainedMaximum(Double(b), Double(c), Double(n), delta)
        let variance = Double(n) * (2 * q + delta * (1 - delta))
        let top = Double(b - c) - Double(n) * delta
        let accepts = abs(top) < z * max(variance, 1e-300).squareRoot()
        let isInside = delta > interval.lower && delta < interval.upper
        #expect(accepts == isInside, "b \(b) c \(c) n \(n) at \(delta)")
      }
    }
  }

  /// The q in its range that maximises b ln(q + Δ) + c ln q + (n - b - c) ln(1 - 2q - Δ).
  static func constrainedMaximum(_ b: Double, _ c: Double, _ n: Double, _ delta: Double) -> Double {
    var (low, high) = (max(0, -delta), (1 - delta) / 2)
    func slope(_ q: Double) -> Double {
      (b == 0 ? 0 : b / (q + delta)) + (c == 0 ? 0 : c / q)
        - (n - b - c == 0 ? 0 : 2 * (n - b - c) / (1 - 2 * q - delta))
    }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if slope(middle) > 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  @Test("Tango's interval does not collapse when nothing differs")
  func tangoWithoutDifferences() {
    let interval = ConfidenceInterval.tango(gained: 0, lost: 0, of: 100, confidence: 0.95)
    #expect(interval.estimate == 0)
    #expect(Self.near(interval.upper, 0.037, 1e-3) && Self.near(interval.lower, -0.037, 1e-3))
    let all = ConfidenceInterval.tango(gained: 10, lost: 0, of: 10, confidence: 0.95)
    #expect(all.upper == 1 && all.lower > 0.4)
  }

  @Test("swapping the models mirrors Tango's interval")
  func tangoSymmetry() {
    for (b, c, n) in [(4, 1, 12), (30, 2, 400), (0, 3, 9)] {
      let one = ConfidenceInterval.tango(gained: b, lost: c, of: n, confidence: 0.95)
      let other = ConfidenceInterval.tango(gained: c, lost: b, of: n, confidence: 0.95)
      #expect(
        Self.near(one.lower, -other.upper, 1e-12) && Self.near(one.upper, -other.lower, 1e-12))
    }
  }

  @Test(
    "95 % intervals of paired shares hold the truth at least 93 times in a hundred",
    arguments: [
      (20, 0.2, 0.1), (50, 0.1, 0.1), (50, 0.5, 0.05), (100, 0.05, 0.01), (200, 0.15, 0.1),
    ])
  func tangoCoverage(n: Int, gainShare: Double, lossShare: Double) {
    let trials = 2000
    let random = CounterRandom(seed: 11, stream: "coverage", UInt64(n) &* 1009)
    var inside = 0
    for trial in 0..<trials {
      var (gained, lost) = (0, 0)
      for item in 0..<n {
        let u = random.uniform(UInt64(trial * n + item))
        if u < gainShare { gained += 1 } else if u < gainShare + lossShare { lost += 1 }
      }
      let interval = ConfidenceInterval.tango(gained: gained, lost: lost, of: n, confidence: 0.95)
      let truth = gainShare - lossShare
      if interval.lower <= truth, truth <= interval.upper { inside += 1 }
    }
    #expect(Double(inside) / Double(trials) >= 0.93, "covered \(inside) of \(trials)")
  }

  @Test("95 % bootstrap intervals of a skewed mean hold the truth at least 90 times in a hundred")
  func bootstrapCoverage() throws {
    let trials = 300
    let random = CounterRandom(seed: 5, stream: "coverage")
    var inside = 0
    for trial in 0..<trials {
      var items = AdditiveItems(width: 2)
      for item in 0..<60 {
        // Squares of a normal value: mean 1, strongly skewed.
        let x = random.normal(UInt64(trial * 60 + item))
        items.append([x * x, 1])
      }
      let interval = try ConfidenceInterval.bca(
        items, confidence: 0.95, seed: UInt64(trial), replicates: 1000, pool: ThreadPool(threads: 2)
      ) { $0[0] / $0[1] }
      if interval.lower <= 1, 1 <= interval.upper { inside += 1 }
    }
    #expect(Double(inside) / Double(trials) >= 0.90, "covered \(inside) of \(trials)")
  }

  @Test("a bootstrap interval is the same for any number of threads and moves with the seed")
  func bootstrapDeterminism() throws {
    var items = AdditiveItems(width: 2)
    for k in 0..<40 { items.append([Double(k * k % 17), 1]) }
    let mean: @Sendable ([Double]) -> Double = { $0[0] / $0[1] }
    func interval(_ threads: Int, _ seed: UInt64) throws -> ConfidenceInterval {
      try .bca(items, confidence: 0.95, seed: seed, pool: ThreadPool(threads: threads), mean)
    }
    #expect(try interval(1, 3) == interval(4, 3))
    #expect(try interval(1, 3) != interval(1, 4))
    let one = try interval(1, 3)
    #expect(one.lower < one.estimate && one.estimate < one.upper)
  }

  @Test("a bootstrap of equal items is a point")
  func bootstrapOfConstants() throws {
    var items = AdditiveItems(width: 2)
    for _ in 0..<5 { items.append([2, 1]) }
    let interval = try ConfidenceInterval.bca(
      items, confidence: 0.95, seed: 1, pool: ThreadPool(threads: 1)
    ) { $0[0] / $0[1] }
    #expect(interval.lower == 2 && interval.upper == 2)
  }
}
