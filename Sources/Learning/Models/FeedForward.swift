import Tensors

/// What follows attention in a layer: one gated block for all tokens, or experts that share them.
protocol FeedForward: AnyObject {
  /// What adapters may change.
  var linears: [Linear] { get }
  /// What sends tokens to experts; no adapter changes it.
  var router: Linear? { get }
  var tensors: [WeightTensor] { get }
  /// Columns per token of the scratch that holds f(gate) · up.
  var hiddenSize: Int { get }
  /// Experts that see a token; 0: there are none.
  var expertsPerToken: Int { get }
  /// Whether ``finish(_:_:in:accumulate:)`` keeps something for backward.
  var keepsWhenFinishing: Bool { get }

  func slots(_ plan: inout ArenaPlan, tokens: Int, adapterIsOn: Bool) -> FeedForwardSlots

  /// gate and up, which backward needs.
  func begin(_ x: Matrix, _ saved: FeedForwardSaved, in pass: Pass)

  /// y (+)= the rest, after ``begin(_:_:in:)``.
  func finish(_ y: Matrix, _ saved: FeedForwardSaved, in pass: Pass, accumulate: Bool)

  /// dx is overwritten. `dHidden` is scratch of `hiddenSize` columns. `x` gives the block's input
  /// again.
  func backward(
    _ dy: Matrix, _ x: () -> Matrix, dx: Matrix, dHidden: Matrix, _ saved: FeedForwardSaved,
    in pass: Pass)
}

/// What forward keeps for backward.
struct FeedForwardSaved {
  /// A row for each token, or for each expert that sees it, of gate and up side by side; backward
  /// overwrites it by its gradient.
  let gateUp: Matrix
  let block: Block

  enum Block {
    case dense(gateUp: Linear.Saved, down: Linear.Saved)
    case sparse(SparseFeedForward.Saved)
  }

  /// How the tokens went to experts, after forward.
  var routing: Routing? {
    if case .sparse(let saved) = block { saved.record.routing } else { nil }
  }
}

/// Where ``FeedForwardSaved`` lies in the arena.
struct FeedForwardSlots {
  let gateUp: ArenaSlot
  let block: Block

  enum Block {
    case dense(gateUp: Linear.SavedSlots, down: Linear.SavedSlots)
    case sparse(SparseFeedForward.SavedSlots)
  }

  func matrices(_ arena: Arena) -> FeedForwardSaved {
    let saved: FeedForwardSaved.Block =
      switch block {
      case .dense(let gateUp, let down):
        .dense(gateUp: gateUp.matrices(arena), down: down.matrices(arena))
      case .sparse(let slots): .sparse(slots.matrices(arena))
      }
    return FeedForwardSaved(gateUp: arena.matrix(gateUp), block: saved)
  }
}
