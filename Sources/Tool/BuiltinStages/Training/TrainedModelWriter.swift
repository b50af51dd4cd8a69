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
  func full(_ model: LanguageModel, _ configuration: ModelConfiguration) throws {
    try ModelFolderWriter.full(
      to: context.output("model"), configuration: configuration,
      weights: Self.tensors(model.weights()), tokenizer: tokenizer, template: template)
  }

  /// The adapter alone; the base stays where it is and is referred to.
  ///
  /// - Parameter continued: the configuration of the adapter that was trained further, or nil.
  func adapter(_ model: LanguageModel, base: Digest, continued: AdapterConfiguration?) throws {
    let weights = model.adapterWeights()
    var configuration = continued ?? Self.configuration(model, weights.map(\.name), base)
    if model.scoreHead != nil {
      configuration.taskType = "SEQ_CLS"
      configuration.modulesToSave = ["classifier", "score"]
    }
    try ModelFolderWriter.adapter(
      to: context.output("model"),
      configuration: configuration,
      tensors: Self.tensors(weights), base: base, tokenizer: tokenizer, template: template)
    context.refer(from: "model", to: base)
  }

  private static func configuration(_ model: LanguageModel, _ names: [String], _ base: Digest)
    -> AdapterConfiguration
  {
    guard let settings = model.adapter else { preconditionFailure("the model has an adapter") }
    let modules = names.compactMap { name -> String? in
      let parts = name.split(separator: ".")
      return parts.lastIndex(of: "lora_A").map { String(parts[$0 - 1]) }
    }
    return AdapterConfiguration(
      rank: settings.rank, alpha: settings.alpha, dropout: settings.dropout,
      targetModules: Set(modules).sorted(), usesRSLoRA: settings.useRSLoRA, baseName: base.hex)
  }

  private static func tensors(_ weights: [(name: String, shape: [Int], values: [Float])])
    -> [OutputTensor]
  {
    weights.map { weight in
      OutputTensor(name: weight.name, shape: weight.shape) { weight.values }
    }
  }
}
