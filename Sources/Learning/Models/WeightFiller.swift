import BlockFormats
import Diagnostics
import ModelFiles
import Parallelism
import Reproducibility
import Tensors

/// Puts values where a model's tensors live, in the form they are stored in.
struct WeightFiller {
  let pool: ThreadPool

  /// Values in row-major order.
  func store(_ values: [Float], _ tensor: WeightTensor) {
    precondition(values.count == tensor.count, "the folder checked the shapes")
    switch tensor.storage {
    case .cells(let matrix): matrix.write(values)
    case .rows(let weight, let rows):
      if weight.format.isQuantized {
        values.withUnsafeBufferPointer { quantize($0, weight, rows) }
      } else {
        weight.write(values, rows: rows)
      }
    }
  }

  /// A tensor of the base, straight from the file's pages where it can be.
  func load(_ folder: ModelFolder, _ tensor: WeightTensor) throws {
    guard case .rows(let weight, let rows) = tensor.storage else {
      return store(try folder.floats(tensor.name), tensor)
    }
    switch weight.format {
    case .float32: try weight.fill(rows: rows) { try folder.read(tensor.name, into: $0) }
    case .bfloat16: try weight.fillBits(rows: rows) { try folder.bfloat16(tensor.name, into: $0) }
    case .blocks:
      try weight.fillBlocks(rows: rows) { try folder.readBlocks(tensor.name, into: $1) }
    case .nf4Plain, .nf4:
      let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: tensor.count)
      defer { values.deallocate() }
      values.initialize(repeating: 0)
      try folder.read(tensor.name, into: values)
      quantize(UnsafeBufferPointer(values), weight, rows)
    }
  }

  private func quantize(
    _ values: UnsafeBufferPointer<Float>, _ weight: WeightMatrix, _ rows: Range<Int>
  ) {
    weight.write(
      NF4Tensor(
        values, shape: [rows.count, weight.columns],
        doubleQuantized: weight.format == .nf4, pool: pool), rows: rows)
  }

  // MARK: - Adapters

  /// A fresh adapter as PEFT makes it: one that changes nothing yet.
  ///
  /// - Throws: ``Failure`` of class `badInput` for a target that the model does not have.
  func newAdapter(_ decoder: Decoder, _ settings: LoRASettings, seed: UInt64) throws
    -> LoRASettings
  {
    let configuration = settings.configuration.expanded(in: decoder.configuration)
    let targets = try settings.configuration.targets(in: decoder.configuration)
    let replaced = try configuration.replacedTensors(in: decoder.configuration).map(\.name)
    try Self.checkReplaced(replaced)
    decoder.addAdapter(
      targets, replaced: replaced, dropout: configuration.dropout, learns: true)
    for tensor in decoder.adapterTensors {
      let random = Self.random(seed, "lora", tensor.name)
      if tensor.name.hasSuffix(".lora_A.weight") {
        // Kaiming uniform with a = √5, which is U(-1/√in, 1/√in); B stays 0.
        let bound = 1 / Double(tensor.shape[1]).squareRoot()
        store(
          made(tensor.count) { Float(bound * (2 * random.uniform(UInt64($0)) - 1)) }, tensor)
      } else if tensor.name.hasSuffix(".lora_embedding_B") {
        // An embedding's A is 0 and its B normal.
        store(made(tensor.count) { Float(random.normal(UInt64($0))) }, tensor)
      }
    }
    for (copy, original) in [
      (decoder.embedding.replacement, decoder.embedding.table),
      (decoder.head.replacement, decoder.head.table),
    ] {
      if let copy {
        decoder.backend.expand(
          copy.weight.values, original.weight, rows: 0..<original.weight.rows)
      }
    }
    decoder.beginMagnitudes()
    return LoRASettings(configuration)
  }

  /// The adapter of a folder, whose shapes are those of the model.
  func loadAdapter(_ decoder: Decoder, _ files: AdapterFiles, learns: Bool) throws {
    try Self.checkReplaced(files.replacements)
    let dropout = files.configuration.dropout
    if learns, dropout >= 1 {
      throw Diagnostic(
        "adapter.dropout", "the adapter has lora_dropout \(dropout), which lets nothing learn",
        fix: "merge the adapter into its base first ('merge_first: true')"
      ).failure(.badInput)
    }
    decoder.addAdapter(
      files.modules.map { AdapterTarget($0) }, replaced: files.replacements,
      dropout: files.configuration.dropout, learns: learns)
    for tensor in decoder.adapterTensors {
      store(try files.tensors.floats(tensor.name), tensor)
    }
  }

  private static func checkReplaced(_ names: [String]) throws {
    let known = [Decoder.embeddingName, Decoder.headName]
    guard let name = names.first(where: { !known.contains($0) }) else { return }
    throw Diagnostic(
      "adapter.unsupported",
      "the adapter replaces the whole tensor '\(SafeText.escaped(name))', expected "
        + "embed_tokens and lm_head only in modules_to_save",
      fix: "merge the adapter into its base first"
    ).failure(.badInput)
  }

  // MARK: - Random values

  static func random(_ seed: UInt64, _ stream: StaticString, _ name: String) -> CounterRandom {
    // FNV-1a of the name.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return CounterRandom(seed: seed, stream: stream, hash)
  }

  /// Numbers by their index, in blocks over the pool.
  func made(_ count: Int, _ value: @Sendable (Int) -> Float) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Blocks are disjoint, so no two tasks write one element.
      nonisolated(unsafe) let buffer = buffer
      pool.forEachBlock(of: count, by: 1 << 14) { block in
        for i in block { buffer[i] = value(i) }
      }
      initialized = count
    }
  }
}
