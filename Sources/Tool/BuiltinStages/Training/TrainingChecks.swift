internal import Diagnostics
internal import ModelFiles
internal import Models
internal import Records
internal import Reproducibility
internal import StageKit
internal import Training

/// What can be known to be wrong before a training stage starts. Used by preflight for inputs that
/// exist already, and by the stage itself for the others.
enum TrainingChecks {
  /// Rows that are sealed or absent.
  static func rows(_ artifact: InputArtifact, port: String) -> [Diagnostic] {
    do {
      try SealedSplit.refuse(artifact.tree, port: port)
      guard try RecordsReader(artifact.tree).rowCount == 0 else { return [] }
      return [
        Diagnostic(
          "training.no-rows", "no rows of '\(port)' are left to use: the input has no rows",
          fix: "look at the stage before")
      ]
    } catch {
      return (error as? Failure)?.diagnostics ?? []
    }
  }

  /// Learning rates that are likely a slip: a warning, never more.
  static func learningRate(_ rate: Double, trainsAdapter: Bool) -> [Diagnostic] {
    let usual = trainsAdapter ? 1e-6...1e-2 : 1e-7...5e-3
    if usual.contains(rate) { return [] }
    let what = trainsAdapter ? "an adapter" : "all weights"
    return [
      Diagnostic(
        "training.learning-rate",
        "learning_rate is \(rate); for \(what) values from \(usual.lowerBound) to "
          + "\(usual.upperBound) are usual", severity: .warning)
    ]
  }

  /// Preflight of a stage that trains on a model: everything that is known already.
  static func preflight(
    _ inputs: PreflightInputs, _ settings: TrainingSettings, _ adapter: AdapterParameters?
  ) -> [Diagnostic] {
    var found = learningRate(
      settings.learningRate, trainsAdapter: adapter.map { $0.method != .none } ?? false)
    for port in ["train", "validation"] {
      if let artifact = inputs.artifacts[port] { found += rows(artifact, port: port) }
    }
    guard let adapter, let model = inputs.artifacts["model"] else { return found }
    do {
      let folder = try ModelFolder(model.tree) { model.reference($0) }
      found += AdapterChecks.all(adapter, folder)
    } catch {
      found += (error as? Failure)?.diagnostics ?? []
    }
    return found
  }

  /// Throws when a running stage was given rows that it may not or cannot read.
  static func settleInputs(_ context: StageContext) throws {
    var found: [Diagnostic] = []
    for port in ["train", "validation"] {
      if let artifact = context.optionalInput(port) { found += rows(artifact, port: port) }
    }
    try settle(found, context)
  }

  /// Throws the errors among `diagnostics`, warns of the others.
  static func settle(_ diagnostics: [Diagnostic], _ context: StageContext) throws {
    let errors = diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty { throw Failure(errors, .badInput) }
    for diagnostic in diagnostics { context.warn(diagnostic) }
  }
}
