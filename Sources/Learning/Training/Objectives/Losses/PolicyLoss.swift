/// Policy-gradient losses over sampled completions: GRPO (Shao et al. 2024) and its relatives, as
/// TRL 1.16's GRPOTrainer computes them; all in double.
///
/// Of a token, with old its log-probability when it was sampled, rho = exp(lp - old) (or, over a
/// whole completion, exp of the mean of lp - old: GSPO, Zheng et al. 2025) and A the advantage:
///
///     grpo, bnpo, dr_grpo, dapo, luspo   -min(min(rho, delta) A, clamp(rho, 1-low, 1+high) A)
///     cispo   -min(rho, high) A lp, the first factor without gradient      MiniMax-M1 2025
///     sapo    -A (4 / tau) sigmoid(tau (rho - 1)), tau by the sign of A    Gao et al. 2025
///     vespo   -phi(w) A lp, phi without gradient, w the product of the completion's rho
///
/// plus beta (exp(d) - d - 1) with d = ref - lp, times rho where the bias is corrected. How tokens
/// are added up is in ``Kind``.
package struct PolicyLoss: Sendable, Hashable {
  /// Names are TRL's `loss_type`; the sums go over the tokens of a micro-batch of B completions.
  ///
  /// | kind | sum divided by |
  /// |---|---|
  /// | `grpo`, `sapo` | the tokens of the completion, B, micro-batches of the step |
  /// | `bnpo` | the tokens of the micro-batch, micro-batches of the step |
  /// | `dr_grpo` | B times the longest completion allowed, micro-batches of the step |
  /// | `dapo`, `cispo`, `vespo` | the tokens of the whole step |
  /// | `luspo` | B, micro-batches of the step |
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case grpo, bnpo, dapo, cispo, sapo, luspo, vespo
    case drGRPO = "dr_grpo"

    /// Whether the ratio is clipped on both sides.
    package var clips: Bool {
      switch self {
      case .grpo, .bnpo, .drGRPO, .dapo, .luspo: true
      case .cispo, .sapo, .vespo: false
      }
    }
  }

  /// TRL's `importance_sampling_level`.
  package enum Level: String, Sendable, Hashable, CaseIterable { case token, sequence }

  package var kind: Kind
  package var level = Level.token
  package var epsilonLow: Double
  /// For `cispo` the largest ratio itself.
  package var epsilonHigh: Double
  /// The largest ratio where the advantage is negative (two-sided clipping); nil: none.
  package var delta: Double?
  /// What the divergence from the reference weighs; 0: no reference is needed.
  package var beta = 0.0
  /// `use_bias_correction_kl`, TRL's default.
  package var correctsDivergence = true
  /// `max_completion_length`, for `dr_grpo`.
  package var completionTokensMax: Int
  package var sapoTemperaturePositive = 1.0
  package var sapoTemperatureNegative = 1.05
  package var vespo = VespoWeights()
  /// Completions of negative advantage whose mean old - lp lies above are left out
  /// (`off_policy_mask_threshold`, DeepSeek-V3.2); nil: none are.
  package var offPolicyThreshold: Double?

  package init(
    _ kind: Kind, epsilonLow: Double = 0.2, epsilonHigh: Double? = nil,
    completionTokensMax: Int = 512
  ) {
    self.kind = kind
    self.epsilonLow = epsilonLow
    self.epsilonHigh = epsilonHigh ?? epsilonLow
    self.completionTokensMax = completionTokensMax
  }

  /// phi(w) = exp(lambda) w^k exp(-lambda w), normalised to phi(1) = 1; k and lambda by the sign of
  /// the advantage.
  package struct VespoWeights: Sendable, Hashable {
    package var kPositive = 2.0
    package var lambdaPositive = 3.0
    package var kNegative = 3.0
    package var lambdaNegative = 2.0
  }

  /// A sampled completion: log-probabilities of its tokens, in order.
  package struct Completion: Sendable {
    package var policy: [Double]
    /// When it was sampled; nil: by the policy as it is, so that every ratio is 1.
    package var old: [Double]?
    /// By the reference; read only where beta is not 0.
    package var reference: [Double]
    package var advantage: Double

    package init(
      policy: [Double], old: [Double]? = nil, reference: [Double] = [], advantage: Double
    ) {
      self.policy = policy
      self.old = old
      self.reference = reference
      self.advantage = advantage
    }
  }

  /// What the sums of a micro-batch are divided by beyond itself.
  package struct Share: Sendable, Hashable {
    /// Micro-batches of the step.
    package var microBatches: Int
    /// Completion tokens of the step.
    package var stepTokens: Int

    package init(microBatches: Int, stepTokens: Int) {
      self.microBatches = microBatches
      self.stepTokens = stepTokens
    }
  }

  package struct Value: Sendable {
    /// The micro-batch's part of the loss of the step.
    package var loss: Double
    /// d loss / d lp, of each completion's tokens.
    package var slopes: [[Double]]
    package var statistics: PolicyStatistics
  }

  package func value(_ completions: [Completion], _ share: Share) -> Value {
    let tokens = completions.reduce(0) { $0 + $1.policy.count }
    var value = Value(loss: 0, slopes: [], statistics: PolicyStatistics())
    value.slopes.reserveCapacity(completions.count)
    for completion in completions {
      let weight = weight(
        of: completion, completions: completions.count, tokens: tokens, share)
      let parts = parts(completion)
      value.loss += weight * (zip(parts.loss, parts.divergence).reduce(0) { $0 + $1.0 + $1.1 })
      value.slopes.append(parts.slopes.map { weight * $0 })
      value.statistics.add(completion, parts, self)
    }
    return value
  }

  /// What one token's loss of a completion weighs in the step.
  private func weight(
    of completion: Completion, completions: Int, tokens: Int, _ share: Share
  ) -> Double {
    let window = Double(max(1, share.microBatches))
    let count = Double(max(1, completions))
    return switch kind {
    case .grpo, .sapo: 1 / (Double(max(1, completion.policy.count)) * count * window)
    case .bnpo: 1 / (Double(max(1, tokens)) * window)
    case .drGRPO: 1 / (count * Double(max(1, completionTokensMax)) * window)
    case .dapo, .cispo, .vespo: 1 / Double(max(1, share.stepTokens))
    case .luspo: 1 / (count * window)
    }
  }
}
