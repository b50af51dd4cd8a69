import BlockFormats
package import Diagnostics
import Documents
import ModelFiles
import Parallelism
import Reproducibility
package import StageKit

/// Writes a model as GGUF files that llama.cpp and Ollama run: weights, tokenizer, chat
/// template and stops in one file each, and a Modelfile beside them.
package struct ExportGGUF: Stage {
  package static let kind: StageKind = "gguf_export"
  package static let version = 1
  package static let summary =
    "Writes a model as GGUF files for llama.cpp and Ollama, and a Modelfile."

  /// Whether lineage goes into the files.
  package enum Metadata: String, CaseIterable, Sendable { case full, minimal }

  package init() {}

  package struct Parameters: StageParameters {
    /// In the order written; checked to be known.
    let formats: [BlockFormat]
    let name: String
    let metadata: Metadata
    let preTokenizer: String?

    package init(_ read: inout ParameterReader) {
      let known = BlockFormat.all.map { $0.name.lowercased() }
      let names = read.strings(
        "quantization", default: ["bf16"],
        help: "llama.cpp's names of the types to write, a file each: "
          + known.joined(separator: ", ") + ".")
      var formats: [BlockFormat] = []
      for name in names {
        guard let format = BlockFormat.named(name) else {
          let nearest = NearestName.suggestion(for: name, among: known)
          read.problem(
            "quantization",
            "'\(SafeText.escaped(name))' is none of \(known.joined(separator: ", "))",
            fix: nearest.map { "did you mean '\($0)'?" })
          continue
        }
        if formats.contains(where: { $0.name == format.name }) {
          read.problem("quantization", "'\(SafeText.escaped(name))' is listed twice")
        } else {
          formats.append(format)
        }
      }
      if names.isEmpty { read.problem("quantization", "the list is empty, expected a type") }
      self.formats = formats
      name = read.string(
        "name", default: "model",
        help: "The model's name in the files, and how their names begin: NAME-Q8_0.gguf.")
      if !Self.isFileName(name) {
        read.problem(
          "name", "'\(SafeText.escaped(name))' is not fit for a file name",
          fix: "use letters, digits, '.', '_' and '-', beginning with a letter or digit")
      }
      metadata = read.choice(
        "metadata", default: Metadata.full,
        help: "Whether the files say which artifacts they were made of (full) or not (minimal).")
      preTokenizer = read.optionalString(
        "pre_tokenizer",
        help: "llama.cpp's name of the pre-tokenizer, where its structure is not recognised.")
    }

    private static func isFileName(_ name: String) -> Bool {
      let rest = name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0 & 0xDF) || [45, 46, 95].contains($0)
      }
      guard let first = name.utf8.first, name.utf8.count <= 100 else { return false }
      return rest && ![45, 46, 95].contains(first)
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [Port("model", .model, help: "The model to export; an adapter is merged first.")],
      outputs: [
        Port("files", .files, help: "One GGUF file per type, and the Modelfile."),
        Port("report", .report, help: "Names, sizes and digests of the files, and checks."),
      ])
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs) -> [Diagnostic]
  {
    guard let model = inputs.artifacts["model"] else { return [] }
    do {
      let folder = try ModelFolder(model.tree, reference: model.reference)
      let tokenizer = try ExportTokenizer(folder, preTokenizer: parameters.preTokenizer)
      for format in parameters.formats {
        _ = try GGUFExport.plan(
          folder.configuration, tokenizer.vocabulary, name: parameters.name, format: format)
      }
      return tokenizer.warnings
    } catch let failure as Failure {
      return failure.diagnostics
    } catch {
      return []  // The run meets it again and reports it.
    }
  }

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let input = context.input("model")
    let folder = try ModelFolder(input.tree, reference: input.reference)
    let tokenizer = try ExportTokenizer(folder, preTokenizer: parameters.preTokenizer)
    let tiedHead = try folder.tiedHeadWarning()
    let warnings = folder.warnings + tokenizer.warnings + (tiedHead.map { [$0] } ?? [])
    for warning in warnings { context.warn(warning) }

    let output = context.output("files")
    let plans = try parameters.formats.map { format in
      try GGUFExport.plan(
        folder.configuration, tokenizer.vocabulary, name: parameters.name, format: format,
        lineage: parameters.metadata == .full ? lineage(input, folder) : [])
    }
    let tensorCount = plans.reduce(0) { $0 + $1.tensors.count }
    var done = 0
    var files: [ExportReport.File] = []
    for (plan, format) in zip(plans, parameters.formats) {
      let name = "\(parameters.name)-\(format.name).gguf"
      let path = "\(output)/\(name)"
      let written = try plan.write(
        to: path, pool: context.pool,
        progress: { count in
          try context.checkCancelled()
          context.progress(done + count, of: tensorCount, "tensors")
        }, floats: folder.mergedFloats)
      try plan.verify(path, written)
      try tokenizer.verify(path)
      done += plan.tensors.count
      files.append(ExportReport.File(name: name, format: format, plan: plan, written: written))
    }
    let modelfile = Modelfile(
      from: files[0].name, template: tokenizer.turnTemplate, stops: tokenizer.stops,
      contextLength: folder.configuration.contextLength)
    try JSONFile.write(bytes: Array(modelfile.text.utf8), to: output + "/Modelfile")
    let report = ExportReport(
      files: files, tokenizer: tokenizer, modelfile: modelfile, warnings: warnings)
    try ReportFolder.write(report.json, report.lines, to: context.output("report"))
    return .succeeded
  }

  /// Digests of what the files are made of; no run, no date.
  private func lineage(_ input: InputArtifact, _ folder: ModelFolder) -> [GGUFPair] {
    var pairs = [GGUFPair("orchestrate.input.model", .string(input.digest.hex))]
    if let base = folder.manifest.base {
      pairs.append(GGUFPair("orchestrate.input.base", .string(base.hex)))
    }
    return pairs
  }
}
