package import Diagnostics
import Documents
package import Reproducibility

/// A LoRA adapter as PEFT keeps it: `adapter_config.json` and `adapter_model.safetensors`.
///
/// Tensors are named `base_model.model.<module path>.lora_A.weight` (R × in) and `.lora_B.weight`
/// (out × R). Opening checks that they come in pairs, have the announced ranks and hold no NaN.
package struct AdapterFiles: Sendable {
  /// A pair of low-rank matrices.
  package struct Module: Sendable, Hashable {
    /// `model.layers.0.self_attn.q_proj`
    package var path: String
    /// R
    package var rank: Int
    package var inputSize: Int
    package var outputSize: Int
    /// s, what B A is multiplied with.
    package var scaling: Double
  }

  package static let configurationName = "adapter_config.json"
  package static let weightsName = "adapter_model.safetensors"
  package static let prefix = "base_model.model."

  package let configuration: AdapterConfiguration
  package let tensors: SafetensorsFile
  /// In order of path.
  package let modules: [Module]
  /// Tensors that replace the base's whole tensor of that name (`modules_to_save`), in order.
  package let replacements: [String]
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
    warnings = configuration.ignoredCodeFields.map {
      Diagnostic(
        "adapter.code", "'\($0)' in '\(Self.configurationName)' names code and is ignored",
        severity: .warning)
    }
  }

  /// A of the module, R × in, row-major.
  package func a(_ module: Module) throws -> [Float] {
    try tensors.floats(Self.prefix + module.path + ".lora_A.weight")
  }

  /// B of the module, out × R, row-major.
  package func b(_ module: Module) throws -> [Float] {
    try tensors.floats(Self.prefix + module.path + ".lora_B.weight")
  }

  /// Values of one of ``replacements``.
  package func replacement(_ name: String) throws -> [Float] {
    try tensors.floats(Self.prefix + name)
  }

  /// Checks that every module and replacement is there in a model of this configuration, with the
  /// same sizes.
  package func check(against model: ModelConfiguration) throws {
    var diagnostics: [Diagnostic] = []
    func problem(_ message: String) {
      diagnostics.append(
        Diagnostic(
          "adapter.mismatch", message, fix: "use the base model that the adapter was trained on"))
    }
    let linears = Dictionary(uniqueKeysWithValues: model.linearShapes.map { ($0.path, $0.shape) })
    for module in modules {
      let path = SafeText.escaped(module.path)
      guard let shape = linears[module.path] else {
        problem("the adapter changes '\(path)', which the model does not have")
        continue
      }
      if shape != [module.outputSize, module.inputSize] {
        problem(
          "the adapter's '\(path)' is \(module.outputSize) × \(module.inputSize), the model's "
            + "\(shape[0]) × \(shape[1])")
      }
    }
    let shapes = Dictionary(uniqueKeysWithValues: model.tensorShapes.map { ($0.name, $0.shape) })
    for name in replacements {
      let shape = tensors.entry(Self.prefix + name)?.shape
      guard let expected = shapes[name] else {
        problem("the adapter replaces '\(SafeText.escaped(name))', which the model does not have")
        continue
      }
      if shape != expected {
        problem(
          "the adapter's '\(SafeText.escaped(name))' is \(shape ?? []), the model's \(expected)")
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }
}
