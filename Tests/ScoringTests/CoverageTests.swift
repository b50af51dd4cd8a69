import Foundation
import Parallelism
import Reproducibility
import Scoring
import Testing

/// How often 95 % intervals hold the truth. A short grid by default; COVERAGE names the experiments
/// of each combination of the whole one (`Scripts/bench-coverage.sh`), and rows are printed.
@Suite struct CoverageTests {
  static let whole = ProcessInfo.processInfo.environment["COVERAGE"].flatMap { Int($0) }
  static let bar = 0.93
  static let pool = ThreadPool(threads: ThreadPool.allowedCPUs)

  static func row(_ parts: String...) {
    if whole != nil { print("coverage  " + parts.joined(separator: "  ")) }
  }

  static func figure(_ value: Double, _ decimals: Int = 3) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// What was counted over experiments of one combination.
  struct Count: Sendable {
    var inside = 0
    var wins = 0
    var width = 0.0
  }

  /// Runs experiments by their numbers, in parallel.
  static func count(_ trials: Int, _ body: @Sendable (Int, inout Count) throws -> Void) throws
    -> Count
  {
    let counts = try pool.map(Array(0..<20)) { block in
      var count = Count()
      for trial in stride(from: block, to: trials, by: 20) { try body(trial, &count) }
      return count
    }
    return counts.reduce(into: Count()) { sum, part in
      sum.inside += part.inside
      sum.wins += part.wins
      sum.width += part.width
    }
  }

  /// Accuracies of the baseline, shares of items that differ, and how much of these speaks for the
  /// candidate alone; those that fit together.
  static var shares: [(accuracy: Double, discordance: Double, gain: Double)] {
    let accuracies = stride(from: 5, through: 95, by: whole == nil ? 30 : 5).map {
      Double($0) / 100
    }
    var found: [(accuracy: Double, discordance: Double, gain: Double)] = []
    for accuracy in accuracies {
      for discordance in whole == nil ? [0.05, 0.2] : [0.02, 0.05, 0.1, 0.2, 0.3, 0.4] {
        for part in whole == nil ? [0, 0.5] : [0, 0.25, 0.5, 0.75] {
          let gain = discordance * part
          let (gained, lost) = ((discordance + gain) / 2, (discordance - gain) / 2)
          if lost <= accuracy, gained <= 1 - accuracy {
            found.append((accuracy, discordance, gain))
          }
        }
      }
    }
    return found
  }

  @Test(
    "paired shares: Tango's interval covers, and equal models rarely win",
    arguments: [50, 200, 1000])
  func pairedShares(n: Int) throws {
    let trials = Self.whole ?? 400
    var (least, most) = (1.0, 0.0)
    for (number, share) in Self.shares.enumerated() {
      let random = CounterRandom(seed: UInt64(n), stream: "coverage-paired", UInt64(number))
      let gainedShare = (share.discordance + share.gain) / 2
      let count = try Self.count(trials) { trial, count in
        var (gained, lost) = (0, 0)
        for item in 0..<n {
          let u = random.uniform(UInt64(trial * n + item))
          if u < gainedShare { gained += 1 } else if u < share.discordance { lost += 1 }
        }
        let interval = ConfidenceInterval.tango(gained: gained, lost: lost, of: n, confidence: 0.95)
        if interval.lower <= share.gain, share.gain <= interval.upper { count.inside += 1 }
        if GateDecision.atLeast(0, interval, strictly: true) == .pass { count.wins += 1 }
        count.width += interval.halfWidth
      }
      let covered = Double(count.inside) / Double(trials)
      let wins = Double(count.wins) / Double(trials)
      Self.row(
        "tango", "n \(n)", "accuracy \(Self.figure(share.accuracy, 2))",
        "discordance \(Self.figure(share.discordance, 2))", "gain \(Self.figure(share.gain))",
        "covered \(Self.figure(covered))", share.gain == 0 ? "wins \(Self.figure(wins))" : "",
        "half-width \(Self.figure(count.width / Double(trials), 4))")
      #expect(covered >= (Self.whole == nil ? 0.92 : Self.bar), "n \(n), \(share): \(covered)")
      least = min(least, covered)
      if share.gain == 0 {
        #expect(wins <= 0.05, "n \(n), \(share): \(wins)")
        most = max(most, wins)
      }
    }
    Self.row(
      "tango", "n \(n)", "\(Self.shares.count) combinations of \(trials)",
      "least covered \(Self.figure(least))", "most wins of equal models \(Self.figure(most))")
  }

  /// Over every possible result, by its probability: no experiments.
  @Test("single shares: Wilson's interval covers exactly so often", arguments: [50, 200, 1000])
  func singleShares(n: Int) {
    let intervals = (0...n).map {
      ConfidenceInterval.wilson(successes: $0, of: n, confidence: 0.95)
    }
    for percent in stride(from: 5, through: 95, by: 5) {
      let p = Double(percent) / 100
      var covered = 0.0
      for (k, interval) in intervals.enumerated() where interval.lower <= p && p <= interval.upper {
        covered += exp(Self.logChoose(n, k) + Double(k) * log(p) + Double(n - k) * log(1 - p))
      }
      Self.row(
        "wilson", "n \(n)", "share \(Self.figure(p, 2))", "covered \(Self.figure(covered, 4))")
      #expect(covered >= Self.bar, "n \(n), share \(p)")
    }
  }

  static func logChoose(_ n: Int, _ k: Int) -> Double {
    let above: Double = lgamma(Double(n + 1))
    let below: Double = lgamma(Double(k + 1)) + lgamma(Double(n - k + 1))
    return above - below
  }

  struct Values: Sendable {
    var name: String
    var truth: Double
    var draw: @Sendable (CounterRandom, UInt64) -> Double

    init(
      _ name: String, _ truth: Double, _ draw: @escaping @Sendable (CounterRandom, UInt64) -> Double
    ) {
      self.name = name
      self.truth = truth
      self.draw = draw
    }
  }

  static let values: [Values] = [
    Values("normal", 0) { $0.normal($1) },
    Values("exponential", 1) { -log(1 - $0.uniform($1)) },
    Values("squared normal", 1) { pow($0.normal($1), 2) },
    Values("log-normal", exp(0.5)) { exp($0.normal($1)) },
    // F1-like: right, wrong or partly right.
    Values("scores, 1 in 10 right", 0.18) { score($0, $1, 0.1) },
    Values("scores, half right", 0.5) { score($0, $1, 0.5) },
    Values("scores, 9 in 10 right", 0.82) { score($0, $1, 0.9) },
    Values("differences of scores", 0.04) { random, index in
      random.uniform(3 * index) < 0.7
        ? 0 : score(random, 3 * index + 1, 0.6) - score(random, 3 * index + 2, 0.6 - 0.4 / 2.4)
    },
  ]

  /// 0 or 1, and one time in five something between.
  static func score(_ random: CounterRandom, _ index: UInt64, _ right: Double) -> Double {
    let (kind, value) = (random.uniform(2 * index), random.uniform(2 * index + 1))
    return kind < 0.2 ? value : (kind - 0.2) / 0.8 < right ? 1 : 0
  }

  @Test(
    "means of continuous values: the studentised bootstrap covers, and no gain rarely wins",
    arguments: [50, 200])
  func means(n: Int) throws {
    let trials = Self.whole ?? 200
    for (number, values) in Self.values.enumerated() where Self.whole != nil || number % 3 == 0 {
      let random = CounterRandom(seed: UInt64(n), stream: "coverage-mean", UInt64(number))
      let bca = Self.whole == nil ? 0 : 1
      let count = try Self.count(trials) { trial, count in
        let sample = (0..<n).map { values.draw(random, UInt64(trial * n + $0)) }
        let interval = try ConfidenceInterval.mean(
          of: sample, confidence: 0.95, seed: UInt64(trial), replicates: 1000,
          pool: ThreadPool(threads: 1))
        if interval.lower <= values.truth, values.truth <= interval.upper { count.inside += 1 }
        if interval.lower > values.truth { count.wins += 1 }
        count.width += interval.halfWidth
      }
      let peer = try Self.count(trials * bca) { trial, count in
        var items = AdditiveItems(width: 2)
        for item in 0..<n { items.append([values.draw(random, UInt64(trial * n + item)), 1]) }
        let interval = try ConfidenceInterval.bca(
          items, confidence: 0.95, seed: UInt64(trial), replicates: 1000,
          pool: ThreadPool(threads: 1)
        ) { $0[0] / $0[1] }
        if interval.lower <= values.truth, values.truth <= interval.upper { count.inside += 1 }
      }
      let covered = Double(count.inside) / Double(trials)
      Self.row(
        "mean", "n \(n)", values.name, "covered \(Self.figure(covered))",
        "above the truth \(Self.figure(Double(count.wins) / Double(trials)))",
        "(BCa \(Self.figure(Double(peer.inside) / Double(trials))))",
        "half-width \(Self.figure(count.width / Double(trials)))")
      #expect(
        covered >= (Self.whole == nil ? 0.91 : Self.bar), "n \(n), \(values.name): \(covered)")
      #expect(Double(count.wins) / Double(trials) <= 0.05, "n \(n), \(values.name)")
    }
  }

  @Test("statistics of sums: BCa covers a perplexity and a relative change", arguments: [50, 200])
  func statistics(n: Int) throws {
    let trials = Self.whole ?? 200
    for name in ["perplexity", "relative change"] {
      let random = CounterRandom(seed: UInt64(n), stream: "coverage-sums")
      let isRatio = name == "relative change"
      // Losses of 2 per token on average over texts of uneven length; scores 10 % better.
      let truth = isRatio ? 0.1 : exp(2.0)
      let count = try Self.count(trials) { trial, count in
        var items = AdditiveItems(width: 2)
        var (first, second): ([Double], [Double]) = ([], [])
        for item in 0..<n {
          let index = UInt64(trial * n + item)
          if isRatio {
            let base = 0.2 + 0.6 * random.uniform(3 * index)
            second.append(base + 0.1 * random.normal(3 * index + 1))
            first.append(1.1 * base + 0.1 * random.normal(3 * index + 2))
          } else {
            let tokens = (20 + 80 * random.uniform(3 * index)).rounded()
            items.append([tokens * 2 * -log(1 - random.uniform(3 * index + 1)), tokens])
          }
        }
        let interval =
          isRatio
          ? try ConfidenceInterval.relativeChange(
            of: first, over: second, confidence: 0.95, seed: UInt64(trial), replicates: 1000,
            pool: ThreadPool(threads: 1))
          : try ConfidenceInterval.bca(
            items, confidence: 0.95, seed: UInt64(trial), replicates: 1000,
            pool: ThreadPool(threads: 1)
          ) { Summary.perplexity(negativeLogLikelihood: $0[0], units: $0[1]) }
        if interval.lower <= truth, truth <= interval.upper { count.inside += 1 }
      }
      let covered = Double(count.inside) / Double(trials)
      Self.row("sums", "n \(n)", name, "covered \(Self.figure(covered))")
      #expect(covered >= (Self.whole == nil ? 0.91 : Self.bar), "n \(n), \(name): \(covered)")
    }
  }

  @Test("speed of the bootstraps", .enabled(if: whole != nil, "COVERAGE is not set"))
  func speed() throws {
    let random = CounterRandom(seed: 1, stream: "speed")
    let values: [Double] = (0..<14_042).map { (k: UInt64) -> Double in random.uniform(k) }
    var items = AdditiveItems(width: 2)
    for value in values { items.append([value, 1]) }
    let one = ThreadPool(threads: 1)
    let clock = ContinuousClock()
    let bca = try clock.measure {
      _ = try ConfidenceInterval.bca(items, confidence: 0.95, seed: 1, pool: one) { $0[0] / $0[1] }
    }
    let mean = try clock.measure {
      _ = try ConfidenceInterval.mean(of: values, confidence: 0.95, seed: 1, pool: one)
    }
    Self.row("speed", "10,000 replicates of 14,042 items, one thread: BCa \(bca), mean \(mean)")
  }
}
