package import Diagnostics
internal import Documents
internal import ModelFiles
internal import Reproducibility
package import StageKit
internal import Tokenization

/// Makes one model of several, or of an adapter and its base.
package struct Merge: Stage {
  package static let kind: StageKind = "merge"
  package static let version = 1
  package static let summary =
    "Merges an adapter into its base, or several models into one by mergekit's methods."

  package init() {}

  package static func ports(for parameters: Parameters) -> Ports {
    let output = [
      Port("model", .model, help: "The merged model, in the base's number format."),
      Port("report", .report, help: "What was merged, and how."),
    ]
    let inputs: [Port]
    switch parameters.origin {
    case .adapter:
      inputs = [
        Port(
          "model", .model, help: "An adapter; with a method, the inputs are the models it names."),
        Port(
          "base", .model, optional: true,
          help: "The base of an adapter that knows it by name only."),
      ]
    case .recipe(let recipe):
      inputs = recipe.models.map { Port($0.name, .model, help: "A model to merge.") }
    case .file(_, let names):
      inputs = names.map { Port($0, .model, help: "A model of the mergekit file.") }
    case .none: inputs = []
    }
    return Ports(inputs: inputs, outputs: output)
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs) -> [Diagnostic]
  {
    do {
      guard let recipe = try parameters.settled(inputs.files) else {
        guard let model = inputs.artifacts["model"] else { return [] }
        return try adapterFolder(model, base: inputs.artifacts["base"]).warnings
      }
      let artifacts = try recipe.models.compactMap { reference in
        try inputs.artifacts[reference.name].map { (reference.name, try folder($0)) }
      }
      // An input that a stage is still to make is looked at when it is there.
      guard artifacts.count == recipe.models.count else { return recipe.warnings }
      let plan = try MergePlan(recipe, Dictionary(uniqueKeysWithValues: artifacts))
      try checkVocabularies(plan, recipe, Dictionary(uniqueKeysWithValues: artifacts))
      return plan.warnings
    } catch let failure as Failure {
      return failure.diagnostics
    } catch {
      return []  // The run meets it again and reports it.
    }
  }

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    guard let recipe = try parameters.settled(["mergekit": context.files("mergekit")]) else {
      return try mergeAdapter(parameters, context)
    }
    var models: [String: ModelFolder] = [:]
    for reference in recipe.models {
      models[reference.name] = try Self.folder(context.input(reference.name))
    }
    let plan = try MergePlan(recipe, models, seed: UInt64(parameters.seed))
    try Self.checkVocabularies(plan, recipe, models)
    let warnings = plan.warnings
    for warning in warnings { context.warn(warning) }
    try plan.checkFinite()
    guard let tokenizer = models[plan.tokenizerModel] else {
      preconditionFailure("the plan has checked where the tokenizer comes from")
    }
    try write(
      plan.configuration, plan.type, tokenizer.tree, template: recipe.chatTemplate, context
    ) { try plan.values(of: $0, context.pool) }
    context.referTrainedRows(from: "model", inputs: recipe.models.map(\.name))
    let report = MergeReport(
      method: recipe.method.rawValue, models: recipe.models.map(\.name), type: plan.type,
      configuration: plan.configuration, tokenizer: plan.tokenizerModel, warnings: warnings)
    try ReportFolder.write(report.json, report.lines, to: context.output("report"))
    return .succeeded
  }

  // MARK: - Private

  private func mergeAdapter(_ parameters: Parameters, _ context: StageContext) throws
    -> StageOutcome
  {
    let folder = try Self.adapterFolder(
      context.input("model"), base: context.optionalInput("base"))
    for warning in folder.warnings { context.warn(warning) }
    try folder.checkFinite()
    let stored = folder.type(of: ModelConfiguration.embeddingPath + ".weight") ?? .F32
    let type = parameters.type ?? stored
    try write(folder.mergedConfiguration, type, folder.tree, template: nil, context) {
      try folder.mergedFloats($0)
    }
    context.referTrainedRows(from: "model", inputs: ["model", "base"])
    let report = MergeReport(
      method: "adapter", models: ["model"], type: type, configuration: folder.mergedConfiguration,
      tokenizer: "model", warnings: folder.warnings)
    try ReportFolder.write(report.json, report.lines, to: context.output("report"))
    return .succeeded
  }

  private func write(
    _ configuration: ModelConfiguration, _ type: TensorType, _ tokenizer: FileTree,
    template: String?, _ context: StageContext, _ values: @escaping (String) throws -> [Float]
  ) throws {
    guard let format = type.floatFormat else { preconditionFailure("the result holds floats") }
    let shapes = configuration.tensorShapes
    var done = 0
    try ModelFolderWriter.full(
      to: context.output("model"), configuration: configuration,
      weights: shapes.map { name, shape in
        OutputTensor(name: name, type: type, shape: shape) {
          try context.checkCancelled()
          let bytes = try format.encoded(try values(name), tensor: name, pool: context.pool)
          done += 1
          context.progress(done, of: shapes.count, "tensors")
          return bytes
        }
      }, tokenizer: tokenizer, template: template, form: .merged)
  }

  private static func folder(_ artifact: InputArtifact) throws -> ModelFolder {
    try ModelFolder(artifact.tree) { artifact.reference($0) }
  }

  private static func adapterFolder(_ artifact: InputArtifact, base: InputArtifact?) throws
    -> ModelFolder
  {
    let folder = try ModelFolder(artifact.tree) { digest in
      artifact.reference(digest) ?? base?.tree
    }
    guard folder.adapter == nil else { return folder }
    throw Diagnostic(
      "merge.no-adapter", "the model is no adapter, and no method of merging is set",
      fix: "give an adapter, or set 'method: linear' and 'models:'"
    ).failure(.badInput)
  }

  /// Rows of embeddings are merged by id: every id must mean the same token.
  private static func checkVocabularies(
    _ plan: MergePlan, _ recipe: MergeRecipe, _ models: [String: ModelFolder]
  ) throws {
    guard let own = try tokenizer(of: models[plan.tokenizerModel]) else { return }
    // With passthrough only the slices at both ends have rows for tokens.
    let slices = [recipe.slices.first, recipe.slices.last].compactMap { $0 }
    let concerned = Set(slices.flatMap { $0.sources.map(\.model.name) })
    var problems: [Diagnostic] = []
    for reference in recipe.models where concerned.contains(reference.name) {
      guard reference.name != plan.tokenizerModel,
        let other = try tokenizer(of: models[reference.name])
      else { continue }
      let count = Int32(max(own.vocabularySize, other.vocabularySize))
      let differing = (0..<count).count { own.token(of: $0) != other.token(of: $0) }
      guard differing > 0 else { continue }
      problems.append(
        Diagnostic(
          "merge.vocabulary",
          "\(differing) of \(count) ids mean another token to '\(SafeText.escaped(reference.name))' "
            + "than to '\(SafeText.escaped(plan.tokenizerModel))'", at: reference.span,
          fix: "merge models that were trained from one base with one tokenizer"))
    }
    if !problems.isEmpty { throw Failure(problems, .badInput) }
  }

  private static func tokenizer(of folder: ModelFolder?) throws -> Tokenizer? {
    guard let folder, folder.tree["tokenizer.json"] != nil else { return nil }
    return try Tokenizer(folder.tree)
  }
}
