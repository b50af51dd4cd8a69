import BlockFormats
import CKernels
import Parallelism

/// Products with stored weights: float32 cells as they are, bfloat16 by instructions of its own where
/// that is asked for, others expanded to float32 first.
extension CPUBackend {
  package func needsExpansion(_ format: WeightMatrix.Format) -> Bool {
    format != .float32 && format != .blocks && !multipliesBits(format)
  }

  private func multipliesBits(_ format: WeightMatrix.Format) -> Bool {
    products == .bfloat16 && format == .bfloat16
  }

  package func project(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    rowsAreIndependent: Bool, scratch: Matrix?
  ) {
    precondition(x.columns == w.columns && y.rows == x.rows && y.columns == w.rows)
    if w.format == .blocks {
      projectBlocks(
        y, x, w, alpha: alpha, accumulate: accumulate, rowsAreIndependent ? .next : .batch)
      return
    }
    if rowsAreIndependent, w.format == .bfloat16 {
      projectRowsBits(y, x, w, alpha: alpha, accumulate: accumulate)
      return
    }
    if multipliesBits(w.format) {
      projectBits(y, x, w, alpha: alpha, accumulate: accumulate)
      return
    }
    let cells = cells(w, scratch)
    if rowsAreIndependent {
      multiplyRowsTransposed(y, x, cells, alpha: alpha, accumulate: accumulate)
    } else {
      multiplyTransposed(y, x, cells, alpha: alpha, accumulate: accumulate)
    }
  }

  package func projectPrompt(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool, scratch: Matrix?
  ) {
    precondition(x.columns == w.columns && y.rows == x.rows && y.columns == w.rows)
    if w.format == .blocks {
      projectBlocks(y, x, w, alpha: alpha, accumulate: accumulate, .prompt)
    } else if multipliesBits(w.format) {
      projectBits(y, x, w, alpha: alpha, accumulate: accumulate)
    } else {
      multiplyPromptTransposed(y, x, cells(w, scratch), alpha: alpha, accumulate: accumulate)
    }
  }

  package func projectBack(
    _ dx: Matrix, _ dy: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    scratch: Matrix?
  ) {
    precondition(dy.columns == w.rows && dx.rows == dy.rows && dx.columns == w.columns)
    if multipliesBits(w.format) {
      projectBitsBack(dx, dy, w, alpha: alpha, accumulate: accumulate)
    } else {
      multiply(dx, dy, cells(w, scratch), alpha: alpha, accumulate: accumulate)
    }
  }

  package func expand(_ target: Matrix, _ w: WeightMatrix, rows: Range<Int>) {
    precondition(target.isContiguous && target.rows == rows.count && target.columns == w.columns)
    switch w.format {
    case .float32: copy(target, w.values.rows(rows))
    case .bfloat16:
      let bits = bits(w)
      eachRowBlock(of: rows.count) { [kernels] block in
        kernels.pointee.f32_from_bf16(
          target.rows(block).address, bits + (rows.lowerBound + block.lowerBound) * w.columns,
          block.count * w.columns)
      }
    case .nf4Plain, .nf4:
      for part in w.parts where part.rows.overlaps(rows) {
        let wanted = part.rows.clamped(to: rows)
        eachRowBlock(of: wanted.count) { block in
          let first = wanted.lowerBound + block.lowerBound
          let out = target.rows(
            first - rows.lowerBound..<first - rows.lowerBound + block.count)
          decode(out, w, part, from: (first - part.rows.lowerBound) * w.columns)
        }
      }
    case .blocks: expandBlocks(target, w, rows)
    }
  }

  /// The values of a quantized tensor from its value `first` on.
  private func decode(
    _ out: Matrix, _ w: WeightMatrix, _ part: WeightMatrix.Part, from first: Int
  ) {
    let base = w.memory.cpuAddress
    func bytes(_ cell: Int) -> UnsafePointer<UInt8> {
      UnsafePointer(
        UnsafeMutableRawPointer(base + cell).assumingMemoryBound(to: UInt8.self))
    }
    switch part.scales {
    case .plain(let cell):
      kernels.pointee.nf4_decode(out.address, bytes(part.codes), base + cell, first, out.count)
    case .nested(let codes, let absmax, let offset):
      let blocks = first / 64..<(first + out.count + 63) / 64
      withUnsafeTemporaryAllocation(of: Float.self, capacity: blocks.count) { scales in
        guard let scale = scales.baseAddress else { return }
        let (code, absmax) = (bytes(codes), base + absmax)
        DynamicMap.signed.code.withUnsafeBufferPointer { table in
          for (index, block) in blocks.enumerated() {
            scale[index] =
              table[Int(code[block])] * absmax[block / DynamicMap.blockSize] + base[offset]
          }
        }
        // Codes and scales count from the block that holds the first value.
        kernels.pointee.nf4_decode(
          out.address, bytes(part.codes) + blocks.lowerBound * 32, scale, first % 64, out.count)
      }
    case .inBlocks: preconditionFailure("nf4 is not in blocks")
    }
  }

  package func gather(_ y: Matrix, _ table: WeightMatrix, _ ids: [Int32], alpha: Float) {
    precondition(y.columns == table.columns && y.rows == ids.count)
    if table.format == .float32 {
      gather(y, table.values, ids, alpha: alpha)
      return
    }
    precondition(
      ids.allSatisfy { $0 >= 0 && Int($0) < table.rows } && !table.format.isQuantized,
      "an id has a row, and an embedding is not quantized to 4 bits")
    if table.format == .blocks {
      gatherBlocks(y, table, ids, alpha: alpha)
      return
    }
    let bits = bits(table)
    eachRowBlock(of: ids.count) { [kernels] block in
      for t in block {
        let row = y.rows(t..<t + 1)
        kernels.pointee.f32_from_bf16(
          row.address, bits + Int(ids[t]) * table.columns, table.columns)
        if alpha != 1 { kernels.pointee.scale_row(row.address, row.address, alpha, row.columns) }
      }
    }
  }

  /// ‖Wₙ + s · Bₙ A‖ in blocks of rows: the expanded weights lie in scratch and are used up.
  package func rowNorms(
    _ norms: Matrix, _ w: WeightMatrix, rows: Range<Int>, a: Matrix, b: Matrix, scale: Float,
    scratch: Matrix
  ) {
    precondition(norms.isContiguous && norms.count == rows.count && b.rows == rows.count)
    let cells = scratch.reshaped(rows: rows.count, columns: w.columns)
    expand(cells, w, rows: rows)
    multiply(cells, b, a, alpha: scale, accumulate: true)
    eachRowBlock(of: rows.count) { block in
      for row in block {
        let address = cells.rows(row..<row + 1).address
        norms.address[row] = Float(
          ParameterUpdates.sumOfSquares(address, count: cells.columns).squareRoot())
      }
    }
  }

  // MARK: - Private

  /// The weights as float32, in scratch where they are stored otherwise.
  private func cells(_ w: WeightMatrix, _ scratch: Matrix?) -> Matrix {
    if w.format == .float32 { return w.values }
    guard let scratch else { preconditionFailure("other formats are expanded into scratch") }
    let cells = scratch.reshaped(rows: w.rows, columns: w.columns)
    expand(cells, w, rows: 0..<w.rows)
    return cells
  }

  private struct Bits: @unchecked Sendable {
    // Frozen weights: every task only reads them.
    let address: UnsafePointer<UInt16>
    static func + (bits: Bits, offset: Int) -> UnsafePointer<UInt16> { bits.address + offset }
  }

  private func bits(_ w: WeightMatrix) -> Bits {
    Bits(
      address: UnsafePointer(
        UnsafeMutableRawPointer(w.memory.cpuAddress).assumingMemoryBound(to: UInt16.self)
          + w.firstRow * w.columns))
  }

  private func projectBits(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool
  ) {
    let bits = bits(w)
    eachTile(of: y, Self.tileSize(y.rows, y.columns)) { [kernels] tile in
      let (a, c) = (x.rows(tile.rows), y.rows(tile.rows).columns(tile.columns))
      kernels.pointee.blocked_nt_bf16(
        c.address, c.stride, a.address, a.stride, bits + tile.columns.lowerBound * w.columns,
        w.columns, c.rows, c.columns, a.columns, alpha, accumulate ? 1 : 0)
    }
  }

  private func projectBitsBack(
    _ dx: Matrix, _ dy: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool
  ) {
    let bits = bits(w)
    eachTile(of: dx, Self.tileSize(dx.rows, dx.columns)) { [kernels] tile in
      let (a, c) = (dy.rows(tile.rows), dx.rows(tile.rows).columns(tile.columns))
      kernels.pointee.blocked_nn_bf16(
        c.address, c.stride, a.address, a.stride, bits + tile.columns.lowerBound, w.columns,
        c.rows, c.columns, a.columns, alpha, accumulate ? 1 : 0)
    }
  }

  private func projectRowsBits(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool
  ) {
    let bits = bits(w)
    eachTile(of: y, (rows: 64, columns: 64)) { [kernels] tile in
      let (a, c) = (x.rows(tile.rows), y.rows(tile.rows).columns(tile.columns))
      kernels.pointee.product_nt_bf16(
        c.address, c.stride, a.address, a.stride, bits + tile.columns.lowerBound * w.columns,
        w.columns, c.rows, c.columns, a.columns, alpha, accumulate ? 1 : 0)
    }
  }
}
