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

  /// Whether the stage's method fits the model.
  static func adapter(_ parameters: AdapterParameters, _ folder: ModelFolder) -> [Diagnostic] {
    if let files = folder.adapter { return continued(parameters, files) }
    guard parameters.method == .lora else { return [] }
    return fresh(parameters.lora, folder.configuration)
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
      settings.learningRate, trainsAdapter: adapter?.method == .lora)
    for port in ["train", "validation"] {
      if let artifact = inputs.artifacts[port] { found += rows(artifact, port: port) }
    }
    guard let adapter, let model = inputs.artifacts["model"] else { return found }
    do {
      let folder = try ModelFolder(model.tree) { model.reference($0) }
      found += self.adapter(adapter, folder)
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

  // MARK: - Private

  private static func continued(_ parameters: AdapterParameters, _ files: AdapterFiles)
    -> [Diagnostic]
  {
    var found: [Diagnostic] = []
    func problem(_ message: String, fix: String) {
      found.append(Diagnostic("training.adapter-mismatch", message, fix: fix))
    }
    let configuration = files.configuration
    if parameters.method == .none {
      problem(
        "adapter is 'none', and the model is an adapter on a base",
        fix: "leave out 'adapter' to continue the adapter, or merge it into its base first")
    }
    if let rank = parameters.writtenRank, rank != configuration.rank {
      problem(
        "lora_r is \(rank), and the adapter to continue has rank \(configuration.rank)",
        fix: "leave out lora_r, or merge the adapter into its base first")
    }
    if let targets = parameters.writtenTargets {
      let present = Set(files.modules.map { String($0.path.split(separator: ".").last ?? "") })
      if Set(targets) != present {
        problem(
          "lora_target_modules is \(targets.sorted().joined(separator: ", ")), and the adapter to "
            + "continue changes \(present.sorted().joined(separator: ", "))",
          fix: "leave out lora_target_modules, or merge the adapter into its base first")
      }
    }
    if let dropout = parameters.writtenDropout, dropout != configuration.dropout {
      problem(
        "lora_dropout is \(dropout), and the adapter to continue has \(configuration.dropout)",
        fix: "leave out lora_dropout")
    }
    return found
  }

  private static func fresh(_ lora: LoRASettings, _ model: ModelConfiguration) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let linears = model.linearShapes.filter { $0.path != "lm_head" }
    let names = Set(linears.map { String($0.path.split(separator: ".").last ?? "") }).sorted()
    for target in lora.targetModules
    where !linears.contains(where: { $0.path == target || $0.path.hasSuffix("." + target) }) {
      let nearest =
        NearestName.suggestion(for: target, among: names)
        .map { "did you mean '\($0)'? " } ?? ""
      found.append(
        Diagnostic(
          "training.no-target",
          "lora_target_modules names '\(SafeText.escaped(target))', which the model does not have",
          fix: nearest + "the model has \(names.joined(separator: ", "))"))
    }
    let smallest = linears.flatMap(\.shape).min() ?? 0
    if lora.rank > smallest {
      found.append(
        Diagnostic(
          "training.rank",
          "lora_r is \(lora.rank), and the smallest side of a linear is \(smallest): a higher "
            + "rank than that adds nothing", fix: "lower lora_r", severity: .warning))
    }
    let ratio = lora.alpha / Double(lora.rank)
    if !(0.125...8).contains(ratio) {
      found.append(
        Diagnostic(
          "training.alpha",
          "lora_alpha / lora_r is \(ratio); values from 0.125 to 8 are usual",
          severity: .warning))
    }
    return found
  }
}
