internal import Diagnostics
internal import Models
internal import StageKit
internal import Tensors
internal import Training

/// What every training stage does once it has a model and objectives: checks, trains, reports.
struct TrainingJob {
  let context: StageContext
  let parameters: TrainingParameters
  let model: LanguageModel
  let train: any TrainingObjective
  let validation: (any TrainingObjective)?

  /// Runs to the end and writes the report.
  func run(_ title: String, _ counts: [(port: String, counts: TrainingRows.Counts)]) throws
    -> TrainingSummary
  {
    var settings = parameters.settings
    settings.usesDropout = (model.adapter?.dropout ?? 0) > 0
    let trainer = Trainer(
      model: model, objective: train, validation: validation, settings: settings,
      host: StageTrainingHost(context, loggingSteps: parameters.loggingSteps))
    try check(settings, trainer.totalSteps)
    let trained = model.parameters.reduce(0) { $0 + $1.shape.reduce(1, *) }
    warn(
      TrainingHealth.size(
        rows: train.rowIDs.count, trainedTokens: train.trainedTokens.reduce(0, +), settings,
        adapter: model.adapter, trainedParameters: trained))
    try settleMemory(trainer)
    let summary = try trainer.run()
    warn(TrainingHealth.drift(summary))
    context.count("steps", summary.steps)
    context.count("trained_parameters", trained)
    try TrainingReport(title: title, summary: summary, counts: counts)
      .write(to: context.output("report"))
    return summary
  }

  private func warn(_ findings: [Diagnostic]) {
    for finding in findings { context.warn(finding) }
  }

  /// Plans the memory of the run, says so, and takes that of the largest step.
  private func settleMemory(_ trainer: Trainer) throws {
    let card = model.backend.memoryLimit
    let needs = MemoryNeeds(
      model, batches: trainer.largestBatches(),
      optimizerBytes: card == nil ? trainer.optimizerBytes : trainer.optimizerBytesOfDevice,
      keepsBest: trainer.keepsBest, isOnCard: card != nil)
    let plan = try MemoryPlan.fitting(
      needs, parameters.memory.checkpointing,
      limit: parameters.memory.limit ?? card ?? MachineMemory.limit, parameters.settings.batching)
    model.repeatedLayers = plan.repeatedLayers
    model.offloads = plan.offloads
    for batch in needs.batches { model.reserve(tokens: batch.tokens, labels: batch.labels) }
    try model.backend.check()
    let layers =
      plan.repeatedLayers == 0
      ? "" : "\n\(plan.repeatedLayers) of \(needs.layers) layers are computed again for backward"
    let inputs =
      plan.offloads ? "; their inputs take \(MemoryPlan.text(plan.hostBytes)) of the host" : ""
    context.report(
      .message(
        Diagnostic(
          "training.memory-plan",
          "memory of the run\(card == nil ? "" : " on the card"):\n\(plan.table)\(layers)\(inputs)",
          severity: .note)))
  }

  private func check(_ settings: TrainingSettings, _ total: Int) throws {
    let warmup = settings.warmupSteps(of: total)
    if total > 1, warmup >= total {
      throw Diagnostic(
        "training.warmup", "the warm-up takes \(warmup) steps, the run \(total)",
        fix: "lower warmup_steps, or raise num_epochs"
      ).failure(.badInput)
    }
    if settings.optimizer.groups.loraPlusRatio != nil, model.adapter == nil {
      throw Diagnostic(
        "training.lora-plus", "loraplus_lr_ratio is set, and there is no adapter to train",
        fix: "leave out loraplus_lr_ratio, or set adapter: lora"
      ).failure(.badInput)
    }
    if validation == nil,
      settings.loadsBestModelAtEnd || settings.earlyStoppingPatience != nil
    {
      throw Diagnostic(
        "training.no-validation",
        "load_best_model_at_end and early_stopping_patience need rows at 'validation'",
        fix: "add 'validation: splits.validation' to the stage's inputs"
      ).failure(.badInput)
    }
  }
}
