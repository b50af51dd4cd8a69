import Foundation
import Reproducibility
import Testing
import Training

@Suite("PreferenceLoss")
struct PreferenceLossTests {
  typealias Answer = PreferenceLoss.Answer

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// f'(policy / reference) up to what TRL 1.16 keeps of it.
  static func score(_ divergence: RatioDivergence, _ r: Double) -> Double {
    let t = exp(r)
    return switch divergence {
    case .reverseKL: log(t)
    case .forwardKL: 1 - 1 / t
    case .jensenShannon: log(2 * t / (1 + t))
    case .alpha(let a): (pow(t, a - 1) - 1) / (a - 1)
    }
  }

  /// The formulas of TRL 1.16, pair by pair, with nothing shared with the code under test.
  static func specification(
    _ loss: PreferenceLoss, _ kind: PreferenceLoss.Kind, _ c: Answer, _ r: Answer
  ) -> Double {
    let (beta, e) = (loss.beta, loss.labelSmoothing)
    let (rc, rr) = (c.policy - c.reference, r.policy - r.reference)
    let (sc, sr) = (score(loss.divergence, rc), score(loss.divergence, rr))
    let (n, k) = (Double(c.tokens), Double(r.tokens))
    let x = beta * (sc - sr)
    switch kind {
    case .sigmoid: return -log(sigmoid(x))
    case .cdpo, .aot, .aotUnpaired: return -(1 - e) * log(sigmoid(x)) - e * log(sigmoid(-x))
    case .robust:
      return (-(1 - e) * log(sigmoid(x)) + e * log(sigmoid(-x))) / (1 - 2 * e)
    case .hinge: return max(0, 1 - x)
    case .ipo: return pow(sc / n - sr / k - 1 / (2 * beta), 2)
    case .sigmoidNorm: return -log(sigmoid(beta * (sc / n - sr / k)))
    case .exoPair:
      let (q, p) = (sigmoid(x), sigmoid(-x))
      return q * (log(q) - log(1 - e)) + p * (log(p) - log(e))
    case .ncaPair:
      return -log(sigmoid(beta * rc)) - log(sigmoid(-beta * rc)) / 2 - log(sigmoid(-beta * rr)) / 2
    case .bcoPair: return -log(sigmoid(beta * rc)) - log(sigmoid(-beta * rr))
    case .sppoHard: return pow(rc - 1 / (2 * beta), 2) + pow(rr + 1 / (2 * beta), 2)
    case .apoZero: return 1 - sigmoid(beta * rc) + sigmoid(beta * rr)
    case .apoDown: return sigmoid(beta * rc) + 1 - sigmoid(beta * (rc - rr))
    case .discopop:
      let m = sigmoid(x / loss.discopopTau)
      return -log(sigmoid(x)) * (1 - m) + exp(-x) * m
    case .sft: return -c.plainPolicy / n
    }
  }

  /// Every kind, every divergence, with and without smoothing where it is read.
  static let losses: [PreferenceLoss] = {
    let divergences: [RatioDivergence] = [
      .reverseKL, .forwardKL, .jensenShannon, .alpha(0.5), .alpha(2),
    ]
    return PreferenceLoss.Kind.allCases.flatMap { kind in
      divergences.map { divergence in
        var loss = PreferenceLoss(
          kind, beta: 0.3, labelSmoothing: kind.readsSmoothing ? 0.15 : 0)
        loss.divergence = divergence
        loss.discopopTau = 0.5
        return loss
      }
    }
  }()

  private static func pair(_ random: CounterRandom, _ trial: Int) -> PreferenceLoss.Pair {
    let base = UInt64(trial) * 8
    func draw(_ k: UInt64) -> Double { -6 * random.uniform(base + k) }
    return (
      Answer(policy: draw(0), reference: draw(1), tokens: 1 + random.integer(base + 4, below: 9)),
      Answer(policy: draw(2), reference: draw(3), tokens: 1 + random.integer(base + 5, below: 9))
    )
  }

  @Test("value and slopes agree with the formula and its difference", arguments: losses)
  func slopes(_ loss: PreferenceLoss) {
    let random = CounterRandom(seed: 5, stream: "preference-loss")
    let kind = loss.terms[0].kind
    // The sorted kinds see log-ratios only.
    var plain = loss
    if [.aot, .aotUnpaired].contains(kind) { plain.divergence = .reverseKL }
    for trial in 0..<60 {
      let (chosen, rejected) = Self.pair(random, trial)
      let value = loss.value(chosen: chosen, rejected: rejected)
      let expected = Self.specification(plain, kind, chosen, rejected)
      #expect(abs(value.loss - expected) < 1e-9 * max(1, abs(expected)), "trial \(trial)")
      func moved(_ dc: Double, _ dr: Double, _ dp: Double = 0) -> Double {
        var (c, r) = (chosen, rejected)
        c.policy += dc
        r.policy += dr
        c.plainPolicy += dp
        return Self.specification(plain, kind, c, r)
      }
      // No derivative at the corner.
      if kind == .hinge, abs(moved(0, 0)) < 1e-2 { continue }
      let scale = max(1, abs(expected))
      #expect(Slope.agrees(value.dChosen, { moved($0, 0) }, at: 0, scale: scale), "\(trial)")
      #expect(Slope.agrees(value.dRejected, { moved(0, $0) }, at: 0, scale: scale), "\(trial)")
      #expect(
        Slope.agrees(value.dChosenPlain, { moved(0, 0, $0) }, at: 0, scale: scale), "\(trial)")
    }
  }

  @Test(
    "over a batch the slopes are those of the sum of the losses",
    arguments: [PreferenceLoss.Kind.aot, .aotUnpaired, .sft, .sigmoid])
  func batches(_ kind: PreferenceLoss.Kind) {
    let random = CounterRandom(seed: 9, stream: "preference-batch")
    let loss = PreferenceLoss(kind, beta: 0.3, labelSmoothing: kind.readsSmoothing ? 0.1 : 0)
    let pairs = (0..<7).map { Self.pair(random, $0) }
    let values = loss.values(pairs)
    for index in pairs.indices {
      func sum(_ dc: Double, _ dr: Double, _ dp: Double) -> Double {
        var moved = pairs
        moved[index].chosen.policy += dc
        moved[index].rejected.policy += dr
        moved[index].chosen.plainPolicy += dp
        return loss.values(moved).reduce(0) { $0 + $1.loss }
      }
      #expect(Slope.agrees(values[index].dChosen, { sum($0, 0, 0) }, at: 0))
      #expect(Slope.agrees(values[index].dRejected, { sum(0, $0, 0) }, at: 0))
      #expect(Slope.agrees(values[index].dChosenPlain, { sum(0, 0, $0) }, at: 0))
    }
  }

  @Test("AOT compares the k-th smallest with the k-th smallest")
  func sorted() {
    // Margins of the policy 3, 1, 2 and of the reference 0, 10, 5.
    let pairs: [PreferenceLoss.Pair] = [(3, 0), (1, 10), (2, 5)].map {
      (
        Answer(policy: $0.0, reference: $0.1, tokens: 1),
        Answer(policy: 0, reference: 0, tokens: 1)
      )
    }
    let values = PreferenceLoss(.aot, beta: 1).values(pairs)
    let expected = [3.0 - 10, 1 - 0, 2 - 5].map { -log(Self.sigmoid($0)) }
    for (value, loss) in zip(values, expected) { #expect(abs(value.loss - loss) < 1e-12) }
    // Log-ratios of the chosen 3, -9, -3 against 0, 0, 0.
    let unpaired = PreferenceLoss(.aotUnpaired, beta: 1).values(pairs)
    for (value, x) in zip(unpaired, [3.0, -9, -3]) {
      #expect(abs(value.loss + log(Self.sigmoid(x))) < 1e-12)
    }
  }

  @Test("several kinds add up by their weights")
  func terms() {
    let (chosen, rejected) = Self.pair(CounterRandom(seed: 1, stream: "terms"), 0)
    let mixed = PreferenceLoss(
      [.init(.sigmoid, weight: 0.8), .init(.bcoPair, weight: 0.2), .init(.sft, weight: 1)],
      beta: 0.2
    ).value(chosen: chosen, rejected: rejected)
    var (loss, dChosen, dPlain) = (0.0, 0.0, 0.0)
    for (kind, weight) in [(PreferenceLoss.Kind.sigmoid, 0.8), (.bcoPair, 0.2), (.sft, 1)] {
      let value = PreferenceLoss(kind, beta: 0.2).value(chosen: chosen, rejected: rejected)
      loss += weight * value.loss
      dChosen += weight * value.dChosen
      dPlain += weight * value.dChosenPlain
    }
    #expect(mixed.loss == loss && mixed.dChosen == dChosen && mixed.dChosenPlain == dPlain)
  }

  @Test("tokens beyond the shorter answer weigh as the tail weight says")
  func tail() {
    var loss = PreferenceLoss(.sigmoid, beta: 0.1)
    #expect(loss.tokenWeights(4, other: 2) == [1, 1, 1, 1])
    loss.tailWeight = 0.25
    #expect(loss.tokenWeights(4, other: 2) == [1, 1, 0.25, 0.25])
    #expect(loss.tokenWeights(2, other: 4) == [1, 1])
  }

  @Test("far from zero nothing overflows", arguments: PreferenceLoss.Kind.allCases)
  func extremes(_ kind: PreferenceLoss.Kind) {
    let loss = PreferenceLoss(kind, beta: 1, labelSmoothing: kind.readsSmoothing ? 0.1 : 0)
    for policy in [-600.0, 1e6] {
      let value = loss.value(
        chosen: Answer(policy: policy, reference: 0, tokens: 3),
        rejected: Answer(policy: 0, reference: 0, tokens: 3))
      #expect(value.loss.isFinite && value.dChosen.isFinite && value.dRejected.isFinite)
    }
  }

  @Test("an untrained model has the loss log 2 and half the slope of beta")
  func start() {
    let equal = Answer(policy: -4, reference: -4, tokens: 2)
    let value = PreferenceLoss(.sigmoid, beta: 0.1).value(chosen: equal, rejected: equal)
    #expect(abs(value.loss - log(2)) < 1e-15)
    #expect(value.dChosen == -0.05 && value.dRejected == 0.05)
  }

  @Test("divergences go by TRL's names")
  func names() {
    #expect(RatioDivergence.names.allSatisfy { RatioDivergence(name: $0) != nil })
    #expect(RatioDivergence(name: "alpha_divergence", coefficient: 0.7) == .alpha(0.7))
    #expect(RatioDivergence(name: "kl") == nil)
  }
}
