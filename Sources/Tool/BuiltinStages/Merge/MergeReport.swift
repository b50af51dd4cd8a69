internal import Diagnostics
internal import Documents
internal import ModelFiles

/// What a merge did, for people and programs.
struct MergeReport {
  var method: String
  var models: [String]
  var type: TensorType
  var configuration: ModelConfiguration
  var tokenizer: String
  var warnings: [Diagnostic]

  private var tensorCount: Int { configuration.tensorShapes.count }

  var json: JSONValue {
    .object([
      "method": .string(method), "models": .array(models.map { .string($0) }),
      "dtype": .string(type.torchName ?? ""), "tensors": .integer(Int64(tensorCount)),
      "layers": .integer(Int64(configuration.layerCount)),
      "parameters": .integer(Int64(configuration.parameterCount)),
      "tokenizer": .string(tokenizer), "warnings": .array(warnings.map { .string($0.message) }),
    ])
  }

  var lines: [String] {
    [
      "# merge", "", "| | |", "|---|---|", "| method | \(method) |",
      "| models | \(models.map(ReportFolder.cell).joined(separator: ", ")) |",
      "| layers | \(configuration.layerCount) |", "| tensors | \(tensorCount) |",
      "| parameters | \(configuration.parameterCount) |",
      "| stored as | \(type.torchName ?? "") |",
      "| tokenizer of | \(ReportFolder.cell(tokenizer)) |",
    ] + warnings.map { "- \($0.message)" }
  }
}
