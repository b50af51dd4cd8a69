import Diagnostics
import Documents

/// Joins a recipe with its models and collects what does not fit.
struct MergePlanBuilder {
  struct Made {
    var configuration: ModelConfiguration
    var tensors: [MergePlan.Tensor]
    var tokenizerModel: String
    /// How the donor of the configuration is stored.
    var baseType: TensorType
  }

  /// A layer of the result.
  private struct LayerPlace {
    var slice: Int
    /// Of each source of the slice.
    var layers: [Int]
    /// 0 at the slice's first layer, 1 at its last.
    var t: Double
  }

  private(set) var diagnostics: [Diagnostic] = []
  private(set) var warnings: [Diagnostic] = []
  private let recipe: MergeRecipe
  private let models: [String: ModelFolder]
  /// Problems by text: a missing weight is told once, not for every tensor.
  private var told: Set<String> = []

  init(_ recipe: MergeRecipe, _ models: [String: ModelFolder]) {
    self.recipe = recipe
    self.models = models
    for model in recipe.models { precondition(models[model.name] != nil, "every model is open") }
  }

  mutating func build() -> Made? {
    guard let first = recipe.slices.first?.sources.first else { return nil }
    let donor = recipe.base ?? first.model
    checkArchitectures(donor.name)
    let places = layerPlaces()
    guard diagnostics.isEmpty,
      let configuration = outputConfiguration(donor.name, places)
    else { return nil }
    let tensors = configuration.tensorShapes.compactMap { tensor($0.name, $0.shape, places) }
    let tokenizer =
      switch recipe.tokenizer {
      case .base: donor.name
      case .first: first.model.name
      case .model(let reference): reference.name
      }
    if models[tokenizer] == nil {
      problem(
        "the tokenizer is to come from '\(SafeText.escaped(tokenizer))', which is not merged",
        at: nil)
    }
    return Made(
      configuration: configuration, tensors: tensors, tokenizerModel: tokenizer,
      baseType: models[donor.name]?.type(of: ModelConfiguration.embeddingPath + ".weight") ?? .F32)
  }

  // MARK: - Checks

  private mutating func problem(_ message: String, at span: SourceSpan?, fix: String? = nil) {
    guard told.insert(message).inserted else { return }
    diagnostics.append(Diagnostic("merge.mismatch", message, at: span, fix: fix))
  }

  private func model(_ name: String) -> ModelConfiguration {
    guard let folder = models[name] else { preconditionFailure("every model is open") }
    return folder.mergedConfiguration
  }

  /// One family, one width, one vocabulary; numbers that are only used in the forward pass may
  /// differ, and the donor's hold.
  private mutating func checkArchitectures(_ donor: String) {
    let own = model(donor)
    for reference in recipe.models where reference.name != donor {
      let other = model(reference.name)
      let name = SafeText.escaped(reference.name)
      let before = diagnostics.count
      if own.modelType != other.modelType {
        problem(
          "'\(name)' is a \(other.modelType) model, '\(SafeText.escaped(donor))' a "
            + "\(own.modelType) model", at: reference.span,
          fix: "merge models of one architecture")
        continue
      }
      func compare(_ key: String, _ mine: Int, _ theirs: Int) {
        guard mine != theirs else { return }
        problem(
          "'\(name)' has \(key) \(theirs), '\(SafeText.escaped(donor))' \(mine)",
          at: reference.span,
          fix: key == "vocab_size"
            ? "cut or fill the embedding so that both have the same rows, or merge models of one "
              + "vocabulary"
            : "merge models of one architecture and size")
      }
      compare("vocab_size", own.vocabularySize, other.vocabularySize)
      compare("hidden_size", own.hiddenSize, other.hiddenSize)
      compare("intermediate_size", own.intermediateSize, other.intermediateSize)
      compare("num_attention_heads", own.headCount, other.headCount)
      compare("num_key_value_heads", own.keyValueHeadCount, other.keyValueHeadCount)
      compare("head_dim", own.headSize, other.headSize)
      if own.tiesWordEmbeddings != other.tiesWordEmbeddings {
        let (tied, untied) =
          own.tiesWordEmbeddings ? (donor, reference.name) : (reference.name, donor)
        problem(
          "'\(SafeText.escaped(untied))' has a head of its own, '\(SafeText.escaped(tied))' shares "
            + "its embedding", at: reference.span,
          fix: "merge models with the same 'tie_word_embeddings'")
      }
      if diagnostics.count == before { warnOfForwardPass(reference, own, other, donor) }
    }
  }

  private mutating func warnOfForwardPass(
    _ reference: MergeRecipe.Reference, _ own: ModelConfiguration, _ other: ModelConfiguration,
    _ donor: String
  ) {
    var differing: [String] = []
    if own.ropes != other.ropes { differing.append("rotary positions") }
    if own.rmsNormEpsilon != other.rmsNormEpsilon { differing.append("rms_norm_eps") }
    if own.flags != other.flags { differing.append("scales and caps") }
    if own.contextLength != other.contextLength { differing.append("max_position_embeddings") }
    guard !differing.isEmpty else { return }
    warnings.append(
      Diagnostic(
        "merge.configuration",
        "'\(SafeText.escaped(reference.name))' and '\(SafeText.escaped(donor))' differ in "
          + "\(differing.joined(separator: ", ")); the merge has those of the latter",
        at: reference.span, severity: .warning))
  }

  // MARK: - Layers

  private mutating func layerPlaces() -> [LayerPlace] {
    var places: [LayerPlace] = []
    for (number, slice) in recipe.slices.enumerated() {
      let ranges = slice.sources.map { source -> Range<Int> in
        let count = model(source.model.name).layerCount
        guard let range = source.layers else { return 0..<count }
        if range.upperBound > count {
          problem(
            "'\(SafeText.escaped(source.model.name))' has \(count) layers, the slice ends with "
              + "layer \(range.upperBound)", at: source.model.span,
            fix: "layer_range is [first, last + 1], at most [0, \(count)]")
        }
        return range
      }
      guard let count = ranges.first?.count else { continue }
      if let other = ranges.firstIndex(where: { $0.count != count }) {
        problem(
          "'\(SafeText.escaped(slice.sources[other].model.name))' gives \(ranges[other].count) "
            + "layers, '\(SafeText.escaped(slice.sources[0].model.name))' \(count)",
          at: slice.sources[other].model.span, fix: "sources of a slice have as many layers each")
        continue
      }
      for index in 0..<count {
        places.append(
          LayerPlace(
            slice: number, layers: ranges.map { $0.lowerBound + index },
            t: count > 1 ? Double(index) / Double(count - 1) : 1))
      }
    }
    return places
  }

  /// The donor's configuration with the result's layers. Lists of one entry per layer follow the
  /// layers they speak of.
  private mutating func outputConfiguration(_ donor: String, _ places: [LayerPlace])
    -> ModelConfiguration?
  {
    let own = model(donor)
    let origins = places.map { place -> (model: ModelConfiguration, layer: Int) in
      let sources = recipe.slices[place.slice].sources
      let base = recipe.base(of: recipe.slices[place.slice])
      let index = sources.firstIndex { $0.model.name == base?.name } ?? 0
      return (model(sources[index].model.name), place.layers[index])
    }
    var output = own
    if places.count != own.layerCount || origins.map(\.layer) != Array(0..<own.layerCount) {
      guard case .object(var members) = own.json, !members.isEmpty else {
        problem("the model '\(SafeText.escaped(donor))' has no config.json", at: nil)
        return nil
      }
      for index in members.indices {
        if members[index].key == "num_hidden_layers" {
          members[index].value = .integer(Int64(places.count))
        } else if Self.layerLists.contains(members[index].key) {
          let key = members[index].key
          let values = origins.map { $0.model.json[key]?.arrayValue?[safe: $0.layer] }
          if !values.contains(nil) {
            members[index].value = .array(values.compactMap { $0 })
          }
        }
      }
      do {
        output = try ModelConfiguration(config: .object(members), file: "config.json of the merge")
      } catch {
        diagnostics += (error as? Failure)?.diagnostics ?? []
        return nil
      }
      output.tiesWordEmbeddings = own.tiesWordEmbeddings
    }
    checkLayers(output, origins)
    return output
  }

  /// Keys of `config.json` with an entry for each layer.
  private static let layerLists = ["layer_types", "no_rope_layers"]

  /// Windows, rotations and experts of a layer must be those it was trained with.
  private mutating func checkLayers(
    _ output: ModelConfiguration, _ origins: [(model: ModelConfiguration, layer: Int)]
  ) {
    for (index, origin) in origins.enumerated() where output.layers.indices.contains(index) {
      guard origin.model.layers[origin.layer] != output.layers[index] else { continue }
      problem(
        "layer \(index) of the merge comes from layer \(origin.layer), which has another kind of "
          + "attention or feed-forward block at its new place", at: nil,
        fix: "cut slices so that the pattern of the layers goes on")
      return
    }
  }

  // MARK: - Tensors

  private mutating func tensor(_ name: String, _ shape: [Int], _ places: [LayerPlace])
    -> MergePlan.Tensor?
  {
    let parts = name.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    let layer = parts.count == 4 && name.hasPrefix("model.layers.") ? Int(parts[2]) : nil
    let isAfter = layer == nil && name != ModelConfiguration.embeddingPath + ".weight"
    let place =
      layer.map { places[$0] }
      ?? LayerPlace(slice: isAfter ? recipe.slices.count - 1 : 0, layers: [], t: 0)
    let slice = recipe.slices[place.slice]
    let base = recipe.base(of: slice)
    var sources: [MergePlan.Source] = []
    for (index, source) in slice.sources.enumerated() {
      let tensor =
        layer == nil
        ? name : ModelConfiguration.layerPath(place.layers[index]) + "." + String(parts[3])
      guard shape == self.shape(tensor, in: source.model.name) else {
        problem(
          "'\(SafeText.escaped(source.model.name))' has '\(tensor)' "
            + "\(self.shape(tensor, in: source.model.name) ?? []), the merge needs \(shape)",
          at: source.model.span, fix: "merge models of one architecture and size")
        return nil
      }
      let isBase = source.model.name == base?.name && recipe.method.isTaskArithmetic
      sources.append(
        settings(of: source, slice, tensor, t: place.t, isBase: isBase))
    }
    var planned = MergePlan.Tensor(
      name: name, shape: shape, sources: sources,
      base: slice.sources.firstIndex { $0.model.name == base?.name },
      shared: shared(slice, name, t: place.t))
    if !recipe.method.needsBase { planned.base = nil }
    check(planned, slice)
    return planned
  }

  private func shape(_ tensor: String, in name: String) -> [Int]? {
    if let shape = models[name]?.shape(of: tensor) { return shape }
    // An adapter's own head of a tied model.
    return model(name).tensorShapes.first { $0.name == tensor }?.shape
  }

  private mutating func settings(
    of source: MergeRecipe.Source, _ slice: MergeRecipe.Slice, _ tensor: String, t: Double,
    isBase: Bool
  ) -> MergePlan.Source {
    func number(_ name: String) -> Double? {
      for parameters in [source.parameters, slice.parameters, recipe.parameters] {
        if let value = parameters[name]?.number(tensor: tensor, t: t) { return value }
      }
      return nil
    }
    var planned = MergePlan.Source(model: source.model.name, tensor: tensor)
    let own = recipe.method.modelParameters
    if own.contains("weight"), !isBase {
      if let weight = number("weight") {
        planned.weight = weight
      } else {
        problem(
          "'\(SafeText.escaped(source.model.name))' has no 'weight'", at: source.model.span,
          fix: "add 'weight: 1.0' to the model, or to 'parameters' for all")
      }
    }
    if own.contains("density") { planned.density = number("density") ?? 1 }
    if own.contains("gamma") { planned.gamma = number("gamma") ?? planned.gamma }
    if own.contains("epsilon") { planned.epsilon = number("epsilon") ?? planned.epsilon }
    if own.contains("scale") { planned.scale = number("scale") }
    return planned
  }

  private mutating func shared(_ slice: MergeRecipe.Slice, _ tensor: String, t: Double)
    -> MergePlan.Shared
  {
    let scopes = [slice.parameters, recipe.parameters]
    func number(_ name: String) -> Double? {
      for scope in scopes { if let v = scope[name]?.number(tensor: tensor, t: t) { return v } }
      return nil
    }
    func flag(_ name: String) -> Bool? {
      for scope in scopes { if let v = scope[name]?.flag(tensor: tensor, t: t) { return v } }
      return nil
    }
    var shared = MergePlan.Shared()
    shared.normalizes = flag("normalize") ?? recipe.method.normalizes
    shared.rescales = flag("rescale") ?? recipe.method.rescales
    shared.lambda = number("lambda") ?? 1
    if recipe.method == .slerp {
      if let place = number("t") {
        shared.t = place
      } else {
        problem(
          "slerp has no 't' for '\(tensor)'", at: slice.span,
          fix: "add 't: 0.5' to 'parameters', without a filter for all other tensors")
      }
    }
    return shared
  }

  private mutating func check(_ tensor: MergePlan.Tensor, _ slice: MergeRecipe.Slice) {
    if recipe.method == .linear, tensor.shared.normalizes,
      tensor.sources.reduce(0, { $0 + $1.weight }) == 0
    {
      problem(
        "the weights of a linear merge add up to 0", at: slice.span,
        fix: "choose other weights, or set 'normalize: false'")
    }
    guard recipe.method.sparsification == .rankedRandom else { return }
    for (index, source) in tensor.sources.enumerated() where index != tensor.base {
      let (density, epsilon) = (source.density, source.epsilon)
      guard density < 1, density > 0 else { continue }
      if density + epsilon >= 1 || density - epsilon <= 0 {
        problem(
          "density \(density) plus or minus epsilon \(epsilon) is not between 0 and 1",
          at: slice.span, fix: "choose a smaller 'epsilon'")
      }
    }
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
