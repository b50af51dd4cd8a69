internal import ModelFiles
internal import Models
internal import Reproducibility
internal import StageKit

/// Writes what a stage trained as a model artifact.
struct TrainedModelWriter {
  let context: StageContext
  /// Tokenizer and template files.
  let tokenizer: FileTree
  /// The text of a template that replaces the tokenizer's, or nil.
  let template: String?

  /// All weights.
  func full(_ model: LanguageModel) throws {
    try write(model, form: .full) { model.weight($0) }
  }

  /// A new adapter on a base that exists nowhere as an artifact: both as one model, merged in
  /// float32 into the base as its files hold it, whatever it was stored as in training.
  func merged(_ model: LanguageModel, into folder: ModelFolder) throws {
    try write(model, form: .merged) { name in
      model.merged(name, base: try folder.mergedFloats(name))
    }
  }

  private func write(
    _ model: LanguageModel, form: ModelManifest.Form, _ values: @escaping (String) throws -> [Float]
  ) throws {
    let configuration = model.mergedConfiguration
    try ModelFolderWriter.full(
      to: context.output("model"), configuration: configuration,
      weights: configuration.tensorShapes.map { name, shape in
        OutputTensor(name: name, shape: shape) { try values(name) }
      }, tokenizer: tokenizer, template: template, form: form)
    context.referTrainedRows(from: "model", inputs: ["train", "model"])
  }

  /// The adapter alone; the base stays where it is and is referred to.
  ///
  /// - Parameter continues: whether the adapter came with the model; it keeps its configuration.
  func adapter(_ model: LanguageModel, base: Digest, continues: Bool) throws {
    guard var configuration = model.adapter?.configuration else {
      preconditionFailure("the model has an adapter")
    }
    if !continues { configuration.baseName = base.hex }
    if model.scoreHead != nil {
      configuration.taskType = "SEQ_CLS"
      let others = configuration.modulesToSave.filter { !["classifier", "score"].contains($0) }
      configuration.modulesToSave = others + ["classifier", "score"]
    }
    try ModelFolderWriter.adapter(
      to: context.output("model"), configuration: configuration,
      tensors: model.adapterWeights().map { weight in
        OutputTensor(name: weight.name, shape: weight.shape) { weight.values }
      }, base: base, tokenizer: tokenizer, template: template)
    context.refer(from: "model", to: base)
    context.referTrainedRows(from: "model", inputs: ["train", "model"])
  }
}
