package import Tensors

/// Products of float32 cells. C is overwritten, or added to.
extension CUDABackend {
  package func multiplyTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    product(c, Factor(a), Factor(b, isTransposed: true), a.columns, alpha, accumulate)
  }

  package func multiply(_ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool) {
    precondition(a.columns == b.rows && c.rows == a.rows && c.columns == b.columns)
    product(c, Factor(a), Factor(b), a.columns, alpha, accumulate)
  }

  package func multiplyTransposing(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.rows == b.rows && c.rows == a.columns && c.columns == b.columns)
    product(c, Factor(a, isTransposed: true), Factor(b), a.rows, alpha, accumulate)
  }

  /// By a kernel whose bits depend on K alone.
  package func multiplyPromptTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    queue.perform {
      try own(
        $0, c, Factor(a), Factor(b, isTransposed: true), a.columns, alpha, accumulate)
    }
  }

  /// By a kernel for few rows where the weights have no gaps, which is nothing that rows decide.
  package func multiplyRowsTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    guard b.stride == b.columns else {
      multiplyPromptTransposed(c, a, b, alpha: alpha, accumulate: accumulate)
      return
    }
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    queue.perform {
      try $0.tiles(
        "project_rows", c.rows, c.columns, Self.fewRows,
        KernelArgument.view(c) + KernelArgument.view(a) + [
          .address(b.deviceAddress), .address(0), .address(0), .address(0), .address(0), .int(0),
          .count(c.rows), .count(c.columns), .count(a.columns), .float(alpha), .flag(accumulate),
        ])
    }
  }

  /// Tiles of the kernels.
  static let fewRows = (rows: 4, columns: 8)
  static let tile = (rows: 64, columns: 64)
  static let tensorTile = (rows: 128, columns: 128)

  // MARK: - Private

  private struct Factor {
    let matrix: Matrix
    var isTransposed = false

    init(_ matrix: Matrix, isTransposed: Bool = false) {
      self.matrix = matrix
      self.isTransposed = isTransposed
    }

    var operand: LibraryProduct.Operand {
      LibraryProduct.Operand(
        address: matrix.deviceAddress, stride: max(matrix.stride, matrix.columns),
        isTransposed: isTransposed)
    }
  }

  private func product(
    _ c: Matrix, _ a: Factor, _ b: Factor, _ depth: Int, _ alpha: Float, _ accumulate: Bool
  ) {
    if c.count == 0 { return }
    queue.perform { queue in
      guard let library = device.library, depth > 0 else {
        try own(queue, c, a, b, depth, alpha, accumulate)
        return
      }
      try library.multiply(
        LibraryProduct(
          rows: c.rows, columns: c.columns, depth: depth, element: .float32, a: a.operand,
          b: b.operand, c: c.deviceAddress, cStride: max(c.stride, c.columns), alpha: alpha,
          beta: accumulate ? 1 : 0))
    }
  }

  private func own(
    _ queue: CUDAQueue, _ c: Matrix, _ a: Factor, _ b: Factor, _ depth: Int, _ alpha: Float,
    _ accumulate: Bool
  ) throws {
    // Steps from row to row and along K; of B from column to column and along K.
    let (aRow, aK) = a.isTransposed ? (1, a.matrix.stride) : (a.matrix.stride, 1)
    let (bColumn, bK) = b.isTransposed ? (b.matrix.stride, 1) : (1, b.matrix.stride)
    try queue.tiles(
      "product", c.rows, c.columns, Self.tile,
      KernelArgument.view(c) + [
        .address(a.matrix.deviceAddress), .long(aRow), .long(aK),
        .address(b.matrix.deviceAddress), .long(bColumn), .long(bK), .count(c.rows),
        .count(c.columns), .count(depth), .float(alpha), .flag(accumulate),
      ])
  }
}
