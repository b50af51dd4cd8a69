internal import Diagnostics
internal import ModelFiles
package import StageKit

extension ExportHF {
  package enum Form: String, CaseIterable, Sendable { case merged, adapter }
  package enum StoredType: String, CaseIterable, Sendable {
    case auto, float32, bfloat16, float16

    /// Nil: as the base has each tensor.
    var tensorType: TensorType? { self == .auto ? nil : TensorType(torchName: rawValue) }
  }

  package struct Parameters: StageParameters {
    let forms: [Form]
    let name: String
    let type: StoredType
    let shardBytesMax: Int
    let baseName: String?
    let logitDifferenceMax: Double?
    let sampleCount: Int
    let checksVLLM: Bool
    let license: String?
    let languages: [String]
    let datasets: [String]
    let tags: [String]
    let metadata: ExportGGUF.Metadata

    package init(_ read: inout ParameterReader) {
      forms = Self.forms(&read)
      name = read.string(
        "name", default: "model",
        help: "The model's name in the card and in the commands that serve it.")
      if !Self.isName(name) {
        read.problem(
          "name", "'\(SafeText.escaped(name))' is not fit for a name",
          fix: "use letters, digits, '.', '_' and '-', beginning with a letter or digit")
      }
      type = read.choice(
        "dtype", default: StoredType.auto,
        help: "How the merged weights are stored; auto: as the base stores each tensor.")
      let size = read.string(
        "max_shard_size", default: "5GB",
        help: "Largest weight file, such as 5GB or 500MB; beyond it there are several.")
      shardBytesMax = ShardedWeights.bytes(size) ?? 1
      if ShardedWeights.bytes(size) == nil {
        read.problem(
          "max_shard_size", "'\(SafeText.escaped(size))' is no size, expected such as 5GB or 500MB")
      }
      baseName = read.optionalString(
        "base_model_name",
        help:
          "The base's name on the Hub or its path where the adapter is used; PEFT and vLLM look "
          + "for it there.")
      logitDifferenceMax = read.optionalNumber(
        "max_logit_difference", in: 0...1_000_000,
        help:
          "The merged model as written is refused when a logit differs by more from the adapter "
          + "on its base; without a value the bound follows from the type (docs: 4 √(2L+1) u max|logit|)."
      )
      sampleCount = read.integer(
        "sample_rows", default: 8, in: 1...10_000,
        help: "How many rows of 'samples', or texts of its own, the logits are compared on.")
      checksVLLM = read.flag(
        "check_vllm", default: true,
        help: "Refuse an adapter that vLLM cannot serve.")
      license = read.optionalString("license", help: "The license's identifier on the Hub.")
      languages = read.strings("language", default: [], help: "Codes of languages, such as en.")
      datasets = read.strings(
        "datasets", default: [], help: "Data sets of the Hub it was trained on.")
      tags = read.strings("tags", default: [], help: "Further tags of the card.")
      metadata = read.choice(
        "metadata", default: ExportGGUF.Metadata.full,
        help: "Whether the weights' files say what the model was made of (full) or not (minimal).")
    }

    private static func forms(_ read: inout ParameterReader) -> [Form] {
      let names = read.strings(
        "form", default: ["merged"],
        help: "What to write: merged (a whole model), adapter (PEFT's files), or both.")
      var forms: [Form] = []
      for name in names {
        guard let form = Form(rawValue: name) else {
          read.problem("form", "'\(SafeText.escaped(name))' is neither merged nor adapter")
          continue
        }
        if forms.contains(form) { read.problem("form", "'\(name)' is listed twice") }
        forms.append(form)
      }
      if names.isEmpty { read.problem("form", "the list is empty, expected merged or adapter") }
      return forms
    }

    private static func isName(_ name: String) -> Bool {
      guard let first = name.utf8.first, name.utf8.count <= 96 else { return false }
      return name.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0 & 0xDF) || [45, 46, 95].contains($0)
      } && ![45, 46, 95].contains(first)
    }
  }
}
