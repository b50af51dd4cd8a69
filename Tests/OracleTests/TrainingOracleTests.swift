import Diagnostics
import Documents
import ModelFiles
import Models
import Parallelism
import Reproducibility
import TestSupport
import Testing
import Training

/// Every case below `training/`: runs of TRL's trainers, repeated through ``Trainer``.
@Suite(
  "training oracles",
  .enabled(if: SharedMaterial.oracles.exists, "the oracles are absent (set ORACLES)"))
struct TrainingOracleTests {
  static let cases = OracleFolder.cases("training")

  @Test(
    "losses, learning rates, norms, metrics and weights are TRL's to a few times its own rounding",
    arguments: cases)
  func run(_ path: String) throws {
    let oracle = try TrainingOracle(path)
    let pool = ThreadPool(threads: 2)
    let model = try oracle.model(pool)
    let start = Self.weights(model)
    let host = Host(model)
    let trainer = Trainer(
      model: model, objective: try oracle.objective(model, pool), settings: try oracle.settings(),
      host: host)
    #expect(try trainer.run().steps == oracle.integer("schedule", "total_steps"))
    try checkSteps(oracle, host.steps)
    try checkMetrics(oracle, host.steps)
    for (name, weights) in [
      ("after_step_2", host.secondWeights), ("final", Self.weights(model)),
    ] {
      let distance = try Self.distance(oracle.folder + "/\(name).safetensors", weights, start)
      let bound = max(10 * oracle.noise("rel_l2_final_vs_update"), 1e-4)
      #expect(distance <= bound, "\(name): \(distance) of the update, expected \(bound)")
      Figures.note("\(oracle.kind) \(name) weights", distance / bound)
    }
  }

  private func checkSteps(_ oracle: TrainingOracle, _ steps: [StepReport]) throws {
    for (ours, name, noise) in [
      (steps.map(\.loss), "step_loss_f64", "max_rel_step_loss"),
      (steps.map(\.gradientNorm), "grad_norm_before_clip_f64", "max_rel_grad_norm"),
    ] {
      let worst = try Self.worst(ours, oracle.numbers(name))
      let bound = max(10 * oracle.noise(noise), 2e-6)
      #expect(worst <= bound, "\(name): \(worst), expected \(bound)")
      Figures.note("\(oracle.kind) \(name)", worst / bound)
    }
    let rates = try zip(steps.map(\.learningRate), oracle.numbers("lr")).map { abs($0 - $1) }
    #expect((rates.max() ?? 1) < 1e-14)
  }

  /// The metrics that are reported here, by TRL's names.
  ///
  /// Most are differences of log-probabilities, and can be no better than these.
  private func checkMetrics(_ oracle: TrainingOracle, _ steps: [StepReport]) throws {
    let bound = max(
      10 * max(oracle.noise("max_rel_step_loss"), oracle.noise("max_rel_grad_norm")), 2e-6)
    let members = oracle.expected["metrics_f64"]?.objectValue ?? []
    let metrics = members.map { ($0.key, ($0.value.arrayValue ?? []).compactMap(\.doubleValue)) }
    let parts = metrics.filter { $0.0.hasPrefix("logps/") || $0.0.hasSuffix("_reward") }
    let size = parts.flatMap(\.1).map(abs).max() ?? 0
    let margins = metrics.first { $0.0 == "rewards/margins" }?.1
    for (name, expected) in metrics {
      guard steps.contains(where: { $0.statistics.contains { $0.name == name } }) else {
        #expect(Self.unreported.contains(name), "\(name) is not reported")
        continue
      }
      let ours = steps.map { step in
        step.statistics.first { $0.name == name }?.value ?? .nan
      }
      let floor = 0.01 * (expected.map(abs).max() ?? 0)
      var worst = 0.0
      try #require(ours.count == expected.count)
      for (index, (own, goal)) in zip(ours, expected).enumerated() {
        // Before anything is learnt both answers have the same reward, and rounding decides.
        if name == "rewards/accuracies", margins?[index] == 0 { continue }
        let allowed = max(bound * max(abs(goal), floor), 2e-6 * size, .leastNormalMagnitude)
        worst = max(worst, abs(own - goal) / allowed)
      }
      #expect(worst <= 1, "\(name): \(worst) of what is allowed")
      Figures.note("\(oracle.kind) \(name)", worst)
    }
  }

  /// Means over whole rows of logits, which are never made for the sake of a number.
  static let unreported: Set<String> = [
    "entropy", "mean_token_accuracy", "logits/chosen", "logits/rejected", "aux_loss",
  ]

  /// The largest difference, relative, with a floor of 1 % of the largest value of the run.
  static func worst(_ ours: [Double], _ expected: [Double]) -> Double {
    guard ours.count == expected.count else { return .infinity }
    let floor = max(0.01 * (expected.map(abs).max() ?? 0), .leastNormalMagnitude)
    return zip(ours, expected).map { abs($0 - $1) / max(abs($1), floor) }.max() ?? .infinity
  }

  static func weights(_ model: LanguageModel) -> [String: [Float]] {
    let weights = model.adapter == nil ? model.weights() : model.adapterWeights()
    return Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.values) })
  }

  /// ||ours - expected|| / ||expected - start|| over the tensors of a file.
  static func distance(_ path: String, _ ours: [String: [Float]], _ start: [String: [Float]]) throws
    -> Double
  {
    let file = try SafetensorsFile(path: path)
    #expect(!file.names.isEmpty)
    var (error, update) = (0.0, 0.0)
    for name in file.names {
      let goal = try file.floats(name)
      let mine = try #require(ours[name], "\(name)")
      let first = try #require(start[name], "\(name)")
      try #require(goal.count == mine.count && goal.count == first.count)
      for i in goal.indices {
        error += (Double(mine[i]) - Double(goal[i])) * (Double(mine[i]) - Double(goal[i]))
        update += (Double(first[i]) - Double(goal[i])) * (Double(first[i]) - Double(goal[i]))
      }
    }
    return (error / update).squareRoot()
  }

  /// Keeps what the steps report, and the weights after the second one.
  private final class Host: TrainingHost {
    private let model: LanguageModel
    private(set) var steps: [StepReport] = []
    private(set) var secondWeights: [String: [Float]] = [:]

    init(_ model: LanguageModel) { self.model = model }

    func stepped(_ report: StepReport) {
      steps.append(report)
      if report.step == 2 { secondWeights = TrainingOracleTests.weights(model) }
    }
    func evaluated(step: Int, _ values: [NamedValue]) {}
    func scored(_ rows: Int, of total: Int, _ what: String) {}
    func warned(_ finding: Diagnostic) {}
    var isStopRequested: Bool { false }
    func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {}
    func latestCheckpoint(arithmetic: String) throws -> FileTree? { nil }
  }
}
