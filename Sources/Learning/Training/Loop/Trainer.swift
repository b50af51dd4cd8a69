private import Diagnostics
private import Models
private import Records
private import Reproducibility
private import Tensors

/// The one training loop: steps, clipping, evaluation, best weights, checkpoints.
///
/// ```swift
/// let trainer = Trainer(
///   model: model, objective: TokenObjective(examples), settings: settings, host: host)
/// let summary = try trainer.run()
/// ```
///
/// A run that was killed and continued from any of its checkpoints ends with the bits of one that
/// was not: the rows of a step, its dropout and its learning rate are pure functions of the step,
/// and a checkpoint holds all else.
package final class Trainer {
  private let model: any TrainableModel
  private let objective: any TrainingObjective
  private let validation: (any TrainingObjective)?
  private let settings: TrainingSettings
  private let host: any TrainingHost
  private let optimizer: Optimizer
  private let schedule: LearningRateSchedule
  private var plan: RunPlan
  private var state = TrainingState()
  private var updates: UpdateMonitor
  /// Parameters at the best evaluation, where they are wanted.
  private var best: [[Float]]?

  /// - Parameters:
  ///   - objective: with at least one row, each with at least one trained token.
  ///   - validation: rows to evaluate on, or nil.
  package init(
    model: any TrainableModel, objective: any TrainingObjective,
    validation: (any TrainingObjective)? = nil, settings: TrainingSettings,
    host: any TrainingHost
  ) {
    self.model = model
    self.objective = objective
    self.validation = validation
    self.settings = settings
    self.host = host
    optimizer = Optimizer(
      settings.optimizer, parameters: model.parameters, learningRate: settings.learningRate,
      backend: model.backend)
    plan = RunPlan(
      lengths: objective.batchTokens, settings.batching, epochs: settings.epochs,
      stepsMax: settings.stepsMax)
    schedule = settings.learningRates(totalSteps: plan.totalSteps)
    updates = UpdateMonitor(model.parameters)
  }

  /// Optimizer steps of the run.
  package var totalSteps: Int { plan.totalSteps }

  /// The largest micro-batches of the run, for its memory plan.
  package func largestBatches() -> [BatchExtent] {
    plan.largestBatches(trainedTokens: objective.trainedTokens)
  }

  /// Bytes of the optimizer's moments.
  package var optimizerBytes: Int {
    optimizer.layout.byteCount
  }

  /// The same where the parameters are a card's: paged moments are the host's.
  package var optimizerBytesOfDevice: Int {
    settings.optimizer.kind.isPaged ? 0 : optimizer.layout.byteCount
  }

  /// Whether the weights at the best evaluation are kept.
  package var keepsBest: Bool {
    settings.loadsBestModelAtEnd || settings.earlyStoppingPatience != nil
  }

  /// Runs to the end, from the newest checkpoint where there is one.
  ///
  /// - Throws: `CancellationError` after a request to stop, with a checkpoint written;
  ///   ``Failure`` when a loss or a gradient is not finite, naming the rows.
  package func run() throws -> TrainingSummary {
    try optimizer.prepare()
    try model.backend.check()
    if let tree = try host.latestCheckpoint(arithmetic: model.arithmeticClass) {
      state = try checkpoint.restore(tree, best: &best)
    } else {
      try prepare()
    }
    try evaluateIfDue()
    while state.step < plan.totalSteps && !hasStoppedEarly {
      try stopIfRequested()
      try step()
      try model.backend.check()
      if isSavingDue { try save() }
      try evaluateIfDue()
    }
    return finish()
  }

  // MARK: - Steps

  /// A step was left before anything learnt from it.
  private struct Interruption: Error {}

  private func step() throws {
    do {
      try takeStep()
    } catch is Interruption {
      try stopIfRequested()
    }
  }

  private func takeStep() throws {
    let number = state.step + 1
    let rows = plan.rows(of: number)
    let all = rows.rows
    try objective.begin(number, rows, model) { done, total, what in
      if host.isStopRequested { throw Interruption() }
      host.scored(done, of: total, what)
    }
    let tokens = all.reduce(0) { $0 + objective.trainedTokens[$1] }
    let key = CounterRandom(seed: settings.batching.seed, stream: "dropout").bits(UInt64(number))
    var loss = 0.0
    var statistics = StatisticMeans()
    model.zeroGradients()
    for batch in rows.microBatches {
      try stopIfRequested()
      let share = LossShare(
        token: 1 / Double(max(1, tokens)),
        row: 1 / Double(batch.count * rows.microBatches.count),
        microBatch: 1 / Double(rows.microBatches.count))
      let value = try objective.backward(
        model, batch, share, dropoutKey: settings.usesDropout ? key : nil)
      try model.backend.check()
      guard value.loss.isFinite else { throw notFinite("the loss", value.loss, number, batch) }
      loss += value.loss
      statistics.add(value, rows: batch.count, weight: 1)
    }
    let norm = optimizer.gradientNorm()
    try model.backend.check()
    guard norm.isFinite else { throw notFinite("the gradient norm", norm, number, all) }
    let rate = schedule.value(step: number)
    var moved: [NamedValue] = []
    if try isApplied(loss, norm, number, all) {
      updates.begin()
      optimizer.step(
        learningRate: rate,
        gradientScale: GradientClipping.scale(norm: norm, normMax: settings.gradientNormMax))
      moved = settleUpdates(learningRate: rate)
    }
    let passed = all.reduce(0) { $0 + objective.batchTokens[$1] }
    state.step = number
    state.tokens += passed
    host.stepped(
      StepReport(
        step: number, totalSteps: plan.totalSteps, epoch: epoch(after: number), loss: loss,
        learningRate: rate, gradientNorm: norm, tokens: passed,
        statistics: statistics.values + objective.stepStatistics + moved))
    try watch(loss, number, all)
  }

  /// Passes over the data when `step` is done.
  private func epoch(after step: Int) -> Double {
    let place = plan.cursor(of: step)
    let length = plan.stepCount(ofEpoch: place.epoch)
    return Double(place.epoch) + Double(place.index + 1) / Double(length)
  }

  // MARK: - Evaluation

  private var endsEpoch: Bool { state.step > 0 && plan.cursor(of: state.step).endsEpoch }

  private var isEvaluationDue: Bool {
    guard validation != nil, state.evaluatedStep < state.step else { return false }
    return state.step == 0 || state.step == plan.totalSteps
      || settings.isDue(
        settings.evaluation, step: state.step, totalSteps: plan.totalSteps, endsEpoch: endsEpoch)
  }

  private func evaluateIfDue() throws {
    guard let validation, isEvaluationDue else { return }
    let values = try evaluate(validation)
    state.evaluatedStep = state.step
    state.last = values
    if state.step == 0 { state.before = values }
    host.evaluated(step: state.step, values)
    guard let loss = values.first?.value, loss.isFinite else {
      throw Diagnostic(
        "training.not-finite",
        "the loss on the validation rows is not finite after step \(state.step)",
        fix: "lower learning_rate, or lower max_grad_norm"
      ).failure(.stageFailed)
    }
    if let rise = state.overfitting.observe(loss) { warnOfOverfitting(rise) }
    if state.best.map({ loss < $0.loss }) ?? true {
      state.best = TrainingState.Best(step: state.step, loss: loss, values: values)
      state.evaluationsWithoutGain = 0
      if keepsBest { best = model.parameters.map { $0.values.values() } }
    } else {
      state.evaluationsWithoutGain += 1
    }
  }

  /// `eval_loss` first, then means over the rows, in the objective's order.
  private func evaluate(_ objective: any TrainingObjective) throws -> [NamedValue] {
    let rows = objective.rowIDs.count
    let tokens = objective.trainedTokens.reduce(0, +)
    let share = LossShare(token: 1 / Double(max(1, tokens)), row: 1 / Double(max(1, rows)))
    var loss = 0.0
    var statistics = StatisticMeans()
    var done = 0
    for batch in scoringBatches(objective) {
      try stopIfRequested()
      host.scored(done, of: rows, "validation rows")
      let value = try objective.evaluate(model, batch, share)
      try model.backend.check()
      loss += value.loss
      statistics.add(value, rows: batch.count, weight: Double(batch.count))
      done += batch.count
    }
    return [NamedValue("eval_loss", loss)]
      + statistics.values.map { NamedValue("eval_" + $0.name, $0.value) }
  }

  /// All rows in order, in batches as large as those of training.
  private func scoringBatches(_ objective: any TrainingObjective) -> [[Int]] {
    var layout = settings.batching
    layout.shuffles = false
    layout.samplePacking = true
    layout.gradientAccumulationSteps = 1
    layout.rounds = nil
    return EpochPlan(lengths: objective.batchTokens, layout, epoch: 0).steps.flatMap(
      \.microBatches)
  }

  private var hasStoppedEarly: Bool {
    settings.earlyStoppingPatience.map { state.evaluationsWithoutGain >= $0 } ?? false
  }

  // MARK: - Beginning, checkpoints, end

  private func prepare() throws {
    for part in [objective, validation].compactMap({ $0 }) where part.preparedSize > 0 {
      let rows = part.rowIDs.count
      try part.prepare(model, scoringBatches(part)) { done in
        if host.isStopRequested { throw CancellationError() }
        host.scored(done, of: rows, "rows of the reference")
      }
    }
    if objective.preparedSize > 0 { try save() }
  }

  private var checkpoint: TrainingCheckpoint {
    TrainingCheckpoint(
      model: model, optimizer: optimizer,
      objectives: [objective] + (validation.map { [$0] } ?? []))
  }

  private var isSavingDue: Bool {
    if state.step == plan.totalSteps { return true }
    let twentieth = TrainingSettings.Cadence.steps(max(1, (plan.totalSteps + 19) / 20))
    return settings.isDue(
      settings.saving ?? twentieth, step: state.step, totalSteps: plan.totalSteps,
      endsEpoch: endsEpoch)
  }

  private func save() throws {
    try model.backend.check()
    try host.save(step: state.step, arithmetic: model.arithmeticClass) {
      try checkpoint.write(state, best: best, to: $0)
    }
  }

  private func stopIfRequested() throws {
    guard host.isStopRequested else { return }
    try save()
    throw CancellationError()
  }

  private func finish() -> TrainingSummary {
    var kept = state.step
    var after = state.last
    if let best, let record = state.best {
      for (parameter, values) in zip(model.parameters, best) {
        parameter.values.write(values)
      }
      kept = record.step
      after = record.values
    }
    return TrainingSummary(
      steps: state.step, totalSteps: plan.totalSteps, tokens: state.tokens, before: state.before,
      after: after, keptStep: kept, stoppedEarly: state.step < plan.totalSteps)
  }

  // MARK: - Trouble

  /// Whether the step's gradients are used: not those of a spike, where spikes are to be skipped.
  private func isApplied(_ loss: Double, _ norm: Double, _ step: Int, _ rows: [Int]) throws -> Bool
  {
    var spikes: [String] = []
    if let z = state.losses.observe(loss) {
      spikes.append("the loss \(loss) (z-score \(Int(z)))")
    }
    if let z = state.norms.observe(norm) {
      spikes.append("the gradient norm \(norm) (z-score \(Int(z)))")
    }
    if spikes.isEmpty { return true }
    let skips = settings.spikeAction == .skip
    let finding = Diagnostic(
      "health.spike",
      "\(spikes.joined(separator: " and ")) of step \(step) stands far above the last "
        + "\(SpikeMonitor.window) steps, with the rows \(names(rows))"
        + (skips ? "; the step is left out" : ""),
      fix: "look at these rows; lower learning_rate, or set loss_spike: skip",
      severity: settings.spikeAction == .stop ? .error : .warning)
    if settings.spikeAction == .stop { throw finding.failure(.stageFailed) }
    host.warned(finding)
    return !skips
  }

  /// How far the groups moved; a warning for one that stands still.
  private func settleUpdates(learningRate: Double) -> [NamedValue] {
    let (values, still) = updates.end(learningRate: learningRate)
    for group in still {
      host.warned(
        Diagnostic(
          "health.standstill",
          "the parameters '\(group)' did not move in \(UpdateMonitor.patience) steps with a "
            + "learning rate above 0",
          fix: "raise learning_rate, or keep these parameters in float32", severity: .warning))
    }
    return values
  }

  private func warnOfOverfitting(_ rise: Double) {
    host.warned(
      Diagnostic(
        "health.overfitting",
        "the loss on the validation rows is \(Int((100 * rise).rounded(.up))) % above its lowest "
          + "after step \(state.step): the training rows are being learned by heart",
        fix: "set early_stopping_patience or load_best_model_at_end, or lower num_epochs",
        severity: .warning))
  }

  private func watch(_ loss: Double, _ step: Int, _ rows: [Int]) throws {
    guard let threshold = settings.watchdogThreshold else { return }
    state.watchdogCount = loss > threshold ? state.watchdogCount + 1 : 0
    guard state.watchdogCount >= settings.watchdogPatience else { return }
    throw Diagnostic(
      "training.watchdog",
      "the loss was above \(threshold) for \(state.watchdogCount) steps in a row, "
        + "\(loss) at step \(step) with the rows \(names(rows))",
      fix: "lower learning_rate, or raise loss_watchdog_threshold"
    ).failure(.stageFailed)
  }

  private func notFinite(_ what: String, _ value: Double, _ step: Int, _ rows: [Int]) -> Failure {
    Diagnostic(
      "training.not-finite",
      "\(what) of step \(step) is \(value.isNaN ? "not a number" : "infinite") "
        + "with the rows \(names(rows))",
      fix: "lower learning_rate or max_grad_norm, or look at these rows"
    ).failure(.stageFailed)
  }

  /// At most eight.
  private func names(_ rows: [Int]) -> String {
    let shown = rows.prefix(8).map { objective.rowIDs[$0].description }.joined(separator: ", ")
    return rows.count > 8 ? "\(shown) and \(rows.count - 8) more" : shown
  }
}
