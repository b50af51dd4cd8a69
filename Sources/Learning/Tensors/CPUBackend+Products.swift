import CKernels
import Parallelism

/// Matrix products on float32 cells. C is overwritten, or added to with `accumulate`.
extension CPUBackend {
  /// The size of the tiles that a product's target (rows, columns) is cut into.
  ///
  /// A tile's operands are laid out anew for it, which 256 rows and columns pay for (2 to 5 %), and
  /// a tile of 512 x 512 with its operands stays in a second-level cache of 2 MiB. Beyond that,
  /// 16 tiles of nearly one size keep 16 threads busy and balance 2.
  static func tileSize(_ rows: Int, _ columns: Int) -> (rows: Int, columns: Int) {
    let wide = (columns + 511) / 512
    let tall = [1024, 512].first { (rows + $0 - 1) / $0 * wide >= 16 } ?? 256
    let down = max(1, (rows + tall - 1) / tall)
    let across = max(wide, min(columns / 128, (16 + down - 1) / down), 1)
    return ((rows + down - 1) / down, ((columns + across - 1) / across + 63) / 64 * 64)
  }

  struct Tile {
    let rows: Range<Int>
    let columns: Range<Int>
  }

  func eachTile(
    of target: Matrix, _ size: (rows: Int, columns: Int), _ body: @Sendable (Tile) -> Void
  ) {
    if target.count == 0 { return }
    let across = (target.columns + size.columns - 1) / size.columns
    let down = (target.rows + size.rows - 1) / size.rows
    // Neighbours share columns: a weight is read from memory once.
    pool.forEach(across * down) { index in
      let row = index % down * size.rows, column = index / down * size.columns
      body(
        Tile(
          rows: row..<min(target.rows, row + size.rows),
          columns: column..<min(target.columns, column + size.columns)))
    }
  }

  /// Own products where they are the faster ones, by 0 to 5 % with AVX-512.
  private var blasOfProducts: BLAS? { instructionSet >= .avx512 ? nil : blas }

  /// C (M, N) = alpha · A (M, K) · B (N, K)ᵀ: a linear layer forward.
  package func multiplyTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    let beta: Float = accumulate ? 1 : 0
    eachTile(of: c, Self.tileSize(c.rows, c.columns)) { [kernels, blas = blasOfProducts] tile in
      let (x, w) = (a.rows(tile.rows), b.rows(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      if let blas {
        blas.sgemm(
          101, 111, 112, Int32(y.rows), Int32(y.columns), Int32(x.columns), alpha, x.address,
          Int32(x.stride), w.address, Int32(w.stride), beta, y.address, Int32(y.stride))
      } else {
        kernels.pointee.blocked_nt(
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
    eachTile(of: c, Self.tileSize(c.rows, c.columns)) { [kernels, blas = blasOfProducts] tile in
      let (x, w) = (a.rows(tile.rows), b.columns(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      if let blas {
        blas.sgemm(
          101, 111, 111, Int32(y.rows), Int32(y.columns), Int32(x.columns), alpha, x.address,
          Int32(x.stride), w.address, Int32(w.stride), beta, y.address, Int32(y.stride))
      } else {
        kernels.pointee.blocked_nn(
          y.address, y.stride, x.address, x.stride, w.address, w.stride, y.rows, y.columns,
          x.columns, alpha, beta)
      }
    }
  }

  /// C (N, K) = alpha · A (T, N)ᵀ · B (T, K): the gradient of a linear layer's weight.
  package func multiplyTransposing(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.rows == b.rows && c.rows == a.columns && c.columns == b.columns)
    if a.rows == 0 {
      // The kernels leave C as it is where there is nothing to sum.
      if !accumulate { zero(c) }
      return
    }
    let beta: Float = accumulate ? 1 : 0
    eachTile(of: c, Self.tileSize(c.rows, c.columns)) { [kernels, blas = blasOfProducts] tile in
      let (x, w) = (a.columns(tile.rows), b.columns(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      if let blas {
        blas.sgemm(
          101, 112, 111, Int32(y.rows), Int32(y.columns), Int32(x.rows), alpha, x.address,
          Int32(x.stride), w.address, Int32(w.stride), beta, y.address, Int32(y.stride))
      } else {
        kernels.pointee.blocked_tn(
          y.address, y.stride, x.address, x.stride, w.address, w.stride, y.rows, y.columns,
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

  /// The own products by blocks: the bits of an element depend on K alone.
  package func multiplyPromptTransposed(
    _ c: Matrix, _ a: Matrix, _ b: Matrix, alpha: Float, accumulate: Bool
  ) {
    precondition(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows)
    eachTile(of: c, Self.tileSize(c.rows, c.columns)) { [kernels] tile in
      let (x, w) = (a.rows(tile.rows), b.rows(tile.columns))
      let y = c.rows(tile.rows).columns(tile.columns)
      kernels.pointee.blocked_nt(
        y.address, y.stride, x.address, x.stride, w.address, w.stride, y.rows, y.columns,
        x.columns, alpha, accumulate ? 1 : 0)
    }
  }
}
