import Artifacts
import Diagnostics
import Reproducibility
import RunStore
import StageKit

/// What a smoke run must have shown: that losses fall and that models come out changed.
struct SmokeCheck {
  private let store: RunStore
  private let artifacts: ArtifactStore

  init(_ store: RunStore, _ artifacts: ArtifactStore) {
    self.store = store
    self.artifacts = artifacts
  }

  /// Says what was seen, a line per stage that trained.
  ///
  /// - Throws: ``Failure`` of class `stageFailed` with every stage that learned nothing.
  func check(_ run: RunRecord) throws {
    var problems: [Diagnostic] = []
    for job in try store.jobs(ofRun: run.id) where job.state == .succeeded {
      guard let fingerprint = job.fingerprint, let result = try store.result(for: fingerprint),
        result.request.kind.name != "select"
      else { continue }
      // A result of an earlier smoke run was looked at then.
      if job.isReused { continue }
      let losses = try store.metrics(ofJob: job.id).filter { $0.name == "loss" }.map(\.value)
      if losses.isEmpty { continue }
      if let fall = Self.fall(losses) {
        Console.errors.line(
          "smoke: \(job.stage): loss \(StageView.number(fall.before)) → \(StageView.number(fall.after)) "
            + "in \(losses.count) steps")
        if fall.after >= fall.before {
          problems.append(
            Diagnostic(
              "smoke.loss",
              "'\(job.stage)': the training loss did not fall: "
                + "\(StageView.number(fall.before)) at first, \(StageView.number(fall.after)) at last",
              fix: "look at the learning rate and at what is trained: 'orchestrate preview'"))
        }
      } else {
        Console.errors.line("smoke: \(job.stage): \(losses.count) steps are too few to tell a fall")
      }
      if let problem = try unchanged(job.stage, result) { problems.append(problem) }
    }
    if !problems.isEmpty { throw Failure(problems, .stageFailed) }
  }

  /// Means of the first and of the last quarter of the steps; nil for fewer than four.
  static func fall(_ losses: [Double]) -> (before: Double, after: Double)? {
    guard losses.count >= 4 else { return nil }
    let count = losses.count / 4
    func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
    return (mean(losses.prefix(count)), mean(losses.suffix(count)))
  }

  /// A model whose weights are those of a model it was made from.
  private func unchanged(_ stage: String, _ result: ResultRecord) throws -> Diagnostic? {
    for port in result.request.outputs where port.types == [.model] {
      guard let output = result.outputs[port.name] else { continue }
      let made = try weights(output)
      for (name, input) in result.inputs.sorted(by: { $0.key < $1.key }) {
        guard try artifacts.artifact(input)?.type == .model, !made.isEmpty,
          try weights(input) == made
        else { continue }
        return Diagnostic(
          "smoke.unchanged",
          "'\(stage)': the weights of its output '\(port.name)' are those of its input '\(name)'",
          fix: "look at what is trained: adapter, frozen layers, learning rate")
      }
    }
    return nil
  }

  /// Digests of the files with weights.
  private func weights(_ digest: Digest) throws -> Set<Digest> {
    let manifest = try artifacts.manifest(digest) ?? artifacts.external(digest)?.manifest
    let files = manifest?.files.filter { $0.name.hasSuffix(".safetensors") } ?? []
    return Set(files.map(\.digest))
  }
}
