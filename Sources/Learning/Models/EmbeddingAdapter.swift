import Tensors

/// LoRA on an embedding, as PEFT does it: E[i] + s · B A[:, i], A (R, V), B (C, R), no dropout;
/// with DoRA's magnitudes m / ‖Eᵀ + s · B A‖ times that, the norms taken along the vocabulary.
final class EmbeddingAdapter {
  let path: String
  let scale: Float
  let a: Matrix
  let aGradient: Matrix?
  let b: Matrix
  let bGradient: Matrix?
  let magnitudes: Magnitudes?

  init(
    path: String, rank: Int, scale: Double, vocabulary: Int, size: Int, hasMagnitude: Bool,
    learns: Bool, backend: any Backend
  ) {
    self.path = path
    self.scale = Float(scale)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      backend.allocate(rows * columns).matrix(rows: rows, columns: columns)
    }
    a = matrix(rank, vocabulary)
    aGradient = learns ? matrix(rank, vocabulary) : nil
    b = matrix(size, rank)
    bGradient = learns ? matrix(size, rank) : nil
    magnitudes =
      hasMagnitude
      ? Magnitudes([(path, 0..<size)], outputs: size, learns: learns, backend: backend) : nil
  }

  var learns: Bool { bGradient != nil }

  /// By PEFT's names.
  var tensors: [WeightTensor] {
    let name = "base_model.model." + path
    return [
      WeightTensor(
        name: name + ".lora_embedding_A", shape: [a.rows, a.columns], storage: .cells(a),
        gradient: aGradient),
      WeightTensor(
        name: name + ".lora_embedding_B", shape: [b.rows, b.columns], storage: .cells(b),
        gradient: bGradient),
    ] + (magnitudes?.tensors ?? [])
  }

  func forward(
    _ y: Matrix, _ table: WeightMatrix, _ ids: [Int32], alpha: Float, in pass: Pass
  ) {
    sum(y, table, ids, alpha: alpha, in: pass)
    if let magnitudes {
      prepare(table, in: pass)
      pass.backend.multiplyRow(y, y, magnitudes.ratios)
    }
  }

  /// alpha · (E[i] + s · B A[:, i])
  private func sum(
    _ y: Matrix, _ table: WeightMatrix, _ ids: [Int32], alpha: Float, in pass: Pass
  ) {
    pass.backend.gather(y, table, ids, alpha: alpha)
    let low = pass.lowScratch(rows: ids.count, columns: a.rows)
    pass.backend.gatherColumns(low, a, ids)
    pass.project(y, low, b, alpha: alpha * scale, accumulate: true)
  }

  /// dB += s · dyᵀ A[:, ids]ᵀ;  A[:, id]'s gradient += s · dy B. dy is used up where there are
  /// magnitudes.
  ///
  /// - Parameter learning: 0 for tokens whose column of A does not learn; nil: all do.
  func backward(
    _ dy: Matrix, _ table: WeightMatrix, _ ids: [Int32], _ learning: [Float]?, alpha: Float,
    in pass: Pass
  ) {
    guard let aGradient, let bGradient else { return }
    let backend = pass.backend
    if let magnitudes {
      let y = pass.normalized
      sum(y, table, ids, alpha: alpha, in: pass)
      magnitudes.addGradient(dy, y, in: pass)
      backend.multiplyRow(dy, dy, magnitudes.ratios)
    }
    let low = pass.lowScratch(rows: ids.count, columns: a.rows)
    backend.gatherColumns(low, a, ids)
    backend.multiplyTransposing(bGradient, dy, low, alpha: alpha * scale, accumulate: true)
    backend.multiply(low, dy, b)
    if let learning { backend.scaleRows(low, low, learning) }
    backend.scatterColumns(aGradient, low, ids, alpha: alpha * scale)
  }

  private func prepare(_ table: WeightMatrix, in pass: Pass) {
    magnitudes?.prepare(for: pass.weightsState) { norms in
      measure(
        norms, table, pass.backend, scratch: pass.weightScratch, partial: pass.partial)
    }
  }

  /// The norms of Eᵀ + s · B A along the vocabulary, over blocks of the table's rows.
  ///
  /// - Parameters:
  ///   - scratch: at least ``normBlock`` rows of the table.
  ///   - partial: a row of C or more.
  func measure(
    _ norms: Matrix, _ table: WeightMatrix, _ backend: any Backend, scratch: Matrix,
    partial: Matrix
  ) {
    let (size, turned) = (b.rows, turnedB(backend))
    backend.zero(norms)
    for start in stride(from: 0, to: table.rows, by: Self.normBlock) {
      let rows = start..<min(table.rows, start + Self.normBlock)
      let cells = scratch.reshaped(rows: rows.count, columns: size)
      backend.expand(cells, table, rows: rows)
      backend.multiplyTransposing(
        cells, a.columns(rows), turned, alpha: scale, accumulate: true)
      backend.sumProducts(norms, cells, cells, partial: partial)
    }
    norms.write(norms.values().map { $0.squareRoot() })
  }

  /// B transposed, (R, C).
  func turnedB(_ backend: any Backend) -> Matrix {
    let turned = backend.allocate(b.count).matrix(rows: b.columns, columns: b.rows)
    let (values, size, rank) = (b.values(), b.rows, b.columns)
    turned.write((0..<values.count).map { values[$0 % size * rank + $0 / size] })
    return turned
  }

  /// Rows of a table whose squares are summed at once: a block of the backend's partial sums.
  static let normBlock = 64
}
