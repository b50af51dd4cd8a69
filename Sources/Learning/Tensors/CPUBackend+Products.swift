import CKernels
import Parallelism

/// Matrix products on float32 cells. C is overwritten, or added to with `accumulate`.
extension CPUBackend {
  /// Tiles of C. A task's operands are packed by OpenBLAS into its own buffers, so a tile must be
  /// large enough to pay for that (256 x 512 x 256 takes some 0.4 ms), and there must be enough
  /// tiles to balance the threads.
  static let tallTile = (rows: 256, columns: 2048)
  static let flatTile = (rows: 128, columns: 256)
  static let weightTile = (rows: 128, columns: 128)

  struct Tile {
    let rows: Range<Int>
    let columns: Range<Int>
  }

  func eachTile(
    of target: Matrix, _ size: (rows: Int, columns: Int), _ body: @Sendable (Tile) -> Void
  ) {
    let across = (target.columns + size.columns - 1) / size.columns
    let down = (target.rows + size.rows - 1) / size.rows
    pool.forEach(across * down) { index in
      let row = index / across * size.rows, column = index % across * size.columns
      body(
        Tile(
          rows: row..<min(target.rows, row + size.rows),
          columns: column..<min(target.columns, column + size.columns)))
    }
  }

  private func tokenTile(_ rows: Int) -> (rows: Int, columns: Int) {
    rows >= 1024 ? Self.tallTile : Self.flatTile
  }

  /// C (M, N) = alpha · A (M, K) · B (N, K)ᵀ: a linear layer forward.
  package func multiplyTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    let beta: Float = accumulate ? 1 : 0
    eachTile(of: c, tokenTile(c.rows)) { [kernels, blas] tile in
      let (x, w) = (a.rows(tile.rows), b.rows(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      if let blas {
        blas.sgemm(
          101, 111, 112, Int32(y.rows), Int32(y.columns), Int32(x.columns), alpha, x.address,
          Int32(x.stride), w.address, Int32(w.stride), beta, y.address, Int32(y.stride))
      } else {
        kernels.pointee.product_nt(
          y.address, y.stride, x.address, x.stride, w.address, w.stride, y.rows, y.columns,
          x.columns, alpha, beta)
      }
    }
  }

  /// C (M, N) = alpha · A (M, K) · B (K, N): the gradient of a linear layer's input.
  package func multiply(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.columns == b.rows && c.rows == a.rows && c.columns == b.columns)
    let beta: Float = accumulate ? 1 : 0
    eachTile(of: c, tokenTile(c.rows)) { [kernels, blas] tile in
      let (x, w) = (a.rows(tile.rows), b.columns(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      if let blas {
        blas.sgemm(
          101, 111, 111, Int32(y.rows), Int32(y.columns), Int32(x.columns), alpha, x.address,
          Int32(x.stride), w.address, Int32(w.stride), beta, y.address, Int32(y.stride))
      } else {
        kernels.pointee.product_nn(
          y.address, y.stride, x.address, x.stride, 1, w.address, w.stride, y.rows, y.columns,
          x.columns, alpha, beta)
      }
    }
  }

  /// C (N, K) = alpha · A (T, N)ᵀ · B (T, K): the gradient of a linear layer's weight.
  package func multiplyTransposing(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.rows == b.rows && c.rows == a.columns && c.columns == b.columns)
    let beta: Float = accumulate ? 1 : 0
    eachTile(of: c, Self.weightTile) { [kernels, blas] tile in
      let (x, w) = (a.columns(tile.rows), b.columns(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      if let blas {
        blas.sgemm(
          101, 112, 111, Int32(y.rows), Int32(y.columns), Int32(x.rows), alpha, x.address,
          Int32(x.stride), w.address, Int32(w.stride), beta, y.address, Int32(y.stride))
      } else {
        kernels.pointee.product_nn(
          y.address, y.stride, x.address, 1, x.stride, w.address, w.stride, y.rows, y.columns,
          x.rows, alpha, beta)
      }
    }
  }

  /// As ``multiplyTransposed(_:_:_:alpha:accumulate:)``, each row with the same bits whatever rows
  /// it is computed with: what generation uses, so that a batch does not change a text.
  package func multiplyRowsTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    eachTile(of: c, (rows: 64, columns: 64)) { [kernels] tile in
      let (x, w) = (a.rows(tile.rows), b.rows(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      kernels.pointee.product_nt(
        y.address, y.stride, x.address, x.stride, w.address, w.stride, y.rows, y.columns,
        x.columns, alpha, accumulate ? 1 : 0)
    }
  }
}
