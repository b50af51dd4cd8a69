import Diagnostics
package import ModelFiles
package import Parallelism
import Reproducibility
package import Tensors

extension LanguageModel {
  /// Random weights: normal(0, 0.02), norms 1, biases 0. Each tensor's values are keyed by its
  /// name, so an added layer does not change the others.
  ///
  /// - Parameter trainable: ``Trainable/loadedAdapter`` is a mistake here: nothing is loaded.
  package static func initialized(
    _ configuration: ModelConfiguration, seed: UInt64, trainable: Trainable, pool: ThreadPool,
    precision: WeightPrecision = .float32, backend: (any Backend)? = nil
  ) -> LanguageModel {
    let decoder = Decoder(
      configuration, precision, learns: trainable.trainsWeights,
      backend: backend ?? CPUBackend(pool: pool))
    let plainNorm: Float = configuration.flags.normAddsOne ? 0 : 1
    for tensor in decoder.tensors {
      let count = tensor.shape.reduce(1, *)
      if tensor.shape.count == 1 {
        store(
          Array(repeating: tensor.name.hasSuffix("bias") ? 0 : plainNorm, count: count), tensor)
      } else {
        let random = random(seed, "weights", tensor.name)
        store(made(count, pool) { Float(0.02 * random.normal(UInt64($0))) }, tensor)
      }
    }
    let adapter = makeAdapter(decoder, trainable, pool)
    return LanguageModel(decoder, adapter: adapter)
  }

  /// The weights of a folder in single precision; an adapter in the folder is applied.
  ///
  /// - Throws: ``Failure`` of class `badInput`: the folder's own, or an adapter that cannot be
  ///   applied, or `trainable` asking for an adapter that is not there or in the way.
  package static func load(
    _ folder: ModelFolder, trainable: Trainable, pool: ThreadPool,
    precision: WeightPrecision = .float32, backend: (any Backend)? = nil
  ) throws -> LanguageModel {
    try check(folder, trainable)
    let decoder = Decoder(
      folder.configuration, precision, learns: trainable.trainsWeights,
      backend: backend ?? CPUBackend(pool: pool))
    for tensor in decoder.tensors { store(try folder.floats(tensor.name), tensor) }
    let adapter: LoRASettings?
    if let files = folder.adapter {
      adapter = try loadAdapter(decoder, files, learns: trainable.trainsLoadedAdapter)
    } else {
      adapter = makeAdapter(decoder, trainable, pool)
    }
    let model = LanguageModel(decoder, adapter: adapter)
    if let score = try folder.adapter?.scoreHead() { model.addScoreHead(score) }
    return model
  }

  private static func check(_ folder: ModelFolder, _ trainable: Trainable) throws {
    switch (trainable, folder.adapter) {
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
    if let name = folder.adapter?.replacements.first {
      throw Diagnostic(
        "adapter.unsupported",
        "the adapter replaces the whole tensor '\(SafeText.escaped(name))', which cannot be "
          + "switched off and on", fix: "merge the adapter into its base first"
      ).failure(.badInput)
    }
  }

  static func makeAdapter(
    _ decoder: Decoder, _ trainable: Trainable, _ pool: ThreadPool
  ) -> LoRASettings? {
    guard case .newAdapter(let settings, let seed) = trainable else { return nil }
    decoder.addAdapter(dropout: settings.dropout, learns: true) { path in
      settings.targets(path) ? (settings.rank, settings.scale) : nil
    }
    for tensor in decoder.adapterTensors where tensor.name.hasSuffix(".lora_A.weight") {
      // PEFT's: Kaiming uniform with a = √5, which is U(-1/√in, 1/√in); B stays 0.
      let bound = 1 / Double(tensor.shape[1]).squareRoot()
      let random = random(seed, "lora", tensor.name)
      store(
        made(tensor.shape.reduce(1, *), pool) {
          Float(bound * (2 * random.uniform(UInt64($0)) - 1))
        }, tensor)
    }
    return settings
  }

  private static func loadAdapter(
    _ decoder: Decoder, _ files: AdapterFiles, learns: Bool
  ) throws -> LoRASettings {
    let configuration = files.configuration
    let modules = Dictionary(uniqueKeysWithValues: files.modules.map { ($0.path, $0) })
    decoder.addAdapter(dropout: configuration.dropout, learns: learns) { path in
      modules[path].map { ($0.rank, $0.scaling) }
    }
    for linear in decoder.linears {
      guard let adapter = linear.adapter else { continue }
      for member in adapter.members {
        guard let module = modules[member.path] else { continue }
        adapter.a.rows(member.ranks).write(try files.a(module))
        member.b.write(try files.b(module))
      }
    }
    let names = Set(files.modules.map { String($0.path.split(separator: ".").last ?? "") })
    return LoRASettings(
      rank: configuration.rank, alpha: configuration.alpha, dropout: configuration.dropout,
      targetModules: names.sorted(), useRSLoRA: configuration.usesRSLoRA)
  }

  private static func random(
    _ seed: UInt64, _ stream: StaticString, _ name: String
  ) -> CounterRandom {
    // FNV-1a of the name.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return CounterRandom(seed: seed, stream: stream, hash)
  }

  /// Numbers by their index, in blocks over the pool.
  static func made(
    _ count: Int, _ pool: ThreadPool, _ value: @Sendable (Int) -> Float
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Blocks are disjoint, so no two tasks write one element.
      nonisolated(unsafe) let buffer = buffer
      pool.forEachBlock(of: count, by: 1 << 14) { block in
        for i in block { buffer[i] = value(i) }
      }
      initialized = count
    }
  }

  /// Puts values where a tensor lives, in the form it is stored in.
  static func store(_ values: [Float], _ tensor: WeightTensor) {
    precondition(values.count == tensor.shape.reduce(1, *), "the folder checked the shapes")
    switch tensor.storage {
    case .cells(let matrix): matrix.write(values)
    case .rows(let weight, let rows): weight.write(values, rows: rows)
    }
  }
}

extension Trainable {
  var trainsWeights: Bool { if case .all = self { true } else { false } }
  var trainsLoadedAdapter: Bool { if case .loadedAdapter = self { true } else { false } }
}

extension LoRASettings {
  /// Whether the linear at `path` is a target: by its last name, or by the whole path.
  func targets(_ path: String) -> Bool {
    targetModules.isEmpty
      || targetModules.contains { path == $0 || path.hasSuffix("." + $0) }
  }
}
