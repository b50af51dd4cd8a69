internal import Diagnostics
internal import Generation
internal import ModelFiles
internal import Reproducibility
internal import StageKit
internal import Tokenization

/// Looks at the chat template that a stage trained with.
struct TemplateTriage {
  private let evidence: TrainingEvidence

  init(_ evidence: TrainingEvidence) { self.evidence = evidence }

  func step() throws -> Diagnosis.Step {
    var step = Diagnosis.Step("template")
    guard let input = evidence.inputs["model"] else {
      step.evidence.append("the model that was trained is no longer in the store")
      return step
    }
    let before = try ModelText.template(in: input.tree)
    let after = try evidence.outputs["model"].flatMap { try ModelText.template(in: $0.tree) }
    guard let used = after ?? before else {
      step.evidence.append("no chat template: rows are plain text")
      return step
    }
    step.evidence.append("chat template \(Digest(of: used.source.utf8).short)")
    if let before, let after, before.source != after.source {
      step.findings.append(
        TrainingEvidence.warning(
          "template-changed",
          "the model came with the chat template \(Digest(of: before.source.utf8).short) and was "
            + "trained with another one",
          fix: "leave 'chat_template' out: a model that knows a template is spoiled by another"))
    }
    let tokenizer = try ModelText.tokenizer(in: input.tree)
    let unknown = TemplateMarks.marks(in: used.source).filter {
      tokenizer.encode($0, addSpecialTokens: false, parseSpecial: true).count > 1
    }
    if !unknown.isEmpty {
      step.findings.append(
        TrainingEvidence.warning(
          "template-tokens",
          "the template writes "
            + unknown.map { "'\(SafeText.escaped($0))'" }.joined(separator: ", ")
            + ", and the vocabulary does not have it as one token",
          fix: "use the model's own template"))
    }
    return step
  }
}
