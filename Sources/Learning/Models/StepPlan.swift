import Tensors

/// Where every activation of one step lies in the arena: known before anything is allocated.
struct StepPlan {
  private(set) var arena = ArenaPlan()
  private(set) var layers: [LayerSlots] = []
  let residual: ArenaSlot
  let head: HeadSlots
  private(set) var gradients: GradientSlots?
  let partial: ArenaSlot
  let dropped: ArenaSlot
  let low: ArenaSlot

  struct LayerSlots {
    let input, middle, output, normalized1, scale1, qkv, attention, logSumExp: ArenaSlot
    let normalized2, scale2, gateUp, hidden: ArenaSlot
    let low: [ArenaSlot?]
  }

  struct HeadSlots {
    /// The residual stream at the wanted positions, normalized, its scales: (n, C), (n, C), (n, 1).
    let input, normalized, scale: ArenaSlot
    /// (rows, V): all wanted positions where they fit ``keptLogits``, else one chunk.
    let logits: ArenaSlot
    let logProbability, logSumExp: ArenaSlot
    /// Rows of logits that exist at once.
    let chunk: Int
    let keepsLogits: Bool
  }

  struct GradientSlots {
    let residual, normalized, qkv, attention, hidden, headInput, headNormalized: ArenaSlot
  }

  /// Logits that may be kept from forward for backward: 64 MiB. Beyond, they are computed again
  /// chunk by chunk.
  static let keptLogits = 1 << 24
  /// Logits of a chunk where they are not kept: 16 MiB, and at least 64 rows.
  static let chunkLogits = 1 << 22

  struct Needs {
    let tokens: Int
    /// Positions whose logits are wanted.
    let wanted: Int
    let gradients: Bool
    let dropsOut: Bool
    /// Σ ranks of the four groups of each layer, 0 without an adapter.
    let ranks: [[Int]]
  }

  init(_ shape: DecoderShape, _ needs: Needs) {
    let (t, c, f) = (needs.tokens, shape.hidden, shape.feedForward)
    var arena = ArenaPlan()
    let stream = arena.take(t, c)
    var before = stream
    var shared: LayerSlots?
    for layer in 0..<shape.layers {
      if let shared, !needs.gradients {
        layers.append(shared)
        continue
      }
      let ranks = needs.ranks[layer]
      let slots = LayerSlots(
        input: before, middle: needs.gradients ? arena.take(t, c) : stream,
        output: needs.gradients ? arena.take(t, c) : stream, normalized1: arena.take(t, c),
        scale1: arena.take(t, 1), qkv: arena.take(t, shape.attention.width),
        attention: arena.take(t, shape.attention.queryWidth),
        logSumExp: arena.take(t, shape.attention.headCount), normalized2: arena.take(t, c),
        scale2: arena.take(t, 1), gateUp: arena.take(t, 2 * f), hidden: arena.take(t, f),
        low: ranks.map { $0 == 0 ? nil : arena.take(t, $0) })
      layers.append(slots)
      before = slots.output
      shared = slots
    }
    residual = before
    head = Self.headSlots(&arena, shape, needs)
    if needs.gradients {
      gradients = GradientSlots(
        residual: arena.take(t, c), normalized: arena.take(t, c),
        qkv: arena.take(t, shape.attention.width),
        attention: arena.take(t, shape.attention.queryWidth), hidden: arena.take(t, f),
        headInput: arena.take(needs.wanted, c), headNormalized: arena.take(needs.wanted, c))
    }
    let widest = max(c, shape.attention.width, 2 * f)
    partial = arena.take(CPUBackend.blockCount(max(t, needs.wanted)), widest)
    dropped = arena.take(
      needs.dropsOut ? t : 0, max(c, f, shape.attention.queryWidth))
    low = arena.take(t, needs.ranks.joined().max() ?? 0)
    self.arena = arena
  }

  private static func headSlots(
    _ arena: inout ArenaPlan, _ shape: DecoderShape, _ needs: Needs
  ) -> HeadSlots {
    let (n, c, v) = (needs.wanted, shape.hidden, shape.vocabulary)
    let keeps = n * v <= keptLogits
    let chunk = max(64, chunkLogits / v / 64 * 64)
    return HeadSlots(
      input: arena.take(n, c), normalized: arena.take(n, c), scale: arena.take(n, 1),
      logits: arena.take(keeps ? n : min(n, chunk), v), logProbability: arena.take(n, 1),
      logSumExp: arena.take(n, 1), chunk: chunk, keepsLogits: keeps)
  }
}

extension DecoderLayer.Activations {
  /// The memory of a layer's slots.
  init(_ slots: StepPlan.LayerSlots, _ arena: Arena) {
    self.init(
      input: arena.matrix(slots.input), middle: arena.matrix(slots.middle),
      output: arena.matrix(slots.output), normalized1: arena.matrix(slots.normalized1),
      scale1: arena.matrix(slots.scale1), qkv: arena.matrix(slots.qkv),
      attention: arena.matrix(slots.attention), logSumExp: arena.matrix(slots.logSumExp),
      normalized2: arena.matrix(slots.normalized2), scale2: arena.matrix(slots.scale2),
      gateUp: arena.matrix(slots.gateUp), hidden: arena.matrix(slots.hidden),
      low: slots.low.map { $0.map(arena.matrix) })
  }
}
