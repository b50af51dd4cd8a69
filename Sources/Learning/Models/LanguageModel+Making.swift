import Diagnostics
package import ModelFiles
package import Parallelism
import Reproducibility
package import Tensors

extension LanguageModel {
  /// Random weights: normal(0, 0.02), norms 1, biases 0. Each tensor's values are keyed by its
  /// name, so an added layer does not change the others.
  ///
  /// - Parameter trainable: ``Trainable/loadedAdapter`` is a mistake here: nothing is loaded; an
  ///   adapter's targets are modules of the model.
  package static func initialized(
    _ configuration: ModelConfiguration, seed: UInt64, trainable: Trainable, pool: ThreadPool,
    precision: WeightPrecision = .float32, backend: (any Backend)? = nil
  ) -> LanguageModel {
    let decoder = Decoder(
      configuration, precision, learns: trainable.trainsWeights,
      backend: backend ?? CPUBackend(pool: pool, products: precision.products))
    let weights = WeightFiller(pool: pool)
    let plainNorm: Float = configuration.flags.normAddsOne ? 0 : 1
    for tensor in decoder.tensors {
      if tensor.shape.count == 1 {
        let value = tensor.name.hasSuffix("bias") ? 0 : plainNorm
        weights.store(Array(repeating: value, count: tensor.count), tensor)
      } else {
        let random = WeightFiller.random(seed, "weights", tensor.name)
        weights.store(
          weights.made(tensor.count) { Float(0.02 * random.normal(UInt64($0))) }, tensor)
      }
    }
    return withoutFiles(decoder, trainable, weights)
  }

  /// A model whose weights have sizes and no values, for plans: on a device that only counts, of any
  /// size.
  package static func unfilled(
    _ configuration: ModelConfiguration, _ trainable: Trainable, _ precision: WeightPrecision,
    backend: any Backend
  ) throws -> LanguageModel {
    let decoder = Decoder(
      configuration, precision, learns: trainable.trainsWeights, backend: backend)
    guard case .newAdapter(let settings, _) = trainable else {
      return LanguageModel(decoder, adapter: nil)
    }
    return LanguageModel(
      decoder,
      adapter: try WeightFiller(pool: backend.pool).addAdapter(decoder, settings))
  }

  /// A model whose values are not from files, with its adapter.
  static func withoutFiles(
    _ decoder: Decoder, _ trainable: Trainable, _ weights: WeightFiller
  ) -> LanguageModel {
    guard case .newAdapter(let settings, let seed) = trainable else {
      return LanguageModel(decoder, adapter: nil)
    }
    do {
      return LanguageModel(
        decoder, adapter: try weights.newAdapter(decoder, settings, seed: seed))
    } catch {
      preconditionFailure("the adapter of a model without files fits it: \(error)")
    }
  }

  /// The weights of a folder; an adapter in the folder is applied, or merged.
  ///
  /// Tensors are read one after the other, quantized and rounded as they come: memory is that of
  /// the model and one tensor.
  ///
  /// - Parameter mergesAdapter: the folder's adapter becomes part of the base, in float32.
  /// - Throws: ``Failure`` of class `badInput`: the folder's own, or an adapter that cannot be
  ///   applied, or `trainable` asking for an adapter that is not there or in the way.
  package static func load(
    _ folder: ModelFolder, trainable: Trainable, pool: ThreadPool,
    precision: WeightPrecision = .float32, mergesAdapter: Bool = false,
    backend: (any Backend)? = nil
  ) throws -> LanguageModel {
    let files = mergesAdapter ? nil : folder.adapter
    precondition(
      precision.blocks.isEmpty || !mergesAdapter && !trainable.learns,
      "weights in blocks are for models that only work")
    try check(files, trainable)
    let configuration = mergesAdapter ? folder.mergedConfiguration : folder.configuration
    let decoder = Decoder(
      configuration, precision, learns: trainable.trainsWeights,
      backend: backend ?? CPUBackend(pool: pool, products: precision.products))
    let weights = WeightFiller(pool: pool)
    for tensor in decoder.tensors {
      if mergesAdapter {
        weights.store(try folder.mergedFloats(tensor.name), tensor)
      } else {
        try weights.load(folder, tensor)
      }
    }
    var adapter: LoRASettings?
    if let files {
      try weights.loadAdapter(decoder, files, learns: trainable.trainsLoadedAdapter)
      adapter = LoRASettings(files.configuration)
    } else if case .newAdapter(let settings, let seed) = trainable {
      adapter = try weights.newAdapter(decoder, settings, seed: seed)
    }
    let model = LanguageModel(decoder, adapter: adapter)
    if let score = try folder.adapter?.scoreHead() { model.addScoreHead(score) }
    try model.backend.check()
    return model
  }

  private static func check(_ files: AdapterFiles?, _ trainable: Trainable) throws {
    switch (trainable, files) {
    case (.nothing, _), (.loadedAdapter, .some), (.all, nil), (.newAdapter, nil): break
    case (.loadedAdapter, nil):
      throw Diagnostic(
        "model.no-adapter", "the model has no adapter to continue",
        fix: "train a new adapter, or give the model of a stage with 'adapter: lora'"
      ).failure(.badInput)
    case (.all, .some), (.newAdapter, .some):
      throw Diagnostic(
        "model.adapter-present",
        "the model is an adapter on a base, expected one with its own weights",
        fix: "merge the adapter into its base first ('merge_first: true')"
      ).failure(.badInput)
    }
  }
}

extension Trainable {
  var learns: Bool { if case .nothing = self { false } else { true } }
  var trainsWeights: Bool { if case .all = self { true } else { false } }
  var trainsLoadedAdapter: Bool { if case .loadedAdapter = self { true } else { false } }
}
