import Foundation
import Parallelism
import Reproducibility
import Scoring
import Testing

@Suite struct MeanIntervalTests {
  static let pool = ThreadPool(threads: 2)

  static func mean(
    _ values: [Double], range: ClosedRange<Double>? = nil, seed: UInt64 = 1, threads: Int = 2
  ) throws -> ConfidenceInterval {
    try .mean(
      of: values, confidence: 0.95, seed: seed, range: range, replicates: 2000,
      pool: ThreadPool(threads: threads))
  }

  static let skewed: [Double] = (0..<60).map { (k: UInt64) -> Double in
    exp(CounterRandom(seed: 2, stream: "values").normal(k))
  }

  @Test("the interval is the same for any number of threads and moves with the seed")
  func determinism() throws {
    #expect(try Self.mean(Self.skewed, threads: 1) == Self.mean(Self.skewed, threads: 4))
    #expect(try Self.mean(Self.skewed, seed: 1) != Self.mean(Self.skewed, seed: 2))
  }

  @Test("it is never narrower than Student's, and longer on the side of the long tail")
  func shape() throws {
    let interval = try Self.mean(Self.skewed)
    let reach =
      StudentDistribution.quantile(0.975, degrees: 59) * Summary.standardError(Self.skewed)
    #expect(interval.upper - interval.estimate > 1.1 * reach)
    #expect(interval.estimate - interval.lower >= reach * (1 - 1e-12))
    // Turned round, the other end is the longer one.
    let mirrored = try Self.mean(Self.skewed.map { -$0 })
    #expect(mirrored.estimate - mirrored.lower > 1.1 * reach)
  }

  @Test("for normal values it is close to Student's")
  func normal() throws {
    let random = CounterRandom(seed: 9, stream: "values")
    let values: [Double] = (0..<400).map { (k: UInt64) -> Double in random.normal(k) }
    let interval = try Self.mean(values)
    let reach = StudentDistribution.quantile(0.975, degrees: 399) * Summary.standardError(values)
    #expect(interval.halfWidth < 1.08 * reach)
  }

  @Test("one value says nothing, equal values give a point, or what their range leaves open")
  func withoutSpread() throws {
    let one = try Self.mean([0.4])
    #expect(one.lower == -.infinity && one.upper == .infinity && one.estimate == 0.4)
    #expect(try Self.mean([0.4], range: 0...1).upper == 1)
    let equal = try Self.mean([1, 1, 1, 1])
    #expect(equal.lower == 1 && equal.upper == 1)
    // 1 - 0.025^(1/4).
    let bounded = try Self.mean([1, 1, 1, 1], range: 0...1)
    #expect(abs(bounded.lower - 0.3976353643835253) < 1e-12 && bounded.upper == 1)
    let middle = try Self.mean([0, 0], range: -1...1)
    #expect(middle.lower < -0.8 && middle.upper == -middle.lower)
  }

  @Test("ends stay within the range of values")
  func range() throws {
    let values = [Double](repeating: 1, count: 12) + [0, 0]
    #expect(try Self.mean(values).upper > 1)
    let interval = try Self.mean(values, range: 0...1)
    #expect(interval.upper == 1 && interval.lower > 0.25)
  }

  @Test("BCa says nothing of one item and keeps within its range")
  func bca() throws {
    var items = AdditiveItems(width: 1)
    items.append([0.5])
    let one = try ConfidenceInterval.bca(
      items, confidence: 0.95, seed: 1, pool: Self.pool
    ) { $0[0] }
    #expect(one.lower == -.infinity && one.upper == .infinity)
    items.append([1])
    let two = try ConfidenceInterval.bca(
      items, confidence: 0.95, seed: 1, range: 0.9...2, pool: Self.pool
    ) { $0[0] }
    #expect(two.lower >= 0.9 && two.upper <= 2)
  }

  @Test("a relative change is a ratio less one, and says nothing over values around 0")
  func relative() throws {
    let base: [Double] = (0..<200).map { (k: Int) -> Double in 0.5 + Double(k % 7 - 3) / 10 }
    let better: [Double] = (0..<200).map { (k: Int) -> Double in
      base[k] * 1.1 + Double(k % 3 - 1) / 50
    }
    let change = try ConfidenceInterval.relativeChange(
      of: better, over: base, confidence: 0.95, seed: 1, replicates: 2000, pool: Self.pool)
    #expect(abs(change.estimate - 0.1) < 0.01 && change.lower > 0.09 && change.upper < 0.11)
    let around: [Double] = (0..<50).map { (k: Int) -> Double in Double(k % 5) - 1.9 }
    let nothing = try ConfidenceInterval.relativeChange(
      of: Array(base.prefix(50)), over: around, confidence: 0.95, seed: 1, pool: Self.pool)
    #expect(nothing.lower == -.infinity && nothing.upper == .infinity)
    // 5 % less is allowed: better than that by 15 % of the base.
    let contrast = try ConfidenceInterval.relativeContrast(
      of: better, over: base, margin: 0.05, confidence: 0.95, seed: 1, pool: Self.pool)
    #expect(contrast.lower > 0.1 * Summary.mean(base))
    let worse = try ConfidenceInterval.relativeContrast(
      of: base.map { $0 * 0.9 }, over: base, margin: 0.05, confidence: 0.95, seed: 1,
      pool: Self.pool)
    #expect(worse.upper < 0)
  }

  @Test("draws take every item about as often, and an odd number of them too")
  func draws() throws {
    var items = AdditiveItems(width: 3)
    for k in 0..<7 { items.append([k == 6 ? 1 : 0, k == 0 ? 1 : 0, 1]) }
    let counts = Mutex3()
    _ = try ConfidenceInterval.bca(
      items, confidence: 0.95, seed: 5, replicates: 3000, pool: ThreadPool(threads: 1)
    ) { sums in
      counts.add(sums)
      return sums[0] - sums[1]
    }
    // 3,000 samples of 7, the estimate, and 7 jackknife sums of 6.
    #expect(counts.value[2] == 21_000 + 7 + 42)
    for k in 0..<2 { #expect(abs(counts.value[k] - 3007) < 200, "\(counts.value[k])") }
  }
}

/// Sums of what a statistic was asked of, from one thread.
private final class Mutex3: @unchecked Sendable {
  // Used with a pool of one thread only.
  var value = [0.0, 0, 0]
  func add(_ sums: [Double]) { for k in 0..<3 { value[k] += sums[k] } }
}
