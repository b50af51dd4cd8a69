internal import ModelFiles
internal import Models
internal import Reproducibility
internal import StageKit

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
      folder.warnings + TrainingChecks.adapter(parameters, folder), context)
  }

  /// The weights in memory, with what learns.
  func load(seed: UInt64, _ context: StageContext) throws -> LanguageModel {
    let trainable: Trainable =
      if folder.adapter != nil {
        .loadedAdapter
      } else if parameters.method == .lora {
        .newAdapter(parameters.lora, seed: seed)
      } else {
        .all
      }
    return try LanguageModel.load(folder, trainable: trainable, pool: context.pool)
  }

  func write(_ model: LanguageModel, template: String?, _ context: StageContext) throws {
    let writer = TrainedModelWriter(context: context, tokenizer: folder.tree, template: template)
    if model.adapter == nil {
      try writer.full(model, folder.configuration)
    } else {
      try writer.adapter(model, base: base, continued: folder.adapter?.configuration)
    }
  }
}
