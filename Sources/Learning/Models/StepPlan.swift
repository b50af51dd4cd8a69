import ModelFiles
import Tensors

/// Where every activation of one step lies in the arena: known before anything is allocated.
struct StepPlan {
  private(set) var arena = ArenaPlan()
  private(set) var layers: [DecoderLayer.ActivationSlots] = []
  /// The residual stream after the last layer.
  let residual: ArenaSlot
  /// Where layers that are computed again for backward put what they keep; nil: there are none.
  let repeated: DecoderLayer.ActivationSlots?
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

    func matrices(_ arena: Arena) -> Pass.Scratch {
      Pass.Scratch(
        partial: arena.matrix(partial), dropped: arena.matrix(dropped), low: arena.matrix(low),
        weight: arena.matrix(weight), normalized: arena.matrix(normalized),
        hidden: arena.matrix(hidden), branch: arena.matrix(branch))
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
  }

  init(_ decoder: Decoder, _ needs: Needs) {
    let (shape, t) = (decoder.shape, needs.tokens)
    var arena = ArenaPlan()
    let slotNeeds = DecoderLayer.SlotNeeds(
      tokens: t, gradients: needs.gradients, adapterIsOn: needs.adapterIsOn)
    let repeats = needs.gradients ? min(needs.repeatedLayers, shape.layers) : 0
    var stream = arena.take(t, shape.hidden)
    var shared: DecoderLayer.ActivationSlots?
    var repeated: DecoderLayer.ActivationSlots?
    for (index, layer) in decoder.layers.enumerated() {
      if !needs.gradients {
        let slots =
          shared
          ?? layer.slots(&arena, slotNeeds, input: stream, middle: stream, output: stream)
        layers.append(slots)
        shared = slots
        continue
      }
      let output = arena.take(t, shape.hidden)
      if index < repeats {
        var slots: DecoderLayer.ActivationSlots
        if let repeated {
          slots = repeated
        } else {
          let middle = arena.take(t, shape.hidden)
          slots = layer.slots(&arena, slotNeeds, input: stream, middle: middle, output: output)
        }
        slots.input = stream
        slots.output = output
        layers.append(slots)
        repeated = slots
      } else {
        let middle = arena.take(t, shape.hidden)
        layers.append(
          layer.slots(&arena, slotNeeds, input: stream, middle: middle, output: output))
      }
      stream = output
    }
    residual = stream
    self.repeated = repeated
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
    let widest = max(c, shape.heads.width, 2 * hidden)
    let hasBranch = shape.flags.hasNormsAfter || shape.flags.residualScale != 1
    let ranks = decoder.ranksMax
    return ScratchSlots(
      partial: arena.take(CPUBackend.blockCount(max(t, needs.wanted)), widest),
      dropped: arena.take(needs.dropsOut ? t : 0, max(c, hidden, shape.heads.queryWidth)),
      low: arena.take(needs.adapterIsOn ? t : 0, ranks),
      weight: arena.take(1, decoder.expandedCells(adapterIsOn: needs.adapterIsOn)),
      normalized: arena.take(t, c),
      hidden: arena.take(t, hidden), branch: arena.take(hasBranch ? t : 0, c))
  }
}
