import BlockFormats
package import Diagnostics
import Documents
import ModelFiles
import Parallelism
package import Reproducibility
package import StageKit

/// Writes a model as GGUF files that llama.cpp and Ollama run: weights, tokenizer, chat
/// template and stops in one file each, and a Modelfile beside them.
package struct ExportGGUF: Stage {
  package static let kind: StageKind = "gguf_export"
  package static let version = 2  // 2: every family of llama.cpp's, its mixes, a model per type
  package static let summary =
    "Writes a model as GGUF files for llama.cpp and Ollama, and a Modelfile."

  /// Whether lineage goes into the files, and what llama.cpp would otherwise guess; minimal files
  /// are those of its converter and quantizer.
  package enum Metadata: String, CaseIterable, Sendable { case full, minimal }

  /// What becomes of a LoRA.
  package enum AdapterChoice: String, CaseIterable, Sendable { case merge, separate }

  /// Stands for an input whose digest nobody worked out: no lineage is written of it.
  package static let unknownInput = Digest(of: [])

  package init() {}

  package struct Parameters: StageParameters {
    /// In the order written; checked to be known.
    let types: [GGUFFileType]
    let name: String
    let metadata: Metadata
    let preTokenizer: String?
    let adapter: AdapterChoice
    let importance: FilePattern
    let calibrationTokens: Int

    package init(_ read: inout ParameterReader) {
      let known = GGUFFileType.all.map { $0.name.lowercased() }
      let names = read.strings(
        "quantization", default: ["bf16"],
        help: "llama.cpp's names of the types to write, a file each: "
          + known.joined(separator: ", ") + ".")
      var types: [GGUFFileType] = []
      for name in names {
        guard let type = GGUFFileType.named(name) else {
          let nearest = NearestName.suggestion(for: name, among: known)
          read.problem(
            "quantization",
            "'\(SafeText.escaped(name))' is none of \(known.joined(separator: ", "))",
            fix: nearest.map { "did you mean '\($0)'?" })
          continue
        }
        if types.contains(type) {
          read.problem("quantization", "'\(SafeText.escaped(name))' is listed twice")
        } else {
          types.append(type)
        }
      }
      if names.isEmpty { read.problem("quantization", "the list is empty, expected a type") }
      self.types = types
      name = read.string(
        "name", default: "model",
        help: "The model's name in the files, and how their names begin: NAME-Q8_0.gguf.")
      if !Self.isFileName(name) {
        read.problem(
          "name", "'\(SafeText.escaped(name))' is not fit for a file name",
          fix: "use letters, digits, blanks, '.', '_' and '-', beginning with a letter or digit")
      }
      metadata = read.choice(
        "metadata", default: Metadata.full,
        help: "Whether the files say which artifacts they were made of (full) or not (minimal).")
      preTokenizer = read.optionalString(
        "pre_tokenizer",
        help: "llama.cpp's name of the pre-tokenizer, where its structure is not recognised.")
      adapter = read.choice(
        "adapter", default: AdapterChoice.merge,
        help: "Whether a LoRA is merged into the files (merge) or written beside those of its base "
          + "as NAME-lora-F16.gguf for --lora (separate).")
      importance = read.files(
        "importance_matrix", optional: true,
        help: "llama.cpp's importance matrix (imatrix.gguf or .dat) that 2 to 5 bit types are made "
          + "with.")
      calibrationTokens = read.integer(
        "calibration_tokens", default: 100_000, in: 1...1 << 40,
        help: "Tokens of the input 'calibration' that are read at most, in the order of its rows.")
    }

    /// What the names of files begin with.
    var fileName: String { String(name.map { $0 == " " ? "-" : $0 }) }

    private static func isFileName(_ name: String) -> Bool {
      let rest = name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0 & 0xDF) || [32, 45, 46, 95].contains($0)
      }
      guard let first = name.utf8.first, name.utf8.count <= 100 else { return false }
      return rest && ![32, 45, 46, 95].contains(first) && !name.hasSuffix(" ")
    }
  }

  package static func ports(for parameters: Parameters) -> Ports {
    var outputs = [
      Port("files", .files, help: "One GGUF file per type, and the Modelfile."),
      Port("report", .report, help: "Names, sizes and digests of the files, and checks."),
    ]
    // The base's files are no model that anyone trained.
    if parameters.adapter == .merge {
      outputs += parameters.types.map {
        Port($0.portName, .model, help: "The \($0.name) file as a model, to score and to gate.")
      }
    }
    return Ports(
      inputs: [
        Port("model", .model, help: "The model to export; an adapter is merged first."),
        Port(
          "calibration", .records, optional: true,
          help: "Rows like those the model will see: an importance matrix is made of them, and "
            + "quantized weights are most exact where it is large. Training or validation rows do."),
        Port(
          "verdict", .verdict, optional: true,
          help: "The decision of the gate that let the model pass: its digest goes into the files."),
      ], outputs: outputs)
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs) -> [Diagnostic]
  {
    guard let model = inputs.artifacts["model"] else { return [] }
    do {
      let folder = try ModelFolder(model.tree, reference: model.reference)
      let export = try GGUFExportRun(parameters, model, folder)
      for type in parameters.types { _ = try export.plan(type) }
      return export.warnings
    } catch let failure as Failure {
      return failure.diagnostics
    } catch {
      return []  // The run meets it again and reports it.
    }
  }

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let input = context.input("model")
    let folder = try ModelFolder(input.tree, reference: input.reference)
    var importance = try context.files(parameters.importance.parameter).first.map {
      try GGUFImportance(path: $0.path)
    }
    if let rows = context.optionalInput("calibration") {
      guard importance == nil else {
        throw Diagnostic(
          "gguf.two-importances",
          "importance_matrix and the input 'calibration' both say what weighs",
          fix: "leave out one of them"
        ).failure(.badInput)
      }
      let made = try ExportCalibration(folder: folder, tokens: parameters.calibrationTokens)
        .importance(rows, in: context)
      try made.write(to: context.output("files") + "/\(parameters.fileName)-imatrix.gguf")
      importance = made
    }
    let export = try GGUFExportRun(
      parameters, input, folder, importance: importance,
      gate: context.optionalInput("verdict")?.digest)
    try export.write(in: context)
    for port in Self.ports(for: parameters).outputs where port.types == [.model] {
      context.referTrainedRows(from: port.name, inputs: ["model"])
    }
    return .succeeded
  }
}
