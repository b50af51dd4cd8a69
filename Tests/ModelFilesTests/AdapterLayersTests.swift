import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("layers of an adapter")
struct AdapterLayersTests {
  static func adapter(_ layers: [Int], _ fields: String = "") throws -> AdapterFiles {
    let folder = try TemporaryFolder()
    let path = try folder.makeFolder("adapter")
    let text =
      #"{"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["q_proj"]\#(fields)}"#
    try JSONFile.write(bytes: Array(text.utf8), to: path + "/adapter_config.json")
    try SafetensorsWriter.write(
      layers.flatMap { layer -> [OutputTensor] in
        let module = "base_model.model.model.layers.\(layer).self_attn.q_proj"
        return [
          OutputTensor(name: module + ".lora_A.weight", shape: [2, 4]) {
            .init(repeating: 1, count: 8)
          },
          OutputTensor(name: module + ".lora_B.weight", shape: [4, 2]) {
            .init(repeating: 1, count: 8)
          },
        ]
      }, to: path + "/adapter_model.safetensors")
    return try AdapterFiles(FileTree(folder: path))
  }

  @Test("a target of every layer that a lower layer lacks is refused")
  func gap() throws {
    try Self.adapter([0, 1, 2]).checkLayers()
    for (layers, message) in [([99], "99, but not of layer 0"), ([0, 2], "2, but not of layer 1")] {
      let failure = try #require(throws: Failure.self) { try Self.adapter(layers).checkLayers() }
      #expect(failure.diagnostics[0].message.contains(message))
    }
  }

  @Test("an adapter of chosen layers may lack others")
  func chosen() throws {
    try Self.adapter([2], #", "layers_to_transform": [2]"#).checkLayers()
    try Self.adapter([0, 2], #", "exclude_modules": ["layers.1.self_attn.q_proj"]"#).checkLayers()
  }
}
