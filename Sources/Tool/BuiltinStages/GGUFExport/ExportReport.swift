import BlockFormats
import Diagnostics
import Documents
import ModelFiles
import Reproducibility

/// What an export wrote: names, sizes, digests and what was checked.
struct ExportReport {
  struct File {
    var name: String
    /// llama.cpp's name of the kind of file.
    var type: String
    var plan: GGUFPlan
    var written: GGUFWriter.Written

    /// How many tensors have each type, in order of name.
    var types: [(name: String, count: Int)] {
      Dictionary(grouping: plan.tensors, by: \.format.name).mapValues(\.count)
        .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
  }

  var files: [File]
  var tokenizer: ExportTokenizer
  var modelfile: Modelfile
  var warnings: [Diagnostic]

  private var stopText: String {
    tokenizer.stops.map { "`\(SafeText.escaped($0))`" }.joined(separator: ", ")
  }

  var json: JSONValue {
    .object([
      "formatVersion": 1,
      "files": .array(
        files.map { file in
          .object([
            "name": .string(file.name), "type": .string(file.type),
            "bytes": .integer(Int64(file.written.byteCount)),
            "sha256": .string(file.written.digest.hex),
            "tensors": .object(
              file.types.map { JSONMember($0.name, .integer(Int64($0.count))) }),
          ])
        }),
      "pre_tokenizer": .string(tokenizer.vocabulary.pre),
      "eos_token_id": tokenizer.vocabulary.id("eos").map { .integer(Int64($0)) } ?? .null,
      "stops": .array(tokenizer.stops.map { .string($0) }),
      "modelfile_template": .bool(modelfile.canTellTemplate),
      "checked": .array([
        "every file was opened again: keys, names, types, sizes and bytes are as planned",
        .string(
          "\(ExportTokenizer.samples.count) sample texts give the same tokens by each file"),
      ]),
      "warnings": .array(warnings.map { .string($0.message) }),
    ])
  }

  var lines: [String] {
    var lines = [
      "# GGUF export", "", "| file | type | bytes | SHA-256 |", "|---|---|---:|---|",
    ]
    lines += files.map {
      "| \($0.name) | \($0.type) | \($0.written.byteCount) | \($0.written.digest.short) |"
    }
    lines += [
      "", "Stops: \(stopText.isEmpty ? "none" : stopText).",
      "Run with `llama-cli -m \(files[0].name)`, or `ollama create NAME -f Modelfile`.",
    ]
    if !warnings.isEmpty {
      lines.append("")
      lines += warnings.map { "- \($0.message)" }
    }
    return lines
  }
}
