internal import Documents
internal import ModelFiles
internal import StageKit

/// The model card of an export: what the model is, how it was made, measured and is used.
struct HFCard {
  private let parameters: ExportHF.Parameters
  private let folder: ModelFolder
  private let facts: HFFacts

  init(_ parameters: ExportHF.Parameters, _ folder: ModelFolder, _ facts: HFFacts) {
    self.parameters = parameters
    self.folder = folder
    self.facts = facts
  }

  private var baseName: String? {
    HFAdapterFolder.baseName(folder.adapter, parameters, folder)
  }

  private func card(_ relation: ModelCard.Relation, library: String, tags: [String]) -> ModelCard {
    var card = ModelCard(name: parameters.name, relation: relation, library: library)
    // The Hub knows names of the form owner/model; a path is nothing it could show.
    card.baseModel = baseName.flatMap { Self.isHubName($0) ? $0 : nil }
    card.license = parameters.license ?? sharedLicense
    card.languages = parameters.languages
    card.datasets = parameters.datasets
    card.tags = tags + parameters.tags.filter { !tags.contains($0) }
    card.scores = facts.scores
    return card
  }

  func merged(_ check: MergeCheck.Result) -> ModelCard {
    let isAdapted = folder.adapter != nil
    var card = card(
      .finetune, library: "transformers", tags: isAdapted ? ["lora", "merged"] : [])
    let origin =
      isAdapted
      ? "A \(folder.configuration.modelType) model: an adapter merged into its base in float32 "
        + "and stored as \(check.type)."
      : "A \(folder.configuration.modelType) model, stored as \(check.type)."
    card.sections = [
      ("Model", [origin] + baseLines + licenseLines), ("Training", trainingLines),
      ("Evaluation", evaluationLines + ["", "Checked at export: \(check.sentence)."]),
      (
        "Use",
        [
          "With transformers:", "", "```python",
          "from transformers import AutoModelForCausalLM, AutoTokenizer", "",
          "tokenizer = AutoTokenizer.from_pretrained(\"\(parameters.name)\")",
          "model = AutoModelForCausalLM.from_pretrained(\"\(parameters.name)\", dtype=\"auto\")",
          "```", "", "With vLLM:", "", "```", "vllm serve ./\(parameters.name)", "```", "",
          "With Ollama, after `gguf_export`:", "", "```",
          "ollama create \(parameters.name) -f Modelfile", "ollama run \(parameters.name)", "```",
        ]
      ),
    ]
    return card
  }

  func adapter(_ command: String?) -> ModelCard {
    var card = card(.adapter, library: "peft", tags: ["lora"])
    var use = [
      "With PEFT:", "", "```python", "from peft import PeftModel",
      "from transformers import AutoModelForCausalLM", "",
      "base = AutoModelForCausalLM.from_pretrained(\"\(baseName ?? "")\", dtype=\"auto\")",
      "model = PeftModel.from_pretrained(base, \"\(parameters.name)\")", "```",
    ]
    if let command { use += ["", "With vLLM:", "", "```", command, "```"] }
    use += ["", "Ollama takes no adapters: merge it and export a GGUF."]
    card.sections = [
      (
        "Model",
        ["A LoRA adapter for a \(folder.configuration.modelType) model."] + baseLines
          + licenseLines
      ),
      ("Training", trainingLines), ("Evaluation", evaluationLines), ("Use", use),
    ]
    return card
  }

  /// The one licence of everything the model was made of; nil when there are several, or unknown.
  private var sharedLicense: String? {
    let licenses = Set(facts.licenses.map(\.license))
    return licenses.count == 1 ? licenses.first ?? nil : nil
  }

  private var licenseLines: [String] {
    if facts.licenses.isEmpty { return [] }
    return ["", "| made of | licence |", "|---|---|"]
      + facts.licenses.map {
        "| \(ReportFolder.cell($0.subject)) | \(ReportFolder.cell($0.license ?? "unknown")) |"
      }
  }

  private var baseLines: [String] {
    baseName.map { ["", "Base: `\($0.replacing("`", with: "'"))`."] } ?? []
  }

  /// Method, ranks and what was read.
  private var trainingLines: [String] {
    var lines: [String] = []
    if let adapter = folder.adapter?.configuration {
      let kind = adapter.usesDoRA ? "DoRA" : adapter.usesRSLoRA ? "rsLoRA" : "LoRA"
      lines.append(
        "- method: \(kind), rank \(adapter.rank), alpha \(HFFacts.figure(adapter.alpha)), "
          + "dropout \(HFFacts.figure(adapter.dropout))")
      let modules = Set(
        folder.adapter?.modules.compactMap { $0.path.split(separator: ".").last } ?? [])
      lines.append("- modules: \(modules.sorted().joined(separator: ", "))")
    }
    guard let report = facts.training else { return lines }
    if let stage = report["stage"]?.stringValue { lines.append("- stage: \(stage)") }
    for (key, name) in [
      ("learning_rate", "learning rate"), ("steps", "optimizer steps"), ("tokens", "tokens read"),
    ] {
      if let value = report[key], !value.isNull {
        lines.append("- \(name): \(JSONWriter.compact(value))")
      }
    }
    for port in report["rows"]?.objectValue ?? [] {
      let used = port.value["rows_used"]?.integerValue ?? 0
      let trained = port.value["trained_tokens"]?.integerValue ?? 0
      lines.append("- rows of \(port.key): \(used), with \(trained) trained tokens")
    }
    return lines
  }

  private var evaluationLines: [String] {
    var lines: [String] = []
    if !facts.scoreLines.isEmpty {
      lines += [
        "| task | metric | rows | this model | baseline |", "|---|---|---:|---|---|",
      ]
      lines += facts.scoreLines
    }
    if let verdict = facts.verdict {
      if !lines.isEmpty { lines.append("") }
      lines.append("Gate: \(verdict.decision).")
      lines += verdict.sentences.map { "- \(ReportFolder.cell($0))" }
    }
    return lines.isEmpty ? ["Not measured."] : lines
  }

  private static func isHubName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        part.utf8.count <= 96 && !part.isEmpty && part.first != "."
          && part.utf8.allSatisfy {
            $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x5F].contains($0)
          }
      }
  }
}
