package import Diagnostics
package import StageKit
package import Training

/// Odds-ratio preference optimisation: likelihood of the chosen answer and its odds over the
/// rejected one in one loss, without a reference.
package struct ORPO: Stage {
  package static let kind: StageKind = "orpo"
  package static let version = 2  // 2: bf16: true multiplies in 16 bits
  package static let summary = "Teaches the chosen answers and the odds over the rejected ones."

  package struct Parameters: StageParameters {
    package let training: TrainingParameters
    package let adapter: AdapterParameters
    package let mask: MaskParameters
    package let loss: ORPOLoss

    package init(_ read: inout ParameterReader) {
      adapter = AdapterParameters(&read)
      mask = MaskParameters(everythingWith: &read)
      loss = ORPOLoss(
        beta: read.number(
          "orpo_alpha", default: 0.1, in: 0...100,
          help: "What the odds ratio weighs beside the likelihood (TRL's beta)."),
        likelihood: read.choice(
          "orpo_likelihood", default: .promptAndAnswer,
          help: "prompt_and_answer: mean over the tokens of prompts and chosen answers, as TRL; "
            + "answer: over the chosen answer, row by row."))
      training = TrainingParameters(
        &read, .init(learningRate: 1e-5, microBatchSize: 8, packs: false))
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
    ).run("orpo") { rows, _ in ORPOObjective(rows.examples, parameters.loss) }
    return .succeeded
  }
}
