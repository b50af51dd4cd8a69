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
    // The host's own cells are filled in place; a device gets them piece by piece.
    let whole = weight.memory.isHosts || !folder.isReadInParts(tensor.name)
    let elements = Self.pieces(tensor.count, by: whole ? tensor.count : Self.pieceElements)
    switch weight.format {
    case .float32:
      for part in elements {
        try weight.fill(rows: rows, elements: part) {
          try folder.read(tensor.name, elements: whole ? nil : part, into: $0)
        }
      }
    case .bfloat16:
      for part in elements {
        try weight.fillBits(rows: rows, elements: part) {
          try folder.bfloat16(tensor.name, elements: whole ? nil : part, into: $0)
        }
      }
    case .blocks:
      let some = weight.memory.isHosts ? rows.count : Self.pieceElements / weight.columns / 4 * 4
      for part in Self.pieces(rows.count, by: max(4, some)) {
        try weight.fillBlocks(rows: rows, some: part) {
          try folder.readBlocks(tensor.name, rows: part, into: $1)
        }
      }
    case .nf4Plain, .nf4: try quantize(folder, tensor.name, weight, rows)
    }
  }

  /// Values on their way to a device or to 4 bits at once: 16 MiB in float32, whole blocks of them.
  private static let pieceElements = 1 << 22

  private static func pieces(_ count: Int, by size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: max(1, size)).map { $0..<min(count, $0 + size) }
  }

  /// Quantizes a tensor as its values come: codes at once, the scales of all when the last is known.
  private func quantize(
    _ folder: ModelFolder, _ name: String, _ weight: WeightMatrix, _ rows: Range<Int>
  ) throws {
    let count = rows.count * weight.columns
    let isInParts = folder.isReadInParts(name)
    let size = isInParts ? min(count, Self.pieceElements) : count
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: size)
    defer { values.deallocate() }
    values.initialize(repeating: 0)
    var scales: [Float] = []
    for part in Self.pieces(count, by: size) {
      let some = UnsafeMutableBufferPointer(rebasing: values[..<part.count])
      try folder.read(name, elements: isInParts ? part : nil, into: some)
      var codes = [UInt8](repeating: 0, count: NF4.codeBytes(part.count))
      var own = [Float](repeating: 0, count: NF4.blockCount(part.count))
      NF4Tensor.encode(UnsafeBufferPointer(some), &codes, &own, pool: pool)
      weight.writeCodes(codes, rows: rows, from: part.lowerBound)
      scales += own
    }
    weight.writeScales(
      NF4Tensor.scales(scales, doubleQuantized: weight.format == .nf4), rows: rows)
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
    let made = try addAdapter(decoder, settings)
    for tensor in decoder.adapterTensors {
      let random = Self.random(seed, "lora", tensor.name)
      if tensor.name.hasSuffix(".lora_A.weight") {
        // Kaiming uniform with a = √5, which is U(-1/√in, 1/√in); B stays 0.
        let bound = 1 / Double(tensor.shape[1]).squareRoot()
        store(
          self.made(tensor.count) { Float(bound * (2 * random.uniform(UInt64($0)) - 1)) }, tensor)
      } else if tensor.name.hasSuffix(".lora_embedding_B") {
        // An embedding's A is 0 and its B normal.
        store(self.made(tensor.count) { Float(random.normal(UInt64($0))) }, tensor)
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
    return made
  }

  /// Room for an adapter that learns, all zero.
  ///
  /// - Throws: ``Failure`` of class `badInput` for a target that the model does not have.
  func addAdapter(_ decoder: Decoder, _ settings: LoRASettings) throws -> LoRASettings {
    let configuration = settings.configuration.expanded(in: decoder.configuration)
    let targets = try settings.configuration.targets(in: decoder.configuration)
    let replaced = try configuration.replacedTensors(in: decoder.configuration).map(\.name)
    try Self.checkReplaced(replaced)
    decoder.addAdapter(
      targets, replaced: replaced, dropout: configuration.dropout, learns: true)
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
