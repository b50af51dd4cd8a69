import Documents
import Foundation
import ModelFiles
import Records
import Reproducibility
import TestSupport
import Testing
import Tokenization
import Training

/// Runs of TRL's KTO, ORPO and CPO trainers in double precision, every case of these kinds.
@Suite(
  "Preference oracles",
  .enabled(if: SharedMaterial.oracles.exists, "the folder of oracles is absent (set ORACLES)"))
struct PreferenceOracleTests {
  /// Cases whose base has an architecture that the decoder knows.
  static let supported: [String] = {
    let folder = SharedMaterial.oracles.path("training")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().filter { name in
      guard let test = try? OracleCase(name), let kind = test.json["kind"]?.stringValue,
        ["kto", "orpo", "cpo"].contains(kind), let base = test.json["base"]?.stringValue,
        let config = try? OracleCase.json(test.folder + "/" + base + "/config.json"),
        let type = config["model_type"]?.stringValue
      else { return false }
      return ModelConfiguration.supportedModelTypes.contains(type)
    }
  }()

  @Test(
    "losses, norms, metrics and final weights are TRL's to a few times its own rounding",
    arguments: supported)
  func oracle(_ name: String) throws {
    let test = try OracleCase(name)
    let scratch = try TemporaryFolder()
    let model = try test.model(scratch, threads: 2)
    let host = TestHost(scratch)
    let trainer = Trainer(
      model: model, objective: try Self.objective(test), settings: test.settings, host: host)
    #expect(try trainer.run().steps == test.steps)

    let loss = TrainingOracleTests.worst(
      host.steps.map(\.loss), test.numbers("step_loss_f64"))
    #expect(loss <= max(10 * test.noise("max_rel_step_loss"), 2e-6))
    let norm = TrainingOracleTests.worst(
      host.steps.map(\.gradientNorm), test.numbers("grad_norm_before_clip_f64"))
    #expect(norm <= max(10 * test.noise("max_rel_grad_norm"), 2e-6))
    let distance = try test.distance(of: model)
    #expect(distance <= max(10 * test.noise("rel_l2_final_vs_update"), 1e-4))
    try compareMetrics(test, host.steps)
  }

  /// Metrics that are means over rows, which TRL averages over micro-batches of equal size.
  private func compareMetrics(_ test: OracleCase, _ steps: [StepReport]) throws {
    let metrics = try #require(test.expected["metrics_f64"]?.objectValue)
    let ours = Set(steps[0].statistics.map(\.name))
    let shared = metrics.filter { ours.contains($0.key) }
    #expect(shared.count >= 1)
    for metric in shared {
      let expected = (metric.value.arrayValue ?? []).compactMap(\.doubleValue)
      let values = steps.map { step in
        step.statistics.first { $0.name == metric.key }?.value ?? .nan
      }
      // The divergence starts at rounding noise around zero.
      #expect(
        TrainingOracleTests.worst(Array(values.dropFirst(2)), Array(expected.dropFirst(2))) < 1e-3,
        "\(metric.key)")
    }
  }

  static func objective(_ test: OracleCase) throws -> any TrainingObjective {
    let rows = try SharedMaterial.bytes(test.folder + "/data.jsonl").split(separator: 0x0A).map {
      try JSONReader.parse(Array($0), file: "data.jsonl")
    }
    let options = test.json["trainer_options"]
    let beta = try #require(options?["beta"]?.doubleValue)
    switch test.json["kind"]?.stringValue {
    case "kto":
      let kind = options?["loss_type"]?.stringValue.flatMap(KTOLoss.Kind.init(rawValue:)) ?? .kto
      let loss = KTOLoss(
        kind, beta: beta, desirableWeight: options?["desirable_weight"]?.doubleValue ?? 1,
        undesirableWeight: options?["undesirable_weight"]?.doubleValue ?? 1)
      return KTOObjective(
        rows.enumerated().map { index, row in
          UnpairedExample(
            row: ObjectiveTests.row(index), prompt: ids(row["prompt_ids"]),
            completion: ids(row["completion_ids"]), isDesirable: row["label"]?.boolValue ?? false)
        }, loss, microBatchSize: test.json["per_device_batch_size"]?.integerValue ?? 0)
    case "orpo":
      return ORPOObjective(
        rows.enumerated().map(pair), ORPOLoss(beta: beta, likelihood: .promptAndAnswer))
    default:
      let name = options?["loss_type"]?.stringValue ?? "sigmoid"
      var loss = CPOLoss(try #require(CPOLoss.Kind(rawValue: name)), beta: beta)
      loss.gamma = options?["simpo_gamma"]?.doubleValue ?? loss.gamma
      loss.alpha = options?["alpha"]?.doubleValue ?? 0
      loss.labelSmoothing = options?["label_smoothing"]?.doubleValue ?? 0
      loss.likelihoodWeight = options?["cpo_alpha"]?.doubleValue ?? loss.likelihoodWeight
      return CPOObjective(rows.enumerated().map(pair), loss)
    }
  }

  private static func pair(_ index: Int, _ row: JSONValue) -> PreferenceExample {
    let prompt = ids(row["chosen_labels"]).prefix { $0 == -100 }.count
    return PreferenceExample(
      row: ObjectiveTests.row(index), prompt: Array(ids(row["chosen_input_ids"]).prefix(prompt)),
      chosen: Array(ids(row["chosen_input_ids"]).dropFirst(prompt)),
      rejected: Array(ids(row["rejected_input_ids"]).dropFirst(prompt)))
  }

  private static func ids(_ json: JSONValue?) -> [Int32] {
    (json?.arrayValue ?? []).compactMap { $0.integerValue.map(Int32.init) }
  }
}
