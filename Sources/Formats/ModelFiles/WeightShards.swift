import Diagnostics
import Documents
import Reproducibility

/// The safetensors files of a model: one, or shards named by `model.safetensors.index.json`.
struct WeightShards: Sendable {
  private let files: [SafetensorsFile]
  /// Tensor → index in `files`.
  private let home: [String: Int]

  init(_ tree: FileTree) throws {
    if let index = tree["model.safetensors.index.json"] {
      (files, home) = try Self.shards(index, tree)
    } else if tree["model.safetensors"] == nil,
      let pickle = tree.names.first(where: { $0.hasPrefix("pytorch_model") })
    {
      throw Diagnostic(
        "model.pickle",
        "the weights are a pickle ('\(SafeText.escaped(pickle))'), expected 'model.safetensors'",
        fix: "load the model with transformers and save it with safe_serialization=True"
      ).failure(.badInput)
    } else {
      let file = try SafetensorsFile(path: tree.path("model.safetensors"))
      files = [file]
      home = Dictionary(uniqueKeysWithValues: file.names.map { ($0, 0) })
    }
  }

  func entry(_ name: String) -> TensorEntry? { home[name].flatMap { files[$0].entry(name) } }

  func floats(_ name: String) throws -> [Float] { try file(of: name).floats(name) }

  func read(
    _ name: String, elements: Range<Int>?, into values: UnsafeMutableBufferPointer<Float>
  ) throws { try file(of: name).read(name, elements: elements, into: values) }

  func copy(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableRawBufferPointer
  ) throws { try file(of: name).copy(name, elements: elements, into: target) }

  func withBytes(
    of name: String, elements range: Range<Int>,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws { try file(of: name).withBytes(name, elements: range, body) }

  /// The place of the file that holds the tensor among the files in order of name.
  func place(of name: String) -> Int {
    guard files.count > 1, let own = home[name].map({ files[$0].path }) else { return 0 }
    return files.count { $0.path.utf8.lexicographicallyPrecedes(own.utf8) }
  }

  func bfloat16(
    _ name: String, elements: Range<Int>?, into values: UnsafeMutableBufferPointer<UInt16>
  ) throws { try file(of: name).bfloat16(name, elements: elements, into: values) }

  /// Every problem among `names`, up to ``problemsMax``.
  func checkFinite(_ names: [String]) throws {
    var diagnostics: [Diagnostic] = []
    for name in names where diagnostics.count < Self.problemsMax {
      do {
        try file(of: name).checkFinite(name)
      } catch let failure as Failure where failure.failureClass == .badInput {
        diagnostics += failure.diagnostics
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }

  private func file(of name: String) throws -> SafetensorsFile {
    if let index = home[name] { return files[index] }
    throw Diagnostic("model.tensor", "the weights lack '\(SafeText.escaped(name))'")
      .failure(.badInput)
  }

  /// Of a thousand broken tensors the first tell enough.
  private static let problemsMax = 20

  /// What GPTQ, AWQ and bitsandbytes add beside or instead of `weight`.
  private static let quantizedSuffixes = ["qweight", "qzeros", "SCB", "weight.absmax"]

  /// Every tensor of the architecture must be there with its shape and a float type.
  func check(against configuration: ModelConfiguration) throws {
    var diagnostics: [Diagnostic] = []
    for (name, shape) in configuration.tensorShapes {
      guard let entry = entry(name) else {
        let quantized = Self.quantizedSuffixes.contains {
          home[name.dropLast("weight".count) + $0] != nil
        }
        diagnostics.append(
          Diagnostic(
            quantized ? "model.quantized" : "model.tensor",
            quantized
              ? "'\(name)' is quantized" : "the weights lack '\(name)' \(shape)",
            fix: quantized ? "use the model in its original precision" : nil))
        continue
      }
      if entry.shape != shape {
        diagnostics.append(
          Diagnostic(
            "model.tensor", "'\(name)' is \(entry.shape), config.json asks for \(shape)"))
      } else if entry.type.floatFormat == nil {
        diagnostics.append(
          Diagnostic(
            "model.tensor", "'\(name)' is \(entry.type.rawValue), expected F32, F16 or BF16",
            fix: "use the model in its original precision"))
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }

  /// Tensors that the architecture does not name: in a layer that it has they would change what the
  /// model computes and are refused; elsewhere they are left out with a warning, as in transformers.
  /// Rotary tables and a tied head's copy are known and need none.
  ///
  /// - Returns: the warning, if any.
  func checkSurplus(for configuration: ModelConfiguration) throws -> [Diagnostic] {
    let known = Set(configuration.tensorShapes.map(\.name))
    let surplus = home.keys.filter {
      !known.contains($0) && !$0.hasSuffix(".rotary_emb.inv_freq")
        && !($0 == "lm_head.weight" && configuration.tiesWordEmbeddings)
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let inLayers = surplus.filter { name in
      let parts = name.split(separator: ".", maxSplits: 3)
      guard parts.count == 4, parts[0] == "model", parts[1] == "layers" else { return false }
      return Int(parts[2]).map { $0 < configuration.layerCount } ?? false
    }
    if let first = inLayers.first {
      throw Diagnostic(
        "model.extra-tensor",
        "the weights hold \(inLayers.count) tensors that a \(configuration.modelType) model of this "
          + "config.json does not have, the first is '\(SafeText.escaped(first))'",
        fix: "use the config.json that belongs to the weights"
      ).failure(.badInput)
    }
    guard let first = surplus.first else { return [] }
    return [
      Diagnostic(
        "model.surplus-tensors",
        "\(surplus.count) tensors are not part of a \(configuration.modelType) model and are "
          + "ignored, the first is '\(SafeText.escaped(first))'", severity: .warning)
    ]
  }

  private static func shards(_ index: String, _ tree: FileTree) throws
    -> ([SafetensorsFile], [String: Int])
  {
    let json = try JSONFile.read(index)
    guard let map = json["weight_map"]?.objectValue else {
      throw Diagnostic(
        "model.index", "\(SafeText.path(index)): 'weight_map' is missing or not an object"
      ).failure(.badInput)
    }
    let absent = Set(map.compactMap(\.value.stringValue)).filter { tree[$0] == nil }
    if !absent.isEmpty {
      let sorted = absent.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      throw Failure(
        sorted.prefix(Self.problemsMax).map { shard in
          Diagnostic(
            "model.index",
            "\(SafeText.path(index)): the shard '\(SafeText.escaped(shard))' is not in the folder",
            fix: "copy or download it again")
        }, .badInput)
    }
    var files: [SafetensorsFile] = []
    var numbers: [String: Int] = [:]
    var home: [String: Int] = [:]
    for member in map {
      guard let shard = member.value.stringValue else {
        throw Diagnostic(
          "model.index",
          "\(SafeText.path(index)): '\(SafeText.escaped(member.key))' is mapped to "
            + "\(member.value.kindName), expected a file name"
        ).failure(.badInput)
      }
      if numbers[shard] == nil {
        numbers[shard] = files.count
        files.append(try SafetensorsFile(path: tree.path(shard)))
      }
      guard let number = numbers[shard], files[number].entry(member.key) != nil else {
        throw Diagnostic(
          "model.index",
          "\(SafeText.path(index)): '\(SafeText.escaped(member.key))' is not in "
            + "'\(SafeText.escaped(shard))'"
        ).failure(.badInput)
      }
      home[member.key] = number
    }
    return (files, home)
  }
}
