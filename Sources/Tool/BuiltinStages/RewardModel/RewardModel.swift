package import Diagnostics
internal import Models
package import StageKit
internal import Tokenization
package import Training

/// A reward model: a score for each text, higher for chosen answers.
///
/// The score head is trained and saved with the adapter, as PEFT saves one of
/// `…ForSequenceClassification`.
package struct RewardModel: Stage {
  package static let kind: StageKind = "reward_model"
  package static let version = 2  // 2: bf16: true multiplies in 16 bits
  package static let summary = "Trains a model to score answers, chosen ones higher."

  package struct Parameters: StageParameters {
    package let training: TrainingParameters
    package let adapter: AdapterParameters
    package let mask: MaskParameters
    package let loss: RewardLoss

    package init(_ read: inout ParameterReader) {
      adapter = AdapterParameters(&read)
      if adapter.method == .none {
        read.problem(
          "adapter", "is 'none', and a score head is saved with an adapter",
          fix: "leave out 'adapter'")
      }
      mask = MaskParameters(everythingWith: &read)
      loss = RewardLoss(
        centering: read.number(
          "center_rewards_coefficient", default: 0, in: 0...100,
          help: "How strongly scores are pulled towards zero."))
      training = TrainingParameters(
        &read, .init(learningRate: 1e-4, microBatchSize: 8, packs: false))
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    .training(
      model: "The model to start from; an adapter is trained further.",
      rows: "Preference rows, perhaps with a number 'margin',")
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
    ).run("reward_model") { model in
      if model.scoreHead == nil {
        model.addScoreHead(seed: parameters.training.settings.batching.seed)
      }
    } _: { rows, text in
      RewardObjective(
        rows.examples, parameters.loss, margins: rows.margins,
        paddingID: text.tokenizer.pad?.id)
    }
    return .succeeded
  }
}
