import CKernels
private import Glibc
import Parallelism

/// Operations that work row by row: norms, positions, gates, dropout, copies.
extension CPUBackend {
  /// y = x · r · w with r = 1 / √(mean(x²) + ε) per row; r (T, 1) is kept for backward.
  package func rmsNorm(_ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, epsilon: Float) {
    precondition(x.isContiguous && y.isContiguous && w.columns == x.columns)
    eachRowBlock(of: x.rows) { [kernels] block in
      let (y, r, x) = (y.rows(block), r.rows(block), x.rows(block))
      kernels.pointee.rmsnorm_forward(
        y.address, r.address, x.address, w.address, x.rows, x.columns, epsilon)
    }
  }

  /// Adds to dx, and to dw (1, C) where it is given. `partial` holds one row of C per 64 rows of x.
  package func rmsNormBackward(
    _ dx: Matrix, _ dw: Matrix?, _ dy: Matrix, _ x: Matrix, _ w: Matrix, _ r: Matrix,
    partial: Matrix
  ) {
    let blocks = Self.blockCount(x.rows)
    precondition(dw == nil || partial.rows >= blocks)
    pool.forEach(blocks) { [kernels] index in
      let block = Self.block(index, of: x.rows)
      let sum = dw == nil ? nil : partial.rows(index..<index + 1)
      if let sum { memset(sum.address, 0, sum.columns * 4) }
      kernels.pointee.rmsnorm_backward(
        dx.rows(block).address, sum?.address, dy.rows(block).address, x.rows(block).address,
        w.address, r.rows(block).address, block.count, x.columns)
    }
    if let dw { addBlocks(dw, partial, blocks) }
  }

  /// sum (1, C) += the rows of x. `partial` holds one row of C per 64 rows of x.
  package func sumRows(_ sum: Matrix, _ x: Matrix, partial: Matrix) {
    let blocks = Self.blockCount(x.rows)
    precondition(partial.rows >= blocks && partial.columns >= x.columns)
    let partial = partial.columns(0..<x.columns)
    pool.forEach(blocks) { [kernels] index in
      let block = x.rows(Self.block(index, of: x.rows)), sum = partial.rows(index..<index + 1)
      memset(sum.address, 0, sum.columns * 4)
      kernels.pointee.sum_rows(sum.address, block.address, block.stride, block.rows, block.columns)
    }
    addBlocks(sum, partial, blocks)
  }

  /// The rows of a partial result per block of 64 rows.
  package static func blockCount(_ rows: Int) -> Int { (rows + rowBlock - 1) / rowBlock }

  private static func block(_ index: Int, of rows: Int) -> Range<Int> {
    index * rowBlock..<min(rows, (index + 1) * rowBlock)
  }

  private func addBlocks(_ sum: Matrix, _ partial: Matrix, _ blocks: Int) {
    kernels.pointee.sum_rows(sum.address, partial.address, partial.stride, blocks, sum.columns)
  }

  /// Rotates `heads` heads of size D in the first columns of x by the angles of `positions`;
  /// `backward` rotates back. The tables are (positions, D / 2).
  package func rotate(
    _ x: Matrix, heads: Int, headSize: Int, cosine: Matrix, sine: Matrix, positions: [Int32],
    backward: Bool = false
  ) {
    eachRowBlock(of: x.rows) { [kernels] block in
      let rows = x.rows(block)
      positions.withUnsafeBufferPointer { positions in
        guard let positions = positions.baseAddress else { return }
        kernels.pointee.rope(
          rows.address, rows.stride, cosine.address, sine.address, positions + block.lowerBound,
          rows.rows, heads, headSize, backward ? -1 : 1)
      }
    }
  }

  /// h (T, F) = silu(gate) · up, `gateUp` (T, 2F) holding gate then up.
  package func swiGLU(_ h: Matrix, _ gateUp: Matrix) {
    eachRowBlock(of: h.rows) { [kernels] block in
      kernels.pointee.swiglu_forward(
        h.rows(block).address, gateUp.rows(block).address, block.count, h.columns)
    }
  }

  /// Overwrites `gradient` (T, 2F), which may be `gateUp` itself.
  package func swiGLUBackward(_ gradient: Matrix, _ dh: Matrix, _ gateUp: Matrix) {
    eachRowBlock(of: dh.rows) { [kernels] block in
      kernels.pointee.swiglu_backward(
        gradient.rows(block).address, dh.rows(block).address, gateUp.rows(block).address,
        block.count, dh.columns)
    }
  }

  /// y = x / (1 - p) where the mask of the row's key keeps it, else 0.
  package func dropout(_ y: Matrix, _ x: Matrix, keys: [UInt64], probability: Double) {
    let (threshold, scale) = Self.mask(probability)
    eachRowBlock(of: x.rows) { [kernels] block in
      let rows = x.rows(block)
      keys.withUnsafeBufferPointer { keys in
        guard let keys = keys.baseAddress else { return }
        kernels.pointee.dropout(
          y.rows(block).address, rows.address, rows.stride, keys + block.lowerBound, threshold,
          scale, rows.rows, rows.columns)
      }
    }
  }

  /// dx += dy / (1 - p) where kept.
  package func dropoutBackward(
    _ dx: Matrix, _ dy: Matrix, keys: [UInt64], probability: Double
  ) {
    let (threshold, scale) = Self.mask(probability)
    eachRowBlock(of: dx.rows) { [kernels] block in
      keys.withUnsafeBufferPointer { keys in
        guard let keys = keys.baseAddress else { return }
        kernels.pointee.dropout_backward(
          dx.rows(block).address, dy.rows(block).address, keys + block.lowerBound, threshold,
          scale, block.count, dx.columns)
      }
    }
  }

  private static func mask(_ probability: Double) -> (threshold: UInt32, scale: Float) {
    precondition(probability >= 0 && probability < 1, "a dropout probability is below 1")
    return (UInt32(probability * 0x1p32), Float(1 / (1 - probability)))
  }

  /// Adds one row to every row of x: a bias.
  package func addRow(_ x: Matrix, _ row: Matrix) {
    eachRowBlock(of: x.rows) { [kernels] block in
      let rows = x.rows(block)
      kernels.pointee.add_row(rows.address, rows.stride, row.address, rows.rows, rows.columns)
    }
  }

  package func copy(_ target: Matrix, _ source: Matrix) {
    precondition(target.isContiguous && source.isContiguous && target.columns == source.columns)
    if target.isSame(as: source) { return }
    eachRowBlock(of: source.rows) { block in
      memcpy(
        target.rows(block).address, source.rows(block).address, block.count * source.columns * 4)
    }
  }

  package func zero(_ target: Matrix) {
    precondition(target.isContiguous)
    eachRowBlock(of: target.rows) { block in
      memset(target.rows(block).address, 0, block.count * target.columns * 4)
    }
  }
}
