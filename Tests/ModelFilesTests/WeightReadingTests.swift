import BlockFormats
import Diagnostics
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Reading weights")
struct WeightReadingTests {
  /// A model folder whose tensors are `edit`ed before they are written.
  static func folder(
    _ type: TensorType = .F32, _ edit: (inout [OutputTensor]) -> Void = { _ in }
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var weights = ModelFolderTests.weights(type)
    edit(&weights)
    try SafetensorsWriter.write(weights, to: folder.makeFolder("m") + "/model.safetensors")
    try JSONFile.write(
      ModelFolderTests.configuration.configJSON, to: folder.path + "/m/config.json")
    return folder
  }

  static func open(_ folder: TemporaryFolder) throws -> ModelFolder {
    try ModelFolder(FileTree(folder: folder.path + "/m"))
  }

  @Test(
    "reading in place gives the same values as an array",
    arguments: [.F32, .F16, .BF16] as [TensorType])
  func inPlace(_ type: TensorType) throws {
    let folder = try Self.folder(type)
    let model = try Self.open(folder)
    for name in model.tensorNames + ["lm_head.weight"] {
      let expected = try model.floats(name)
      var values = [Float](repeating: .nan, count: expected.count)
      try values.withUnsafeMutableBufferPointer { try model.read(name, into: $0) }
      #expect(values == expected)
      var halves = [UInt16](repeating: 1, count: expected.count)
      try halves.withUnsafeMutableBufferPointer { try model.bfloat16(name, into: $0) }
      let encoded = BlockFormatTests.encode(expected, .bf16, reference: true)
      #expect(halves.map { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }.flatMap { $0 } == encoded)
    }
  }

  @Test("a tensor of several pieces is read whole")
  func pieces() throws {
    let folder = try TemporaryFolder()
    let count = (1 << 20) + 77
    let values = (0..<count).map { Float($0 % 8191) - 4095 }
    let path = folder.path + "/t.safetensors"
    try SafetensorsWriter.write(
      [
        OutputTensor(name: "a", type: .F32, shape: [count]) { values },
        OutputTensor(name: "b", type: .BF16, shape: [count]) { values },
      ], to: path)
    let file = try SafetensorsFile(path: path)
    for name in ["a", "b"] {
      var read = [Float](repeating: 0, count: count)
      try read.withUnsafeMutableBufferPointer { try file.read(name, into: $0) }
      #expect(try read == file.floats(name))
    }
    #expect(try file.floats("a") == values)
  }

  @Test(
    "NaN and infinities are refused with their place",
    arguments: [.F32, .F16, .BF16] as [TensorType], [Float.nan, -.nan, .infinity, -.infinity])
  func notFinite(_ type: TensorType, _ bad: Float) throws {
    let name = "model.layers.1.mlp.up_proj.weight"
    let folder = try Self.folder(type) { weights in
      guard let index = weights.firstIndex(where: { $0.name == name }) else { return }
      let (count, format) = (weights[index].shape.reduce(1, *), type.floatFormat)
      weights[index].bytes = {
        var values = ModelFolderTests.values(count, 9)
        values[7] = bad
        return BlockFormatTests.encode(values, format ?? .f32, reference: true)
      }
    }
    let model = try Self.open(folder)
    let message =
      "the tensor '\(name)' holds \(bad.isNaN ? "NaN" : "infinity") (value 7 of 96)"
    let failure = #expect(throws: Failure.self) { try model.checkFinite() }
    #expect(failure?.diagnostics.map(\.message) == [message])
    #expect(failure?.diagnostics.first?.code == "model.not-finite")
    var values = [Float](repeating: 0, count: 96)
    let read = #expect(throws: Failure.self) {
      try values.withUnsafeMutableBufferPointer { try model.read(name, into: $0) }
    }
    #expect(read?.diagnostics.map(\.message) == [message])
    try values.withUnsafeMutableBufferPointer {
      try model.read("model.layers.0.mlp.up_proj.weight", into: $0)
    }
  }

  @Test("the largest and smallest floats are finite")
  func edges() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/t.safetensors"
    for (type, largest) in [
      (TensorType.F32, Float.greatestFiniteMagnitude), (.F16, 65504),
      (.BF16, Float(bitPattern: 0x7F7F_0000)),
    ] {
      let values = [largest, -largest, 0, -0.0, .leastNonzeroMagnitude]
      try SafetensorsWriter.write(
        [OutputTensor(name: "a", type: type, shape: [5]) { values }],
        to: path + type.rawValue)
      try SafetensorsFile(path: path + type.rawValue).checkFinite("a")
    }
  }

  @Test("a tensor that the layers do not have is refused, one elsewhere named")
  func extra() throws {
    let bias = "model.layers.0.self_attn.q_proj.bias"
    let inside = try Self.folder { weights in
      weights.append(OutputTensor(name: bias, shape: [8]) { ModelFolderTests.values(8, 1) })
    }
    let failure = #expect(throws: Failure.self) { _ = try Self.open(inside) }
    #expect(
      failure?.diagnostics.map(\.message) == [
        "the weights hold 1 tensors that a llama model of this config.json does not have, the "
          + "first is '\(bias)'"
      ])
    let outside = try Self.folder { weights in
      for name in [
        "score.weight", "model.layers.2.mlp.up_proj.weight", "lm_head.weight",
        "model.layers.0.self_attn.rotary_emb.inv_freq",
      ] { weights.append(OutputTensor(name: name, shape: [8]) { ModelFolderTests.values(8, 1) }) }
    }
    #expect(
      try Self.open(outside).warnings.map(\.message) == [
        "2 tensors are not part of a llama model and are ignored, the first is "
          + "'model.layers.2.mlp.up_proj.weight'"
      ])
  }

  @Test("absent, cut and lying shards are one error each")
  func shards() throws {
    let folder = try Self.folder()
    let names = ModelFolderTests.configuration.tensorShapes.map(\.name)
    func index(_ shard: (String) -> String) throws -> Failure? {
      let rows = names.map { "\"\($0)\": \"\(shard($0))\"" }.joined(separator: ",")
      try folder.write("m/model.safetensors.index.json", "{\"weight_map\": {\(rows)}}")
      return #expect(throws: Failure.self) { _ = try Self.open(folder) }
    }
    let absent = try index { $0.contains("layers.1") ? "b.safetensors" : "model.safetensors" }
    #expect(absent?.diagnostics.count == 1)
    #expect(
      absent?.diagnostics.first?.message.hasSuffix("the shard 'b.safetensors' is not in the folder")
        == true)
    let bytes = try folder.read("m/model.safetensors")
    try folder.write("m/b.safetensors", Array(bytes.dropLast(100)))
    let cut = try index { $0.contains("layers.1") ? "b.safetensors" : "model.safetensors" }
    #expect(cut?.diagnostics.map(\.code) == ["safetensors.truncated"])
    try SafetensorsWriter.write(
      [OutputTensor(name: "x", shape: [1]) { [1] }], to: folder.path + "/m/c.safetensors")
    let lying = try index { $0.contains("layers.1.mlp.up") ? "c.safetensors" : "model.safetensors" }
    #expect(
      lying?.diagnostics.first?.message.hasSuffix(
        "'model.layers.1.mlp.up_proj.weight' is not in 'c.safetensors'") == true)
  }
}
