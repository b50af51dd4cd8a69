internal import Diagnostics
package import Models
package import StageKit

/// Which weights a stage trains, by Axolotl's names.
package struct AdapterParameters: Sendable {
  package enum Method: String, Sendable, CaseIterable {
    case lora
    /// Every weight.
    case none
  }

  package let method: Method
  /// What the pipeline file says of a new adapter; a continued one keeps its own.
  package let lora: LoRASettings
  /// What was written of these, or nil: a continued adapter must agree with it.
  package let writtenRank: Int?
  package let writtenDropout: Double?
  package let writtenTargets: [String]?

  package init(_ read: inout ParameterReader) {
    method = read.choice(
      "adapter", default: .lora,
      help: "lora: low-rank adapters on frozen weights; none: all weights.")
    writtenRank = read.optionalInteger(
      "lora_r", in: 1...4096, help: "The rank of the adapters; 16 by default.")
    let rank = writtenRank ?? 16
    let alpha = read.optionalNumber(
      "lora_alpha", in: 1e-6...1e6,
      help: "Updates are scaled by lora_alpha / lora_r; 2 * lora_r by default.")
    writtenDropout = read.optionalNumber(
      "lora_dropout", in: 0...0.99, help: "Dropout on what enters an adapter; 0 by default.")
    let targets = read.strings(
      "lora_target_modules", default: [],
      help: "Linears that get an adapter (q_proj, v_proj, …); all but the head by default.")
    let allLinears = read.flag(
      "lora_target_linear", default: false, help: "Every linear but the head.")
    if allLinears && !targets.isEmpty {
      read.problem(
        "lora_target_linear", "lora_target_linear and lora_target_modules are both set",
        fix: "keep one of them")
    }
    writtenTargets = targets.isEmpty ? nil : targets
    let rsLoRA = read.flag(
      "peft_use_rslora", default: false, help: "Scale by lora_alpha / sqrt(lora_r).")
    lora = LoRASettings(
      rank: rank, alpha: alpha ?? Double(2 * rank), dropout: writtenDropout ?? 0,
      targetModules: targets,
      useRSLoRA: rsLoRA)
  }
}
