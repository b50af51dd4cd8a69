import ModelFiles
package import Tensors

extension LanguageModel {
  /// Tokens that an empty slot takes in at once, after those of the slots that it follows.
  package struct SlotText: Sendable {
    package let slot: Int
    package let ids: [Int32]

    package init(slot: Int, ids: [Int32]) {
      self.slot = slot
      self.ids = ids
    }
  }

  /// Takes texts into their slots; a slot comes after what it follows. Gives the logits after the
  /// last token of each of the last `wanted` texts: (wanted, V), valid until the model is used again.
  ///
  /// A row has the same bits whatever it is computed with, and however its text is cut into slots.
  ///
  /// - Parameter longest: tokens of the longest whole text; all are of one
  ///   ``ModelConfiguration/angleClass(length:)``.
  package func takeIn(
    _ cache: KeyValueCache, _ texts: [SlotText], wanted: Int, longest: Int
  ) -> Matrix {
    let state = cache.isEmpty ? nil : cache.weightsState
    cache.weightsState = state ?? decoder.nextState()
    var (ids, positions): ([Int32], [Int32]) = ([], [])
    var rows: [Range<Int>] = []
    for text in texts {
      precondition(
        !text.ids.isEmpty && cache.lengths[text.slot] == 0, "a text is taken into an empty slot")
      precondition(
        text.ids.allSatisfy { $0 >= 0 && Int($0) < configuration.vocabularySize },
        "ids are in the vocabulary")
      let start = cache.extend(text.slot, by: text.ids.count)
      rows.append(ids.count..<ids.count + text.ids.count)
      ids += text.ids
      positions += text.ids.indices.map { Int32(start + $0) }
    }
    let (plan, run) = runPrompts(
      ids, positions, longest: longest, wanted: wanted, state: cache.weightsState ?? 0
    ) { a, layer in attend(a, cache, layer: layer, texts, rows) }
    decoder.head.begin(
      plan.head, arena.matrix(plan.residual),
      wanted: rows.suffix(wanted).map { Int32($0.upperBound - 1) }, arena, in: run)
    precondition(wanted <= plan.head.chunk, "the logits of a step are kept whole")
    // What follows a prompt is computed as what follows any other token.
    run.allRowsArePrompts = false
    return decoder.head.logits(plan.head, 0..<wanted, arena, in: run)
  }

  private func attend(
    _ a: DecoderLayer.Activations, _ cache: KeyValueCache, layer: Int, _ texts: [SlotText],
    _ rows: [Range<Int>]
  ) {
    let shape = decoder.shape.attention[layer]
    for (text, rows) in zip(texts, rows) {
      cache.write(
        a.qkv.rows(rows), shape, to: 0..<rows.count, layer: layer, slot: text.slot, backend)
    }
    let parts = zip(texts, rows).map { text, rows in
      AttentionPart(rows: rows, before: cache.before(layer: layer, slot: text.slot))
    }
    backend.attention(a.attention, a.qkv, parts, shape)
  }

  /// Rows of texts through all layers, as prompts: the residual stream is left in the arena.
  func runPrompts(
    _ ids: [Int32], _ positions: [Int32], longest: Int, wanted: Int, state: Int,
    _ attend: (DecoderLayer.Activations, _ layer: Int) -> Void
  ) -> (StepPlan, Pass) {
    let plan = StepPlan(
      decoder,
      StepPlan.Needs(
        tokens: ids.count, wanted: wanted, gradients: false, dropsOut: false,
        adapterIsOn: usesAdapter))
    arena.prepare(plan.arena)
    let run = Pass(
      backend: backend, batch: TokenBatch(ids: ids, starts: [0, ids.count], labels: []),
      positions: positions, rotary: rotaryTables(longest), adapterIsOn: usesAdapter,
      weightsState: state, dropoutKey: nil, rowsAreIndependent: true,
      scratch: plan.scratch.matrices(arena))
    run.allRowsArePrompts = true
    decoder.embedding.forward(
      arena.matrix(plan.residual), ids, alpha: Float(decoder.shape.flags.embeddingScale), in: run)
    for (index, layer) in decoder.layers.enumerated() {
      layer.forward(plan.layers[index].matrices(arena), in: run) { attend($0, index) }
    }
    return (plan, run)
  }
}
