import Documents
import ModelFiles
import Reproducibility
import TestSupport

/// Adapters of the oracles with the model they belong to, and small ones made here.
enum AdapterFixtures {
  static var oracleNames: [String] {
    (try? FileTree(folder: SharedMaterial.oracles.path("adapters")).names)?
      .compactMap { $0.hasSuffix("/expected.json") ? String($0.dropLast(14)) : nil }.sorted() ?? []
  }

  static func folder(_ name: String) -> String { SharedMaterial.oracles.path("adapters/\(name)") }

  /// The configuration of the model below the adapter `name`.
  static func base(_ name: String) throws -> ModelConfiguration {
    let expected = try JSONFile.read(folder(name) + "/expected.json")
    let model = expected["base"]?.stringValue?.split(separator: "/").last ?? ""
    let path = SharedMaterial.oracles.path("models/\(model)/config.json")
    return try ModelConfiguration(config: JSONFile.read(path), file: path)
  }

  static func configuration(_ fields: String) throws -> AdapterConfiguration {
    let text = #"{"peft_type": "LORA", "r": 2, "lora_alpha": 4, \#(fields)}"#
    return try AdapterConfiguration(
      json: JSONReader.parse(Array(text.utf8), file: "adapter_config.json"),
      file: "adapter_config.json")
  }

  /// Two layers, hidden size 8.
  static func model(tied: Bool = false) -> ModelConfiguration {
    ModelConfiguration(
      modelType: "llama", vocabularySize: 11, hiddenSize: 8, intermediateSize: 12, layerCount: 2,
      headCount: 2, keyValueHeadCount: 1, headSize: 4, contextLength: 32,
      tiesWordEmbeddings: tied)
  }
}
