import Foundation
import Reproducibility
import Testing
import Training

@Suite("KTO, ORPO, CPO and reward losses")
struct AnswerLossTests {
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  static let points: [(Double, Double)] = {
    let random = CounterRandom(seed: 3, stream: "answer-loss")
    return (0..<60).map { i in
      (-4 * random.uniform(UInt64(2 * i)) - 0.01, -4 * random.uniform(UInt64(2 * i + 1)) - 0.01)
    }
  }()

  @Test("KTO's value and slope agree with the formula", arguments: KTOLoss.Kind.allCases)
  func kto(_ kind: KTOLoss.Kind) {
    let loss = KTOLoss(kind, beta: 0.4, desirableWeight: 1.3, undesirableWeight: 0.7)
    for (a, b) in Self.points {
      let (r, z) = (a - b, -b)
      for isDesirable in [true, false] {
        func formula(_ r: Double) -> Double {
          let shift = kind == .kto ? z : 0
          return isDesirable
            ? 1.3 * (1 - Self.sigmoid(0.4 * (r - shift)))
            : 0.7 * (1 - Self.sigmoid(0.4 * (shift - r)))
        }
        let value = loss.value(isDesirable: isDesirable, logRatio: r, divergence: z)
        #expect(abs(value.loss - formula(r)) < 1e-12)
        #expect(Slope.agrees(value.slope, formula, at: r))
      }
    }
  }

  @Test("mismatched answers turn by one within blocks in the order of the data")
  func mismatched() {
    #expect(KTOLoss.mismatched(rows: 10, microBatchSize: 4) == [3, 0, 1, 2, 7, 4, 5, 6, 9, 8])
    #expect(KTOLoss.mismatched(rows: 5, microBatchSize: 4) == [3, 0, 1, 2, 4])
    #expect(KTOLoss.mismatched(rows: 0, microBatchSize: 4) == [])
  }

  @Test("the divergence is a mean that is never negative")
  func divergence() {
    #expect(KTOLoss.divergence([1, 2, 6]) == 3)
    #expect(KTOLoss.divergence([1, -2]) == 0)
    #expect(KTOLoss.divergence([]) == 0)
  }

  @Test("weights balance the verdicts as the paper advises")
  func share() {
    let loss = KTOLoss(beta: 0.1, desirableWeight: 1, undesirableWeight: 2)
    #expect(loss.desirableShare(desirable: 8, undesirable: 3) == 8.0 / 6)
    #expect(loss.desirableShare(desirable: 8, undesirable: 0) == nil)
  }

  @Test("ORPO's value and slopes agree with the formula")
  func orpo() {
    let loss = ORPOLoss(beta: 0.2, likelihood: .answer)
    func formula(_ p: Double, _ q: Double) -> Double {
      let odds = exp(p) / (1 - exp(p)) / (exp(q) / (1 - exp(q)))
      return -0.2 * log(Self.sigmoid(log(odds)))
    }
    for (p, q) in Self.points where p < -0.2 && q < -0.2 {
      let value = loss.value(chosen: p, rejected: q)
      #expect(abs(value.loss - formula(p, q)) < 1e-10)
      #expect(Slope.agrees(value.dChosen, { formula($0, q) }, at: p))
      #expect(Slope.agrees(value.dRejected, { formula(p, $0) }, at: q))
    }
    for certain in [(0.0, -1.0), (-1, 0), (0, 0)] {
      let value = loss.value(chosen: certain.0, rejected: certain.1)
      #expect(value.loss.isFinite && value.dChosen.isFinite && value.dRejected.isFinite)
    }
  }

  static let cpoLosses: [CPOLoss] = CPOLoss.Kind.allCases.flatMap { kind in
    [0.0, 0.3].map { alpha in
      var loss = CPOLoss(kind, beta: 0.7)
      loss.alpha = alpha
      loss.gamma = 0.4
      loss.labelSmoothing = kind.readsSmoothing ? 0.1 : 0
      return loss
    }
  }

  @Test("CPO's value and slopes agree with the formula", arguments: cpoLosses)
  func cpo(_ loss: CPOLoss) {
    let (beta, e, alpha) = (loss.beta, loss.labelSmoothing, loss.alpha)
    func reward(_ a: Double) -> Double { alpha == 0 ? a : (1 - pow(exp(a), -alpha)) / alpha }
    func formula(_ a: Double, _ b: Double) -> Double {
      let m = reward(a) - reward(b)
      switch loss.kind {
      case .sigmoid:
        return -(1 - e) * log(Self.sigmoid(beta * m)) - e * log(Self.sigmoid(-beta * m))
      case .simpo:
        let x = beta * (m - loss.gamma / beta)
        return -(1 - e) * log(Self.sigmoid(x)) - e * log(Self.sigmoid(-x))
      case .hinge: return max(0, 1 - beta * m)
      case .ipo: return pow(m - 1 / (2 * beta), 2)
      }
    }
    for (a, b) in Self.points {
      let value = loss.value(chosen: a, rejected: b)
      let expected = formula(a, b)
      if loss.kind == .hinge, expected < 1e-2 { continue }
      #expect(abs(value.loss - expected) < 1e-10)
      #expect(Slope.agrees(value.dChosen, { formula($0, b) }, at: a))
      #expect(Slope.agrees(value.dRejected, { formula(a, $0) }, at: b))
      #expect(abs(value.rewardChosen - beta * reward(a)) < 1e-12)
      #expect(abs(value.rewardRejected - beta * reward(b)) < 1e-12)
    }
  }

  @Test("the reward loss agrees with the formula, margin and centering included")
  func reward() {
    for centering in [0.0, 0.05] {
      let loss = RewardLoss(centering: centering)
      for (c, w) in Self.points {
        func formula(_ c: Double, _ w: Double) -> Double {
          -log(Self.sigmoid(c - w - 0.3)) + centering * (c + w) * (c + w)
        }
        let value = loss.value(chosen: c, rejected: w, margin: 0.3)
        #expect(abs(value.loss - formula(c, w)) < 1e-12)
        #expect(Slope.agrees(value.dChosen, { formula($0, w) }, at: c))
        #expect(Slope.agrees(value.dRejected, { formula(c, $0) }, at: w))
      }
    }
  }

  @Test("reward statistics are TRL's")
  func rewardStatistics() {
    var statistics = RewardStatistics()
    statistics.add(chosen: 2, rejected: -1)
    statistics.add(chosen: 0, rejected: 0.5)
    #expect(
      statistics.means == [
        NamedValue("min_reward", -1), NamedValue("mean_reward", 0.375),
        NamedValue("max_reward", 2), NamedValue("accuracy", 0.5), NamedValue("margin", 1.25),
      ])
  }
}
