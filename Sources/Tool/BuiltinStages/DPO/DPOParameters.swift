internal import Diagnostics
package import StageKit
package import Training

/// Parameters of ``DPO``, by the names of Axolotl and TRL.
package struct DPOParameters: StageParameters {
  package let training: TrainingParameters
  package let adapter: AdapterParameters
  package let mask: MaskParameters
  package let loss: PreferenceLoss

  package init(_ read: inout ParameterReader) {
    adapter = AdapterParameters(&read)
    mask = MaskParameters(everythingWith: &read)
    let terms = Self.terms(&read)
    var loss = PreferenceLoss(
      terms,
      beta: read.number(
        "rl_beta", default: 0.1, in: 1e-6...100,
        help: "How strongly the reference holds the model back."),
      labelSmoothing: Self.smoothing(&read, terms.map(\.kind)))
    loss.divergence = Self.divergence(&read)
    loss.tailWeight = read.optionalNumber(
      "ld_alpha", in: 0...1,
      help: "What tokens beyond the length of the shorter answer weigh (LD-DPO); all the same by "
        + "default.")
    loss.discopopTau = read.number(
      "discopop_tau", default: 0.05, in: 1e-6...100, help: "The temperature of discopop's blend.")
    self.loss = loss
    training = TrainingParameters(
      &read, .init(learningRate: 1e-5, microBatchSize: 8, packs: false))
  }

  private static func terms(_ read: inout ParameterReader) -> [PreferenceLoss.Term] {
    let known = PreferenceLoss.Kind.allCases.map(\.rawValue)
    let names = read.strings(
      "dpo_loss_type", default: ["sigmoid"],
      help: "The loss of a pair, or a list of losses to add up: \(known.joined(separator: ", ")).")
    let weights = read.strings(
      "dpo_loss_weights", default: [], help: "What each loss is multiplied by; 1 by default.")
    var kinds: [PreferenceLoss.Kind] = []
    for name in names {
      guard let kind = PreferenceLoss.Kind(rawValue: name) else {
        read.problem(
          "dpo_loss_type",
          "'\(SafeText.escaped(name))' is none of \(known.joined(separator: ", "))",
          fix: NearestName.suggestion(for: name, among: known).map { "did you mean '\($0)'?" })
        continue
      }
      if kinds.contains(kind) { read.problem("dpo_loss_type", "'\(name)' is there twice") }
      kinds.append(kind)
    }
    if names.isEmpty { read.problem("dpo_loss_type", "no loss is given") }
    let numbers = weights.map { Double($0).flatMap { (1e-6...1e6).contains($0) ? $0 : nil } }
    if numbers.contains(where: { $0 == nil }) {
      read.problem("dpo_loss_weights", "expected numbers above 0")
    } else if !weights.isEmpty, weights.count != names.count {
      read.problem(
        "dpo_loss_weights", "\(weights.count) weights for \(names.count) losses, expected as many")
    }
    return kinds.enumerated().map { index, kind in
      PreferenceLoss.Term(kind, weight: numbers.indices.contains(index) ? numbers[index] ?? 1 : 1)
    }
  }

  private static func smoothing(_ read: inout ParameterReader, _ kinds: [PreferenceLoss.Kind])
    -> Double
  {
    let smoothing = read.number(
      "dpo_label_smoothing", default: 0, in: 0...0.49,
      help: "The share of pairs believed to be in the wrong order; for robust, cdpo, exo_pair, aot "
        + "and aot_unpaired.")
    let names = kinds.map(\.rawValue).joined(separator: ", ")
    if smoothing > 0, !kinds.isEmpty, !kinds.contains(where: \.readsSmoothing) {
      read.problem(
        "dpo_label_smoothing", "dpo_loss_type is '\(names)', which does not read it",
        fix: "set dpo_loss_type: robust or cdpo, or leave out dpo_label_smoothing")
    }
    if smoothing == 0, let kind = kinds.first(where: \.needsSmoothing) {
      read.problem(
        "dpo_label_smoothing", "dpo_loss_type is '\(kind.rawValue)', which needs it above 0",
        fix: "set dpo_label_smoothing: 0.001, or choose another dpo_loss_type")
    }
    return smoothing
  }

  private static func divergence(_ read: inout ParameterReader) -> RatioDivergence {
    enum Name: String, CaseIterable {
      case reverse = "reverse_kl"
      case forward = "forward_kl"
      case jensenShannon = "js_divergence"
      case alpha = "alpha_divergence"
    }
    let name: Name = read.choice(
      "f_divergence_type", default: .reverse, help: "What holds the model near the reference.")
    let coefficient = read.optionalNumber(
      "f_alpha_divergence_coef", in: -100...100, help: "For alpha_divergence; 0.5 by default.")
    if coefficient != nil, name != .alpha {
      read.problem(
        "f_alpha_divergence_coef",
        "f_divergence_type is '\(name.rawValue)', which does not read it",
        fix: "set f_divergence_type: alpha_divergence, or leave out f_alpha_divergence_coef")
    }
    return RatioDivergence(name: name.rawValue, coefficient: coefficient ?? 0.5) ?? .reverseKL
  }
}
