import BlockFormats
import Diagnostics
import ModelFiles
import Parallelism

extension GGUFExportRun {
  /// Refuses what cannot be written beside the base.
  static func checkSeparate(_ folder: ModelFolder, name: String) throws {
    guard let adapter = folder.adapter else {
      throw Diagnostic(
        "gguf.adapter", "'adapter: separate' needs a model that is an adapter, this one is whole",
        fix: "leave 'adapter' out, or give the stage that trains with 'adapter: lora'"
      ).failure(.badInput)
    }
    _ = try GGUFAdapter.plan(adapter, base: folder.configuration, name: name, format: .f16)
  }

  /// Writes the adapter beside the base's files; F16, as llama.cpp's own converter is mostly used.
  func writeAdapter(to output: String, _ pool: ThreadPool) throws -> ExportReport.File? {
    guard let adapter = folder.adapter else { return nil }
    let plan = try GGUFAdapter.plan(
      adapter, base: folder.configuration, name: parameters.name, format: .f16,
      lineage: parameters.metadata == .full ? lineage : [])
    let name = "\(parameters.fileName)-lora-F16.gguf"
    let path = "\(output)/\(name)"
    let written = try plan.write(to: path, pool: pool) { _ in [] }
    try plan.verify(path, written, pool: pool)
    return ExportReport.File(name: name, type: "F16", plan: plan, written: written)
  }
}
