package import ModelFiles
package import Tensors

/// Keys and values of texts that are being generated: `slots` texts of at most `capacity` tokens.
package final class KeyValueCache {
  package let slots: Int
  package let capacity: Int
  /// Tokens that each slot holds.
  package private(set) var lengths: [Int]

  /// The state of the weights that its texts are computed with: they do not change meanwhile.
  var weightsState: Int?

  private let keys: [DeviceMemory]
  private let values: [DeviceMemory]
  private let width: Int

  package init(
    _ configuration: ModelConfiguration, slots: Int, capacity: Int, backend: any Backend
  ) {
    self.slots = slots
    self.capacity = capacity
    width = configuration.keyValueHeadCount * configuration.headSize
    let count = slots * capacity * width
    keys = (0..<configuration.layerCount).map { _ in backend.allocate(count) }
    values = (0..<configuration.layerCount).map { _ in backend.allocate(count) }
    lengths = Array(repeating: 0, count: slots)
  }

  /// Bytes of one slot of this capacity.
  package static func bytes(_ configuration: ModelConfiguration, capacity: Int) -> Int {
    8 * configuration.layerCount * capacity * configuration.keyValueHeadCount
      * configuration.headSize
  }

  /// Forgets the text of a slot.
  package func clear(_ slot: Int) { lengths[slot] = 0 }

  var isEmpty: Bool { lengths.allSatisfy { $0 == 0 } }

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
    let state = cache.isEmpty ? nil : cache.weightsState
    cache.weightsState = state ?? decoder.nextState()
    let positions = tokens.map { Int32(cache.extend($0.slot)) }
    let plan = StepPlan(
      decoder,
      StepPlan.Needs(
        tokens: ids.count, wanted: wanted.count, gradients: false, dropsOut: false,
        adapterIsOn: usesAdapter))
    arena.prepare(plan.arena)
    let pass = Pass(
      backend: backend,
      batch: TokenBatch(ids: ids, starts: [0, ids.count], labels: []),
      positions: positions, rotary: rotaryTables(tokens, positions, capacity: cache.capacity),
      adapterIsOn: usesAdapter, weightsState: cache.weightsState ?? 0, dropoutKey: nil,
      rowsAreIndependent: true, scratch: plan.scratch.matrices(arena))
    pass.prompts = Self.prompts(tokens)
    decoder.embedding.forward(
      arena.matrix(plan.residual), ids, alpha: Float(decoder.shape.flags.embeddingScale),
      in: pass)
    for (index, layer) in decoder.layers.enumerated() {
      layer.forward(plan.layers[index].matrices(arena), in: pass) { a in
        attend(a, cache, layer: index, tokens, positions)
      }
    }
    decoder.head.begin(
      plan.head, arena.matrix(plan.residual), wanted: wanted.map(Int32.init), arena, in: pass)
    pass.prompts = []
    precondition(wanted.count <= plan.head.chunk, "the logits of a step are kept whole")
    return decoder.head.logits(plan.head, 0..<wanted.count, arena, in: pass)
  }

  /// Where two or more tokens of one text follow each other, neighbours joined.
  private static func prompts(_ tokens: [NextToken]) -> [Range<Int>] {
    var prompts: [Range<Int>] = []
    var start = 0
    for end in 1...max(1, tokens.count)
    where end >= tokens.count || tokens[end].slot != tokens[start].slot {
      if end - start > 1 {
        if let last = prompts.last, last.upperBound == start {
          prompts[prompts.count - 1] = last.lowerBound..<end
        } else {
          prompts.append(start..<end)
        }
      }
      start = end
    }
    return prompts
  }

  private func attend(
    _ a: DecoderLayer.Activations, _ cache: KeyValueCache, layer: Int, _ tokens: [NextToken],
    _ positions: [Int32]
  ) {
    let attention = decoder.shape.attention[layer]
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
