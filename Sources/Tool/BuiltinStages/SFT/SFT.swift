package import Diagnostics
private import ModelFiles
private import Models
package import StageKit
private import Tokenization
private import Training

/// Supervised fine-tuning: a new or continued adapter, or all weights, on texts, conversations,
/// completions and tokens.
package struct SFT: Stage {
  package static let kind: StageKind = "sft"
  package static let version = 2  // 2: bf16: true multiplies in 16 bits
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
    let text = try TrainingText(start.folder, parameters.mask, context)
    let rows = text.rows(
      context, parameters.training, contextLength: start.folder.configuration.contextLength)
    let train = try rows.examples("train")
    let held = try context.optionalInput("validation").map { _ in try rows.examples("validation") }
    var health = ExampleHealth(text.builder, masksPrompts: !parameters.mask.trainsOnInputs)
    for example in train.examples { health.take(example) }
    for finding in health.findings(port: "train") { context.warn(finding) }
    let model = try start.load(seed: parameters.training.settings.batching.seed, context)
    let asked = held?.examples ?? train.examples
    let before = ForgettingHealth.promptLoss(model, asked)
    let job = TrainingJob(
      context: context, parameters: parameters.training, model: model,
      train: TokenObjective(train.examples),
      validation: held.map { TokenObjective($0.examples) })
    _ = try job.run(
      "sft", [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try checkAnswers(model, text, asked, before: before, context)
    try start.write(model, template: text.replacedTemplate, context)
    return .succeeded
  }

  /// What a few answers and the prompts of the rows say of the trained model.
  private func checkAnswers(
    _ model: LanguageModel, _ text: TrainingText, _ examples: [TokenExample], before: Double?,
    _ context: StageContext
  ) throws {
    var found: [Diagnostic] = []
    if let before, let after = ForgettingHealth.promptLoss(model, examples) {
      found += ForgettingHealth.findings(before: before, after: after)
    }
    let samples = SampleHealth(
      model: model, tokenizer: text.tokenizer, stops: text.builder.stopTokenIDs)
    if let result = try samples.run(
      examples, contextLength: model.configuration.contextLength)
    {
      context.count("samples.asked", result.asked)
      context.count("samples.ended", result.ended)
      found += SampleHealth.findings(result)
    }
    for finding in found { context.warn(finding) }
  }
}
