package import Diagnostics
internal import ModelFiles
internal import Models
internal import Reproducibility
package import StageKit
private import Tensors
private import Tokenization
private import Training

/// Trains a fresh, small Llama on a tokenizer, or a model's weights further, to continue texts.
///
/// Every token is trained; conversations are written with the template first.
package struct Pretrain: Stage {
  package static let kind: StageKind = "pretrain"
  package static let version = 1
  package static let summary = "Trains a small base model, or continues one, on texts."

  package typealias Parameters = PretrainParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port(
          "model", .model,
          help: "A tokenizer to start from random weights, or a full model to continue."),
        Port("train", .records, help: "Texts, conversations, completions or tokens."),
        Port("validation", .records, optional: true, help: "Rows to evaluate on."),
      ],
      outputs: [
        Port("model", .model, help: "The model with all its weights."),
        Port("report", .report, help: "Rows, steps, and the validation rows before and after."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  {
    TrainingChecks.preflight(inputs, parameters.training.settings, nil)
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    try TrainingChecks.settleInputs(context)
    let tree = context.input("model").tree
    let text = try TrainingText(tree, parameters.mask, context)
    let folder = try Self.folder(context.input("model"))
    let configuration =
      folder?.configuration
      ?? parameters.architecture.configuration(
        text.tokenizer, stopTokenIDs: text.builder.stopTokenIDs)
    let rows = text.rows(
      context, parameters.training, contextLength: configuration.contextLength)
    let train = try rows.examples("train")
    let held = try context.optionalInput("validation").map { _ in try rows.examples("validation") }
    let backend = try ComputeDevice.backend(parameters.device, pool: context.pool)
    let model =
      try folder.map {
        try LanguageModel.load($0, trainable: .all, pool: context.pool, backend: backend)
      }
      ?? LanguageModel.initialized(
        configuration, seed: parameters.training.settings.batching.seed, trainable: .all,
        pool: context.pool, backend: backend)
    let job = TrainingJob(
      context: context, parameters: parameters.training, model: model,
      train: TokenObjective(train.examples),
      validation: held.map { TokenObjective($0.examples) })
    _ = try job.run(
      "pretrain", [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try TrainedModelWriter(
      context: context, tokenizer: tree, template: text.replacedTemplate
    ).full(model)
    try model.backend.check()
    return .succeeded
  }

  /// The model to continue, or nil for a tokenizer without weights.
  private static func folder(_ artifact: InputArtifact) throws -> ModelFolder? {
    if let path = artifact.tree[ModelManifest.fileName],
      try ModelManifest(path: path).form == .tokenizer
    {
      return nil
    }
    return try ModelFolder(artifact.tree) { artifact.reference($0) }
  }
}
