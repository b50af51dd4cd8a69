internal import Diagnostics
internal import Reproducibility
internal import StageKit
internal import Synchronization
internal import Training

/// Lets the training loop speak through a stage's context.
///
/// The clock is read for the rates beside the bar alone; nothing of it is stored.
final class StageTrainingHost: TrainingHost {
  private let context: StageContext
  private let loggingSteps: Int
  private let start = ContinuousClock.now
  private var tokensHere = 0

  init(_ context: StageContext, loggingSteps: Int) {
    self.context = context
    self.loggingSteps = loggingSteps
  }

  func stepped(_ report: StepReport) {
    tokensHere += report.tokens
    let seconds = max(1e-6, (ContinuousClock.now - start) / .seconds(1))
    context.progress(
      report.step, of: report.totalSteps, "steps",
      rates: ["loss": report.loss, "tokens_per_second": Double(tokensHere) / seconds])
    guard report.step % loggingSteps == 0 || report.step == report.totalSteps else { return }
    let values =
      [
        NamedValue("loss", report.loss), NamedValue("learning_rate", report.learningRate),
        NamedValue("grad_norm", report.gradientNorm), NamedValue("epoch", report.epoch),
      ] + report.statistics
    for value in values {
      context.report(.metric(name: value.name, step: report.step, value: value.value))
    }
  }

  func evaluated(step: Int, _ values: [NamedValue]) {
    for value in values where value.value.isFinite {
      context.report(.metric(name: value.name, step: step, value: value.value))
    }
  }

  func warned(_ finding: Diagnostic) { context.warn(finding) }

  func scored(_ rows: Int, of total: Int, _ what: String) {
    context.progress(rows, of: total, what)
  }

  var isStopRequested: Bool { context.isStopRequested }

  func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {
    try context.checkpoints.save(step: step, arithmetic: arithmetic, write)
  }

  func latestCheckpoint(arithmetic: String) throws -> FileTree? {
    try context.checkpoints.latest(arithmetic: arithmetic)?.tree
  }
}
