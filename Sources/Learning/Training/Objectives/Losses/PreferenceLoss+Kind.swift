extension PreferenceLoss {
  /// With `lp` the sum over the tokens of an answer, n its tokens, r = lp - ref its log-ratio, s(r)
  /// its score under the divergence (r itself unless another is chosen), c and w the chosen and the
  /// rejected answer, d = s(r_c) - s(r_w), x = beta d, e the label smoothing, as TRL 1.16 computes
  /// them (`cdpo` as torchtune does):
  ///
  ///     sigmoid       -logsigmoid(x)                                  Rafailov et al. 2023, eq. 7
  ///     cdpo          -(1-e) logsigmoid(x) - e logsigmoid(-x)         Mitchell 2023
  ///     robust        (-(1-e) logsigmoid(x) + e logsigmoid(-x)) / (1-2e)
  ///                                                                   Chowdhury et al. 2024
  ///     hinge         max(0, 1 - x)                                   Zhao et al. 2023
  ///     ipo           (s(r_c)/n_c - s(r_w)/n_w - 1/(2 beta))^2        Azar et al. 2023, eq. 17
  ///     sigmoid_norm  -logsigmoid(beta (s(r_c)/n_c - s(r_w)/n_w))     TRL, after Meng et al. 2024
  ///     exo_pair      q (log q - log(1-e)) + p (log p - log e) with q = sigmoid(x), p = 1 - q
  ///                                                                   Ji et al. 2024, eq. 16
  ///     nca_pair      -logsigmoid(beta r_c) - logsigmoid(-beta r_c) / 2
  ///                   - logsigmoid(-beta r_w) / 2                     Chen et al. 2024
  ///     bco_pair      -logsigmoid(beta r_c) - logsigmoid(-beta r_w)   Jung et al. 2024, without
  ///                                                                   its running mean
  ///     sppo_hard     (r_c - 1/(2 beta))^2 + (r_w + 1/(2 beta))^2     Wu et al. 2024, eq. 4.7
  ///     apo_zero      1 - sigmoid(beta r_c) + sigmoid(beta r_w)       D'Oosterlinck et al. 2024
  ///     apo_down      sigmoid(beta r_c) + 1 - sigmoid(beta (r_c - r_w))         the same
  ///     discopop      -logsigmoid(x) (1 - m) + exp(-x) m, m = sigmoid(x / tau)
  ///                                                                   Lu et al. 2024, eq. 5
  ///     aot           cdpo of sorted lp_c - lp_w over sorted ref_c - ref_w      Melnyk et al. 2024
  ///     aot_unpaired  cdpo of sorted r_c over sorted r_w              the same
  ///     sft           mean -log p of the chosen tokens of the micro-batch
  ///
  /// The two of AOT sort over the micro-batch, `sft` pools over it.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case sigmoid, hinge, ipo, robust, cdpo
    case sigmoidNorm = "sigmoid_norm"
    case exoPair = "exo_pair"
    case ncaPair = "nca_pair"
    case bcoPair = "bco_pair"
    case sppoHard = "sppo_hard"
    case apoZero = "apo_zero"
    case apoDown = "apo_down"
    case discopop
    case aot
    case aotUnpaired = "aot_unpaired"
    case sft

    /// Whether `label_smoothing` changes the loss.
    package var readsSmoothing: Bool {
      switch self {
      case .robust, .cdpo, .exoPair, .aot, .aotUnpaired: true
      default: false
      }
    }

    /// Whether the loss is undefined without `label_smoothing`: it contains log(e).
    package var needsSmoothing: Bool { self == .exoPair }
  }
}
