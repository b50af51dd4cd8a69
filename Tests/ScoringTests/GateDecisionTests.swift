import Scoring
import Testing

@Suite struct GateDecisionTests {
  static func interval(_ lower: Double, _ upper: Double) -> ConfidenceInterval {
    ConfidenceInterval(
      estimate: (lower + upper) / 2, lower: lower, upper: upper, confidence: 0.95, method: "")
  }

  @Test(
    "a bound from below",
    arguments: [
      (0.2, 0.4, 0.1, GateDecision.pass), (0.2, 0.4, 0.3, .inconclusive), (0.2, 0.4, 0.5, .refused),
      (0.2, 0.4, 0.4, .inconclusive),
    ])
  func atLeast(lower: Double, upper: Double, bound: Double, decision: GateDecision) {
    #expect(GateDecision.atLeast(bound, Self.interval(lower, upper), strictly: true) == decision)
  }

  @Test("an end that equals the bound is enough for 'at least' and not for 'better than'")
  func ends() {
    #expect(GateDecision.atLeast(0.2, Self.interval(0.2, 0.4), strictly: false) == .pass)
    #expect(GateDecision.atLeast(0.2, Self.interval(0.2, 0.4), strictly: true) == .inconclusive)
    #expect(GateDecision.atMost(0.4, Self.interval(0.2, 0.4)) == .pass)
    #expect(GateDecision.atMost(0.3, Self.interval(0.2, 0.4)) == .inconclusive)
    #expect(GateDecision.atMost(0.1, Self.interval(0.2, 0.4)) == .refused)
  }

  @Test("the worst decision counts")
  func worst() {
    #expect(GateDecision.worst([]) == .pass)
    #expect(GateDecision.worst([.pass, .inconclusive]) == .inconclusive)
    #expect(GateDecision.worst([.inconclusive, .refused, .pass]) == .refused)
  }

  @Test("the items that would settle a difference halve the width where four times as many are")
  func itemsToSettle() {
    // Estimate 0.3, half-width 0.1, bound 0.25: half the distance needs four times the items.
    #expect(TestPower.itemsToSettle(Self.interval(0.2, 0.4), bound: 0.25, count: 100) == 400)
    #expect(TestPower.itemsToSettle(Self.interval(0.2, 0.4), bound: 0.3, count: 100) == nil)
    let detectable = TestPower.detectableDifference(
      Self.interval(-1.959963984540054, 1.959963984540054))
    #expect(abs(detectable - (1.959963984540054 + 0.8416212335729143)) < 1e-9)
  }
}
