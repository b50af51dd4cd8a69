import ModelFiles
import Tensors

/// The output layer: norm, logits, and the log-probability of a label, in chunks of positions.
///
/// The gradient by a position's normalized stream is that of its own log-probability times one
/// number, so it is taken while the chunk's logits exist and scaled when the number is known; logits
/// are never computed twice unless the head itself learns by an objective that needs them first.
final class Head {
  let norm: NormWeight
  let table: TableWeight
  /// The copy that learns in place of the table (`modules_to_save`).
  var replacement: TableWeight?
  /// Set once, when the model is made.
  var adapter: LowRankAdapter?
  private let shape: DecoderShape

  init(_ shape: DecoderShape, norm: NormWeight, table: TableWeight) {
    self.shape = shape
    self.norm = norm
    self.table = table
  }

  /// Whether logits' gradients go to weights of its own, which a rescaled gradient cannot serve.
  var learns: Bool {
    table.gradient != nil || replacement?.gradient != nil || adapter?.aGradient != nil
  }

  private func current(in pass: Pass) -> TableWeight {
    pass.adapterIsOn ? replacement ?? table : table
  }

  /// Logits that exist at once: 128 MiB, 48 MiB where nothing else is kept, and at least 64 rows.
  static func chunkLogits(gradients: Bool) -> Int { gradients ? 1 << 25 : 3 << 22 }

  struct Slots {
    /// The residual stream at the wanted positions, normalized, its scales: (n, C), (n, C), (n, 1).
    let input, normalized, scale: ArenaSlot
    /// (chunk, V)
    let logits: ArenaSlot
    let logProbability, logSumExp: ArenaSlot
    /// The gradient by the normalized stream, (n, C); nil without backward.
    let gradient: ArenaSlot?
    let adapter: LowRankAdapter.SavedSlots?
    /// Rows of logits that exist at once.
    let chunk: Int
  }

  func slots(
    _ plan: inout ArenaPlan, wanted n: Int, gradients: Bool, adapterIsOn: Bool
  ) -> Slots {
    let (c, v) = (shape.hidden, shape.vocabulary)
    let chunk = max(64, Self.chunkLogits(gradients: gradients) / v / 64 * 64)
    return Slots(
      input: plan.take(n, c), normalized: plan.take(n, c), scale: plan.take(n, 1),
      logits: plan.take(min(n, chunk), v), logProbability: plan.take(n, 1),
      logSumExp: plan.take(n, 1), gradient: gradients ? plan.take(n, c) : nil,
      adapter: adapterIsOn ? adapter?.slots(&plan, tokens: min(n, chunk)) : nil, chunk: chunk)
  }

  /// Gathers and normalizes the wanted rows of the residual stream.
  func begin(_ slots: Slots, _ residual: Matrix, wanted: [Int32], _ arena: Arena, in pass: Pass) {
    let input = arena.matrix(slots.input)
    pass.wanted = wanted
    pass.backend.gather(input, residual, wanted)
    pass.backend.rmsNorm(
      arena.matrix(slots.normalized), arena.matrix(slots.scale), input, norm.values, shape.norm)
  }

  static func chunks(_ slots: Slots) -> [Range<Int>] {
    let n = slots.normalized.rows
    return stride(from: 0, to: n, by: slots.chunk).map { $0..<min(n, $0 + slots.chunk) }
  }

  /// The logits of a chunk, after ``begin(_:_:wanted:_:in:)``.
  ///
  /// - Parameter temperature: what they are divided by.
  func logits(
    _ slots: Slots, _ chunk: Range<Int>, _ arena: Arena, in pass: Pass, temperature: Double = 1
  ) -> Matrix {
    let logits = arena.matrix(slots.logits).rows(0..<chunk.count)
    let x = arena.matrix(slots.normalized).rows(chunk)
    let scale = Float(shape.flags.logitScale / temperature)
    if let adapter, let kept = slots.adapter, pass.adapterIsOn {
      let saved = kept.matrices(arena).rows(chunk.count)
      pass.rowTokens = pass.wanted[chunk]
      adapter.forward(
        logits, x, table.weight, bias: nil, saved, in: pass, accumulate: false)
      pass.rowTokens = nil
      self.scale(logits, scale, in: pass)
    } else {
      pass.project(logits, x, current(in: pass).weight, alpha: scale)
    }
    // c tanh(x / c) / t is a soft cap of c / t on x / t.
    let cap = softcap(temperature)
    if cap > 0 { pass.backend.softcap(logits, cap) }
    return logits
  }

  /// From the gradient of a chunk's logits (before the soft cap) to that of its normalized rows;
  /// adds to the head's own.
  func logitsBackward(
    _ slots: Slots, _ chunk: Range<Int>, _ dLogits: Matrix, _ arena: Arena, in pass: Pass,
    temperature: Double = 1
  ) {
    guard let gradient = slots.gradient else { return }
    let scale = Float(shape.flags.logitScale / temperature)
    let x = arena.matrix(slots.normalized).rows(chunk)
    let dx = arena.matrix(gradient).rows(chunk)
    if let adapter, let kept = slots.adapter, pass.adapterIsOn {
      self.scale(dLogits, scale, in: pass)
      let saved = kept.matrices(arena).rows(chunk.count)
      pass.rowTokens = pass.wanted[chunk]
      adapter.backward(dLogits, x, dx: dx, table.weight, saved, in: pass)
      pass.rowTokens = nil
      return
    }
    let table = current(in: pass)
    pass.projectBack(dx, dLogits, table.weight, alpha: scale)
    if let own = table.gradient {
      pass.backend.multiplyTransposing(own, dLogits, x, alpha: scale, accumulate: true)
    }
  }

  private func scale(_ logits: Matrix, _ scale: Float, in pass: Pass) {
    if scale == 1 { return }
    pass.backend.scaleRows(
      logits, logits, [Float](repeating: scale, count: logits.rows))
  }

  /// From the gradient of the normalized rows to that of the residual stream, overwritten.
  func finishBackward(
    _ slots: Slots, _ dx: Matrix, dInput: Matrix, wanted: [Int32], _ arena: Arena, in pass: Pass
  ) {
    guard let gradient = slots.gradient else { return }
    let backend = pass.backend
    backend.rmsNormBackward(
      dInput, norm.gradient, arena.matrix(gradient), arena.matrix(slots.input), norm.values,
      arena.matrix(slots.scale), shape.norm, accumulate: false, partial: pass.partial)
    backend.zero(dx)
    backend.scatter(dx, dInput, wanted)
  }

  /// The cap on logits that were divided by a temperature; 0: none.
  func softcap(_ temperature: Double) -> Float {
    Float((shape.flags.logitSoftcap ?? 0) / temperature)
  }
}
