internal import Diagnostics
internal import ModelFiles
internal import Models
internal import Reproducibility
internal import StageKit
internal import Tensors

/// The model a stage starts from.
struct TrainingModel {
  let folder: ModelFolder
  /// The artifact that holds the base weights.
  let base: Digest
  let parameters: AdapterParameters

  /// - Throws: ``Failure`` when the method does not fit the model.
  init(_ parameters: AdapterParameters, _ context: StageContext) throws {
    let artifact = context.input("model")
    folder = try ModelFolder(artifact.tree) { artifact.reference($0) }
    base = folder.adapter == nil ? artifact.digest : folder.manifest.base ?? artifact.digest
    self.parameters = parameters
    try TrainingChecks.settle(
      folder.warnings + AdapterChecks.all(parameters, folder)
        + (parameters.device == .cpu ? AdapterChecks.products(parameters) : []), context)
  }

  /// Whether an adapter becomes part of its base.
  private var merges: Bool { parameters.mergesFirst && folder.adapter != nil }

  /// The weights in memory, with what learns.
  func load(seed: UInt64, _ context: StageContext) throws -> LanguageModel {
    let trainable: Trainable =
      if folder.adapter != nil && !merges {
        .loadedAdapter
      } else if parameters.method == .none {
        .all
      } else {
        .newAdapter(parameters.lora, seed: seed)
      }
    let precision = parameters.precision(folder)
    return try LanguageModel.load(
      folder, trainable: trainable, pool: context.pool, precision: precision,
      mergesAdapter: merges,
      backend: ComputeDevice.backend(
        parameters.device, pool: context.pool, products: precision.products))
  }

  func write(_ model: LanguageModel, template: String?, _ context: StageContext) throws {
    let writer = TrainedModelWriter(
      context: context, tokenizer: folder.tokenizerTree, template: template)
    if model.adapter == nil {
      try writer.full(model)
      return try model.backend.check()
    }
    for diagnostic in AdapterChecks.effect(model) { context.warn(diagnostic) }
    if merges {
      try writer.merged(model, into: folder)
    } else {
      try writer.adapter(model, base: base, continues: folder.adapter != nil)
    }
    try model.backend.check()
  }
}
