import ModelFiles
import Tensors

/// One pass over a batch: what every layer of it shares.
///
/// Not kept after the step; its matrices are views of the model's arena.
final class Pass {
  let backend: any Backend
  let batch: TokenBatch
  let positions: [Int32]
  /// One per rope of the configuration.
  let rotary: [RotaryTable]
  let adapterIsOn: Bool
  /// Which state of the weights this pass sees: what is derived from them is derived once for it.
  let weightsState: Int
  /// Sees what every linear layer reads.
  var observer: InputSquares?
  /// The tokens whose logits are wanted, in order.
  var wanted: [Int32] = []
  /// Scratch for partial sums, a row of the widest layer per block of rows.
  let partial: Matrix
  /// Scratch of the layers: a norm's output (T, C), the hidden row of the feed-forward block (T, F),
  /// what a branch gives before it is added (T, C) where that is not the residual stream itself.
  let normalized: Matrix
  let hidden: Matrix
  let branch: Matrix
  /// A row for each expert that sees a token: (T · k, C), once forward, twice backward.
  let gathered: Matrix
  let returned: Matrix
  /// The gradient of the auxiliary loss by a token's probability of each expert; nil: none.
  var auxiliarySlopes: [Double]?
  private let droppedScratch: Matrix
  private let lowScratchMatrix: Matrix
  /// The largest weight that must be expanded to float32, or whose norms are wanted.
  let weightScratch: Matrix
  /// Per token, from (step, row, position); nil: no dropout.
  private let tokenKeys: [UInt64]?
  /// The tokens that operands have a row for; nil: all of them, in order.
  var rowTokens: ArraySlice<Int32>?
  /// Each row with the same bits whatever rows it is computed with.
  let rowsAreIndependent: Bool

  init(
    backend: any Backend, batch: TokenBatch, positions: [Int32], rotary: [RotaryTable],
    adapterIsOn: Bool, weightsState: Int, dropoutKey: UInt64?, rowsAreIndependent: Bool,
    scratch: Scratch
  ) {
    self.backend = backend
    self.batch = batch
    self.positions = positions
    self.rotary = rotary
    self.adapterIsOn = adapterIsOn
    self.weightsState = weightsState
    self.rowsAreIndependent = rowsAreIndependent
    partial = scratch.partial
    droppedScratch = scratch.dropped
    lowScratchMatrix = scratch.low
    weightScratch = scratch.weight
    normalized = scratch.normalized
    hidden = scratch.hidden
    branch = scratch.branch
    gathered = scratch.gathered
    returned = scratch.returned
    tokenKeys = dropoutKey.map { Self.tokenKeys($0, batch, positions) }
  }

  /// Memory that no two uses need at once.
  struct Scratch {
    let partial: Matrix
    let dropped: Matrix
    let low: Matrix
    /// The largest weight that must be expanded to float32, or whose norms are wanted.
    let weight: Matrix
    let normalized: Matrix
    let hidden: Matrix
    let branch: Matrix
    let gathered: Matrix
    let returned: Matrix
  }

  /// Rows of texts that are taken in whole, for products of all rows at once where rows are
  /// independent: they have a product of their own, in which many rows are fast. Whether a row is
  /// one of them must not depend on the others.
  var prompts: [Range<Int>] = []

  /// All rows are such rows, of whatever operand: their bits depend on nothing else.
  var allRowsArePrompts = false

  /// y = alpha · x Wᵀ.
  func project(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float = 1, accumulate: Bool = false
  ) {
    eachRun(x.rows) { rows, isPrompt in
      let (y, x) = (y.rows(rows), x.rows(rows))
      if isPrompt {
        backend.projectPrompt(
          y, x, w, alpha: alpha, accumulate: accumulate, scratch: weightScratch)
      } else {
        backend.project(
          y, x, w, alpha: alpha, accumulate: accumulate, rowsAreIndependent: rowsAreIndependent,
          scratch: weightScratch)
      }
    }
  }

  /// The rows of a product in runs: prompts, and what lies between them.
  private func eachRun(_ count: Int, _ body: (Range<Int>, _ isPrompt: Bool) -> Void) {
    if allRowsArePrompts {
      if count > 0 { body(0..<count, true) }
      return
    }
    var next = 0
    // Rows that were gathered for an expert are no run of a text, even where they are all rows.
    for prompt in rowTokens == nil && count == positions.count ? prompts : [] {
      if next < prompt.lowerBound { body(next..<prompt.lowerBound, false) }
      body(prompt, true)
      next = prompt.upperBound
    }
    if next < count { body(next..<count, false) }
  }

  /// dx = alpha · dy W.
  func projectBack(_ dx: Matrix, _ dy: Matrix, _ w: WeightMatrix, alpha: Float = 1) {
    backend.projectBack(dx, dy, w, alpha: alpha, accumulate: false, scratch: weightScratch)
  }

  /// y = alpha · x wᵀ with float32 cells.
  func project(
    _ y: Matrix, _ x: Matrix, _ w: Matrix, alpha: Float = 1, accumulate: Bool = false
  ) {
    guard rowsAreIndependent else {
      backend.multiplyTransposed(y, x, w, alpha: alpha, accumulate: accumulate)
      return
    }
    eachRun(x.rows) { rows, isPrompt in
      let (y, x) = (y.rows(rows), x.rows(rows))
      if isPrompt {
        backend.multiplyPromptTransposed(y, x, w, alpha: alpha, accumulate: accumulate)
      } else {
        backend.multiplyRowsTransposed(y, x, w, alpha: alpha, accumulate: accumulate)
      }
    }
  }

  /// low = x Aᵀ;  y += the low-rank products of the members.
  func addLowRank(
    _ y: Matrix, _ low: Matrix, _ x: Matrix, _ a: Matrix, _ members: [LowRankMember]
  ) {
    guard rowsAreIndependent else {
      backend.addLowRank(y, low, x, a, members, rowsArePrompts: false)
      return
    }
    eachRun(x.rows) { rows, isPrompt in
      let (y, low, x) = (y.rows(rows), low.rows(rows), x.rows(rows))
      if isPrompt {
        backend.addLowRank(y, low, x, a, members, rowsArePrompts: true)
        return
      }
      backend.multiplyRowsTransposed(low, x, a, alpha: 1, accumulate: false)
      for member in members {
        backend.multiplyRowsTransposed(
          y.columns(member.outputs), low.columns(member.ranks), member.b, alpha: member.scale,
          accumulate: true)
      }
    }
  }

  /// What attends to what.
  var sequences: SequenceLayout {
    SequenceLayout(starts: batch.starts, prefixes: batch.prefixes)
  }

  func dropsOut(_ probability: Double) -> Bool { tokenKeys != nil && probability > 0 }

  /// dropout(x) in scratch memory, valid until the next call.
  func dropped(_ x: Matrix, site: UInt64, probability: Double) -> Matrix {
    let target = scratch(droppedScratch, rows: x.rows, columns: x.columns)
    backend.dropout(target, x, keys: dropoutKeys(site), probability: probability)
    return target
  }

  func lowScratch(rows: Int, columns: Int) -> Matrix {
    scratch(lowScratchMatrix, rows: rows, columns: columns)
  }

  private func scratch(_ memory: Matrix, rows: Int, columns: Int) -> Matrix {
    memory.reshaped(rows: rows, columns: columns)
  }

  /// Runs `body`, whose operands have rows for these tokens only.
  func withRows(of tokens: ArraySlice<Int32>, _ body: () -> Void) {
    rowTokens = tokens
    body()
    rowTokens = nil
  }

  /// The key of each row's mask at a site.
  ///
  /// - Parameter tokens: what the rows are of; nil: those of ``withRows(of:_:)``, or all.
  func dropoutKeys(_ site: UInt64, tokens: [Int32]? = nil) -> [UInt64] {
    guard let tokenKeys else { return [] }
    func key(_ token: Int) -> UInt64 {
      Self.mix(tokenKeys[token] &+ site &* 0xD1B5_4A32_D192_ED03)
    }
    return tokens?.map { key(Int($0)) } ?? rowTokens?.map { key(Int($0)) }
      ?? tokenKeys.indices.map(key)
  }

  private static func tokenKeys(
    _ key: UInt64, _ batch: TokenBatch, _ positions: [Int32]
  ) -> [UInt64] {
    var keys = [UInt64](repeating: 0, count: batch.ids.count)
    for sequence in 0..<batch.sequenceCount {
      let row = batch.rowKeys.isEmpty ? UInt64(sequence) : batch.rowKeys[sequence]
      let rowKey = mix(key ^ mix(row))
      for t in batch.starts[sequence]..<batch.starts[sequence + 1] {
        keys[t] = mix(rowKey &+ UInt64(positions[t]))
      }
    }
    return keys
  }

  /// SplitMix64's finalizer.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
