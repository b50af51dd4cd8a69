import BlockFormats
package import Diagnostics
private import Foundation

/// Plans the GGUF file of a model: which keys, which tensors, in which order and type, as
/// llama.cpp's converter and quantizer write them (commit 0c1e57098).
///
/// ```swift
/// let plan = try GGUFExport.plan(configuration, vocabulary, name: "Support", as: type)
/// let written = try plan.write(to: path, pool: pool, weights: folder)
/// ```
package enum GGUFExport {
  /// - Parameters:
  ///   - type: the kind of file; vectors stay F32.
  ///   - lineage: keys added at the end.
  ///   - hasImportance: whether matrices will be encoded with an importance matrix, which changes a
  ///     few types.
  ///   - asConverter: the converter's keys, no more and no less: a name is written that keeps
  ///     llama.cpp from loading the file (``nameProblem(_:_:)``), and a pattern of windows is not,
  ///     though the model's may differ from the one llama.cpp takes then.
  ///   - shard: the number of the file that a weight is in by its Hugging Face name; the converter
  ///     goes through files one after another.
  /// - Throws: ``Failure`` when the model cannot be exported, before anything is written.
  package static func plan(
    _ configuration: ModelConfiguration, _ vocabulary: GGUFVocabulary, name: String,
    as type: GGUFFileType, lineage: [GGUFPair] = [], hasImportance: Bool = false,
    asConverter: Bool = false, shard: (String) -> Int = { _ in 0 }
  ) throws -> GGUFPlan {
    let architecture = try architecture(for: configuration)
    let vocabulary = try vocabulary.filled(to: configuration.vocabularySize)
    if !asConverter, let problem = nameProblem(name, vocabulary) {
      throw problem.failure(.badInput)
    }
    var tensors = GGUFRope.tensors(of: configuration).map { name, values in
      GGUFPlan.Tensor(name: name, format: .f32, dimensions: [values.count], values: values)
    }
    let types = TensorTypes(type, configuration, architecture, hasImportance: hasImportance)
    for stored in GGUFLayout(configuration, architecture, shard: shard).tensors {
      tensors.append(GGUFPlan.Tensor(stored, types.format(of: stored)))
    }
    var pairs = [GGUFPair("general.architecture", .string(architecture.name))]
    if case .longrope(_, _, let factor, _)? = configuration.ropeScaling {
      pairs.append(GGUFPair("\(architecture.name).rope.scaling.attn_factor", .float32(factor)))
    }
    pairs += [
      GGUFPair("general.type", .string("model")), GGUFPair("general.name", .string(name)),
      GGUFPair("general.size_label", .string(sizeLabel(of: tensors))),
    ]
    var keys = GGUFKeys(architecture.name, fileType: type.number)
    architecture.write(configuration, &keys)
    pairs += keys.pairs.filter { !asConverter || !isWindowPattern($0) }
    pairs.append(GGUFPair("general.quantization_version", .uint32(2)))
    pairs += vocabulary.pairs
    if type.writer == .quantizer {
      pairs = quantizerOrder(pairs)
      tensors.sort { quantizerOrder($0.name, $1.name) }
    }
    pairs += lineage
    return GGUFPlan(pairs: pairs, tensors: tensors)
  }

  /// The key that says which layers have a window.
  private static func isWindowPattern(_ pair: GGUFPair) -> Bool {
    pair.key.hasSuffix(".attention.sliding_window_pattern")
  }

  /// What a user should know of a model that llama.cpp computes otherwise in some cases.
  ///
  /// - Parameter asConverter: as of ``plan(_:_:name:as:lineage:hasImportance:asConverter:shard:)``.
  package static func warnings(_ model: ModelConfiguration, asConverter: Bool = false)
    -> [Diagnostic]
  {
    var warnings: [Diagnostic] = []
    func warn(_ code: String, _ message: String, fix: String) {
      warnings.append(Diagnostic(code, message, fix: fix, severity: .warning))
    }
    let knowsWindows = GGUFArchitecture.holding(model.modelType)?.hasWindows != false
    if !knowsWindows, let window = model.layers.compactMap(\.window).min(),
      window < model.contextLength
    {
      warn(
        "gguf.window",
        "llama.cpp has no attention window in \(model.modelType) models: texts of more than "
          + "\(window) tokens are computed otherwise there",
        fix: "keep 'num_ctx' at \(window) tokens or below")
    }
    if asConverter, let architecture = GGUFArchitecture.holding(model.modelType) {
      var keys = GGUFKeys(architecture.name, fileType: 0)
      architecture.write(model, &keys)
      if keys.pairs.contains(where: isWindowPattern) {
        warn(
          "gguf.window-pattern",
          "llama.cpp's converter does not say which layers of this model have a window, and "
            + "llama.cpp would give it to others",
          fix: "export with 'metadata: full', which says it")
      }
    }
    if case .yarn(let yarn)? = model.ropeScaling, yarn.betaFast != 32 || yarn.betaSlow != 1 {
      warn(
        "gguf.yarn", "llama.cpp does not read 'beta_fast' and 'beta_slow' of yarn from the file",
        fix: "run it with --yarn-beta-fast \(yarn.betaFast) --yarn-beta-slow \(yarn.betaSlow)")
    }
    return warnings
  }

  /// The architecture that the model is written as.
  ///
  /// - Throws: ``Failure`` when llama.cpp has none, or would compute the model otherwise.
  static func architecture(for model: ModelConfiguration) throws -> GGUFArchitecture {
    func refuse(_ what: String) -> Failure {
      let families = GGUFArchitecture.all.flatMap(\.modelTypes).joined(separator: ", ")
      return Diagnostic(
        "gguf.family", "\(what) cannot be exported to GGUF: llama.cpp would compute it otherwise",
        fix: "export families: \(families), as their makers publish them"
      ).failure(.badInput)
    }
    guard let architecture = GGUFArchitecture.holding(model.modelType) else {
      throw refuse("a model of the family '\(SafeText.escaped(model.modelType))'")
    }
    if let what = mismatch(model, architecture) ?? architecture.refusal(model) {
      throw refuse(what)
    }
    return architecture
  }

  private static func mismatch(_ model: ModelConfiguration, _ architecture: GGUFArchitecture)
    -> String?
  {
    let this = (model.modelType == "olmo2" ? "an " : "a ") + model.modelType + " model"
    if model.flags.activation != architecture.activation { return "\(this) with this activation" }
    if model.hasOutputBias || model.hasFeedForwardBias, !architecture.loadsOutputBiases {
      return "\(this) with biases behind attention or in the feed-forward block"
    }
    if architecture.isAlwaysTied, !model.tiesWordEmbeddings {
      return "\(this) with a head of its own"
    }
    if architecture.isNeverTied, model.tiesWordEmbeddings {
      return "\(this) whose head is its embedding"
    }
    if architecture.headsFillWidth, model.headCount * model.headSize != model.hiddenSize {
      return "\(this) whose heads together are not as wide as the model"
    }
    if let scaling = model.ropeScaling, !architecture.scalings.contains(GGUFRope.kind(scaling)) {
      return "\(this) with this rope scaling"
    }
    if case .yarn(let yarn)? = model.ropeScaling, !yarn.truncates {
      return "\(this) with yarn that does not truncate"
    }
    if model.ropes[0].dimensions != model.headSize, architecture.name != "phi3" {
      return "\(this) that rotates parts of heads"
    }
    let rotates = model.layers.map { $0.rope != nil }
    if rotates != model.layers.indices.map({ architecture.rotates($0) }) {
      return "\(this) whose layers rotate in another pattern"
    }
    if model.ropes.count > 1, !architecture.hasWindows {
      return "\(this) with several rotary tables"
    }
    return nil
  }

  /// llama.cpp takes a name with "phi-3" for that model and then needs its special tokens; nil when
  /// it has them or the name is another.
  package static func nameProblem(_ name: String, _ vocabulary: GGUFVocabulary) -> Diagnostic? {
    let lower = name.lowercased()
    guard lower.contains("phi-3") || lower.contains("phi3") else { return nil }
    let needed = ["</s>", "<unk>", "<s>", "<|endoftext|>"]
    guard let first = needed.first(where: { !vocabulary.tokens.contains($0) }) else { return nil }
    return Diagnostic(
      "gguf.name",
      "llama.cpp takes '\(SafeText.escaped(name))' for a Phi-3 model and would not load it: the "
        + "token '\(first)' is missing",
      fix: "give another 'name'")
  }

  // MARK: - Order

  /// The keys as `llama-quantize` leaves them: those it sets anew come last.
  private static func quantizerOrder(_ pairs: [GGUFPair]) -> [GGUFPair] {
    let last = ["general.quantization_version", "general.file_type"]
    let moved = last.compactMap { key in pairs.first { $0.key == key } }
    return pairs.filter { !last.contains($0.key) } + moved
  }

  /// Tensors outside layers by name, then layers by number, then by name.
  static func quantizerOrder(_ a: String, _ b: String) -> Bool {
    func layer(_ name: String) -> Int {
      let parts = name.split(separator: ".", maxSplits: 2)
      return parts.count > 2 && parts[0] == "blk" ? Int(parts[1]) ?? -1 : -1
    }
    let (left, right) = (layer(a), layer(b))
    return left != right ? left < right : a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  // MARK: - Size

  /// `1.8M`, or `8x7B` with experts.
  private static func sizeLabel(of tensors: [GGUFPlan.Tensor]) -> String {
    var (shared, expert, experts) = (0, 0, 0)
    for tensor in tensors {
      let count = tensor.dimensions.reduce(1, *)
      if tensor.name.contains("_exps."), tensor.dimensions.count == 3 {
        experts = tensor.dimensions[2]
        expert += count / experts
      } else {
        shared += count
      }
    }
    return (experts > 0 ? "\(experts)x" : "") + sizeLabel(shared + expert)
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

/// The types of a file's tensors.
private struct TensorTypes {
  private let type: GGUFFileType
  private let rules: GGUFMix.Model
  private let isTied: Bool

  init(
    _ type: GGUFFileType, _ model: ModelConfiguration, _ architecture: GGUFArchitecture,
    hasImportance: Bool
  ) {
    self.type = type
    isTied = model.tiesWordEmbeddings
    let shares = model.headCount != model.keyValueHeadCount
    let isLarge = model.layerCount == 80
    let experts = model.flags.experts?.count ?? 0
    rules = GGUFMix.Model(
      layers: model.layerCount, headsPerGroup: model.headCount / model.keyValueHeadCount,
      experts: experts,
      is70B: isLarge
        && (architecture.name == "qwen2"
          || (architecture.name == "llama" && shares && experts != 8)),
      hasImportance: hasImportance)
  }

  func format(of stored: GGUFLayout.Stored) -> BlockFormat {
    let isMatrix = stored.shape.count > 1 && stored.name.hasSuffix("weight")
    let isKept = stored.name.contains("_norm.weight") || stored.name.contains("ffn_gate_inp.weight")
    guard isMatrix, !isKept, let columns = stored.shape.last else { return .f32 }
    let base = Self.format(type.base)
    guard type.mix != .pure else { return columns % base.blockElements == 0 ? base : .f16 }
    var name = type.base
    switch GGUFMix.Kind(stored.name, isTied: isTied) {
    case .output:
      if columns % base.blockElements != 0 {
        name = "Q8_0"
      } else if name != "Q8_0" {
        name = "Q6_K"
      }
    case let kind:
      name = type.mix.type(kind, layer: layer(stored.name), of: rules) ?? name
    }
    for candidate in [name, GGUFMix.fallback(name)].compactMap(\.self) {
      let format = Self.format(candidate)
      if columns % format.blockElements == 0 { return format }
    }
    return .f16
  }

  private func layer(_ name: String) -> Int {
    let parts = name.split(separator: ".")
    return parts.count > 2 ? Int(parts[1]) ?? 0 : 0
  }

  private static func format(_ name: String) -> BlockFormat {
    guard let format = BlockFormat.named(name) else {
      preconditionFailure("the type \(name) is not built in")
    }
    return format
  }
}
