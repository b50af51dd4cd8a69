internal import Diagnostics
internal import Documents
internal import ModelFiles
internal import Reproducibility

/// An adapter in one folder, as PEFT leaves it.
struct HFAdapterFolder {
  private let adapter: AdapterFiles
  private let folder: ModelFolder
  private let parameters: ExportHF.Parameters
  /// Of the weights' file.
  private let metadata: [String: String]

  init(
    _ adapter: AdapterFiles, _ folder: ModelFolder, _ parameters: ExportHF.Parameters,
    _ metadata: [String: String]
  ) {
    self.metadata = metadata
    self.adapter = adapter
    self.folder = folder
    self.parameters = parameters
  }

  /// Where others find the base: as asked, as the adapter says, or as the base's own file says.
  static func baseName(
    _ adapter: AdapterFiles?, _ parameters: ExportHF.Parameters, _ folder: ModelFolder
  ) -> String? {
    if let name = parameters.baseName { return name }
    let said = adapter?.configuration.baseName ?? ""
    if !said.isEmpty, Digest(hex: said) == nil { return said }
    let own = folder.weightsTree["config.json"].flatMap { try? JSONFile.read($0) }
    return own?["_name_or_path"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
  }

  static func baseProblems(
    _ adapter: AdapterFiles, _ parameters: ExportHF.Parameters, _ folder: ModelFolder
  ) -> [Diagnostic] {
    if baseName(adapter, parameters, folder) != nil { return [] }
    return [
      Diagnostic(
        "hf.base-name",
        "the adapter's base is known by its digest only; PEFT and vLLM look for a name or a path",
        fix: "set 'base_model_name' to the base's name on the Hub or its path")
    ]
  }

  /// The adapter's own file, byte for byte where nothing is to be added to its metadata.
  private func writeWeights(to path: String) throws {
    let name = AdapterFiles.weightsName
    if metadata.isEmpty {
      return try ModelFolderWriter.copy(
        name, from: folder.tree, to: DurableFile.parent(of: path))
    }
    let file = try SafetensorsFile(path: folder.tree.path(name))
    let tensors = file.names.compactMap { file.entry($0) }.map { entry in
      OutputTensor(
        name: entry.name, type: entry.type, shape: entry.shape,
        bytes: { try file.withBytes(entry.name) { Array($0) } })
    }
    try SafetensorsWriter.write(
      tensors, metadata: file.metadata.merging(metadata) { _, new in new }, to: path)
  }

  /// Weights, configuration, tokenizer and card.
  ///
  /// - Returns: how vLLM serves it.
  func write(to target: String, _ facts: HFFacts) throws -> HFReport.Adapter {
    let name = AdapterFiles.configurationName
    let baseName = Self.baseName(adapter, parameters, folder) ?? ""
    let json = try JSONFile.read(folder.tree.path(name))
    if json["base_model_name_or_path"]?.stringValue == baseName {
      try ModelFolderWriter.copy(name, from: folder.tree, to: target)
    } else {
      var members = json.objectValue ?? []
      members.removeAll { $0.key == "base_model_name_or_path" }
      members.append(JSONMember("base_model_name_or_path", .string(baseName)))
      members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      try JSONFile.write(.object(members), to: target + "/" + name)
    }
    try writeWeights(to: target + "/" + AdapterFiles.weightsName)
    _ = try ModelFolderWriter.copyTokenizer(from: HFFiles.tokenizerTree(folder), to: target)
    let served = VLLMAdapter(adapter)
    let command = served.command(base: baseName, name: parameters.name, path: "./adapter")
    let card = HFCard(parameters, folder, facts).adapter(command)
    try JSONFile.write(bytes: Array(card.text.utf8), to: target + "/README.md")
    return HFReport.Adapter(
      baseName: baseName, rank: served.rank, maxRank: served.maxRank, command: command,
      isServed: served.problems(isRefusal: true).isEmpty)
  }
}
