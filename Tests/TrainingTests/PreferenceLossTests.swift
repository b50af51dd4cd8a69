import Foundation
import Reproducibility
import Testing
import Training

@Suite("PreferenceLoss")
struct PreferenceLossTests {
  typealias Answer = PreferenceLoss.Answer

  /// The formulas of TRL 1.16 with nothing shared with the code under test.
  static func specification(_ loss: PreferenceLoss, _ c: Answer, _ r: Answer) -> Double {
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let s = loss.beta * ((c.policy - c.reference) - (r.policy - r.reference))
    let e = loss.labelSmoothing
    switch loss.kind {
    case .sigmoid: return -log(sigmoid(s))
    case .cdpo: return -(1 - e) * log(sigmoid(s)) - e * log(sigmoid(-s))
    case .robust:
      return (-(1 - e) * log(sigmoid(s)) + e * log(sigmoid(-s))) / (1 - 2 * e)
    case .hinge: return max(0, 1 - s)
    case .ipo:
      let a = (c.policy - c.reference) / Double(c.tokens)
      let b = (r.policy - r.reference) / Double(r.tokens)
      return pow(a - b - 1 / (2 * loss.beta), 2)
    }
  }

  static let losses = [
    PreferenceLoss(.sigmoid, beta: 0.1), PreferenceLoss(.hinge, beta: 0.3),
    PreferenceLoss(.ipo, beta: 0.2), PreferenceLoss(.robust, beta: 0.1, labelSmoothing: 0.1),
    PreferenceLoss(.cdpo, beta: 0.5, labelSmoothing: 0.2),
  ]

  @Test("value and slope agree with the formula and its central difference", arguments: losses)
  func slopes(_ loss: PreferenceLoss) {
    let random = CounterRandom(seed: 5, stream: "preference-loss")
    for trial in 0..<200 {
      let base = UInt64(trial) * 8
      func draw(_ k: UInt64) -> Double { -20 * random.uniform(base + k) }
      let chosen = Answer(
        policy: draw(0), reference: draw(1), tokens: 1 + random.integer(base + 4, below: 9))
      let rejected = Answer(
        policy: draw(2), reference: draw(3), tokens: 1 + random.integer(base + 5, below: 9))
      let value = loss.value(chosen: chosen, rejected: rejected)
      #expect(abs(value.loss - Self.specification(loss, chosen, rejected)) < 1e-9)
      let s = loss.beta * (chosen.logRatio - rejected.logRatio)
      if loss.kind == .hinge && abs(s - 1) < 1e-3 { continue }  // no derivative at the corner
      let h = 1e-5
      func moved(_ dc: Double, _ dr: Double) -> Double {
        var (c, r) = (chosen, rejected)
        c.policy += dc
        r.policy += dr
        return Self.specification(loss, c, r)
      }
      let dChosen = (moved(h, 0) - moved(-h, 0)) / (2 * h)
      let dRejected = (moved(0, h) - moved(0, -h)) / (2 * h)
      #expect(abs(value.dChosen - dChosen) < 1e-7 * max(1, abs(dChosen)), "trial \(trial)")
      #expect(abs(value.dRejected - dRejected) < 1e-7 * max(1, abs(dRejected)), "trial \(trial)")
    }
  }

  @Test("far from zero nothing overflows")
  func extremes() {
    for kind in [PreferenceLoss.Kind.sigmoid, .cdpo, .robust] {
      let loss = PreferenceLoss(kind, beta: 1, labelSmoothing: 0.1)
      for policy in [-1e6, 1e6] {
        let value = loss.value(
          chosen: Answer(policy: policy, reference: 0, tokens: 3),
          rejected: Answer(policy: 0, reference: 0, tokens: 3))
        #expect(value.loss.isFinite && value.dChosen.isFinite && value.dRejected.isFinite)
      }
    }
  }

  @Test("an untrained model has the loss log 2 and half the slope of beta")
  func start() {
    let equal = Answer(policy: -4, reference: -4, tokens: 2)
    let value = PreferenceLoss(.sigmoid, beta: 0.1).value(chosen: equal, rejected: equal)
    #expect(abs(value.loss - log(2)) < 1e-15)
    #expect(value.dChosen == -0.05 && value.dRejected == 0.05)
  }
}
