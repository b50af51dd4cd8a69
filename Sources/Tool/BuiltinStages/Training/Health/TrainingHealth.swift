internal import Diagnostics
internal import ModelFiles
internal import Models
internal import Training

/// The field's known ways to spoil a fine-tune that settings, data and start alone betray. Each is a
/// warning with a code of its own; `docs/health.md` lists them all.
enum TrainingHealth {
  /// What is trained for.
  enum Goal: Sendable {
    case answers, preferences, text
  }

  // MARK: - Settings

  /// `health.preference-rate`: a preference run with the learning rate of supervised tuning.
  static func settings(_ settings: TrainingSettings, _ goal: Goal, trainsAdapter: Bool)
    -> [Diagnostic]
  {
    guard case .preferences = goal, settings.learningRate > 5e-5 else { return [] }
    return [
      warning(
        "preference-rate",
        "learning_rate is \(settings.learningRate), as high as in supervised tuning; preference "
          + "losses usually take 5e-7 (all weights) to 5e-6 (adapters)",
        fix: "lower learning_rate to \(trainsAdapter ? "5e-6" : "5e-7") or watch rewards/margins")
    ]
  }

  // MARK: - Data against settings

  /// `health.epochs` and `health.rank`: how much is learned from how little.
  static func size(
    rows: Int, trainedTokens: Int, _ settings: TrainingSettings, adapter: LoRASettings?,
    trainedParameters: Int
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if settings.stepsMax == nil, settings.epochs >= 5, rows < 1000 {
      found.append(
        warning(
          "epochs",
          "num_epochs is \(settings.epochs) over \(rows) rows: so many passes over so few rows "
            + "are learned by heart", fix: "lower num_epochs to 3, or give more rows"))
    }
    guard let adapter else { return found }
    if adapter.configuration.rank >= 64, rows < 10_000 {
      found.append(
        warning(
          "rank",
          "lora_r is \(adapter.configuration.rank) for \(rows) rows: \(trainedParameters) parameters learn from "
            + "\(trainedTokens) tokens", fix: "lower lora_r to 16"))
    }
    if adapter.configuration.rank <= 4, rows >= 10_000 {
      found.append(
        warning(
          "rank",
          "lora_r is \(adapter.configuration.rank) for \(rows) rows: so low a rank may not hold what they teach",
          fix: "raise lora_r to 16"))
    }
    return found
  }

  // MARK: - Start

  /// `health.untuned-base`: preferences on a model that was never taught to answer.
  static func start(_ goal: Goal, hasTemplate: Bool, hasAdapter: Bool) -> [Diagnostic] {
    guard case .preferences = goal, !hasTemplate, !hasAdapter else { return [] }
    return [
      warning(
        "untuned-base",
        "the model has neither a chat template nor an adapter, so it was likely never tuned to "
          + "answer; preference losses then teach the form of answers at best",
        fix: "put a stage 'sft' before this one")
    ]
  }

  // MARK: - Result

  /// `health.collapse`: preference training that only pushes both answers down.
  static func drift(_ summary: TrainingSummary) -> [Diagnostic] {
    func change(_ name: String) -> Double? {
      let before = summary.before.first { $0.name == name }?.value
      let after = summary.after.first { $0.name == name }?.value
      return before.flatMap { before in after.map { $0 - before } }
    }
    guard let chosen = change("eval_rewards/chosen"), let margin = change("eval_rewards/margins"),
      chosen < 0, -chosen > 2 * max(margin, 0), -chosen > 1
    else { return [] }
    return [
      warning(
        "collapse",
        "the chosen answers of the validation rows lost \(-chosen) of reward while the margin "
          + "changed by \(margin): the model gives up both answers",
        fix: "lower learning_rate, raise rl_beta, or add rpo/sft loss on the chosen answer")
    ]
  }

  static func warning(_ code: String, _ message: String, fix: String) -> Diagnostic {
    Diagnostic("health.\(code)", message, fix: fix, severity: .warning)
  }
}
