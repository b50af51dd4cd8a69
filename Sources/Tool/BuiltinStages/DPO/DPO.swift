package import Diagnostics
private import ModelFiles
package import StageKit
package import Training

/// Direct preference optimisation on pairs of answers.
///
/// On an adapter it trains that adapter further, with the adapter as it came in as reference; on a
/// full model a new adapter or all weights, with the model as it came in as reference.
package struct DPO: Stage {
  package static let kind: StageKind = "dpo"
  package static let version = 1
  package static let summary = "Trains a model to prefer the chosen answer of each pair."

  package struct Parameters: StageParameters {
    package let training: TrainingParameters
    package let adapter: AdapterParameters
    package let mask: MaskParameters
    package let loss: PreferenceLoss

    /// The losses that read label smoothing.
    private static let smoothed = PreferenceLoss.Kind.allCases.filter(\.readsSmoothing)
      .map(\.rawValue).joined(separator: ", ")

    package init(_ read: inout ParameterReader) {
      adapter = AdapterParameters(&read)
      mask = MaskParameters(everythingWith: &read)
      let kind: PreferenceLoss.Kind = read.choice(
        "dpo_loss_type", default: .sigmoid, help: "The loss of a pair.")
      let beta = read.number(
        "rl_beta", default: 0.1, in: 1e-6...100,
        help: "How strongly the reference holds the model back.")
      let smoothing = read.number(
        "dpo_label_smoothing", default: 0, in: 0...0.49,
        help: "The share of pairs believed to be in the wrong order; for \(Self.smoothed).")
      if smoothing > 0, !kind.readsSmoothing {
        read.problem(
          "dpo_label_smoothing", "dpo_loss_type is '\(kind.rawValue)', which does not read it",
          fix: "set dpo_loss_type: robust or cdpo, or leave out dpo_label_smoothing")
      }
      if smoothing == 0, kind.needsSmoothing {
        read.problem(
          "dpo_label_smoothing", "dpo_loss_type is '\(kind.rawValue)', which needs it above 0",
          fix: "set dpo_label_smoothing: 0.001")
      }
      loss = PreferenceLoss(kind, beta: beta, labelSmoothing: smoothing)
      training = TrainingParameters(
        &read, .init(learningRate: 1e-5, microBatchSize: 8, packs: false))
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("model", .model, help: "The model to start from, which is the reference too."),
        Port("train", .records, help: "Preference rows to train on."),
        Port("validation", .records, optional: true, help: "Preference rows to evaluate on."),
      ],
      outputs: [
        Port("model", .model, help: "The adapter, or the model with all its weights."),
        Port("report", .report, help: "Rows, steps, and the validation rows before and after."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  {
    TrainingChecks.preflight(inputs, parameters.training.settings, parameters.adapter)
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    try TrainingChecks.settleInputs(context)
    let start = try TrainingModel(parameters.adapter, context)
    let text = try TrainingText(start.folder.tree, parameters.mask, context)
    let rows = text.rows(
      context, parameters.training, contextLength: start.folder.configuration.contextLength)
    let train = try rows.preferences("train")
    let held = try context.optionalInput("validation").map { _ in
      try rows.preferences("validation")
    }
    let model = try start.load(seed: parameters.training.settings.batching.seed, context)
    let job = TrainingJob(
      context: context, parameters: parameters.training, model: model,
      train: PreferenceObjective(train.examples, parameters.loss),
      validation: held.map { PreferenceObjective($0.examples, parameters.loss) })
    _ = try job.run(
      "dpo", [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try start.write(model, template: text.replacedTemplate, context)
    return .succeeded
  }
}
