package import Parallelism

/// The operations of a decoder, forward and backward, on one kind of device.
///
/// Operands are views of memory that the backend gave out; ids, labels, positions and keys are host
/// arrays. C is overwritten unless an operation says that it adds. Sizes are checked by
/// precondition: a wrong one is a programmer's mistake. The bits of a result depend on the operands'
/// sizes and on ``arithmeticClass`` alone, never on the number of threads.
package protocol Backend: AnyObject, Sendable {
  /// Where host work of the same step may run.
  var pool: ThreadPool { get }
  /// What decides the bits of a result: device, type, instruction set, libraries and versions.
  var arithmeticClass: String { get }
  /// Zeroed memory of `count` float32 cells.
  func allocate(_ count: Int) -> DeviceMemory
  /// The same in a file of `folder` that is gone when the process is, so that the system may write
  /// cells out and drop them from memory.
  ///
  /// - Throws: ``Failure`` of class `io` when the folder or its disk has no room.
  func allocate(_ count: Int, pagedIn folder: String) throws -> DeviceMemory
  /// Room in the host's memory for matrices of the device.
  func hostStore() -> any HostStore
  /// Bytes of the device that this backend holds or that are free: what a run on it may come to take;
  /// nil: its cells are the host's.
  var memoryLimit: Int? { get }
  /// Whether frozen weights in 16 bits are multiplied as they are stored at no cost: where they are
  /// not expanded first, and half the bytes are half the time.
  var decodesWeights: Bool { get }
  /// Waits for all that was asked for. Operations do not throw: whoever keeps a result calls this
  /// first.
  ///
  /// - Throws: the first failure of the device; what was read after it is not a number.
  func check() throws

  // Products.

  /// y = alpha · x Wᵀ, x (T, K), W (N, K).
  ///
  /// - Parameters:
  ///   - scratch: at least ``expandedCells(_:)`` where W must be expanded.
  ///   - rowsAreIndependent: each row has the same bits whatever rows it is computed with.
  func project(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    rowsAreIndependent: Bool, scratch: Matrix?)
  /// dx = alpha · dy W.
  func projectBack(
    _ dx: Matrix, _ dy: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    scratch: Matrix?)
  /// C (M, N) = alpha · A (M, K) · B (N, K)ᵀ.
  func multiplyTransposed(_ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool)
  /// As ``multiplyTransposed(_:_:_:alpha:accumulate:)``, each row with the same bits whatever rows
  /// it is computed with.
  func multiplyRowsTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool)
  /// ``project(_:_:_:alpha:accumulate:rowsAreIndependent:scratch:)`` of independent rows, fast for
  /// many of them: the bits of a row are others than there, and the same whatever rows it is
  /// computed with.
  func projectPrompt(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool, scratch: Matrix?)
  /// The same of float32 cells.
  func multiplyPromptTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool)
  /// C (M, N) = alpha · A (M, K) · B (K, N).
  func multiply(_ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool)
  /// C (N, K) = alpha · A (T, N)ᵀ · B (T, K).
  func multiplyTransposing(_ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool)
  /// low (T, ΣR) = x (T, K) Aᵀ, A (ΣR, K);  y[, outputs] += scale · low[, ranks] Bᵀ of each member.
  ///
  /// - Parameter rowsArePrompts: as of ``multiplyPromptTransposed(_:_:_:alpha:accumulate:)``.
  func addLowRank(
    _ y: Matrix, _ low: Matrix, _ x: Matrix, _ a: Matrix, _ members: [LowRankMember],
    rowsArePrompts: Bool)
  /// up (T, ΣR): up[, ranks] = scale · dy[, outputs] B of each member;  dx (T, K) += up A.
  func lowRankBack(
    _ dx: Matrix?, _ up: Matrix, _ dy: Matrix, _ a: Matrix, _ members: [LowRankMember])
  /// Rows of stored weights as float32.
  func expand(_ target: Matrix, _ w: WeightMatrix, rows: Range<Int>)
  /// Whether products of these weights need expanded cells in scratch.
  func needsExpansion(_ format: WeightMatrix.Format) -> Bool
  /// Cells of scratch that products of these weights need: all of theirs, or a piece at a time.
  func expandedCells(_ w: WeightMatrix) -> Int

  // Rows.

  /// y = x · r · w with r = 1 / √(mean(x²) + ε), over each of `groups` equal parts of a row;
  /// r (T, groups) is kept. w: (1, columns / groups). y may be x.
  func rmsNorm(_ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape)
  /// y = x · r · w with the r that was kept.
  func rmsNormAgain(_ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape)
  /// Adds to dx, or overwrites it (then dx may be dy); adds to dw (1, C) where it is given.
  /// `partial`: a row of C per 64 rows of x.
  func rmsNormBackward(
    _ dx: Matrix, _ dw: Matrix?, _ dy: Matrix, _ x: Matrix, _ w: Matrix, _ r: Matrix,
    _ shape: NormShape, accumulate: Bool, partial: Matrix)
  /// sum (1, C) += the rows of x. `partial`: a row of C per 64 rows of x.
  func sumRows(_ sum: Matrix, _ x: Matrix, partial: Matrix)
  /// sum (1, C) += Σ rows x ∘ y. `partial`: a row of C per 64 rows of x.
  func sumProducts(_ sum: Matrix, _ x: Matrix, _ y: Matrix, partial: Matrix)
  /// Rotates the first `dimensions` components of `heads` heads of D in the first columns of x by
  /// the angles of `positions`; `backward` rotates back. Tables: (positions, dimensions / 2).
  func rotate(
    _ x: Matrix, heads: Int, headSize: Int, dimensions: Int, cosine: Matrix, sine: Matrix,
    positions: [Int32], backward: Bool)
  /// h (T, F) = f(gate) · up, `gateUp` (T, 2F) holding gate then up.
  func gate(_ h: Matrix, _ gateUp: Matrix, _ activation: GateActivation)
  /// Overwrites the gradient of `gateUp`, which may be `gateUp` itself.
  func gateBackward(
    _ gradient: Matrix, _ dh: Matrix, _ gateUp: Matrix, _ activation: GateActivation)
  /// y = x / (1 - p) where the mask of the row's key keeps it, else 0.
  func dropout(_ y: Matrix, _ x: Matrix, keys: [UInt64], probability: Double)
  /// dx += dy / (1 - p) where kept.
  func dropoutBackward(_ dx: Matrix, _ dy: Matrix, keys: [UInt64], probability: Double)
  /// Adds one row to every row of x: a bias.
  func addRow(_ x: Matrix, _ row: Matrix)
  /// y (+)= x ∘ row, row (1, C) times every row; y may be x.
  func multiplyRow(_ y: Matrix, _ x: Matrix, _ row: Matrix, accumulate: Bool)
  /// x[t] · y[t] of every row, each sum in double precision.
  func rowDots(_ x: Matrix, _ y: Matrix) -> [Float]
  /// y[t] = x[t] · factors[t]; y may be x.
  func scaleRows(_ y: Matrix, _ x: Matrix, _ factors: [Float])
  /// y += alpha · x.
  func add(_ y: Matrix, _ x: Matrix, alpha: Float)
  func copy(_ target: Matrix, _ source: Matrix)
  func zero(_ target: Matrix)
  /// norms (1, N) = ‖Wₙ + s · Bₙ A‖ of every row n, in float32 sums. A (R, K), B (N, R).
  func rowNorms(
    _ norms: Matrix, _ w: WeightMatrix, rows: Range<Int>, a: Matrix, b: Matrix, scale: Float,
    scratch: Matrix)

  // Tokens.

  /// y[t] = alpha · table[ids[t]].
  func gather(_ y: Matrix, _ table: WeightMatrix, _ ids: [Int32], alpha: Float)
  /// y[t] = x[rows[t]].
  func gather(_ y: Matrix, _ x: Matrix, _ rows: [Int32])
  /// table[ids[t]] += alpha · y[t], t ascending for each id.
  func scatter(_ table: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float)
  /// y[t, r] = x[r, ids[t]]; x (R, V).
  func gatherColumns(_ y: Matrix, _ x: Matrix, _ ids: [Int32])
  /// x[r, ids[t]] += alpha · y[t, r], t ascending for each id; x (R, V).
  func scatterColumns(_ x: Matrix, _ y: Matrix, _ ids: [Int32], alpha: Float)
  /// Causal attention within each sequence. qkv: (T, width); o: (T, queryWidth); lse: (T, heads).
  func attention(
    _ o: Matrix, _ lse: Matrix, _ qkv: Matrix, _ sequences: SequenceLayout,
    _ shape: AttentionShape)
  /// Overwrites the gradient of qkv.
  func attentionBackward(
    _ gradient: Matrix, _ dO: Matrix, _ o: Matrix, _ lse: Matrix, _ qkv: Matrix,
    _ sequences: SequenceLayout, _ shape: AttentionShape)
  /// Causal attention of rows that go on after runs of keys and values. A row has the bits that
  /// ``attention(_:_:_:_:_:)`` gives it in its whole sequence, however this is cut into runs.
  ///
  /// - Parameter qkv: (T, width), rotated.
  func attention(_ o: Matrix, _ qkv: Matrix, _ parts: [AttentionPart], _ shape: AttentionShape)
  /// Attention of single positions over their own caches.
  ///
  /// - Parameters:
  ///   - q: (rows, ≥ queryWidth): rotated queries.
  ///   - caches: per row, the keys and values up to its own, first to last; the bits do not depend
  ///     on where runs end.
  func attentionOverCache(
    _ o: Matrix, _ q: Matrix, caches: [[KeyValueRun]], _ shape: AttentionShape)
  /// logits = cap · tanh(logits / cap), in place.
  func softcap(_ logits: Matrix, _ cap: Float)
  /// logp[t] = log softmax(logits[t])[labels[t]]; lse is kept for backward. Both (T, 1).
  func crossEntropy(_ logp: Matrix, _ lse: Matrix, _ logits: Matrix, labels: [Int32])
  /// What rows of logits say of labels, in the order of `targets`; several may be of one row. lse is
  /// overwritten, (T, 1).
  func measureLabels(_ lse: Matrix, _ logits: Matrix, _ targets: [LabelTarget]) -> [LabelMeasure]
  /// A token of each row of logits, the first so many; nil where they are not numbers or the greatest
  /// is not finite.
  func sample(_ logits: Matrix, _ draws: [TokenDraw]) -> [TokenChoice?]
  /// Turns logits into the gradient of Σ dlogp · logp by them, in place; with a soft cap that
  /// made them, by what they were before it (0: none).
  func crossEntropyBackward(
    _ logits: Matrix, _ lse: Matrix, labels: [Int32], dlogp: [Float], softcap: Float)

  // Optimizers.

  /// Σ x² in double precision.
  func sumOfSquares(_ x: Matrix) -> Double
  /// One AdamW step on cells of one shape.
  func adamW(
    _ values: Matrix, gradient: Matrix, first: Matrix, second: Matrix, _ step: AdamWStep)
  /// One AdamW step with moments in 8 bits: bitsandbytes' signed map for the first, its unsigned
  /// map for the second.
  func adamW8bit(
    _ values: Matrix, gradient: Matrix, first: Moment8bit, second: Moment8bit,
    _ step: AdamWStep)
  /// b = momentum · b + g + decay · p;  p -= rate · b. Without a buffer, b = g + decay · p.
  func momentum(_ values: Matrix, gradient: Matrix, buffer: Matrix?, _ step: MomentumStep)
}

/// What a norm divides and how it multiplies.
package struct NormShape: Sendable, Hashable {
  /// Equal parts of a row that are normalized one by one: heads.
  package var groups: Int
  package var epsilon: Float
  /// y = x r (1 + w) instead of x r w.
  package var addsOne: Bool

  package init(groups: Int = 1, epsilon: Float, addsOne: Bool = false) {
    self.groups = groups
    self.epsilon = epsilon
    self.addsOne = addsOne
  }
}

/// What the gate of a feed-forward block goes through.
package enum GateActivation: Sendable, Hashable {
  case silu
  /// GELU by its tanh approximation.
  case geluTanh
}

/// Defaults: alpha 1, overwrite, no prefixes, a device that does not fail.
extension Backend {
  package func check() throws {}
  package var memoryLimit: Int? { nil }
  package var decodesWeights: Bool { false }
  package func expandedCells(_ w: WeightMatrix) -> Int {
    needsExpansion(w.format) ? w.rows * w.columns : 0
  }

  package func attention(
    _ o: Matrix, _ lse: Matrix, _ qkv: Matrix, starts: [Int], _ shape: AttentionShape
  ) {
    attention(o, lse, qkv, SequenceLayout(starts: starts), shape)
  }

  package func attentionBackward(
    _ gradient: Matrix, _ dO: Matrix, _ o: Matrix, _ lse: Matrix, _ qkv: Matrix, starts: [Int],
    _ shape: AttentionShape
  ) {
    attentionBackward(gradient, dO, o, lse, qkv, SequenceLayout(starts: starts), shape)
  }

  package func multiplyTransposed(_ c: Matrix, _ a: Matrix, _ b: Matrix, accumulate: Bool = false) {
    multiplyTransposed(c, a, b, alpha: 1, accumulate: accumulate)
  }

  package func multiply(_ c: Matrix, _ a: Matrix, _ b: Matrix, accumulate: Bool = false) {
    multiply(c, a, b, alpha: 1, accumulate: accumulate)
  }

  package func multiplyRow(_ y: Matrix, _ x: Matrix, _ row: Matrix) {
    multiplyRow(y, x, row, accumulate: false)
  }

  package func gather(_ y: Matrix, _ table: WeightMatrix, _ ids: [Int32]) {
    gather(y, table, ids, alpha: 1)
  }

  package func scatter(_ table: Matrix, _ y: Matrix, _ ids: [Int32]) {
    scatter(table, y, ids, alpha: 1)
  }
}
