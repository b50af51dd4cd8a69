import Documents
import Foundation
import ModelFiles
import Models
import Parallelism
import TestSupport
import Testing
import Training

@Suite(
  "Training oracles",
  .enabled(if: SharedMaterial.oracles.exists, "the folder of oracles is absent (set ORACLES)"))
struct TrainingOracleTests {
  static let names = [
    "sft_lora", "sft_full", "sft_completion_only", "sft_assistant_only", "sft_lora_epochs",
    "sft_packing", "sft_lora_rslora_qv", "sft_full_tied", "dpo_sigmoid", "dpo_sigmoid_full",
    "dpo_ipo", "dpo_hinge", "dpo_robust_smoothing", "dpo_cdpo_smoothing", "sft_dora",
    "sft_qlora_nf4", "sft_moe_lora_aux", "sft_full_gemma2",
  ]

  /// Cases whose base has an architecture that the decoder knows.
  static let supported = names.filter { name in
    guard let test = try? OracleCase(name), let base = test.json["base"]?.stringValue,
      let config = try? OracleCase.json(test.folder + "/" + base + "/config.json"),
      let type = config["model_type"]?.stringValue
    else { return false }
    return ModelConfiguration.supportedModelTypes.contains(type)
  }

  /// The largest difference, relative, with a floor of 1 % of the largest value of the run.
  static func worst(_ ours: [Double], _ expected: [Double]) -> Double {
    let floor = 0.01 * (expected.map(abs).max() ?? 0)
    return zip(ours, expected).map { abs($0 - $1) / max(abs($1), floor) }.max() ?? .infinity
  }

  @Test(
    "losses, learning rates, norms and final weights are TRL's to a few times its own rounding",
    arguments: supported)
  func oracle(_ name: String) throws {
    let test = try OracleCase(name)
    let scratch = try TemporaryFolder()
    let model = try test.model(scratch, threads: 2)
    let host = TestHost(scratch)
    let trainer = Trainer(
      model: model, objective: try test.objective(), settings: test.settings, host: host)
    #expect(try trainer.run().steps == test.steps)

    let loss = Self.worst(host.steps.map(\.loss), test.numbers("step_loss_f64"))
    #expect(loss <= max(10 * test.noise("max_rel_step_loss"), 2e-6))
    let rates = zip(host.steps.map(\.learningRate), test.numbers("lr")).map { abs($0 - $1) }
    #expect((rates.max() ?? 1) < 1e-14)
    let norm = Self.worst(
      host.steps.map(\.gradientNorm), test.numbers("grad_norm_before_clip_f64"))
    #expect(norm <= max(10 * test.noise("max_rel_grad_norm"), 2e-6))
    let distance = try test.distance(of: model)
    #expect(distance <= max(10 * test.noise("rel_l2_final_vs_update"), 1e-4))
    try compareRewards(test, host.steps)
  }

  /// Rewards and accuracies, which TRL averages over micro-batches of equal size.
  private func compareRewards(_ test: OracleCase, _ steps: [StepReport]) throws {
    guard test.isPreference else { return }
    for name in ["rewards/chosen", "rewards/rejected", "rewards/margins", "rewards/accuracies"] {
      let expected = (test.expected["metrics_f64"]?[name]?.arrayValue ?? [])
        .compactMap(\.doubleValue)
      let ours = steps.map { $0.statistics.first { $0.name == name }?.value ?? .nan }
      // Before the first step rewards are rounding noise around zero and accuracies a coin.
      #expect(Self.worst(Array(ours.dropFirst(2)), Array(expected.dropFirst(2))) < 1e-3, "\(name)")
    }
  }
}
