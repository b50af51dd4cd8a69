package import Diagnostics
package import StageKit
private import Training

/// Direct preference optimisation on pairs of answers.
///
/// On an adapter it trains that adapter further, with the adapter as it came in as reference; on a
/// full model a new adapter or all weights, with the model as it came in as reference.
package struct DPO: Stage {
  package static let kind: StageKind = "dpo"
  package static let version = 2  // 2: bf16: true multiplies in 16 bits
  package static let summary = "Trains a model to prefer the chosen answer of each pair."

  package typealias Parameters = DPOParameters

  package static func ports(for parameters: Parameters) -> Ports {
    .training(
      model: "The model to start from, which is the reference too.", rows: "Preference rows")
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
    ).run("dpo") { rows, _ in PreferenceObjective(rows.examples, parameters.loss) }
    return .succeeded
  }
}
