package import Diagnostics
private import ModelFiles
package import StageKit
private import Training

/// Supervised fine-tuning: a new or continued adapter, or all weights, on texts, conversations,
/// completions and tokens.
package struct SFT: Stage {
  package static let kind: StageKind = "sft"
  package static let version = 1
  package static let summary = "Trains a model on examples of what it should answer."

  package struct Parameters: StageParameters {
    package let training: TrainingParameters
    package let adapter: AdapterParameters
    package let mask: MaskParameters

    package init(_ read: inout ParameterReader) {
      adapter = AdapterParameters(&read)
      mask = MaskParameters(&read)
      training = TrainingParameters(
        &read, .init(learningRate: 2e-4, microBatchSize: 8, packs: true))
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("model", .model, help: "The model to start from; an adapter is trained further."),
        Port("train", .records, help: "Rows to train on."),
        Port("validation", .records, optional: true, help: "Rows to evaluate on."),
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
    let train = try rows.examples("train")
    let held = try context.optionalInput("validation").map { _ in try rows.examples("validation") }
    let model = try start.load(seed: parameters.training.settings.batching.seed, context)
    let job = TrainingJob(
      context: context, parameters: parameters.training, model: model,
      train: TokenObjective(train.examples),
      validation: held.map { TokenObjective($0.examples) })
    _ = try job.run(
      "sft", [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try start.write(model, template: text.replacedTemplate, context)
    return .succeeded
  }
}
