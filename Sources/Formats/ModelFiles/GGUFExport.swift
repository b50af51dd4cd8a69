package import BlockFormats
import Diagnostics
private import Documents
private import Foundation

/// Plans the GGUF file of a model: which keys, which tensors, in which order and type, as
/// llama.cpp's converter writes them (commit 0c1e57098).
///
/// ```swift
/// let plan = try GGUFExport.plan(configuration, vocabulary, name: "Support", format: .q8_0)
/// let written = try plan.write(to: path, pool: pool) { try folder.mergedFloats($0) }
/// ```
package enum GGUFExport {
  /// - Parameters:
  ///   - format: the type of matrices; vectors stay F32, and rows that do not fill whole blocks
  ///     become F16.
  ///   - lineage: keys added at the end.
  /// - Throws: ``Failure`` when the model cannot be exported, before anything is written.
  package static func plan(
    _ configuration: ModelConfiguration, _ vocabulary: GGUFVocabulary, name: String,
    format: BlockFormat, lineage: [GGUFPair] = []
  ) throws -> GGUFPlan {
    try checkFamily(configuration)
    let vocabulary = try vocabulary.filled(to: configuration.vocabularySize)
    try checkName(name, vocabulary)
    let tensors = tensors(of: configuration, format)
    let count = tensors.reduce(0) { $0 + $1.dimensions.reduce(1, *) }
    var pairs = [
      GGUFPair("general.architecture", .string(architecture(configuration))),
      GGUFPair("general.type", .string("model")),
      GGUFPair("general.name", .string(name)),
      GGUFPair("general.size_label", .string(sizeLabel(count))),
    ]
    pairs += modelPairs(configuration, format)
    pairs += vocabulary.pairs
    pairs += lineage
    return GGUFPlan(pairs: pairs, tensors: tensors)
  }

  /// Mistral's files are written as Llama's.
  static func architecture(_ configuration: ModelConfiguration) -> String {
    configuration.modelType == "qwen2" ? "qwen2" : "llama"
  }

  /// Refuses what the two architectures of llama.cpp that are written here would compute otherwise.
  private static func checkFamily(_ model: ModelConfiguration) throws {
    let families = ["llama", "mistral", "qwen2"]
    func refuse(_ what: String) -> Failure {
      Diagnostic(
        "gguf.family", "\(what) cannot be exported to GGUF",
        fix:
          "export families: \(families.joined(separator: ", ")), with rope types default, linear "
          + "and llama3"
      ).failure(.badInput)
    }
    guard families.contains(model.modelType) else {
      throw refuse("a model of the family '\(SafeText.escaped(model.modelType))'")
    }
    guard model.flags == DecoderFlags(), model.layers.allSatisfy({ $0.rope == 0 && !$0.isSparse })
    else { throw refuse("a \(model.modelType) model whose layers are not Llama's") }
    switch model.ropeScaling {
    case nil, .linear, .llama3: break
    case .dynamic, .yarn, .longrope: throw refuse("a model with this rope scaling")
    }
    guard model.ropes.count == 1, model.ropes[0].dimensions == model.headSize else {
      throw refuse("a model that rotates parts of heads")
    }
  }

  private static func modelPairs(_ model: ModelConfiguration, _ format: BlockFormat)
    -> [GGUFPair]
  {
    let name = architecture(model)
    var pairs: [GGUFPair] = []
    func add(_ key: String, _ value: GGUFValue) { pairs.append(GGUFPair("\(name).\(key)", value)) }
    add("block_count", .uint32(model.layerCount))
    add("context_length", .uint32(model.contextLength))
    add("embedding_length", .uint32(model.hiddenSize))
    add("feed_forward_length", .uint32(model.intermediateSize))
    add("attention.head_count", .uint32(model.headCount))
    add("attention.head_count_kv", .uint32(model.keyValueHeadCount))
    if case .linear(let factor)? = model.ropeScaling {
      add("rope.scaling.type", .string("linear"))
      add("rope.scaling.factor", .float32(factor))
    }
    add("rope.freq_base", .float32(model.ropeTheta))
    add("attention.layer_norm_rms_epsilon", .float32(model.rmsNormEpsilon))
    // The converter writes the head size where config.json names it.
    if model.json["head_dim"] != nil || model.json.objectValue?.isEmpty != false
      || model.headSize * model.headCount != model.hiddenSize
    {
      add("attention.key_length", .uint32(model.headSize))
      add("attention.value_length", .uint32(model.headSize))
    }
    pairs.append(GGUFPair("general.file_type", .uint32(Int(format.fileType))))
    if name == "llama" {
      add("vocab_size", .uint32(model.vocabularySize))
      add("rope.dimension_count", .uint32(model.headSize))
    }
    pairs.append(GGUFPair("general.quantization_version", .uint32(2)))
    return pairs
  }

  private static func tensors(of model: ModelConfiguration, _ format: BlockFormat)
    -> [GGUFPlan.Tensor]
  {
    var tensors: [GGUFPlan.Tensor] = []
    if case .llama3(let factor, let low, let high, let original)? = model.ropeScaling {
      let factors = RopeFactors.llama3(
        headSize: model.headSize, theta: model.ropeTheta, factor: factor, low: low, high: high,
        originalLength: original)
      tensors.append(
        GGUFPlan.Tensor(
          name: "rope_freqs.weight", format: .f32, dimensions: [factors.count],
          source: .values(factors)))
    }
    let permutes = architecture(model) == "llama"
    let ordered = model.tensorShapes.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    for (name, shape) in ordered {
      let isHeadRows = name.contains(".q_proj.") || name.contains(".k_proj.")
      tensors.append(
        GGUFPlan.Tensor(
          name: GGUFNames.gguf(name), format: type(of: shape, format),
          dimensions: shape.reversed(),
          source: permutes && isHeadRows
            ? .headRows(name, headSize: model.headSize) : .weight(name)))
    }
    return tensors
  }

  private static func type(of shape: [Int], _ format: BlockFormat) -> BlockFormat {
    guard shape.count > 1, let row = shape.last else { return .f32 }
    return row % format.blockElements == 0 ? format : .f16
  }

  /// llama.cpp takes a name with "phi-3" for that model and then needs its special tokens.
  private static func checkName(_ name: String, _ vocabulary: GGUFVocabulary) throws {
    let lower = name.lowercased()
    guard lower.contains("phi-3") || lower.contains("phi3") else { return }
    let needed = ["</s>", "<unk>", "<s>", "<|endoftext|>"]
    let missing = needed.filter { !vocabulary.tokens.contains($0) }
    guard let first = missing.first else { return }
    throw Diagnostic(
      "gguf.name",
      "llama.cpp takes '\(SafeText.escaped(name))' for a Phi-3 model and would not load it: the "
        + "token '\(first)' is missing",
      fix: "give another 'name'"
    ).failure(.badInput)
  }

  /// `1.8M`: two significant digits at least, as the converter counts parameters.
  package static func sizeLabel(_ count: Int) -> String {
    let (scaled, suffix) =
      count > 1_000_000_000_000
      ? (Double(count) * 1e-12, "T")
      : count > 1_000_000_000
        ? (Double(count) * 1e-9, "B")
        : count > 1_000_000 ? (Double(count) * 1e-6, "M") : (Double(count) * 1e-3, "K")
    let whole = Int(scaled.rounded(.toNearestOrEven))
    let digits = whole == 0 ? 0 : String(whole).count
    return String(format: "%.\(max(2 - digits, 0))f", scaled) + suffix
  }
}
