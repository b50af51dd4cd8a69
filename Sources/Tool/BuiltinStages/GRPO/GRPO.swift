package import Diagnostics
internal import Generation
internal import ModelFiles
internal import Models
internal import Records
package import StageKit
internal import Tokenization
private import Training

/// Group-relative policy optimisation and its relatives: the model answers prompts itself and learns
/// from how its answers score against each other.
package struct GRPO: Stage {
  package static let kind: StageKind = "grpo"
  package static let version = 3  // 3: prompts are read by tiled attention
  package static let summary = "Trains a model on its own answers, scored by verifiers."

  package typealias Parameters = GRPOParameters

  package static func ports(for parameters: Parameters) -> Ports {
    .training(
      model: "The model to start from, which is the reference too.",
      rows: "Prompts, with the columns that rewards read,")
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
    let train = try rows.prompts("train", room: parameters.completionTokensMax)
    let held = try context.optionalInput("validation").map { _ in
      try rows.prompts("validation", room: parameters.completionTokensMax)
    }
    try RewardChecks(rewards: parameters.rewards, context: context).check(train.examples)
    try checkRound(train.examples.count, parameters)
    let model = try start.load(seed: parameters.training.settings.batching.seed, context)
    func source(_ examples: [PromptExample]) -> SampledRollouts {
      rollouts(examples, parameters, model, text)
    }
    func prompts(_ examples: [PromptExample]) -> [(row: RowID, ids: [Int32])] {
      examples.map { ($0.row, $0.ids) }
    }
    let job = TrainingJob(
      context: context, parameters: parameters.training, model: model,
      train: PolicyObjective(
        prompts(train.examples), parameters.policy, source(train.examples), model: model),
      validation: held.map {
        PolicyEvaluation(
          prompts($0.examples), parameters.policy, source($0.examples),
          tokensMax: parameters.completionTokensMax)
      })
    _ = try job.run(
      "grpo", [("train", train.counts)] + (held.map { [("validation", $0.counts)] } ?? []))
    try start.write(model, template: text.replacedTemplate, context)
    return .succeeded
  }

  private func rollouts(
    _ examples: [PromptExample], _ parameters: Parameters, _ model: LanguageModel,
    _ text: TrainingText
  ) -> SampledRollouts {
    SampledRollouts(
      examples.map { SampledRollouts.Prompt(ids: $0.ids, text: $0.text, fields: $0.fields) },
      verifiers: parameters.rewards.map { ($0.name, $0.verifier) }, model: model,
      tokenizer: text.tokenizer,
      SamplingSettings(
        maxNewTokens: parameters.completionTokensMax, temperature: parameters.policy.temperature,
        topK: parameters.topK, topP: parameters.topP,
        seed: parameters.training.settings.batching.seed,
        stopTokenIDs: text.builder.stopTokenIDs))
  }

  private func checkRound(_ prompts: Int, _ parameters: Parameters) throws {
    guard let wanted = parameters.training.settings.batching.promptsPerRound, prompts < wanted
    else { return }
    throw Diagnostic(
      "grpo.round",
      "a round takes \(wanted) prompts (micro_batch_size * steps_per_generation / "
        + "num_generations), and \(prompts) are left",
      fix: "lower steps_per_generation or micro_batch_size, or give more prompts"
    ).failure(.badInput)
  }
}
