package import ModelFiles
import Tensors

extension LanguageModel {
  /// The configuration of ``weights()``: a tied model whose embedding or head the adapter changes
  /// has two tensors afterwards, as in PEFT.
  package var mergedConfiguration: ModelConfiguration {
    var merged = configuration
    let (embedding, head) = (decoder.embedding, decoder.head)
    if embedding.adapter != nil || embedding.replacement != nil || head.adapter != nil
      || head.replacement != nil
    {
      merged.tiesWordEmbeddings = false
    }
    return merged
  }

  /// The score head of an adapter, which is saved with it.
  private var scoreTensors: [WeightTensor] {
    adapter == nil ? [] : [decoder.score?.tensor].compactMap(\.self)
  }

  /// Full form with Hugging Face's names, embedding, layers, norm, head; an adapter is merged in,
  /// W + s · B A or DoRA's. A tied head has no tensor of its own.
  ///
  /// The base is the one in memory, rounded where it is stored in less than its files; see
  /// ``merged(_:base:)`` for a merge into the original.
  package func weights() -> [(name: String, shape: [Int], values: [Float])] {
    mergedConfiguration.tensorShapes.map { ($0.name, $0.shape, weight($0.name)) }
  }

  /// One tensor of ``weights()``.
  package func weight(_ name: String) -> [Float] {
    let tensor =
      name == Decoder.headName
      ? decoder.head.table.tensor : decoder.tensors.first { $0.name == name }
    guard let tensor else {
      preconditionFailure("the decoder has every tensor of the configuration")
    }
    return merged(name, base: tensor.values(backend))
  }

  /// What the adapter makes of a tensor of its base, in single precision.
  ///
  /// - Parameters:
  ///   - name: of ``mergedConfiguration``'s tensors.
  ///   - base: its values before, of the embedding for a tied head.
  package func merged(_ name: String, base: [Float]) -> [Float] {
    let replacement =
      switch name {
      case Decoder.embeddingName: decoder.embedding.replacement
      case Decoder.headName: decoder.head.replacement
      default: TableWeight?.none
      }
    if let replacement { return replacement.tensor.values(backend) }
    if name == Decoder.embeddingName, let adapter = decoder.embedding.adapter {
      return merged(base, adapter)
    }
    for (adapter, weight) in decoder.adapters {
      if let member = adapter.members.first(where: { $0.path + ".weight" == name }) {
        return merged(base, adapter, member, columns: weight.columns)
      }
    }
    return base
  }

  private func merged(
    _ base: [Float], _ adapter: LowRankAdapter, _ member: LowRankAdapter.Member, columns: Int
  ) -> [Float] {
    let rows = member.outputs.count
    let matrix = backend.allocate(rows * columns).matrix(rows: rows, columns: columns)
    matrix.write(base)
    backend.multiply(
      matrix, member.b, adapter.a.rows(member.ranks), alpha: member.scale, accumulate: true)
    var values = matrix.values()
    if let magnitude = adapter.magnitudes?.members.first(where: { $0.path == member.path }) {
      for (row, m) in magnitude.values.values().enumerated() {
        let cells = row * columns..<(row + 1) * columns
        let norm = values[cells].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        let ratio = norm == 0 ? 0 : Double(m) / norm
        for cell in cells { values[cell] = Float(ratio * Double(values[cell])) }
      }
    }
    return values
  }

  private func merged(_ base: [Float], _ adapter: EmbeddingAdapter) -> [Float] {
    let (vocabulary, size) = (adapter.a.columns, adapter.b.rows)
    let matrix = backend.allocate(base.count).matrix(rows: vocabulary, columns: size)
    matrix.write(base)
    backend.multiplyTransposing(
      matrix, adapter.a, adapter.turnedB(backend), alpha: adapter.scale, accumulate: true)
    var values = matrix.values()
    if let magnitude = adapter.magnitudes?.members.first {
      var squares = [Double](repeating: 0, count: size)
      for (cell, value) in values.enumerated() {
        squares[cell % size] += Double(value) * Double(value)
      }
      let ratios = zip(magnitude.values.values(), squares).map { m, square in
        square == 0 ? 0 : Double(m) / square.squareRoot()
      }
      for cell in values.indices {
        values[cell] = Float(ratios[cell % size] * Double(values[cell]))
      }
    }
    return values
  }

  /// The adapter with PEFT's names, by the bytes of the name; empty without one. The base's own
  /// embedding and head are among them where PEFT saves them beside their adapters.
  package func adapterWeights() -> [(name: String, shape: [Int], values: [Float])] {
    (decoder.adapterTensors + savedBaseLayers + scoreTensors)
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      .map { ($0.name, $0.shape, $0.values(backend)) }
  }

  private var savedBaseLayers: [WeightTensor] {
    guard let adapter, let targets = try? adapter.configuration.targets(in: configuration) else {
      return []
    }
    return adapter.configuration.savesBaseLayers(targets).map { target in
      let table = target.kind == .embedding ? decoder.embedding.table : decoder.head.table
      return WeightTensor(
        name: target.names.base, shape: table.tensor.shape, storage: table.tensor.storage,
        gradient: nil)
    }
  }
}
