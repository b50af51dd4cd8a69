/// The loss of preference pairs, a function of the log-probabilities that the trained model and
/// the reference give to the two answers; all in double.
///
/// Kinds, their formulas and papers are in ``PreferenceLoss/Kind``. Several kinds may be added up
/// with weights, as TRL's `loss_type` and `loss_weights` do.
package struct PreferenceLoss: Sendable, Hashable {
  /// One kind and what it is multiplied by.
  package struct Term: Sendable, Hashable {
    package var kind: Kind
    package var weight: Double

    package init(_ kind: Kind, weight: Double = 1) {
      self.kind = kind
      self.weight = weight
    }
  }

  package var terms: [Term]
  package var beta: Double
  /// e: the share of pairs whose order is believed wrong; below 0.5. See ``Kind/readsSmoothing``.
  package var labelSmoothing: Double
  package var divergence = RatioDivergence.reverseKL
  /// What tokens beyond the length of the shorter answer weigh in the sums (LD-DPO, Liu et al.
  /// 2024; TRL's `ld_alpha`); nil: as much as the others.
  package var tailWeight: Double?
  /// The temperature of `discopop`'s blend.
  package var discopopTau = 0.05

  package init(_ kind: Kind, beta: Double, labelSmoothing: Double = 0) {
    self.init([Term(kind)], beta: beta, labelSmoothing: labelSmoothing)
  }

  package init(_ terms: [Term], beta: Double, labelSmoothing: Double = 0) {
    self.terms = terms
    self.beta = beta
    self.labelSmoothing = labelSmoothing
  }

  /// One answer: its log-probability as a sum over tokens, by both models.
  package struct Answer: Sendable, Hashable {
    package var policy: Double
    package var reference: Double
    package var tokens: Int
    /// The sum over tokens where ``policy`` weighs some of them less.
    package var plainPolicy: Double

    package init(policy: Double, reference: Double, tokens: Int, plainPolicy: Double? = nil) {
      self.policy = policy
      self.reference = reference
      self.tokens = tokens
      self.plainPolicy = plainPolicy ?? policy
    }

    package var logRatio: Double { policy - reference }

    /// The number of tokens, at least 1, to divide by.
    var length: Double { Double(max(1, tokens)) }
  }

  package typealias Pair = (chosen: Answer, rejected: Answer)

  /// One pair's part of the sum over the pairs of a batch, and the slopes of that sum.
  package struct Value: Sendable, Hashable {
    package var loss = 0.0
    /// By ``Answer/policy`` of the chosen answer.
    package var dChosen = 0.0
    /// By ``Answer/policy`` of the rejected answer.
    package var dRejected = 0.0
    /// By ``Answer/plainPolicy`` of the chosen answer; only `sft` has one.
    package var dChosenPlain = 0.0

    mutating func add(_ other: Value, weight: Double) {
      loss += weight * other.loss
      dChosen += weight * other.dChosen
      dRejected += weight * other.dRejected
      dChosenPlain += weight * other.dChosenPlain
    }
  }

  /// The losses of a micro-batch; their mean is TRL's loss. Kinds that compare the answers of
  /// different pairs (`aot`) or pool tokens (`sft`) see the whole of it.
  package func values(_ pairs: [Pair]) -> [Value] {
    var values = [Value](repeating: Value(), count: pairs.count)
    for term in terms {
      let parts: [Value] =
        switch term.kind {
        case .aot: transport(pairs)
        case .aotUnpaired: unpairedTransport(pairs)
        case .sft: likelihood(pairs)
        default: pairs.map { value(term.kind, $0.chosen, $0.rejected) }
        }
      for index in pairs.indices { values[index].add(parts[index], weight: term.weight) }
    }
    return values
  }

  /// The same for a batch of one pair.
  package func value(chosen: Answer, rejected: Answer) -> Value {
    values([(chosen, rejected)])[0]
  }

  /// Each token's weight in an answer's sum.
  ///
  /// - Parameter other: tokens of the answer it is compared with.
  package func tokenWeights(_ tokens: Int, other: Int) -> [Double] {
    guard let tailWeight, tokens > other else { return [Double](repeating: 1, count: tokens) }
    return [Double](repeating: 1, count: other)
      + [Double](repeating: tailWeight, count: tokens - other)
  }
}
