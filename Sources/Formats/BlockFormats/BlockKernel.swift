internal import CKernels

/// Runs of blocks encoded and decoded by the fastest kernels this processor runs. Blocks that a
/// kernel leaves out, as its vector arithmetic would not give the definition's bytes, are encoded by
/// the definition.
struct BlockKernel: Sendable {
  let blocks: BlockRun
  let type: orc_block_type

  /// Blocks encoded by one call; a longer row is a call of its own.
  private static let blocksPerCall = 2048

  @Sendable
  func encode(
    _ values: UnsafeBufferPointer<Float>, _ importance: UnsafeBufferPointer<Float>?,
    _ bytes: UnsafeMutableRawBufferPointer
  ) {
    let count = blocks.count(values.count, bytes.count)
    guard let x = values.baseAddress, let y = bytes.bindMemory(to: UInt8.self).baseAddress else {
      return
    }
    // Without importance a block is a row.
    let rows = importance.map { blocks.rows(values, $0) } ?? count
    if rows == 0 { return }
    let blocksPerRow = count / rows
    let step = max(1, Self.blocksPerCall / blocksPerRow)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: step * blocksPerRow) { odd in
      for row in stride(from: 0, to: rows, by: step) {
        let first = row * blocksPerRow
        encode(
          x + first * blocks.elements, rows: min(step, rows - row), blocksPerRow: blocksPerRow,
          importance?.baseAddress, y + first * blocks.bytes, odd)
      }
    }
  }

  private func encode(
    _ x: UnsafePointer<Float>, rows: Int, blocksPerRow: Int, _ importance: UnsafePointer<Float>?,
    _ y: UnsafeMutablePointer<UInt8>, _ odd: UnsafeMutableBufferPointer<UInt32>
  ) {
    guard let table = orc_quantizers_best(), let encoder = orc_encoder(table, type) else {
      preconditionFailure("every level encodes \(blocks.name)")
    }
    let (count, columns) = (rows * blocksPerRow, blocksPerRow * blocks.elements)
    guard let importance else {
      for index in 0..<encoder(y, x, count, nil, odd.baseAddress) {
        let block = Int(odd[index])
        blocks.codec.encode(x + block * blocks.elements, y + block * blocks.bytes)
      }
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows) { meanSquares in
      table.pointee.mean_squares(meanSquares.baseAddress, x, rows, columns)
      var weights = orc_importance(
        weights: importance, columns: columns, mean_squares: meanSquares.baseAddress)
      for index in 0..<encoder(y, x, count, &weights, odd.baseAddress) {
        let block = Int(odd[index])
        let first = block * blocks.elements
        blocks.codec.encodeWeighted?(
          x + first, importance + first % columns, meanSquares[block / blocksPerRow],
          y + block * blocks.bytes)
      }
    }
  }

  @Sendable
  func decode(_ bytes: UnsafeRawBufferPointer, _ values: UnsafeMutableBufferPointer<Float>) {
    let count = blocks.count(values.count, bytes.count)
    guard let x = bytes.bindMemory(to: UInt8.self).baseAddress, let y = values.baseAddress else {
      return
    }
    guard let table = orc_quantizers_best(), let decoder = orc_decoder(table, type) else {
      preconditionFailure("every level decodes \(blocks.name)")
    }
    decoder(y, x, count)
  }
}
