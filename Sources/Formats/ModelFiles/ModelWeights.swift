import BlockFormats
import Diagnostics
import Reproducibility

/// Where the weights of a model are: safetensors files, or a GGUF file.
enum ModelWeights: Sendable {
  case shards(WeightShards)
  case gguf(GGUFModel)

  /// The weights of a tree with their configuration, which they are checked against.
  static func open(_ tree: FileTree) throws -> (ModelWeights, ModelConfiguration) {
    if tree["config.json"] == nil, let name = tree.ggufName {
      let model = try GGUFModel(path: tree.path(name))
      return (.gguf(model), model.configuration)
    }
    let count = tree.names.count { $0.lowercased().hasSuffix(".gguf") }
    if tree["config.json"] == nil, count > 1 {
      throw Diagnostic(
        "model.several-gguf", "the folder holds \(count) GGUF files, expected one model",
        fix: "name one of the files, or the port of one quantization ('gguf.q4_k_m')"
      ).failure(.badInput)
    }
    let path = try tree.path("config.json")
    let configuration = try ModelConfiguration(config: JSONFile.read(path), file: path)
    let shards = try WeightShards(tree)
    try shards.check(against: configuration)
    return (.shards(shards), configuration)
  }

  func warnings(for configuration: ModelConfiguration) throws -> [Diagnostic] {
    guard case .shards(let shards) = self else { return [] }
    return try shards.checkSurplus(for: configuration)
  }

  func floats(_ name: String) throws -> [Float] {
    switch self {
    case .shards(let shards): try shards.floats(name)
    case .gguf(let model): try model.floats(name)
    }
  }

  /// - Parameter elements: of a tensor in safetensors; nil: all.
  func read(
    _ name: String, elements: Range<Int>?, into values: UnsafeMutableBufferPointer<Float>
  ) throws {
    switch self {
    case .shards(let shards): try shards.read(name, elements: elements, into: values)
    case .gguf(let model): _ = values.update(fromContentsOf: try Self.finite(name, model))
    }
  }

  func bfloat16(
    _ name: String, elements: Range<Int>?, into values: UnsafeMutableBufferPointer<UInt16>
  ) throws {
    switch self {
    case .shards(let shards): try shards.bfloat16(name, elements: elements, into: values)
    case .gguf(let model):
      let floats = try Self.finite(name, model)
      floats.withUnsafeBufferPointer {
        BlockFormat.bf16.encode($0, UnsafeMutableRawBufferPointer(values))
      }
    }
  }

  func checkFinite(_ names: [String]) throws {
    switch self {
    case .shards(let shards): try shards.checkFinite(names)
    case .gguf(let model): for name in names { _ = try Self.finite(name, model) }
    }
  }

  private static func finite(_ name: String, _ model: GGUFModel) throws -> [Float] {
    let values = try model.floats(name)
    guard let place = values.firstIndex(where: { !$0.isFinite }) else { return values }
    throw Diagnostic(
      "model.not-finite",
      "the tensor '\(SafeText.escaped(name))' holds \(values[place].isNaN ? "NaN" : "infinity") "
        + "(value \(place) of \(values.count))",
      fix: "the file is damaged, or the training that made the weights diverged"
    ).failure(.badInput)
  }
}
