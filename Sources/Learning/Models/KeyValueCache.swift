package import ModelFiles
package import Tensors

/// Keys and values of texts that are being written, a text to a slot.
///
/// A slot may follow another one: its text goes on after that one's, which is kept once.
package final class KeyValueCache {
  /// Tokens that each slot has room for, besides those of the slots that it follows.
  package let capacities: [Int]
  /// Tokens that each slot holds.
  package private(set) var lengths: [Int]

  /// The state of the weights that its texts are computed with: they do not change meanwhile.
  var weightsState: Int?

  private let offsets: [Int]
  private var followed: [Int?]
  /// Of each layer; a token's values lie behind its keys, as they do in the fused projection.
  private let cells: [DeviceMemory]
  /// Of keys.
  private let width: Int

  package init(
    _ configuration: ModelConfiguration, capacities: [Int], backend: any Backend
  ) {
    self.capacities = capacities
    width = configuration.keyValueHeadCount * configuration.headSize
    offsets = capacities.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let count = offsets[capacities.count] * 2 * width
    cells = (0..<configuration.layerCount).map { _ in backend.allocate(count) }
    lengths = Array(repeating: 0, count: capacities.count)
    followed = Array(repeating: nil, count: capacities.count)
  }

  /// `slots` texts of at most `capacity` tokens.
  package convenience init(
    _ configuration: ModelConfiguration, slots: Int, capacity: Int, backend: any Backend
  ) {
    self.init(
      configuration, capacities: Array(repeating: capacity, count: slots), backend: backend)
  }

  /// Bytes of one slot of this capacity.
  package static func bytes(_ configuration: ModelConfiguration, capacity: Int) -> Int {
    8 * configuration.layerCount * capacity * configuration.keyValueHeadCount
      * configuration.headSize
  }

  /// Forgets the text of a slot.
  ///
  /// - Parameter following: the slot whose text the next one goes on after; it does not change as
  ///   long as anything follows it.
  package func clear(_ slot: Int, following: Int? = nil) {
    lengths[slot] = 0
    followed[slot] = following
  }

  var isEmpty: Bool { lengths.allSatisfy { $0 == 0 } }

  /// Tokens of the longest text that fits now.
  var longest: Int { capacities.indices.map { start(of: $0) + capacities[$0] }.max() ?? 0 }

  /// The position of a slot's first token.
  func start(of slot: Int) -> Int {
    followed[slot].map { start(of: $0) + lengths[$0] } ?? 0
  }

  /// Room for `count` more tokens of a slot; gives the position of the first.
  func extend(_ slot: Int, by count: Int = 1) -> Int {
    precondition(lengths[slot] + count <= capacities[slot], "a slot holds its capacity")
    defer { lengths[slot] += count }
    return start(of: slot) + lengths[slot]
  }

  /// What a slot holds at a layer after those that it follows, first to last.
  func runs(layer: Int, slot: Int) -> [KeyValueRun] {
    before(layer: layer, slot: slot) + [rows(0..<lengths[slot], layer: layer, slot: slot)]
  }

  func before(layer: Int, slot: Int) -> [KeyValueRun] {
    followed[slot].map { runs(layer: layer, slot: $0) } ?? []
  }

  func rows(_ range: Range<Int>, layer: Int, slot: Int) -> KeyValueRun {
    let both = keysAndValues(range, layer: layer, slot: slot)
    return KeyValueRun(
      keys: both.columns(0..<width), values: both.columns(width..<2 * width))
  }

  /// Takes rows of a fused projection.
  func write(
    _ qkv: Matrix, _ shape: AttentionShape, to range: Range<Int>, layer: Int, slot: Int,
    _ backend: any Backend
  ) {
    backend.copy(
      keysAndValues(range, layer: layer, slot: slot),
      qkv.columns(shape.keys.lowerBound..<shape.values.upperBound))
  }

  private func keysAndValues(_ range: Range<Int>, layer: Int, slot: Int) -> Matrix {
    cells[layer].matrix(
      offset: (offsets[slot] + range.lowerBound) * 2 * width, rows: range.count,
      columns: 2 * width)
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
      positions: positions, rotary: rotaryTables(tokens, positions, capacity: cache.longest),
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
    var caches: [[KeyValueRun]] = []
    for (row, token) in tokens.enumerated() {
      let place = Int(positions[row]) - cache.start(of: token.slot)
      cache.write(
        a.qkv.rows(row..<row + 1), attention, to: place..<place + 1, layer: layer,
        slot: token.slot, backend)
      caches.append(
        cache.before(layer: layer, slot: token.slot)
          + [cache.rows(0..<place + 1, layer: layer, slot: token.slot)])
    }
    backend.attentionOverCache(a.attention, a.qkv, caches: caches, attention)
  }
}
