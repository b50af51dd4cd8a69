package import ModelFiles
package import Tensors

/// Keys and values of texts that are being generated: `slots` texts of at most `capacity` tokens.
package final class KeyValueCache {
  package let slots: Int
  package let capacity: Int
  /// Tokens that each slot holds.
  package private(set) var lengths: [Int]

  private let keys: [Storage]
  private let values: [Storage]
  private let width: Int

  package init(_ configuration: ModelConfiguration, slots: Int, capacity: Int) {
    self.slots = slots
    self.capacity = capacity
    width = configuration.keyValueHeadCount * configuration.headSize
    let count = slots * capacity * width
    keys = (0..<configuration.layerCount).map { _ in Storage(count: count) }
    values = (0..<configuration.layerCount).map { _ in Storage(count: count) }
    lengths = Array(repeating: 0, count: slots)
  }

  /// Bytes of one slot of this capacity.
  package static func bytes(_ configuration: ModelConfiguration, capacity: Int) -> Int {
    8 * configuration.layerCount * capacity * configuration.keyValueHeadCount
      * configuration.headSize
  }

  /// Forgets the text of a slot.
  package func clear(_ slot: Int) { lengths[slot] = 0 }

  func extend(_ slot: Int) -> Int {
    precondition(lengths[slot] < capacity, "a slot holds its capacity")
    defer { lengths[slot] += 1 }
    return lengths[slot]
  }

  /// (capacity, K · D) of a layer and a slot.
  func view(layer: Int, slot: Int) -> (keys: Matrix, values: Matrix) {
    let offset = slot * capacity * width
    return (
      keys[layer].matrix(offset: offset, rows: capacity, columns: width),
      values[layer].matrix(offset: offset, rows: capacity, columns: width)
    )
  }
}

extension LanguageModel {
  /// A token that continues the text of a slot.
  package struct NextToken: Sendable {
    package let slot: Int
    package let id: Int32

    package init(slot: Int, id: Int32) {
      self.slot = slot
      self.id = id
    }
  }

  /// Appends tokens to the texts of their slots, those of one slot in order, and gives the logits
  /// after the tokens at `wanted`: (wanted.count, V), valid until the model is used again.
  ///
  /// A row has the same bits whatever it is computed with.
  package func advance(
    _ cache: KeyValueCache, _ tokens: [NextToken], wanted: [Int]
  ) -> Matrix {
    let ids = tokens.map(\.id)
    precondition(
      ids.allSatisfy { $0 >= 0 && Int($0) < configuration.vocabularySize },
      "ids are in the vocabulary")
    let positions = tokens.map { Int32(cache.extend($0.slot)) }
    let shape = decoder.shape
    let plan = StepPlan(
      shape,
      StepPlan.Needs(
        tokens: ids.count, wanted: wanted.count, gradients: false, dropsOut: false,
        ranks: usesAdapter ? decoder.ranks : decoder.ranks.map { $0.map { _ in 0 } }))
    arena.prepare(plan.arena)
    let pass = Pass(
      backend: backend,
      batch: TokenBatch(ids: ids, starts: [0, ids.count], labels: []),
      positions: positions, rotary: rotaryTable(cache.capacity), adapterIsOn: usesAdapter,
      dropoutKey: nil, rowsAreIndependent: true,
      scratch: Pass.Scratch(
        partial: arena.matrix(plan.partial), dropped: arena.matrix(plan.dropped),
        low: arena.matrix(plan.low)))
    backend.gather(arena.matrix(plan.residual), decoder.embedding.values, ids)
    for (index, layer) in decoder.layers.enumerated() {
      let activations = DecoderLayer.Activations(plan.layers[index], arena)
      layer.forward(activations, in: pass) { a in
        attend(a, cache, layer: index, tokens, positions)
      }
    }
    let head = plan.head
    let (input, normalized) = (arena.matrix(head.input), arena.matrix(head.normalized))
    backend.gather(input, arena.matrix(plan.residual), wanted.map(Int32.init))
    backend.rmsNorm(
      normalized, arena.matrix(head.scale), input, decoder.norm.values, epsilon: shape.epsilon)
    let logits = arena.matrix(plan.head.logits)
    precondition(logits.rows == wanted.count, "the logits of a step are kept whole")
    pass.project(logits, normalized, decoder.head.values)
    return logits
  }

  private func attend(
    _ a: DecoderLayer.Activations, _ cache: KeyValueCache, layer: Int, _ tokens: [NextToken],
    _ positions: [Int32]
  ) {
    let attention = decoder.shape.attention
    var caches: [(keys: Matrix, values: Matrix, length: Int)] = []
    for (row, token) in tokens.enumerated() {
      let position = Int(positions[row])
      let (keys, values) = cache.view(layer: layer, slot: token.slot)
      let qkv = a.qkv.rows(row..<row + 1)
      backend.copy(keys.rows(position..<position + 1), qkv.columns(attention.keys))
      backend.copy(values.rows(position..<position + 1), qkv.columns(attention.values))
      caches.append((keys, values, position + 1))
    }
    backend.attentionOverCache(a.attention, a.qkv, caches: caches, attention)
  }
}
