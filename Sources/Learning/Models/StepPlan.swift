import ModelFiles
import Tensors

/// Where every activation of one step lies in the arena: known before anything is allocated.
struct StepPlan {
  private(set) var arena = ArenaPlan()
  private(set) var layers: [DecoderLayer.ActivationSlots] = []
  /// The residual stream after the last layer.
  let residual: ArenaSlot
  let head: Head.Slots
  private(set) var gradients: GradientSlots?
  let scratch: ScratchSlots

  struct GradientSlots {
    let residual, normalized, qkv, attention, hidden: ArenaSlot
    let branch: ArenaSlot?
    let headInput: ArenaSlot
  }

  struct ScratchSlots {
    let partial, dropped, low, weight, normalized, hidden, branch: ArenaSlot
    let gathered, returned: ArenaSlot

    func matrices(_ arena: Arena) -> Pass.Scratch {
      Pass.Scratch(
        partial: arena.matrix(partial), dropped: arena.matrix(dropped), low: arena.matrix(low),
        weight: arena.matrix(weight), normalized: arena.matrix(normalized),
        hidden: arena.matrix(hidden), branch: arena.matrix(branch),
        gathered: arena.matrix(gathered), returned: arena.matrix(returned))
    }
  }

  struct Needs {
    let tokens: Int
    /// Positions whose logits are wanted.
    let wanted: Int
    let gradients: Bool
    let dropsOut: Bool
    let adapterIsOn: Bool
    /// The first so many layers keep their input only and are computed again for backward.
    var repeatedLayers = 0
    /// Where all layers are computed again: their inputs wait elsewhere, two lie in the arena.
    var offloads = false
  }

  init(_ decoder: Decoder, _ needs: Needs) {
    let (shape, t) = (decoder.shape, needs.tokens)
    var arena = ArenaPlan()
    let slotNeeds = DecoderLayer.SlotNeeds(
      tokens: t, gradients: needs.gradients, adapterIsOn: needs.adapterIsOn)
    // Layers lie over each other where there is no backward, or where they are computed again.
    let repeats = needs.gradients ? min(needs.repeatedLayers, shape.layers) : shape.layers
    let offloads = needs.gradients && needs.offloads && repeats == shape.layers
    let first = arena.take(t, shape.hidden)
    let second = offloads ? arena.take(t, shape.hidden) : first
    let stream =
      [first]
      + (0..<shape.layers).map { index in
        if offloads { return index % 2 == 0 ? second : first }
        return needs.gradients ? arena.take(t, shape.hidden) : first
      }
    func slots(_ plan: inout ArenaPlan, _ index: Int) -> DecoderLayer.ActivationSlots {
      decoder.layers[index].slots(
        &plan, slotNeeds, input: stream[index],
        middle: needs.gradients ? plan.take(t, shape.hidden) : first, output: stream[index + 1])
    }
    layers = arena.overlap(0..<repeats, slots)
    for index in repeats..<shape.layers { layers.append(slots(&arena, index)) }
    residual = stream[shape.layers]
    head = decoder.head.slots(
      &arena, wanted: needs.wanted, gradients: needs.gradients, adapterIsOn: needs.adapterIsOn)
    let hidden = decoder.layers.map(\.feedForward.hiddenSize).max() ?? 0
    if needs.gradients { gradients = Self.gradientSlots(&arena, shape, needs, hidden) }
    scratch = Self.scratchSlots(&arena, decoder, needs, hidden)
    self.arena = arena
  }

  private static func gradientSlots(
    _ arena: inout ArenaPlan, _ shape: DecoderShape, _ needs: Needs, _ hidden: Int
  ) -> GradientSlots {
    let (t, c) = (needs.tokens, shape.hidden)
    let hasBranch = shape.flags.hasNormsAfter || shape.flags.residualScale != 1
    return GradientSlots(
      residual: arena.take(t, c), normalized: arena.take(t, c),
      qkv: arena.take(t, shape.heads.width), attention: arena.take(t, shape.heads.queryWidth),
      hidden: arena.take(t, hidden), branch: hasBranch ? arena.take(t, c) : nil,
      headInput: arena.take(needs.wanted, c))
  }

  private static func scratchSlots(
    _ arena: inout ArenaPlan, _ decoder: Decoder, _ needs: Needs, _ hidden: Int
  ) -> ScratchSlots {
    let (shape, t) = (decoder.shape, needs.tokens)
    let c = shape.hidden
    let widest = max(c, shape.heads.width, 2 * hidden, decoder.magnitudesMax)
    let hasBranch = shape.flags.hasNormsAfter || shape.flags.residualScale != 1
    let copies = decoder.layers.map(\.feedForward.expertsPerToken).max() ?? 0
    let ranks = decoder.ranksMax
    return ScratchSlots(
      partial: arena.take(CPUBackend.blockCount(max(t, needs.wanted)), widest),
      dropped: arena.take(needs.dropsOut ? t : 0, max(c, hidden, shape.heads.queryWidth)),
      low: arena.take(needs.adapterIsOn ? t : 0, ranks),
      weight: arena.take(1, decoder.expandedCells(adapterIsOn: needs.adapterIsOn)),
      normalized: arena.take(t, c), hidden: arena.take(t, hidden),
      branch: arena.take(hasBranch ? t : 0, c), gathered: arena.take(t * copies, c),
      returned: arena.take(needs.gradients ? t * copies : 0, c))
  }
}
