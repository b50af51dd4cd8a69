internal import Diagnostics
internal import Documents
internal import ModelFiles
internal import Reproducibility
internal import StageKit
internal import Tokenization

/// A whole model in one folder, as `save_pretrained` leaves it.
struct HFMergedFolder {
  private let folder: ModelFolder
  private let parameters: ExportHF.Parameters
  private let context: StageContext

  init(_ folder: ModelFolder, _ parameters: ExportHF.Parameters, _ context: StageContext) {
    self.folder = folder
    self.parameters = parameters
    self.context = context
  }

  /// The type of a tensor: asked for, or the base's own. A head that the base shares with its
  /// embedding has that one's.
  private func type(of tensor: String) -> TensorType {
    parameters.type.tensorType ?? folder.type(of: tensor)
      ?? folder.type(of: "model.embed_tokens.weight") ?? .F32
  }

  /// Writes weights, configuration, tokenizer and template; one tensor is in memory at a time.
  func write(to target: String, _ metadata: [String: String]) throws -> [ShardedWeights.File] {
    let configuration = folder.mergedConfiguration
    let shapes = configuration.tensorShapes
    var done = 0
    let tensors = shapes.map { name, shape in
      OutputTensor(name: name, type: type(of: name), shape: shape) {
        try context.checkCancelled()
        done += 1
        context.progress(done, of: shapes.count, "tensors")
        return try folder.mergedFloats(name)
      }
    }
    let files = try ShardedWeights(tensors, shardBytesMax: parameters.shardBytesMax)
      .write(to: target, metadata: metadata) { _ in try context.checkCancelled() }
    try writeConfiguration(configuration, to: target)
    try writeTokenizer(to: target)
    for name in HFFiles.licenses(folder.weightsTree) {
      try ModelFolderWriter.copy(name, from: folder.weightsTree, to: target)
    }
    return files
  }

  /// The base's file where it says the truth of the weights as written, else the same with the type
  /// and the tie as they are.
  private func writeConfiguration(_ configuration: ModelConfiguration, to target: String) throws {
    let stored = type(of: "model.embed_tokens.weight")
    let path = try folder.weightsTree.path("config.json")
    let own = try JSONFile.read(path)
    let said = own["dtype"]?.stringValue ?? own["torch_dtype"]?.stringValue
    let isTrue =
      said.flatMap { TensorType(torchName: $0) } == stored
      && configuration.tiesWordEmbeddings == folder.configuration.tiesWordEmbeddings
    if isTrue {
      try ModelFolderWriter.copy("config.json", from: folder.weightsTree, to: target)
    } else {
      try JSONFile.write(configuration.configJSON(storing: stored), to: target + "/config.json")
    }
    if folder.weightsTree["generation_config.json"] != nil {
      try ModelFolderWriter.copy("generation_config.json", from: folder.weightsTree, to: target)
    } else {
      try JSONFile.write(
        configuration.generationConfigJSON, to: target + "/generation_config.json")
    }
  }

  private func writeTokenizer(to target: String) throws {
    let tree = HFFiles.tokenizerTree(folder)
    // A template that stands in another file only is told in the file that everybody reads too.
    let template =
      tree["chat_template.jinja"] == nil ? try ChatTemplate.find(in: tree)?.source : nil
    _ = try ModelFolderWriter.copyTokenizer(from: tree, to: target, template: template)
  }

  /// What a user should know of the folder.
  func warnings() throws -> [Diagnostic] {
    let tree = HFFiles.tokenizerTree(folder)
    guard tree["tokenizer.json"] != nil else {
      return [
        Diagnostic(
          "hf.no-tokenizer", "the model has no tokenizer.json; the folder has none either",
          fix: "give a model with its tokenizer", severity: .warning)
      ]
    }
    guard let template = try ChatTemplate.find(in: tree) else {
      return [
        Diagnostic(
          "hf.no-template", "the model has no chat template; the folder has none either",
          fix: "a model trained on conversations needs one: see 'chat_template' of the stage that "
            + "trains it", severity: .warning)
      ]
    }
    let tokenizer = try Tokenizer(tree)
    let stops = ExampleBuilder(tokenizer: tokenizer, template: template).stopTokenIDs
    let json = try folder.weightsTree["generation_config.json"].map { try JSONFile.read($0) }
    let value = json?["eos_token_id"]
    var known = json == nil ? folder.configuration.eosTokenIDs : []
    known += (value?.arrayValue ?? value.map { [$0] } ?? []).compactMap(\.integerValue)
    guard let stop = stops.first, !known.contains(Int(stop)) else { return [] }
    return [
      Diagnostic(
        "hf.stop",
        "the token that ends an answer, \(stop) '\(SafeText.escaped(tokenizer.token(of: stop) ?? ""))', "
          + "is not an eos_token_id of generation_config.json: generation would not stop there",
        fix: "add \(stop) to \"eos_token_id\" of generation_config.json of the base",
        severity: .warning)
    ]
  }

  func writeCard(to target: String, _ facts: HFFacts, _ check: MergeCheck.Result) throws {
    let card = HFCard(parameters, folder, facts).merged(check)
    try JSONFile.write(bytes: Array(card.text.utf8), to: target + "/README.md")
  }
}
