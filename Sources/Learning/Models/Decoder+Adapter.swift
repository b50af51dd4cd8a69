import ModelFiles
import Tensors

extension Decoder {
  /// The tensors of the adapter by PEFT's names.
  var adapterTensors: [WeightTensor] {
    linears.flatMap { $0.adapter?.tensors ?? [] } + (embedding.adapter?.tensors ?? [])
      + (head.adapter?.tensors ?? [])
      + [embedding.replacement, head.replacement].compactMap { $0?.tensor }
  }

  /// The most ranks that one adapter stacks.
  var ranksMax: Int {
    max(
      linears.compactMap { $0.adapter?.a.rows }.max() ?? 0, embedding.adapter?.a.rows ?? 0,
      head.adapter?.a.rows ?? 0)
  }

  /// The most outputs of a member with a magnitude: columns that its gradient is summed over.
  var magnitudesMax: Int {
    adapters.filter { $0.adapter.magnitudes != nil }
      .flatMap { $0.adapter.members.map(\.outputs.count) }.max() ?? 0
  }

  /// Cells of the largest weight that is expanded to float32, for products or for its norms.
  func expandedCells(adapterIsOn: Bool) -> Int {
    let routers = layers.compactMap(\.feedForward.router)
    var cells = ((linears + routers).map(\.weight) + [head.table.weight])
      .filter { $0.format != .float32 }.map(backend.expandedCells)
    if adapterIsOn {
      for (adapter, weight) in adapters where adapter.magnitudes != nil {
        cells += adapter.members.map { $0.outputs.count * weight.columns }
      }
      if embedding.adapter?.magnitudes != nil {
        cells.append(EmbeddingAdapter.normBlock * shape.hidden)
      }
    }
    return cells.max() ?? 0
  }

  /// Adapters of linears and of the head, with the weights they change.
  var adapters: [(adapter: LowRankAdapter, weight: WeightMatrix)] {
    let layers = linears.compactMap { linear in linear.adapter.map { ($0, linear.weight) } }
    return layers + (head.adapter.map { [($0, head.table.weight)] } ?? [])
  }

  /// Adds an adapter to its targets, and copies that learn in place of embedding and head.
  ///
  /// Values are left to the caller: all zero.
  ///
  /// - Parameters:
  ///   - targets: modules of this decoder.
  ///   - replaced: of the names of the embedding's and the head's weight.
  func addAdapter(
    _ targets: [AdapterTarget], replaced: [String], dropout: Double, learns: Bool
  ) {
    let byPath = Dictionary(uniqueKeysWithValues: targets.map { ($0.path, $0) })
    var (site, found): (UInt64, Int) = (0, 0)
    for linear in linears {
      let members = linear.members.compactMap { member in
        // Sites count every linear, adapted or not: a mask does not depend on the other targets.
        site += 1
        return byPath[member.path].map { description($0, outputs: member.rows, site: site) }
      }
      found += members.count
      linear.adapter = adapter(
        members, inputSize: linear.inputSize, outputs: linear.outputSize, dropout, byPath, learns)
    }
    if let target = byPath[ModelConfiguration.headPath] {
      found += 1
      let rows = 0..<shape.vocabulary
      head.adapter = adapter(
        [description(target, outputs: rows, site: site + 1)], inputSize: shape.hidden,
        outputs: rows.count, dropout, byPath, learns)
    }
    if let target = byPath[ModelConfiguration.embeddingPath] {
      found += 1
      embedding.adapter = EmbeddingAdapter(
        path: target.path, rank: target.rank, scale: target.scaling,
        vocabulary: shape.vocabulary, size: shape.hidden, hasMagnitude: target.hasMagnitude,
        learns: learns, backend: backend)
    }
    precondition(found == targets.count, "the targets are modules of the decoder")
    if replaced.contains(Self.embeddingName) {
      embedding.replacement = replacement(Self.embeddingName, learns: learns)
    }
    if replaced.contains(Self.headName) {
      head.replacement = replacement(Self.headName, learns: learns)
    }
  }

  static let embeddingName = ModelConfiguration.embeddingPath + ".weight"
  static let headName = ModelConfiguration.headPath + ".weight"

  private func description(
    _ target: AdapterTarget, outputs: Range<Int>, site: UInt64
  ) -> LowRankAdapter.Description {
    LowRankAdapter.Description(
      path: target.path, outputs: outputs, rank: target.rank, scale: target.scaling, site: site)
  }

  private func adapter(
    _ members: [LowRankAdapter.Description], inputSize: Int, outputs: Int, _ dropout: Double,
    _ targets: [String: AdapterTarget], _ learns: Bool
  ) -> LowRankAdapter? {
    guard let first = members.first else { return nil }
    return LowRankAdapter(
      members, inputSize: inputSize, outputs: outputs, dropout: dropout,
      hasMagnitudes: targets[first.path]?.hasMagnitude ?? false, learns: learns,
      backend: backend)
  }

  private func replacement(_ name: String, learns: Bool) -> TableWeight {
    TableWeight(
      AdapterFiles.prefix + name, rows: shape.vocabulary, columns: shape.hidden,
      Linear.Storage(format: .float32, learns: learns, backend: backend))
  }

  /// Sets the magnitudes of a fresh adapter to the norms of what it changes.
  func beginMagnitudes() {
    let scratch = backend.allocate(expandedCells(adapterIsOn: true))
    let cells = scratch.matrix(rows: 1, columns: scratch.count)
    for (adapter, weight) in adapters {
      adapter.magnitudes?.begin { adapter.measure($0, weight, backend, scratch: cells) }
    }
    guard let adapter = embedding.adapter else { return }
    let partial = backend.allocate(shape.hidden).matrix(rows: 1, columns: shape.hidden)
    adapter.magnitudes?.begin {
      adapter.measure($0, embedding.table.weight, backend, scratch: cells, partial: partial)
    }
  }
}
