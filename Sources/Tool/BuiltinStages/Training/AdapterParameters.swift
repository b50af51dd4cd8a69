internal import Diagnostics
package import ModelFiles
package import Models
package import StageKit
internal import Tensors

/// Which weights a stage trains and how the frozen ones are stored, by Axolotl's names.
package struct AdapterParameters: Sendable {
  package enum Method: String, Sendable, CaseIterable {
    case lora
    /// LoRA on a base in 4 bits.
    case qlora
    /// Every weight.
    case none
  }

  /// Whether frozen weights are kept in bfloat16, and multiplied so.
  package enum Half: String, Sendable, CaseIterable {
    /// Where that loses nothing.
    case auto
    /// Always, and what they are multiplied with is rounded, too.
    case yes = "true"
    case no = "false"
  }

  private enum QuantType: String, CaseIterable { case nf4 }

  package let method: Method
  /// What the pipeline file says of a new adapter; a continued one keeps its own.
  package let lora: LoRASettings
  /// An adapter in the model becomes part of its base before anything is trained.
  package let mergesFirst: Bool
  package let loadsIn4Bit: Bool
  package let doubleQuantizes: Bool
  package let bf16: Half
  package let device: DeviceClass
  /// What was written of these, or nil: a continued adapter must agree with it.
  package let writtenRank: Int?
  package let writtenAlpha: Double?
  package let writtenDropout: Double?
  package let writtenTargets: AdapterConfiguration.TargetModules?

  package init(_ read: inout ParameterReader) {
    method = read.choice(
      "adapter", default: .lora,
      help: "lora: low-rank adapters on frozen weights; qlora: on weights in 4 bits; none: all "
        + "weights.")
    mergesFirst = read.flag(
      "merge_first", default: false,
      help: "Merge the model's adapter into its base in float32 before training; the result is a "
        + "full model.")
    let rank = read.optionalInteger(
      "lora_r", in: 1...4096, help: "The rank of the adapters; 16 by default.")
    let alpha = read.optionalNumber(
      "lora_alpha", in: 1e-6...1e6,
      help: "Updates are scaled by lora_alpha / lora_r; 2 * lora_r by default.")
    let dropout = read.optionalNumber(
      "lora_dropout", in: 0...0.99, help: "Dropout on what enters an adapter; 0 by default.")
    (writtenRank, writtenAlpha, writtenDropout) = (rank, alpha, dropout)
    writtenTargets = Self.targets(&read)
    var configuration = AdapterConfiguration(
      rank: rank ?? 16, alpha: alpha ?? Double(2 * (rank ?? 16)), dropout: dropout ?? 0,
      targetModules: writtenTargets ?? .allLinear)
    Self.variants(&read, &configuration)
    lora = LoRASettings(configuration)
    let loads = read.flag(
      "load_in_4bit", default: false,
      help: "Keep the frozen linears but the head in 4 bits; adapter: qlora implies it.")
    loadsIn4Bit = method == .qlora || method == .lora && loads
    if loads, method == .none {
      read.problem(
        "load_in_4bit", "weights in 4 bits cannot learn, and adapter is 'none'",
        fix: "set adapter: qlora, or leave out load_in_4bit")
    }
    let _: QuantType = read.choice(
      "bnb_4bit_quant_type", default: .nf4, help: "The 4-bit type: NormalFloat.")
    doubleQuantizes = read.flag(
      "bnb_4bit_use_double_quant", default: true,
      help: "Keep the scales of 4-bit blocks in 8 bits.")
    bf16 = read.choice(
      "bf16", default: .auto,
      help: "Keep frozen weights in 16 bits: auto where the model's files do; true always, and "
        + "multiply with them in 16 bits where the processor can, which is faster; false never. What "
        + "learns is float32. Weights in 4 bits are multiplied in float32 on a CPU, on a card as this "
        + "says.")
    device = read.device()
  }

  private static func targets(_ read: inout ParameterReader)
    -> AdapterConfiguration.TargetModules?
  {
    let targets = read.strings(
      "lora_target_modules", default: [],
      help: "Modules that get an adapter: ends of their paths (q_proj, v_proj, …), one regular "
        + "expression over whole paths, or all-linear, which is the default: all but the head.")
    let allLinears = read.flag(
      "lora_target_linear", default: false, help: "Every linear but the head.")
    if allLinears && !targets.isEmpty {
      read.problem(
        "lora_target_linear", "lora_target_linear and lora_target_modules are both set",
        fix: "keep one of them")
    }
    if targets.isEmpty { return allLinears ? .allLinear : nil }
    return modules(targets)
  }

  /// One text with a sign that no path has is a regular expression, as PEFT takes it.
  private static func modules(_ texts: [String]) -> AdapterConfiguration.TargetModules {
    if texts.count == 1, texts[0].lowercased() == "all-linear" { return .allLinear }
    if texts.count == 1, texts[0].contains(where: { "*+?()[]{}|\\^$".contains($0) }) {
      return .pattern(texts[0])
    }
    return .names(texts)
  }

  private static func variants(
    _ read: inout ParameterReader, _ configuration: inout AdapterConfiguration
  ) {
    configuration.usesRSLoRA = read.flag(
      "peft_use_rslora", default: false, help: "Scale by lora_alpha / sqrt(lora_r).")
    configuration.usesDoRA = read.flag(
      "peft_use_dora", default: false,
      help: "DoRA: a magnitude of each output learns beside the low-rank direction.")
    let excluded = read.strings(
      "lora_exclude_modules", default: [], help: "Targets that get no adapter after all.")
    configuration.excludedModules = excluded.isEmpty ? nil : modules(excluded)
    configuration.modulesToSave = read.strings(
      "lora_modules_to_save", default: [],
      help: "Modules that learn as a whole and are saved with the adapter: embed_tokens, lm_head.")
    let layers = read.strings(
      "peft_layers_to_transform", default: [],
      help: "Numbers of the layers that get adapters; all by default.")
    let numbers = layers.compactMap { Int($0) }
    if numbers.count != layers.count || numbers.contains(where: { $0 < 0 }) {
      read.problem(
        "peft_layers_to_transform", "layers are whole numbers from 0 on",
        fix: "write [0, 1, 2]")
    }
    configuration.layersToTransform = numbers.isEmpty ? nil : numbers
    configuration.layersPattern = read.strings(
      "peft_layers_pattern", default: [],
      help: "What stands before a layer's number in a path, for peft_layers_to_transform.")
    configuration.rankPattern = rules(
      &read, "rank_pattern", "Ranks of their own, by ends of paths: { q_proj: 8 }.",
      "a whole number from 1 to \(AdapterConfiguration.rankMax)"
    ) { text in
      Int(text).flatMap { (1...AdapterConfiguration.rankMax).contains($0) ? $0 : nil }
    }
    configuration.alphaPattern = rules(
      &read, "alpha_pattern", "Alphas of their own, by ends of paths: { q_proj: 16 }.",
      "a number"
    ) { Double($0).flatMap { $0.isFinite ? $0 : nil } }
  }

  private static func rules<Value: Sendable & Hashable>(
    _ read: inout ParameterReader, _ key: String, _ help: String, _ expected: String,
    _ convert: (String) -> Value?
  ) -> [PatternRule<Value>] {
    var rules: [PatternRule<Value>] = []
    for (pattern, text) in read.pairs(key, help: help) {
      let place = "'\(SafeText.escaped(text))' for '\(SafeText.escaped(pattern))'"
      guard let value = convert(text) else {
        read.problem(key, "it holds \(place), expected \(expected)")
        continue
      }
      do {
        rules.append(try PatternRule(pattern, value))
      } catch {
        for problem in (error as? Failure)?.diagnostics ?? [] {
          read.problem(key, problem.message, fix: problem.fix)
        }
      }
    }
    return rules
  }

  /// How the frozen weights of a model are kept.
  package func precision(_ folder: ModelFolder) -> WeightPrecision {
    if method == .none { return .float32 }
    var precision: WeightPrecision =
      switch bf16 {
      case .auto: .stored(in: folder)
      case .yes:
        WeightPrecision(linears: .bfloat16, tables: .bfloat16, products: .bfloat16)
      case .no: .float32
      }
    if loadsIn4Bit { precision.linears = doubleQuantizes ? .nf4 : .nf4Plain }
    return precision
  }
}
