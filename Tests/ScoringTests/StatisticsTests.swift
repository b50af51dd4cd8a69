import Foundation
import Parallelism
import Scoring
import Testing

@Suite struct StatisticsTests {
  static func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
  }

  static let pool = ThreadPool(threads: 2)

  /// scipy.stats.t 1.17.1.
  @Test(
    "Student's distribution equals scipy's",
    arguments: [
      (1.0, 2.0, 0.8524163823495667), (2.5, -1.3, 0.15024339463535416),
      (7, 0.4, 0.6494591664147975), (49, 2.0096, 0.9750013571516734),
      (1319, -3, 0.0013752231821410885), (13.7, 6, 0.9999821707926598), (3, 0, 0.5),
    ])
  func student(degrees: Double, x: Double, p: Double) {
    #expect(Self.near(StudentDistribution.cumulative(x, degrees: degrees), p, 1e-12))
  }

  @Test(
    "its quantiles equal scipy's",
    arguments: [
      (1.0, 0.975, 12.706204736174694), (3, 0.9, 1.637744353696209),
      (49, 0.975, 2.0095752371292392),
      (1318, 0.975, 1.9617655127673146), (0.5, 0.99, 1028.4910104716198),
      (49, 0.025, -2.0095752371292392), (9, 0.5, 0),
    ])
  func studentQuantile(degrees: Double, p: Double, x: Double) {
    #expect(Self.near(StudentDistribution.quantile(p, degrees: degrees), x, 1e-10))
  }

  /// The half-width of the reference text: 8.8 points for 100 items of which 20 % differ, 0.74 for
  /// 14,042 of MMLU, 2.4 for 1,319 of GSM8K.
  @Test("what a test set can show before the run")
  func power() throws {
    #expect(Self.near(TestPower.expectedHalfWidth(items: 100, discordance: 0.2), 0.088, 5e-4))
    #expect(Self.near(TestPower.expectedHalfWidth(items: 14_042, discordance: 0.2), 0.0074, 5e-5))
    #expect(Self.near(TestPower.expectedHalfWidth(items: 1319, discordance: 0.2), 0.024, 2e-4))
    let difference = try #require(
      TestPower.detectableDifference(items: 1000, discordance: 0.2))
    #expect(Self.near(difference, 0.0395, 2e-3))
    let items = TestPower.items(toDetect: difference, discordance: 0.2)
    #expect((1000...1001).contains(items))
    // (1.96 √0.2 + 0.8416 √0.2)² × 0.2 / 0.02² / 0.2 without the difference under the root.
    #expect(TestPower.items(forMargin: 0.02, discordance: 0.2) == 3925)
    #expect(TestPower.detectableDifference(items: 10, discordance: 0.1) == nil)
    #expect(TestPower.detectableDifference(items: 1000, discordance: 1) ?? 1 < 0.09)
    #expect(Self.near(TestPower.detectableDifference(items: 400, deviation: 0.4), 0.05603, 1e-5))
    #expect(TestPower.items(toDetect: -0.1, discordance: 0.1) == 77)
  }

  @Test("a win rate counts ties half, its Elo difference is the usual one, and both ends follow")
  func winRate() {
    let even = WinRate(wins: 10, ties: 5, losses: 10)
    #expect(even.rate(confidence: 0.95).estimate == 0.5 && even.elo(confidence: 0.95).estimate == 0)
    let better = WinRate(wins: 60, ties: 20, losses: 20)
    let rate = better.rate(confidence: 0.95)
    #expect(Self.near(rate.estimate, 0.7) && rate.lower > 0.6 && rate.upper < 0.79)
    let elo = better.elo(confidence: 0.95)
    #expect(Self.near(elo.estimate, 147.19071411783779, 1e-10))
    #expect(Self.near(elo.lower, WinRate.elo(rate.lower)))
    #expect(Self.near(WinRate.elo(10.0 / 11), 400) && Self.near(WinRate.elo(1.0 / 11), -400))
    let all = WinRate(wins: 4, ties: 0, losses: 0).elo(confidence: 0.95)
    #expect(all.estimate == .infinity && all.upper == .infinity && all.lower.isFinite)
    // Fewer ties, the same rate: less is known.
    let split = WinRate(wins: 70, ties: 0, losses: 30).rate(confidence: 0.95)
    #expect(split.halfWidth > rate.halfWidth)
  }

  @Test("the mean of strata weighs them, and its error comes from within them")
  func strata() {
    let one = Stratum([1, 2, 3, 4])
    let alone = ConfidenceInterval.stratified([one], confidence: 0.95)
    let t = StudentDistribution.quantile(0.975, degrees: 3)
    #expect(alone.estimate == 2.5)
    #expect(Self.near(alone.upper, 2.5 + t * Summary.standardError(one.values)))
    let two = ConfidenceInterval.stratified([one, Stratum([10, 10, 10, 10])], confidence: 0.95)
    #expect(two.estimate == 6.25 && Self.near(two.halfWidth, alone.halfWidth / 2))
    let weighted = ConfidenceInterval.stratified(
      [Stratum([1, 2, 3, 4], weight: 3), Stratum([10, 11], weight: 1)], confidence: 0.95)
    #expect(Self.near(weighted.estimate, 0.75 * 2.5 + 0.25 * 10.5))
    // A single value takes the pooled variance, 5/3 of one stratum alone here.
    let single = ConfidenceInterval.stratified([one, Stratum([10], weight: 4)], confidence: 0.95)
    let variance = 5.0 / 3
    let error = (0.25 * variance / 4 + 0.25 * variance).squareRoot()
    let degrees = 3 * 1.25 * 1.25 / 1.0625
    let reach = StudentDistribution.quantile(0.975, degrees: degrees) * error
    #expect(Self.near(single.halfWidth, reach, 1e-6))
    let none = ConfidenceInterval.stratified([Stratum([1]), Stratum([2])], confidence: 0.95)
    #expect(none.lower == -.infinity && none.estimate == 1.5)
    #expect(ConfidenceInterval.stratified([Stratum([2, 2])], confidence: 0.95).halfWidth == 0)
  }

  /// `random.Random(seed)` of Python 3.11.
  @Test("the Mersenne Twister gives Python's numbers")
  func python() {
    var zero = PythonRandom(seed: 0)
    #expect(zero.unit() == 0.8444218515250481 && zero.unit() == 0.7579544029403025)
    var large = PythonRandom(seed: 1 << 40 | 1234)
    let values = (0..<1000).map { _ in large.unit() }
    #expect(values[0] == 0.796128647990759 && values[999] == 0.31421878164282036)
    var some = PythonRandom(seed: 1234)
    #expect(some.unit() == 0.9664535356921388)
    #expect((0..<3).map { _ in some.choice(of: 10) } == [4, 0, 9])
  }

  @Test("slices hold every item once, in the order of their values, those without last")
  func slices() {
    let columns = [["l": "en"], ["l": "de"], [:], ["l": "en", "x": "1"]]
    let slices = Slice.group(columns, by: "l")
    #expect(
      slices == [Slice("de", items: [1]), Slice("en", items: [0, 3]), Slice(nil, items: [2])])
    #expect(slices[1].select([5.0, 6, 7, 8]) == [5, 8])
    #expect(Slice.group([], by: "l").isEmpty)
  }
}
