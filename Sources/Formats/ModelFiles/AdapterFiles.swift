package import Diagnostics
import Documents
package import Reproducibility

/// A LoRA adapter as PEFT keeps it: `adapter_config.json` and `adapter_model.safetensors`.
///
/// | tensor after `base_model.model.` | |
/// |---|---|
/// | `<module>.lora_A.weight`, `.lora_B.weight` | R × in, out × R |
/// | `<module>.lora_magnitude_vector` | out: DoRA's m |
/// | `<embedding>.lora_embedding_A`, `_B` | R × vocabulary, C × R |
/// | `<module>.base_layer.weight` | the base's own, saved when an embedding or head is a target |
/// | any other name of the base | replaces it (`modules_to_save`) |
/// | `score.weight` | the head of a reward model |
///
/// Opening checks that the tensors belong together, have the announced ranks and hold no NaN.
package struct AdapterFiles: Sendable {
  /// What one module of the base gets.
  package struct Module: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
      /// y = W x
      case linear
      /// y = W[x]; the weight is in × out.
      case embedding
    }

    /// `model.layers.0.self_attn.q_proj`
    package var path: String
    package var kind: Kind
    /// R
    package var rank: Int
    package var inputSize: Int
    package var outputSize: Int
    /// s, what B A is multiplied with.
    package var scaling: Double
    /// Whether it is DoRA's.
    package var hasMagnitude: Bool
  }

  package static let configurationName = "adapter_config.json"
  package static let weightsName = "adapter_model.safetensors"
  package static let prefix = "base_model.model."
  package static let scoreHeadName = "score.weight"

  package let configuration: AdapterConfiguration
  package let tensors: SafetensorsFile
  /// In order of path.
  package let modules: [Module]
  /// Tensors that replace the base's whole tensor of that name (`modules_to_save`), in order.
  package let replacements: [String]
  /// Tensors of the base that are saved beside their adapter, in order; they take the place of the
  /// base's and the adapter is added to them.
  package let baseLayers: [String]
  /// Shape of the reward head, [outputs, C].
  package let scoreHeadShape: [Int]?
  /// What a user should know of an adapter that is otherwise good.
  package let warnings: [Diagnostic]

  /// - Throws: ``Failure`` of class `badInput`.
  package init(_ tree: FileTree) throws {
    if tree[Self.weightsName] == nil, tree["adapter_model.bin"] != nil {
      throw Diagnostic(
        "adapter.pickle",
        "the weights are a pickle ('adapter_model.bin'), expected '\(Self.weightsName)'",
        fix: "load the adapter with PEFT and save it with safe_serialization=True (safetensors)"
      ).failure(.badInput)
    }
    let configurationPath = try tree.path(Self.configurationName)
    let weightsPath = try tree.path(Self.weightsName)
    configuration = try AdapterConfiguration(
      json: JSONFile.read(configurationPath), file: configurationPath)
    tensors = try SafetensorsFile(path: weightsPath)
    let found = try AdapterTensors(tensors, configuration)
    modules = found.modules
    replacements = found.replacements
    baseLayers = found.baseLayers
    scoreHeadShape = found.scoreHead
    warnings = configuration.ignoredCodeFields.map {
      Diagnostic(
        "adapter.code", "'\($0)' in '\(Self.configurationName)' names code and is ignored",
        severity: .warning)
    }
  }

  /// The module at `path`, if the adapter changes it.
  package func module(_ path: String) -> Module? { modules.first { $0.path == path } }

  /// A of the module, R × in, row-major.
  package func a(_ module: Module) throws -> [Float] {
    try tensors.floats(AdapterTensorNames(module.path, module.kind).a)
  }

  /// B of the module, out × R, row-major.
  package func b(_ module: Module) throws -> [Float] {
    try tensors.floats(AdapterTensorNames(module.path, module.kind).b)
  }

  /// m of the module, one for each output; nil without DoRA.
  package func magnitude(_ module: Module) throws -> [Float]? {
    guard module.hasMagnitude else { return nil }
    return try tensors.floats(AdapterTensorNames(module.path, module.kind).magnitude)
  }

  /// Values of one of ``replacements``.
  package func replacement(_ name: String) throws -> [Float] {
    try tensors.floats(Self.prefix + name)
  }

  /// Values of one of ``baseLayers``.
  package func baseLayer(_ name: String) throws -> [Float] {
    try tensors.floats(Self.baseLayerName(name))
  }

  /// Values of the reward head, outputs × C.
  package func scoreHead() throws -> [Float]? {
    guard scoreHeadShape != nil else { return nil }
    return try tensors.floats(Self.prefix + Self.scoreHeadName)
  }

  static func baseLayerName(_ tensor: String) -> String {
    prefix + tensor.dropLast("weight".count) + "base_layer.weight"
  }
}
