package import Diagnostics
package import StageKit
package import Training

/// SimPO and CPO: pairs of answers without a reference.
package struct SimPO: Stage {
  package static let kind: StageKind = "simpo"
  package static let version = 2  // 2: bf16: true multiplies in 16 bits
  package static let summary =
    "Prefers chosen answers by their own likelihood, without a reference."

  package struct Parameters: StageParameters {
    package let training: TrainingParameters
    package let adapter: AdapterParameters
    package let mask: MaskParameters
    package let loss: CPOLoss

    package init(_ read: inout ParameterReader) {
      adapter = AdapterParameters(&read)
      mask = MaskParameters(everythingWith: &read)
      loss = Self.loss(&read)
      training = TrainingParameters(
        &read, .init(learningRate: 1e-5, microBatchSize: 8, packs: false))
    }

    private static func loss(_ read: inout ParameterReader) -> CPOLoss {
      let kind: CPOLoss.Kind = read.choice(
        "cpo_loss_type", default: .simpo,
        help: "simpo: mean log-probabilities and a margin; sigmoid, hinge and ipo: CPO's.")
      let beta = read.optionalNumber(
        "rl_beta", in: 1e-6...1000,
        help: "What log-probabilities are multiplied by; 2 for simpo, else 0.1.")
      var loss = CPOLoss(kind, beta: beta ?? (kind == .simpo ? 2 : 0.1))
      let gamma = read.optionalNumber(
        "simpo_gamma", in: 0...100, help: "The margin of simpo, after beta; 0.5 by default.")
      if gamma != nil, kind != .simpo {
        read.problem(
          "simpo_gamma", "cpo_loss_type is '\(kind.rawValue)', which does not read it",
          fix: "set cpo_loss_type: simpo, or leave out simpo_gamma")
      }
      loss.gamma = gamma ?? 0.5
      let weight = read.optionalNumber(
        "cpo_alpha", in: 0...100,
        help: "What the likelihood of the chosen answers weighs; 0 for simpo, else 1.")
      loss.likelihoodWeight = weight ?? (kind == .simpo ? 0 : 1)
      loss.labelSmoothing = read.number(
        "cpo_label_smoothing", default: 0, in: 0...0.49,
        help: "The share of pairs believed to be in the wrong order; for sigmoid and simpo.")
      if loss.labelSmoothing > 0, !kind.readsSmoothing {
        read.problem(
          "cpo_label_smoothing", "cpo_loss_type is '\(kind.rawValue)', which does not read it",
          fix: "set cpo_loss_type: simpo or sigmoid, or leave out cpo_label_smoothing")
      }
      return loss
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    .training(
      model: "The model to start from; an adapter is trained further.", rows: "Preference rows")
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  {
    TrainingChecks.preflight(inputs, parameters.training.settings, parameters.adapter)
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    try PairTraining(
      context: context, training: parameters.training, adapter: parameters.adapter,
      mask: parameters.mask
    ).run("simpo") { rows, _ in CPOObjective(rows.examples, parameters.loss) }
    return .succeeded
  }
}
