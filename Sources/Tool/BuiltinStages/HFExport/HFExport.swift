package import Diagnostics
internal import Documents
internal import ModelFiles
internal import Parallelism
internal import Reproducibility
package import StageKit
internal import Tokenization

/// Writes a model in Hugging Face's layout: merged for transformers and vLLM, or as PEFT's adapter,
/// each with a card. The merged model is compared with the adapter on its base before it may go on.
package struct ExportHF: Stage {
  package static let kind: StageKind = "hf_export"
  package static let version = 2  // 2: lineage in the files, measurements in the card
  package static let summary =
    "Writes a model as a Hugging Face folder, merged or as a PEFT adapter, with a model card."

  package init() {}

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("model", .model, help: "The model to export; an adapter is merged in float32."),
        Port(
          "samples", .records, optional: true,
          help: "Rows to compare logits on; without them texts of the stage's own."),
        Port("scores", .scores, optional: true, help: "Measurements for the card."),
        Port("verdict", .verdict, optional: true, help: "A gate's decision, for the card."),
        Port("training", .report, optional: true, help: "A training stage's report, for the card."),
      ],
      outputs: [
        Port("files", .files, help: "A folder per form: merged, adapter."),
        Port("report", .report, help: "Files, digests, the comparison, commands that serve it."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs) -> [Diagnostic]
  {
    guard let model = inputs.artifacts["model"] else { return [] }
    do {
      let folder = try ModelFolder(model.tree, reference: model.reference)
      return problems(parameters, folder)
    } catch let failure as Failure {
      return failure.diagnostics
    } catch {
      return []  // The run meets it again and reports it.
    }
  }

  /// What is wrong with asking this of the model.
  private static func problems(_ parameters: Parameters, _ folder: ModelFolder) -> [Diagnostic] {
    if folder.adapter?.scoreHeadShape != nil {
      return [
        Diagnostic(
          "hf.reward-model", "the model scores answers and does not write any",
          fix: "export the model it judges")
      ]
    }
    if folder.gguf != nil, parameters.forms.contains(.merged) {
      return [
        Diagnostic(
          "hf.gguf-base",
          "the weights are a GGUF file, which has no config.json and no tokenizer.json to go with "
            + "a merged folder",
          fix: "export it with gguf_export, or train on the folder that the file was made of")
      ]
    }
    guard parameters.forms.contains(.adapter) else { return [] }
    guard let adapter = folder.adapter else {
      return [
        Diagnostic(
          "hf.no-adapter", "'form' asks for an adapter, and the model has none",
          fix: "export it with form: merged")
      ]
    }
    return VLLMAdapter(adapter).problems(isRefusal: parameters.checksVLLM)
      + HFAdapterFolder.baseProblems(adapter, parameters, folder)
  }

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let input = context.input("model")
    let folder = try ModelFolder(input.tree, reference: input.reference)
    let problems = Self.problems(parameters, folder)
    let errors = problems.filter { $0.severity == .error }
    if !errors.isEmpty { throw Failure(errors, .badInput) }
    let tiedHead = try folder.tiedHeadWarning()
    var warnings = folder.warnings + problems + (tiedHead.map { [$0] } ?? [])
    var report = HFReport(name: parameters.name)
    let facts = try HFFacts(parameters, context, folder)

    if parameters.forms.contains(.adapter), let adapter = folder.adapter {
      let target = try Self.makeFolder(context.output("files") + "/adapter")
      report.adapter = try HFAdapterFolder(adapter, folder, parameters, facts.metadata)
        .write(to: target, facts)
    }
    var refusals: [String] = []
    if parameters.forms.contains(.merged) {
      let target = try Self.makeFolder(context.output("files") + "/merged")
      let merged = HFMergedFolder(folder, parameters, context)
      report.files = try merged.write(to: target, facts.metadata)
      let check = try MergeCheck(folder, parameters, context).compare(with: target)
      report.check = check
      if !check.passes { refusals.append(check.sentence) }
      warnings += try merged.warnings()
      try merged.writeCard(to: target, facts, check)
    }
    for warning in warnings { context.warn(warning) }
    report.warnings = warnings.map(\.message)
    try ReportFolder.write(report.json, report.lines, to: context.output("report"))
    return refusals.isEmpty ? .succeeded : .refused(refusals)
  }

  private static func makeFolder(_ path: String) throws -> String {
    try HFFiles.makeFolder(path)
    return path
  }
}
