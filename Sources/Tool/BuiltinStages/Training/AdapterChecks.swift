internal import BlockFormats
package import Diagnostics
internal import ModelFiles
internal import Models
internal import Reproducibility
internal import Tensors

/// What can be wrong with an adapter: that it does not fit the model, cannot learn or changes
/// nothing.
package enum AdapterChecks {
  /// Whether the stage's method fits the model.
  static func all(_ parameters: AdapterParameters, _ folder: ModelFolder) -> [Diagnostic] {
    gguf(parameters, folder) + method(parameters, folder)
  }

  private static func method(_ parameters: AdapterParameters, _ folder: ModelFolder)
    -> [Diagnostic]
  {
    if let files = folder.adapter, !parameters.mergesFirst {
      return continued(parameters, files, folder.configuration)
    }
    var found: [Diagnostic] = []
    if parameters.mergesFirst, folder.adapter == nil {
      found.append(
        Diagnostic(
          "training.merge-first", "merge_first is true, and the model has no adapter to merge",
          fix: "leave out merge_first", severity: .warning))
    }
    if parameters.method == .none { return found }
    return found + fresh(parameters.lora.configuration, folder.mergedConfiguration)
  }

  /// What training on a GGUF file means: its weights are dequantized, and what is written in full
  /// needs a tokenizer in Hugging Face's form beside it.
  static func gguf(_ parameters: AdapterParameters, _ folder: ModelFolder) -> [Diagnostic] {
    guard folder.gguf != nil else { return [] }
    let writesAll =
      parameters.method == .none && folder.adapter == nil || parameters.mergesFirst
    if writesAll, folder.tokenizerTree["tokenizer.json"] == nil {
      return [
        Diagnostic(
          "training.gguf-tokenizer",
          "the stage writes a whole model, and the GGUF file has no tokenizer.json beside it to go "
            + "with the weights",
          fix: "put tokenizer.json and tokenizer_config.json into one folder with the GGUF file, "
            + "or train an adapter (adapter: lora)")
      ]
    }
    let isQuantized = folder.tensorNames.contains { name in
      folder.blockFormat(of: name).map { ![.f32, .f16, .bf16].contains($0) } ?? false
    }
    guard isQuantized else { return [] }
    return [
      Diagnostic(
        "training.gguf-base",
        "the base is a quantized GGUF file: its weights are dequantized and "
          + (writesAll ? "trained as they are, without what was lost" : "frozen"),
        fix: "train on the model the file was made of where there is one", severity: .note)
    ]
  }

  /// That products stay in float32 although 16 bits are asked for.
  package static func products(
    _ parameters: AdapterParameters, canMultiply: Bool = InstructionSet.multipliesIn16Bits
  ) -> [Diagnostic] {
    if parameters.method == .none || parameters.bf16 != .yes || canMultiply { return [] }
    return [
      Diagnostic(
        "training.bf16",
        "bf16 is true, and this processor has no 16-bit products (AVX512-BF16): they are computed "
          + "in float32 from weights in 16 bits",
        fix: "leave out bf16 where speed was the reason", severity: .note)
    ]
  }

  /// A trained adapter that leaves the logits as they were (a fine-tune that is its base).
  static func effect(_ model: LanguageModel) -> [Diagnostic] {
    guard let effect = model.adapterEffect(), effect.largest <= 1e-6 * max(1, effect.logits)
    else { return [] }
    return [
      Diagnostic(
        "training.no-effect",
        "the trained adapter moves no logit by more than \(effect.largest): the model is its base",
        fix: "look at learning_rate, lora_alpha and the number of steps", severity: .warning)
    ]
  }

  // MARK: - Private

  private static func continued(
    _ parameters: AdapterParameters, _ files: AdapterFiles, _ model: ModelConfiguration
  ) -> [Diagnostic] {
    var found: [Diagnostic] = []
    func problem(_ message: String, fix: String) {
      found.append(Diagnostic("training.adapter-mismatch", message, fix: fix))
    }
    func compare<Value: Equatable>(_ key: String, _ written: Value?, _ own: Value, _ what: String) {
      guard let written, written != own else { return }
      problem(
        "\(key) is \(written), and the adapter to continue has \(what)\(own)",
        fix: "leave out \(key), or set merge_first: true")
    }
    let (configuration, lora) = (files.configuration, parameters.lora.configuration)
    if parameters.method == .none {
      problem(
        "adapter is 'none', and the model is an adapter on a base",
        fix: "leave out 'adapter' to continue the adapter, or set merge_first: true")
    }
    compare("lora_r", parameters.writtenRank, configuration.rank, "rank ")
    compare("lora_alpha", parameters.writtenAlpha, configuration.alpha, "")
    compare("lora_dropout", parameters.writtenDropout, configuration.dropout, "")
    compare("peft_use_dora", lora.usesDoRA ? true : nil, configuration.usesDoRA, "")
    compare("peft_use_rslora", lora.usesRSLoRA ? true : nil, configuration.usesRSLoRA, "")
    if !lora.modulesToSave.isEmpty,
      lora.modulesToSave.sorted() != configuration.modulesToSave.sorted()
    {
      let own = configuration.modulesToSave.sorted().joined(separator: ", ")
      problem(
        "lora_modules_to_save is \(lora.modulesToSave.sorted().joined(separator: ", ")), and the "
          + "adapter to continue saves \(own.isEmpty ? "none" : own)",
        fix: "leave out lora_modules_to_save, or set merge_first: true")
    }
    if parameters.writtenTargets != nil {
      let present = files.modules.map(\.path)
      let wanted = (try? lora.targets(in: model))?.map(\.path) ?? []
      if Set(wanted) != Set(present) {
        problem(
          "lora_target_modules names other modules than the adapter to continue, which changes "
            + lastNames(present).joined(separator: ", "),
          fix: "leave out lora_target_modules, or set merge_first: true")
      }
    }
    if configuration.dropout >= 1 {
      problem(
        "the adapter to continue has lora_dropout \(configuration.dropout), expected below 1",
        fix: "set merge_first: true for a new adapter")
    }
    return found
  }

  private static func lastNames(_ paths: [String]) -> [String] {
    Set(paths.map { String($0.split(separator: ".").last ?? "") }).sorted()
  }

  private static func fresh(_ lora: AdapterConfiguration, _ model: ModelConfiguration)
    -> [Diagnostic]
  {
    var found: [Diagnostic] = []
    do {
      let targets = try lora.targets(in: model)
      found += AdapterConfiguration.rankWarnings(targets)
      found += scales(targets)
    } catch {
      found += (error as? Failure)?.diagnostics ?? []
    }
    do {
      _ = try lora.replacedTensors(in: model)
    } catch {
      found += (error as? Failure)?.diagnostics ?? []
    }
    return found
  }

  /// An update that is scaled down too far is invisible, one scaled up too far diverges.
  private static func scales(_ targets: [AdapterTarget]) -> [Diagnostic] {
    let usual = 0.125...8.0
    guard let target = targets.first(where: { !usual.contains($0.scaling) }) else { return [] }
    let isLow = target.scaling < usual.lowerBound
    return [
      Diagnostic(
        isLow ? "training.alpha-low" : "training.alpha-high",
        "updates of '\(SafeText.escaped(target.path))' are scaled by \(target.scaling); values from "
          + "\(usual.lowerBound) to \(usual.upperBound) are usual"
          + (isLow ? ", below them an adapter can learn and stay invisible" : ""),
        fix: "set lora_alpha to once or twice lora_r", severity: .warning)
    ]
  }
}
