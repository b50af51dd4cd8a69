internal import Diagnostics
internal import Evaluation

/// What the curves of a training run say.
package struct CurveFindings: Sendable {
  private let curves: [String: [TrainingEvidence.CurvePoint]]
  private let learningRate: Double?

  package init(_ curves: [String: [TrainingEvidence.CurvePoint]], learningRate: Double?) {
    self.curves = curves
    self.learningRate = learningRate
  }

  /// Mean of the first and the last tenth, at least one point each.
  private static func ends(_ points: [TrainingEvidence.CurvePoint]) -> (first: Double, last: Double)
  {
    let count = max(1, points.count / 10)
    func mean(_ part: ArraySlice<TrainingEvidence.CurvePoint>) -> Double {
      part.reduce(0) { $0 + $1.value } / Double(part.count)
    }
    return (mean(points.prefix(count)), mean(points.suffix(count)))
  }

  private func points(_ name: String) -> [TrainingEvidence.CurvePoint] { curves[name] ?? [] }

  /// Loss, validation loss, rewards.
  package func step() -> Diagnosis.Step {
    var step = Diagnosis.Step("curves")
    let loss = points("loss").filter(\.value.isFinite)
    guard !loss.isEmpty else {
      step.evidence.append("no loss was recorded: the stage did not take a step")
      return step
    }
    let (first, last) = Self.ends(loss)
    step.evidence.append(
      "loss \(number(first)) at the start, \(number(last)) at the end, "
        + "\(points("loss").count) points")
    if points("loss").contains(where: { !$0.value.isFinite }) {
      step.findings.append(
        TrainingEvidence.warning(
          "not-finite",
          "the loss was infinite or no number at "
            + "\(points("loss").count { !$0.value.isFinite }) points",
          fix: "lower learning_rate, and look at the rows that the stage named"))
    }
    if !isPreference {
      flat(first, last, loss.count, &step)
      memorised(last, &step)
    }
    validation(last, &step)
    rewards(&step)
    return step
  }

  private var isPreference: Bool { !points("rewards/margins").isEmpty }

  private func flat(_ first: Double, _ last: Double, _ count: Int, _ step: inout Diagnosis.Step) {
    guard count >= 3, first > 0.05 else { return }
    if last > 1.02 * first {
      step.findings.append(
        TrainingEvidence.warning(
          "diverging", "the loss rose from \(number(first)) to \(number(last))",
          fix: "lower learning_rate to a fifth, and lengthen the warm-up"))
    } else if last > 0.98 * first {
      step.findings.append(
        TrainingEvidence.warning(
          "not-learning", "the loss stayed at \(number(first))",
          fix: "look at the mask with 'orchestrate preview', then raise learning_rate"))
    }
  }

  private func memorised(_ last: Double, _ step: inout Diagnosis.Step) {
    guard last < 0.02 else { return }
    step.findings.append(
      TrainingEvidence.warning(
        "memorised", "the training loss ended at \(number(last)): the rows are known by heart",
        fix: "lower num_epochs, give more rows, and judge by held-out rows alone"))
  }

  private func validation(_ last: Double, _ step: inout Diagnosis.Step) {
    let held = points("eval_loss").filter(\.value.isFinite)
    guard let end = held.last, let best = held.min(by: { $0.value < $1.value }) else {
      step.evidence.append("no validation loss: give the stage 'validation' rows")
      return
    }
    step.evidence.append(
      "validation loss \(number(held[0].value)) to \(number(end.value)), lowest "
        + "\(number(best.value)) at step \(best.step)")
    var rises = 0
    var most = 0
    for (a, b) in zip(held, held.dropFirst()) {
      rises = b.value > a.value ? rises + 1 : 0
      most = max(most, rises)
    }
    if most >= 3 || end.value > 1.05 * best.value {
      step.findings.append(
        TrainingEvidence.warning(
          "overfitting",
          "the validation loss rose from \(number(best.value)) at step \(best.step) to "
            + "\(number(end.value))",
          fix: "set early_stopping_patience or load_best_model_at_end, lower num_epochs, or raise "
            + "lora_dropout"))
    } else if !isPreference, end.value - last > 0.3, last < end.value / 2 {
      step.findings.append(
        TrainingEvidence.warning(
          "gap",
          "the validation loss is \(number(end.value)), the training loss \(number(last)): what "
            + "is learned does not carry over",
          fix: "lower num_epochs or lora_r, or give rows more like the validation rows"))
    }
  }

  /// Preferences and rewards.
  private func rewards(_ step: inout Diagnosis.Step) {
    if isPreference {
      let margins = Self.ends(points("rewards/margins"))
      let right = Self.ends(points("rewards/accuracies"))
      step.evidence.append(
        "margin \(number(margins.first)) to \(number(margins.last)), preferred answers "
          + "\(Evaluation.Figures.percent(right.first)) to "
          + Evaluation.Figures.percent(right.last))
      let chosen = points("logps/chosen")
      if chosen.count >= 3 {
        let logp = Self.ends(chosen)
        if logp.last < logp.first - max(5, abs(logp.first) * 0.25) {
          step.findings.append(
            TrainingEvidence.warning(
              "collapse",
              "chosen answers lost likelihood (log-probability \(number(logp.first)) to "
                + "\(number(logp.last))): the margin grows because rejected answers lose more",
              fix: "raise beta, lower learning_rate, or add the SFT loss (rpo_alpha)"))
        }
      }
    }
    let reward = points("reward")
    guard !reward.isEmpty else { return }
    let ends = Self.ends(reward)
    step.evidence.append("reward \(number(ends.first)) to \(number(ends.last))")
    let spread = points("reward_std")
    if !spread.isEmpty, Self.ends(spread).last < 1e-9 {
      step.findings.append(
        TrainingEvidence.warning(
          "no-signal", "all answers to a prompt got the same reward: there is nothing to learn",
          fix: "choose prompts that the model solves sometimes, raise temperature or "
            + "num_generations, or make the reward finer"))
    }
    let lengths = points("completions/mean_length")
    if lengths.count >= 3 {
      let length = Self.ends(lengths)
      step.evidence.append("answers of \(number(length.first)) to \(number(length.last)) tokens")
    }
  }

  /// The learning rate against what the gradient did.
  package func rateStep() -> Diagnosis.Step {
    var step = Diagnosis.Step("learning rate")
    if let learningRate { step.evidence.append("learning_rate \(learningRate)") }
    let norms = points("grad_norm").filter { $0.value.isFinite }.map(\.value)
    let loss = points("loss").filter(\.value.isFinite)
    guard norms.count >= 5, loss.count >= 5, let learningRate else { return step }
    let middle = norms.sorted()[norms.count / 2]
    let high = norms.count { $0 > 10 * middle }
    step.evidence.append(
      "gradient norm \(number(middle)) in the middle, \(high) of \(norms.count) points above ten "
        + "times that")
    let rises = zip(loss, loss.dropFirst()).count { $1.value > 1.5 * $0.value && $1.value > 0.5 }
    let (first, last) = Self.ends(loss)
    var signs: [String] = []
    if last > 1.02 * first { signs.append("the loss ends above where it began") }
    if rises > loss.count / 5 {
      signs.append("the loss rises by half and more at \(rises) of \(loss.count - 1) points")
    }
    if high > norms.count / 10 { signs.append("the gradient jumps at \(high) points") }
    if !signs.isEmpty {
      step.findings.append(
        TrainingEvidence.warning(
          "rate-high", signs.joined(separator: ", "), fix: "try learning_rate \(learningRate / 5)"))
    } else if !isPreference, last > 0.98 * first, first > 0.05 {
      step.findings.append(
        TrainingEvidence.warning(
          "rate-low", "the loss does not move", fix: "try learning_rate \(learningRate * 5)"))
    }
    return step
  }

  private func number(_ value: Double) -> String { Evaluation.Figures.number(value) }
}
