import CKernels
private import Glibc
import Parallelism

/// Operations that work row by row: norms, positions, gates, dropout, copies.
extension CPUBackend {
  package func rmsNorm(_ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape) {
    check(x, w, r, shape)
    eachRowBlock(of: x.rows) { [kernels] block in
      let (y, r, x) = (y.rows(block), r.rows(block), x.rows(block))
      kernels.pointee.rmsnorm_forward(
        y.address, y.stride, r.address, x.address, x.stride, w.address, x.rows, shape.groups,
        w.columns, shape.epsilon, shape.addsOne ? 1 : 0)
    }
  }

  package func rmsNormAgain(
    _ y: Matrix, _ r: Matrix, _ x: Matrix, _ w: Matrix, _ shape: NormShape
  ) {
    check(x, w, r, shape)
    eachRowBlock(of: x.rows) { [kernels] block in
      let (y, r, x) = (y.rows(block), r.rows(block), x.rows(block))
      kernels.pointee.rmsnorm_again(
        y.address, y.stride, r.address, x.address, x.stride, w.address, x.rows, shape.groups,
        w.columns, shape.addsOne ? 1 : 0)
    }
  }

  package func rmsNormBackward(
    _ dx: Matrix, _ dw: Matrix?, _ dy: Matrix, _ x: Matrix, _ w: Matrix, _ r: Matrix,
    _ shape: NormShape, accumulate: Bool, partial: Matrix
  ) {
    check(x, w, r, shape)
    let blocks = Self.blockCount(x.rows)
    precondition(dw == nil || partial.rows >= blocks && partial.columns >= w.columns)
    let partial = partial.columns(0..<(dw == nil ? 0 : w.columns))
    pool.forEach(blocks) { [kernels] index in
      let block = Self.block(index, of: x.rows)
      let sum = dw == nil ? nil : partial.rows(index..<index + 1)
      if let sum { memset(sum.address, 0, sum.columns * 4) }
      let (dx, dy, x) = (dx.rows(block), dy.rows(block), x.rows(block))
      kernels.pointee.rmsnorm_backward(
        dx.address, dx.stride, sum?.address, dy.address, dy.stride, x.address, x.stride,
        w.address, r.rows(block).address, x.rows, shape.groups, w.columns,
        shape.addsOne ? 1 : 0, accumulate ? 1 : 0)
    }
    if let dw { addBlocks(dw, partial, blocks) }
  }

  private func check(_ x: Matrix, _ w: Matrix, _ r: Matrix, _ shape: NormShape) {
    precondition(
      w.columns * shape.groups == x.columns && r.isContiguous && r.rows == x.rows
        && r.columns == shape.groups)
  }

  package func sumProducts(_ sum: Matrix, _ x: Matrix, _ y: Matrix, partial: Matrix) {
    let blocks = Self.blockCount(x.rows)
    precondition(partial.rows >= blocks && partial.columns >= x.columns)
    let partial = partial.columns(0..<x.columns)
    pool.forEach(blocks) { [kernels] index in
      let block = Self.block(index, of: x.rows), sum = partial.rows(index..<index + 1)
      let (x, y) = (x.rows(block), y.rows(block))
      memset(sum.address, 0, sum.columns * 4)
      kernels.pointee.sum_products(
        sum.address, x.address, x.stride, y.address, y.stride, x.rows, x.columns)
    }
    addBlocks(sum, partial, blocks)
  }

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

  package func rotate(
    _ x: Matrix, heads: Int, headSize: Int, dimensions: Int, cosine: Matrix, sine: Matrix,
    positions: [Int32], backward: Bool
  ) {
    precondition(
      cosine.isContiguous && sine.isContiguous && cosine.columns * 2 == dimensions
        && positions.allSatisfy { $0 >= 0 && Int($0) < cosine.rows })
    eachRowBlock(of: x.rows) { [kernels] block in
      let rows = x.rows(block)
      positions.withUnsafeBufferPointer { positions in
        guard let positions = positions.baseAddress else { return }
        kernels.pointee.rope(
          rows.address, rows.stride, cosine.address, sine.address, positions + block.lowerBound,
          rows.rows, heads, headSize, dimensions, backward ? -1 : 1)
      }
    }
  }

  package func gate(_ h: Matrix, _ gateUp: Matrix, _ activation: GateActivation) {
    precondition(h.isContiguous && gateUp.isContiguous && gateUp.columns == 2 * h.columns)
    eachRowBlock(of: h.rows) { [kernels] block in
      let (h, gateUp) = (h.rows(block), gateUp.rows(block))
      switch activation {
      case .silu:
        kernels.pointee.swiglu_forward(h.address, gateUp.address, h.rows, h.columns)
      case .geluTanh:
        kernels.pointee.geglu_tanh_forward(h.address, gateUp.address, h.rows, h.columns)
      }
    }
  }

  package func gateBackward(
    _ gradient: Matrix, _ dh: Matrix, _ gateUp: Matrix, _ activation: GateActivation
  ) {
    precondition(dh.isContiguous && gateUp.isContiguous && gateUp.columns == 2 * dh.columns)
    eachRowBlock(of: dh.rows) { [kernels] block in
      let (gradient, dh, gateUp) = (gradient.rows(block), dh.rows(block), gateUp.rows(block))
      switch activation {
      case .silu:
        kernels.pointee.swiglu_backward(
          gradient.address, dh.address, gateUp.address, dh.rows, dh.columns)
      case .geluTanh:
        kernels.pointee.geglu_tanh_backward(
          gradient.address, dh.address, gateUp.address, dh.rows, dh.columns)
      }
    }
  }

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

  package func addRow(_ x: Matrix, _ row: Matrix) {
    eachRowBlock(of: x.rows) { [kernels] block in
      let rows = x.rows(block)
      kernels.pointee.add_row(rows.address, rows.stride, row.address, rows.rows, rows.columns)
    }
  }

  package func multiplyRow(_ y: Matrix, _ x: Matrix, _ row: Matrix, accumulate: Bool) {
    precondition(y.rows == x.rows && y.columns == x.columns && row.columns == x.columns)
    eachRowBlock(of: x.rows) { [kernels] block in
      let (y, x) = (y.rows(block), x.rows(block))
      kernels.pointee.multiply_row(
        y.address, y.stride, x.address, x.stride, row.address, x.rows, x.columns,
        accumulate ? 1 : 0)
    }
  }

  package func rowDots(_ x: Matrix, _ y: Matrix) -> [Float] {
    precondition(y.rows == x.rows && y.columns == x.columns)
    return [Float](unsafeUninitializedCapacity: x.rows) { buffer, count in
      // Each task writes the elements of its own rows.
      nonisolated(unsafe) let buffer = buffer
      eachRowBlock(of: x.rows) { block in
        for t in block {
          let (a, b) = (x.rows(t..<t + 1).address, y.rows(t..<t + 1).address)
          buffer[t] = Float(ParameterUpdates.dot(a, b, count: x.columns))
        }
      }
      count = x.rows
    }
  }

  package func scaleRows(_ y: Matrix, _ x: Matrix, _ factors: [Float]) {
    precondition(y.rows == x.rows && y.columns == x.columns && factors.count == x.rows)
    eachRowBlock(of: x.rows) { [kernels] block in
      for t in block {
        kernels.pointee.scale_row(
          y.rows(t..<t + 1).address, x.rows(t..<t + 1).address, factors[t], x.columns)
      }
    }
  }

  package func add(_ y: Matrix, _ x: Matrix, alpha: Float) {
    precondition(y.rows == x.rows && y.columns == x.columns)
    eachRowBlock(of: x.rows) { [kernels] block in
      let (y, x) = (y.rows(block), x.rows(block))
      kernels.pointee.add_scaled(
        y.address, y.stride, x.address, x.stride, alpha, x.rows, x.columns)
    }
  }

  package func copy(_ target: Matrix, _ source: Matrix) {
    precondition(target.rows == source.rows && target.columns == source.columns)
    if target.isSame(as: source) { return }
    eachRowBlock(of: source.rows) { block in
      let (target, source) = (target.rows(block), source.rows(block))
      if target.isContiguous && source.isContiguous {
        memcpy(target.address, source.address, source.count * 4)
        return
      }
      for row in 0..<source.rows {
        memcpy(
          target.address + row * target.stride, source.address + row * source.stride,
          source.columns * 4)
      }
    }
  }

  package func zero(_ target: Matrix) {
    eachRowBlock(of: target.rows) { block in
      let rows = target.rows(block)
      if rows.isContiguous {
        memset(rows.address, 0, rows.count * 4)
        return
      }
      for row in 0..<rows.rows { memset(rows.address + row * rows.stride, 0, rows.columns * 4) }
    }
  }
}
