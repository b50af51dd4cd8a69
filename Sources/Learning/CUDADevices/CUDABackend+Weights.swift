internal import BlockFormats
package import Tensors

/// Products with stored weights, which kernels decode as they read them.
///
/// With ``ProductPrecision/bfloat16`` the factors of products with weights in 16 bits or fewer are
/// rounded to bfloat16; weights in float32, which may learn, are multiplied as they are.
extension CUDABackend {
  /// Weights are decoded by the kernels; cuBLAS takes them from scratch.
  package func needsExpansion(_ format: WeightMatrix.Format) -> Bool {
    device.library != nil && format != .float32 && !(isRounded(format) && format == .bfloat16)
  }

  package func expandedCells(_ w: WeightMatrix) -> Int {
    if !needsExpansion(w.format) { return 0 }
    let cells = piece(w) * w.columns
    return isRounded(w.format) ? (cells + 1) / 2 : cells
  }

  /// Rows that are expanded at once: those that fit, in whole tiles where there are several pieces.
  private func piece(_ w: WeightMatrix) -> Int {
    let rows = expansionCells * (isRounded(w.format) ? 2 : 1) / max(1, w.columns)
    return rows >= w.rows ? w.rows : max(1, rows < 128 ? rows : rows / 128 * 128)
  }

  private func isRounded(_ format: WeightMatrix.Format) -> Bool {
    products == .bfloat16 && format != .float32
  }

  package func project(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    rowsAreIndependent: Bool, scratch: Matrix?
  ) {
    precondition(x.columns == w.columns && y.rows == x.rows && y.columns == w.rows)
    let target = Target(y, alpha, accumulate)
    if rowsAreIndependent {
      own("project_rows", Self.fewRows, target, x, w)
    } else if let library = device.library {
      byLibrary(library, target, x, w, scratch, isBack: false)
    } else {
      projectOwn(target, x, w)
    }
  }

  package func projectPrompt(
    _ y: Matrix, _ x: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool, scratch: Matrix?
  ) {
    precondition(x.columns == w.columns && y.rows == x.rows && y.columns == w.rows)
    projectOwn(Target(y, alpha, accumulate), x, w)
  }

  package func projectBack(
    _ dx: Matrix, _ dy: Matrix, _ w: WeightMatrix, alpha: Float, accumulate: Bool,
    scratch: Matrix?
  ) {
    precondition(dy.columns == w.rows && dx.rows == dy.rows && dx.columns == w.columns)
    if let library = device.library {
      byLibrary(library, Target(dx, alpha, accumulate), dy, w, scratch, isBack: true)
      return
    }
    let isRounded = isRounded(w.format)
    queue.perform { queue in
      for (index, part) in parts(w).enumerated() {
        let slope = dy.columns(part.rows)
        try queue.tiles(
          isRounded ? "project_back_tensor" : "project_back", dx.rows, dx.columns,
          isRounded ? Self.tensorTile : Self.tile,
          KernelArgument.view(dx) + KernelArgument.view(slope) + part.arguments + [
            .count(dx.rows), .count(part.rows.count), .count(w.columns), .float(alpha),
            .flag(accumulate || index > 0),
          ])
      }
    }
  }

  package func expand(_ target: Matrix, _ w: WeightMatrix, rows: Range<Int>) {
    precondition(target.isContiguous && target.rows == rows.count && target.columns == w.columns)
    queue.perform { try expand($0, target.deviceAddress, w, rows, toBits: false) }
  }

  package func gather(_ y: Matrix, _ table: WeightMatrix, _ ids: [Int32], alpha: Float) {
    precondition(
      y.columns == table.columns && y.rows == ids.count
        && ids.allSatisfy { $0 >= 0 && Int($0) < table.rows }, "an id has a row")
    let parts = parts(table)
    guard parts.count == 1, let part = parts.first, !table.format.isQuantized else {
      preconditionFailure("a table is one tensor, and not quantized to 4 bits")
    }
    queue.perform {
      let ids = try $0.upload(ids)
      try $0.cells(
        "gather_weights", y.rows, y.columns,
        KernelArgument.view(y) + part.arguments + [
          .address(ids), .count(y.rows), .count(y.columns), .float(alpha),
        ])
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
    queue.perform {
      try $0.rows(
        "row_norms", cells.rows, cells.columns,
        [.address(norms.deviceAddress)] + KernelArgument.view(cells) + [.count(cells.columns)])
    }
  }

  // MARK: - Private

  /// What a product is written to.
  private struct Target {
    let matrix: Matrix
    let alpha: Float
    let accumulate: Bool

    init(_ matrix: Matrix, _ alpha: Float, _ accumulate: Bool) {
      (self.matrix, self.alpha, self.accumulate) = (matrix, alpha, accumulate)
    }
  }

  private func parts(_ w: WeightMatrix) -> [WeightArguments] {
    WeightArguments.parts(w, map: maps.address)
  }

  private func projectOwn(_ target: Target, _ x: Matrix, _ w: WeightMatrix) {
    if isRounded(w.format) {
      own("project_tensor", Self.tensorTile, target, x, w)
    } else {
      own("project", Self.tile, target, x, w)
    }
  }

  private func own(
    _ kernel: String, _ tile: (rows: Int, columns: Int), _ target: Target, _ x: Matrix,
    _ w: WeightMatrix
  ) {
    queue.perform { queue in
      for part in parts(w) {
        let y = target.matrix.columns(part.rows)
        try queue.tiles(
          kernel, y.rows, y.columns, tile,
          KernelArgument.view(y) + KernelArgument.view(x) + part.arguments + [
            .count(y.rows), .count(y.columns), .count(x.columns), .float(target.alpha),
            .flag(target.accumulate),
          ])
      }
    }
  }

  /// y = α x Wᵀ, or dx = α dy W: weights other than cuBLAS's come from scratch, what they are
  /// multiplied with is rounded where they are.
  private func byLibrary(
    _ library: any ProductLibrary, _ target: Target, _ x: Matrix, _ w: WeightMatrix,
    _ scratch: Matrix?, isBack: Bool
  ) {
    let c = target.matrix
    if c.count == 0 { return }
    if x.columns == 0 {
      // A product with no terms is zero, which cuBLAS is not asked for.
      if !target.accumulate { zero(c) }
      return
    }
    let isRounded = isRounded(w.format)
    queue.perform { queue in
      var (xAddress, xStride) = (x.deviceAddress, max(x.stride, x.columns))
      if isRounded {
        xStride = (x.columns + 7) / 8 * 8
        xAddress = try queue.take(bytes: 2 * x.rows * xStride)
        try queue.cells(
          "round", x.rows, x.columns,
          [.address(xAddress), .long(xStride)] + KernelArgument.view(x) + [
            .count(x.rows), .count(x.columns),
          ])
      }
      // A piece of the weights is some columns of y, or some terms of dx.
      let size = needsExpansion(w.format) ? piece(w) : w.rows
      for start in stride(from: 0, to: w.rows, by: size) {
        let rows = start..<min(w.rows, start + size)
        let own = isBack ? c : c.columns(rows)
        let shift = isBack ? UInt64(start * (isRounded ? 2 : 4)) : 0
        try library.multiply(
          LibraryProduct(
            rows: own.rows, columns: own.columns, depth: isBack ? rows.count : x.columns,
            element: isRounded ? .bfloat16 : .float32,
            a: LibraryProduct.Operand(
              address: xAddress + shift, stride: xStride, isTransposed: false),
            b: LibraryProduct.Operand(
              address: try cells(queue, w, rows, scratch, isRounded), stride: w.columns,
              isTransposed: !isBack),
            c: own.deviceAddress, cStride: max(c.stride, c.columns), alpha: target.alpha,
            beta: target.accumulate || isBack && start > 0 ? 1 : 0))
      }
    }
  }

  /// Rows of the weights as cuBLAS takes them: where they are, or decoded into scratch.
  private func cells(
    _ queue: CUDAQueue, _ w: WeightMatrix, _ rows: Range<Int>, _ scratch: Matrix?,
    _ isRounded: Bool
  ) throws -> UInt64 {
    if w.format == .float32 || isRounded && w.format == .bfloat16 {
      return parts(w)[0].codes
    }
    guard let scratch, scratch.isContiguous,
      scratch.count >= (rows.count * w.columns + (isRounded ? 1 : 0)) / (isRounded ? 2 : 1)
    else { preconditionFailure("other formats are expanded into scratch") }
    try expand(queue, scratch.deviceAddress, w, rows, toBits: isRounded)
    return scratch.deviceAddress
  }

  private func expand(
    _ queue: CUDAQueue, _ target: UInt64, _ w: WeightMatrix, _ rows: Range<Int>, toBits: Bool
  ) throws {
    for part in parts(w) where part.rows.overlaps(rows) {
      let wanted = part.rows.clamped(to: rows)
      let start = (wanted.lowerBound - rows.lowerBound) * w.columns * (toBits ? 2 : 4)
      try queue.cells(
        "expand", wanted.count, w.columns,
        [.address(target + UInt64(start)), .long(w.columns)] + part.arguments + [
          .count(wanted.lowerBound - part.rows.lowerBound), .count(wanted.count),
          .count(w.columns), .flag(toBits),
        ])
    }
  }
}
