import Foundation
import Reproducibility
import Testing
import Training

@Suite("PolicyLoss")
struct PolicyLossTests {
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Completions whose ratios fall below, inside and above the clip.
  static let completions: [PolicyLoss.Completion] = {
    let random = CounterRandom(seed: 8, stream: "policy-loss")
    return (0..<6).map { i in
      let count = 1 + random.integer(UInt64(i), below: 5)
      func draws(_ stream: UInt64, _ spread: Double) -> [Double] {
        (0..<count).map { t in
          spread * random.normal(UInt64(1000 + i * 100 + t) + stream * 10_000)
        }
      }
      let old = draws(0, 0.5).map { -1 - abs($0) }
      return PolicyLoss.Completion(
        policy: zip(old, draws(1, 0.4)).map { $0 + $1 }, old: old,
        reference: zip(old, draws(2, 0.3)).map { $0 + $1 },
        advantage: i % 2 == 0 ? 0.7 + Double(i) : -0.9)
    }
  }()

  static let share = PolicyLoss.Share(microBatches: 3, stepTokens: 41)

  static let losses: [PolicyLoss] = PolicyLoss.Kind.allCases.flatMap { kind in
    PolicyLoss.Level.allCases.flatMap { level in
      [(0.0, nil, false), (0.1, 1.5, false), (0.1, nil, true)].map { beta, delta, corrects in
        var loss = PolicyLoss(kind, epsilonLow: 0.2, epsilonHigh: 0.3, completionTokensMax: 9)
        loss.level = level
        loss.beta = beta
        loss.delta = delta
        loss.correctsDivergence = corrects
        return loss
      }
    }
  }

  /// The loss by the formulas of TRL 1.16, written token by token over a padded table. `frozen` are
  /// the completions from which what has no gradient is computed.
  static func specification(
    _ loss: PolicyLoss, _ completions: [PolicyLoss.Completion], frozen: [PolicyLoss.Completion]
  ) -> Double {
    var perSequence: [[Double]] = []
    for (completion, still) in zip(completions, frozen) {
      let (lp, old, a) = (completion.policy, completion.old ?? [], completion.advantage)
      func ratios(_ policy: [Double]) -> [Double] {
        let logs = zip(policy, old).map { $0 - $1 }
        let mean = logs.reduce(0, +) / Double(logs.count)
        return logs.map { exp(loss.level == .token ? $0 : mean) }
      }
      let (moving, fixed) = (ratios(lp), ratios(still.policy))
      let w = exp(zip(still.policy, old).reduce(0) { $0 + $1.0 - $1.1 })
      let tokens = lp.indices.map { t -> Double in
        let rho = moving[t]
        var token: Double
        switch loss.kind {
        case .grpo, .bnpo, .drGRPO, .dapo, .luspo:
          let clamped = min(max(rho, 1 - loss.epsilonLow), 1 + loss.epsilonHigh)
          token = -min(min(rho, loss.delta ?? .infinity) * a, clamped * a)
        case .cispo: token = -min(fixed[t], loss.epsilonHigh) * a * lp[t]
        case .sapo:
          let tau = a > 0 ? 1.0 : 1.05
          token = -(4 / tau) * sigmoid(tau * (rho - 1)) * a
        case .vespo:
          let (k, lambda) = a >= 0 ? (2.0, 3.0) : (3.0, 2.0)
          token = -exp(lambda) * pow(w, k) * exp(-lambda * w) * a * lp[t]
        }
        let d = completion.reference[t] - lp[t]
        token += loss.beta * (exp(d) - d - 1) * (loss.correctsDivergence ? rho : 1)
        return token
      }
      perSequence.append(tokens)
    }
    let all = perSequence.flatMap { $0 }
    let rows = Double(perSequence.count)
    let sum = all.reduce(0, +)
    switch loss.kind {
    case .grpo, .sapo:
      return perSequence.reduce(0) { $0 + $1.reduce(0, +) / Double($1.count) } / rows / 3
    case .bnpo: return sum / Double(all.count) / 3
    case .drGRPO: return sum / (rows * 9) / 3
    case .dapo, .cispo, .vespo: return sum / 41
    case .luspo: return sum / rows / 3
    }
  }

  @Test("value and slopes agree with the formula and its difference", arguments: losses)
  func slopes(_ loss: PolicyLoss) {
    let value = loss.value(Self.completions, Self.share)
    let expected = Self.specification(loss, Self.completions, frozen: Self.completions)
    #expect(abs(value.loss - expected) < 1e-12 * max(1, abs(expected)))
    for i in Self.completions.indices {
      for t in Self.completions[i].policy.indices {
        func moved(_ x: Double) -> Double {
          var completions = Self.completions
          completions[i].policy[t] += x
          return Self.specification(loss, completions, frozen: Self.completions)
        }
        #expect(Slope.agrees(value.slopes[i][t], moved, at: 0), "completion \(i) token \(t)")
      }
    }
  }

  @Test("without old log-probabilities every ratio is 1 and the slope is the advantage")
  func onPolicy() {
    let completion = PolicyLoss.Completion(policy: [-1, -2], advantage: 0.5)
    let value = PolicyLoss(.dapo).value([completion], .init(microBatches: 1, stepTokens: 2))
    #expect(value.loss == -0.5)
    #expect(value.slopes == [[-0.25, -0.25]])
  }

  @Test("a completion that drifted too far with a negative advantage is left out")
  func offPolicy() {
    var loss = PolicyLoss(.bnpo)
    loss.offPolicyThreshold = 0.5
    let share = PolicyLoss.Share(microBatches: 1, stepTokens: 1)
    func slope(_ policy: Double, _ advantage: Double) -> Double {
      loss.value(
        [.init(policy: [policy], old: [-1], advantage: advantage)], share
      ).slopes[0][0]
    }
    #expect(slope(-1.1, -1) > 0)
    #expect(slope(-1.6, -1) == 0, "drift 0.6")
    #expect(slope(-1.6, 1) < 0, "a positive advantage stays")
  }

  @Test("statistics are TRL's: tokens cut below, above, either way")
  func statistics() {
    var loss = PolicyLoss(.grpo, epsilonLow: 0.2, epsilonHigh: 0.2)
    loss.beta = 0.5
    loss.correctsDivergence = false
    let up = PolicyLoss.Completion(
      policy: [-1, -1], old: [-2, -1], reference: [-1, -1], advantage: 1)
    let down = PolicyLoss.Completion(
      policy: [-3, -1, -1], old: [-1, -1, -1], reference: [-3, -1, -1 + log(2)], advantage: -1)
    let means = loss.value([up, down], .init(microBatches: 1, stepTokens: 5)).statistics.means
    let expected: [(String, Double)] = [
      ("kl", (2 - log(2) - 1) / 5), ("clip_ratio/low_mean", 0.2), ("clip_ratio/high_mean", 0.2),
      ("clip_ratio/region_mean", 0.4), ("clip_ratio/low_min", 0), ("clip_ratio/high_max", 0.5),
    ]
    #expect(means.map(\.name) == expected.map(\.0))
    for (mean, value) in zip(means, expected) {
      #expect(abs(mean.value - value.1) < 1e-12, "\(mean.name)")
    }
  }

  @Test("RLOO's value and slope agree with the formula")
  func leaveOneOut() {
    let loss = LeaveOneOutLoss(epsilonLow: 0.2, epsilonHigh: 0.3, beta: 0.1)
    for policy in stride(from: -2.01, to: -0.5, by: 0.1) {
      for advantage in [0.8, -0.6, 0] {
        func formula(_ lp: Double) -> Double {
          let rho = exp(lp + 1.2)
          return -min(rho * advantage, min(max(rho, 0.8), 1.3) * advantage)
        }
        let value = loss.value(policy: policy, old: -1.2, advantage: advantage)
        #expect(abs(value.loss - formula(policy)) < 1e-12)
        #expect(Slope.agrees(value.slope, formula, at: policy))
        #expect(value.isCutBelow == (exp(policy + 1.2) < 0.8 && advantage < 0))
        #expect(value.isCutAbove == (exp(policy + 1.2) > 1.3 && advantage > 0))
      }
    }
    #expect(loss.reward(2, sampled: [-1, -2], reference: [-3, -1]) == 2 - 0.1 * 1)
  }
}
