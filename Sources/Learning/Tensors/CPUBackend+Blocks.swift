import BlockFormats
import CKernels
import Parallelism

/// Products with weights in the blocks of a GGUF file.
///
/// Independent rows, those of generation, are rounded to 8 bits and multiplied with the codes as
/// integers, as llama.cpp does; others, those of scoring, are multiplied with decoded weights in
/// float32.
extension CPUBackend {
  /// What the rows of a product are.
  enum RowKind {
    /// Those of a batch: exact.
    case batch
    /// Independent, few.
    case next
    /// Independent, many.
    case prompt
  }

  func projectBlocks(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool, _ kind: RowKind
  ) {
    if y.rows == 0 { return }
    let isRounded = { (part: WeightMatrix.Part) in
      kind != .batch && orc_multiplies_blocks(part.blockFormat.ggmlType) != 0
    }
    for part in w.parts where !isRounded(part) {
      let target = y.columns(part.rows)
      if kind == .next {
        projectFloats(target, x, Blocks(w, part), alpha, accumulate)
      } else {
        projectDecoded(target, x, Blocks(w, part), alpha, accumulate)
      }
    }
    guard w.parts.contains(where: isRounded) else { return }
    let bytes = orc_packed_bytes(x.columns)
    withUnsafeTemporaryAllocation(byteCount: x.rows * bytes, alignment: 64) { packed in
      guard let address = packed.baseAddress else { return }
      let rows = Packed(address: address, rowBytes: bytes)
      pool.forEachBlock(of: x.rows, by: Self.packedRows) { [kernels] block in
        kernels.pointee.round_rows(
          rows.row(block.lowerBound), x.rows(block).address, x.stride, block.count, x.columns)
      }
      for part in w.parts where isRounded(part) {
        projectRounded(y.columns(part.rows), rows, Blocks(w, part), alpha, accumulate)
      }
    }
  }

  func expandBlocks(_ target: Matrix, _ w: WeightMatrix, _ rows: Range<Int>) {
    for part in w.parts where part.rows.overlaps(rows) {
      let blocks = Blocks(w, part)
      let wanted = part.rows.clamped(to: rows)
      eachRowBlock(of: wanted.count) { block in
        let first = wanted.lowerBound + block.lowerBound
        let out = target.rows(first - rows.lowerBound..<first - rows.lowerBound + block.count)
        let start = first - part.rows.lowerBound
        blocks.decode(
          start..<start + block.count,
          UnsafeMutableBufferPointer(start: out.address, count: out.count))
      }
    }
  }

  func gatherBlocks(_ y: Matrix, _ table: WeightMatrix, _ ids: [Int32], alpha: Float) {
    guard table.parts.count == 1, let part = table.parts.first else {
      preconditionFailure("a table is one tensor")
    }
    let blocks = Blocks(table, part)
    eachRowBlock(of: ids.count) { [kernels] rows in
      for t in rows {
        let row = y.rows(t..<t + 1)
        blocks.decode(
          Int(ids[t])..<Int(ids[t]) + 1,
          UnsafeMutableBufferPointer(start: row.address, count: row.columns))
        if alpha != 1 { kernels.pointee.scale_row(row.address, row.address, alpha, row.columns) }
      }
    }
  }

  // MARK: - Private

  /// Rows that are packed by one task.
  private static let packedRows = 8

  /// Rows rounded to 8 bits.
  private struct Packed: @unchecked Sendable {
    // Tasks write rows of their own, all of them before any is read.
    let address: UnsafeMutableRawPointer
    let rowBytes: Int
    func row(_ index: Int) -> UnsafeMutableRawPointer { address + index * rowBytes }
  }

  /// One tensor in blocks.
  private struct Blocks: @unchecked Sendable {
    // Frozen weights: every task only reads them.
    let address: UnsafeRawPointer
    let format: BlockFormat
    let columns: Int
    let rowBytes: Int

    init(_ w: WeightMatrix, _ part: WeightMatrix.Part) {
      address = UnsafeRawPointer(w.memory.cpuAddress + part.codes)
      format = part.blockFormat
      columns = w.columns
      rowBytes = w.columns / format.blockElements * format.blockBytes
    }

    func row(_ index: Int) -> UnsafeRawPointer { address + index * rowBytes }

    func decode(_ rows: Range<Int>, _ values: UnsafeMutableBufferPointer<Float>) {
      let bytes = UnsafeRawBufferPointer(
        start: row(rows.lowerBound), count: rows.count * rowBytes)
      format.decode(bytes, values)
    }
  }

  private func projectRounded(
    _ y: Matrix, _ x: Packed, _ w: Blocks, _ alpha: Float, _ accumulate: Bool
  ) {
    eachTile(of: y, (rows: 64, columns: 64)) { [kernels] tile in
      let c = y.rows(tile.rows).columns(tile.columns)
      kernels.pointee.product_nt_blocks(
        c.address, c.stride, x.row(tile.rows.lowerBound),
        w.row(tile.columns.lowerBound).assumingMemoryBound(to: UInt8.self),
        Int32(w.format.ggmlType), c.rows, c.columns, w.columns, alpha, accumulate ? 1 : 0)
    }
  }

  /// Floats of 16 or 32 bits, widened as they are read.
  private func projectFloats(
    _ y: Matrix, _ x: Matrix, _ w: Blocks, _ alpha: Float, _ accumulate: Bool
  ) {
    eachTile(of: y, (rows: 64, columns: 64)) { [kernels] tile in
      let (a, c) = (x.rows(tile.rows), y.rows(tile.rows).columns(tile.columns))
      let beta: Float = accumulate ? 1 : 0
      let weights = w.row(tile.columns.lowerBound)
      switch w.format {
      case .f16:
        kernels.pointee.product_nt_f16(
          c.address, c.stride, a.address, a.stride, weights.assumingMemoryBound(to: UInt16.self),
          w.columns, c.rows, c.columns, a.columns, alpha, beta)
      case .bf16:
        kernels.pointee.product_nt_bf16(
          c.address, c.stride, a.address, a.stride, weights.assumingMemoryBound(to: UInt16.self),
          w.columns, c.rows, c.columns, a.columns, alpha, beta)
      default:
        precondition(w.format == .f32, "every other type is multiplied in blocks")
        kernels.pointee.product_nt(
          c.address, c.stride, a.address, a.stride, weights.assumingMemoryBound(to: Float.self),
          w.columns, c.rows, c.columns, a.columns, alpha, beta)
      }
    }
  }

  /// Weights are decoded for each tile of y, which is as tall as it may be: all rows share them.
  private func projectDecoded(
    _ y: Matrix, _ x: Matrix, _ w: Blocks, _ alpha: Float, _ accumulate: Bool
  ) {
    eachTile(of: y, (rows: 1024, columns: 256)) { [kernels] tile in
      let (a, c) = (x.rows(tile.rows), y.rows(tile.rows).columns(tile.columns))
      withUnsafeTemporaryAllocation(of: Float.self, capacity: c.columns * w.columns) { cells in
        guard let weights = cells.baseAddress else { return }
        w.decode(tile.columns, cells)
        kernels.pointee.blocked_nt(
          c.address, c.stride, a.address, a.stride, weights, w.columns, c.rows, c.columns,
          a.columns, alpha, accumulate ? 1 : 0)
      }
    }
  }
}
