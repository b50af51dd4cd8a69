import ModelFiles
import Tensors

extension DecoderLayer {
  /// What forward saves for backward. Without gradients, the layers share one set.
  struct Activations {
    /// The residual stream before the layer, after attention, after the layer: (T, C) each.
    let input: Matrix
    let middle: Matrix
    let output: Matrix
    /// Scales of the norms before the branches: (T, 1).
    let attentionBefore: Matrix?
    let feedForwardBefore: Matrix?
    let attentionAfter: AfterNorm?
    let feedForwardAfter: AfterNorm?
    /// (T, (H + 2K) D), q and k normalized and rotated.
    let qkv: Matrix
    let heads: HeadNorms?
    let attention: Matrix
    let logSumExp: Matrix
    let attentionInput: Linear.Saved
    let attentionOutput: Linear.Saved
    let feedForward: FeedForwardSaved
  }

  /// Of a norm after a branch: what it normalized (T, C) and its scale (T, 1).
  struct AfterNorm {
    let branch: Matrix
    let scale: Matrix
  }

  /// Of the norms on queries and keys: q and k before them, and their scales.
  struct HeadNorms {
    /// (T, (H + K) D); nil where there is no backward.
    let raw: Matrix?
    let queryScale: Matrix
    let keyScale: Matrix
  }

  /// Gradients that no two layers need at once.
  struct Gradients {
    let normalized: Matrix
    let qkv: Matrix
    let attention: Matrix
    let hidden: Matrix
    /// Where branches have norms or scales of their own.
    let branch: Matrix?
  }

  /// Where ``Activations`` lie in the arena.
  struct ActivationSlots {
    let input: ArenaSlot
    let output: ArenaSlot
    let middle: ArenaSlot
    let attentionBefore, feedForwardBefore: ArenaSlot?
    let attentionAfter, feedForwardAfter: (branch: ArenaSlot, scale: ArenaSlot)?
    let qkv: ArenaSlot
    let heads: (raw: ArenaSlot?, queryScale: ArenaSlot, keyScale: ArenaSlot)?
    let attention, logSumExp: ArenaSlot
    let attentionInput, attentionOutput: Linear.SavedSlots
    let feedForward: FeedForwardSlots

    func matrices(_ arena: Arena) -> Activations {
      func after(_ slots: (branch: ArenaSlot, scale: ArenaSlot)?) -> AfterNorm? {
        slots.map { AfterNorm(branch: arena.matrix($0.branch), scale: arena.matrix($0.scale)) }
      }
      return Activations(
        input: arena.matrix(input), middle: arena.matrix(middle), output: arena.matrix(output),
        attentionBefore: attentionBefore.map(arena.matrix),
        feedForwardBefore: feedForwardBefore.map(arena.matrix),
        attentionAfter: after(attentionAfter), feedForwardAfter: after(feedForwardAfter),
        qkv: arena.matrix(qkv),
        heads: heads.map {
          HeadNorms(
            raw: $0.raw.map(arena.matrix), queryScale: arena.matrix($0.queryScale),
            keyScale: arena.matrix($0.keyScale))
        },
        attention: arena.matrix(attention), logSumExp: arena.matrix(logSumExp),
        attentionInput: attentionInput.matrices(arena),
        attentionOutput: attentionOutput.matrices(arena),
        feedForward: feedForward.matrices(arena))
    }
  }

  /// What the slots of a layer depend on.
  struct SlotNeeds {
    let tokens: Int
    /// Whether there is a backward pass.
    let gradients: Bool
    let adapterIsOn: Bool
  }

  /// Room for one layer between the residual stream at `input` and at `output`.
  func slots(
    _ plan: inout ArenaPlan, _ needs: SlotNeeds, input: ArenaSlot, middle: ArenaSlot,
    output: ArenaSlot
  ) -> ActivationSlots {
    let (t, on) = (needs.tokens, needs.adapterIsOn)
    func scale(_ norm: NormWeight?) -> ArenaSlot? { norm == nil ? nil : plan.take(t, 1) }
    func after(_ norm: NormWeight?) -> (branch: ArenaSlot, scale: ArenaSlot)? {
      norm == nil ? nil : (plan.take(t, shape.hidden), plan.take(t, 1))
    }
    let heads = attentionShape
    var headSlots: (raw: ArenaSlot?, queryScale: ArenaSlot, keyScale: ArenaSlot)?
    if queryNorm != nil {
      headSlots = (
        needs.gradients ? plan.take(t, heads.queryWidth + heads.keyWidth) : nil,
        plan.take(t, shape.headNorm(heads.headCount).groups),
        plan.take(t, shape.headNorm(heads.keyValueHeadCount).groups)
      )
    }
    return ActivationSlots(
      input: input, output: output, middle: middle,
      attentionBefore: scale(attentionNorms.before),
      feedForwardBefore: scale(feedForwardNorms.before),
      attentionAfter: after(attentionNorms.after),
      feedForwardAfter: after(feedForwardNorms.after), qkv: plan.take(t, heads.width),
      heads: headSlots, attention: plan.take(t, heads.queryWidth),
      logSumExp: plan.take(t, heads.headCount),
      attentionInput: attentionInput.slots(&plan, tokens: t, adapterIsOn: on),
      attentionOutput: attentionOutput.slots(&plan, tokens: t, adapterIsOn: on),
      feedForward: feedForward.slots(&plan, tokens: t, adapterIsOn: on))
  }
}
