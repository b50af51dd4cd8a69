internal import Diagnostics
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Models
internal import Parallelism
internal import Reproducibility
internal import StageKit

/// Whether what was trained shows in the model.
struct AdapterTriage {
  private let evidence: TrainingEvidence

  init(_ evidence: TrainingEvidence) { self.evidence = evidence }

  func step() throws -> Diagnosis.Step {
    var step = Diagnosis.Step("adapter")
    guard let output = evidence.outputs["model"] else {
      step.evidence.append("the stage left no model")
      return step
    }
    let folder = try ModelFolder(output.tree, reference: output.reference)
    guard let adapter = folder.adapter else {
      step.evidence.append("no adapter: all weights were trained")
      return try compare(folder, step)
    }
    step.evidence.append(
      "rank \(adapter.configuration.rank), alpha \(Evaluation.Figures.number(adapter.configuration.alpha)), "
        + "\(adapter.modules.count) modules")
    let model = try LanguageModel.load(
      folder, trainable: .nothing, pool: ThreadPool(threads: 2))
    guard let effect = model.adapterEffect() else { return step }
    step.evidence.append(
      "it moves logits by up to \(Evaluation.Figures.number(Double(effect.largest))) "
        + "(the base's reach \(Evaluation.Figures.number(Double(effect.logits))))")
    if effect.largest < 1e-4 * max(1, effect.logits) {
      step.findings.append(
        TrainingEvidence.warning(
          "no-effect", "the adapter changes next to nothing: tuned and base answer alike",
          fix: "raise learning_rate, num_epochs or lora_alpha, and check lora_target_modules"))
    }
    return step
  }

  /// Whether any weight differs from the model that was trained.
  private func compare(_ folder: ModelFolder, _ before: Diagnosis.Step) throws -> Diagnosis.Step {
    var step = before
    guard let input = evidence.inputs["model"],
      let old = try? ModelFolder(input.tree, reference: input.reference), old.adapter == nil
    else { return step }
    let names = Set(folder.tensorNames)
    let shared = old.tensorNames.filter(names.contains)
    guard let name = shared.last(where: { $0.contains("down_proj") || $0.contains("o_proj") }),
      let a = try? folder.mergedFloats(name), let b = try? old.mergedFloats(name),
      a.count == b.count, !a.isEmpty
    else { return step }
    let change = zip(a, b).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
    let size = b.reduce(0.0) { $0 + Double(abs($1)) }
    step.evidence.append(
      "\(name) moved by \(Evaluation.Figures.percent(size == 0 ? 0 : change / size)) of its size")
    if change == 0 {
      step.findings.append(
        TrainingEvidence.warning(
          "no-effect", "\(name) is what it was: nothing was learned, or the wrong files were kept",
          fix: "check learning_rate and the number of steps"))
    }
    return step
  }
}
