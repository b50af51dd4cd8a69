internal import Documents
internal import ModelFiles
internal import Reproducibility

/// What an export wrote and how it compares with the model it came from.
struct HFReport {
  struct Adapter {
    var baseName: String
    var rank: Int
    var maxRank: Int?
    /// Nil where vLLM cannot serve it.
    var command: String?
    var isServed: Bool
  }

  let name: String
  var files: [ShardedWeights.File] = []
  var check: MergeCheck.Result?
  var adapter: Adapter?
  var warnings: [String] = []

  init(name: String) { self.name = name }

  var json: JSONValue {
    var members = [
      JSONMember("formatVersion", 1), JSONMember("name", .string(name)),
      JSONMember("weights", .array(files.map(Self.json))),
    ]
    if let check {
      members.append(
        JSONMember(
          "merged_versus_adapter",
          .object([
            "passes": .bool(check.passes), "dtype": .string(check.type),
            "max_logit_difference": .number(check.difference), "bound": .number(check.bound),
            "bound_is_given": .bool(check.isGivenBound),
            "max_logit": .number(check.largestLogit),
            "same_first_token": .integer(Int64(check.sameChoice)),
            "positions": .integer(Int64(check.positions)), "rows": .integer(Int64(check.rows)),
          ])))
    }
    if let adapter {
      members.append(
        JSONMember(
          "adapter",
          .object([
            "base_model_name_or_path": .string(adapter.baseName),
            "rank": .integer(Int64(adapter.rank)),
            "max_lora_rank": adapter.maxRank.map { .integer(Int64($0)) } ?? .null,
            "served_by_vllm": .bool(adapter.isServed),
            "vllm_command": adapter.command.map { .string($0) } ?? .null,
          ])))
    }
    members.append(JSONMember("warnings", .array(warnings.map { .string($0) })))
    return .object(members)
  }

  private static func json(_ file: ShardedWeights.File) -> JSONValue {
    .object([
      "name": .string(file.name), "bytes": .integer(Int64(file.byteCount)),
      "sha256": .string(file.digest.hex),
    ])
  }

  var lines: [String] {
    var lines = ["# Hugging Face export"]
    if !files.isEmpty {
      lines += ["", "| file | bytes | SHA-256 |", "|---|---:|---|"]
      lines += files.map { "| merged/\($0.name) | \($0.byteCount) | \($0.digest.short) |" }
    }
    if let check {
      let origin = check.isGivenBound ? "as asked" : "4 √(2L+1) (u + √C 2^-24) max|logit|"
      lines += ["", "\(check.sentence) (bound: \(origin))."]
    }
    if let adapter {
      lines += ["", "The adapter has rank \(adapter.rank) and belongs to `\(adapter.baseName)`."]
      lines += adapter.command.map { ["", "```", $0, "```"] } ?? ["vLLM does not serve it."]
    }
    if !warnings.isEmpty {
      lines.append("")
      lines += warnings.map { "- \($0)" }
    }
    return lines
  }
}
