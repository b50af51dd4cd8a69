import BlockFormats
import Parallelism

/// What optimizers need, cut into pieces whatever the number of threads.
extension CPUBackend {
  /// 256 KiB of each array: four arrays of a piece fit a 1 MiB second-level cache. Whole blocks of
  /// moments in 8 bits.
  static let pieceSize = 1 << 16

  package func sumOfSquares(_ x: Matrix) -> Double {
    precondition(x.isContiguous, "a parameter has no gaps")
    let (count, address) = (x.count, x.address)
    let pieces = (count + Self.pieceSize - 1) / Self.pieceSize
    var sums = [Double](repeating: 0, count: pieces)
    sums.withUnsafeMutableBufferPointer { sums in
      // Each task writes the slot of its own index and only reads x.
      nonisolated(unsafe) let (sums, address) = (sums, address)
      pool.forEachBlock(of: count, by: Self.pieceSize) { range in
        sums[range.lowerBound / Self.pieceSize] = ParameterUpdates.sumOfSquares(
          address + range.lowerBound, count: range.count)
      }
    }
    return sums.reduce(0, +)
  }

  package func adamW(
    _ values: Matrix, gradient: Matrix, first: Matrix, second: Matrix, _ step: AdamWStep
  ) {
    eachPiece(values, gradient, first, second) { cells, range in
      let at = range.lowerBound
      ParameterUpdates.adamW(
        cells[0] + at, cells[2] + at, cells[3] + at, gradient: cells[1] + at, count: range.count,
        step)
    }
  }

  package func adamW8bit(
    _ values: Matrix, gradient: Matrix, first: Moment8bit, second: Moment8bit,
    _ step: AdamWStep
  ) {
    let count = values.count
    precondition(
      [first, second].allSatisfy {
        $0.codes.isContiguous && $0.scales.isContiguous
          && $0.codes.count == Moment8bit.codeCells(count)
          && $0.scales.count == DynamicMap.blockCount(count)
      }, "moments have a code for each cell and a scale for each block")
    // Pieces are whole blocks, so no two tasks touch one code or scale.
    nonisolated(unsafe) let moments = ParameterUpdates.Moments8bit(first, second)
    eachPiece(values, gradient) { cells, range in
      let at = range.lowerBound
      ParameterUpdates.adamW8bit(
        cells[0] + at, moments.advanced(by: at), gradient: cells[1] + at, count: range.count,
        step)
    }
  }

  package func momentum(
    _ values: Matrix, gradient: Matrix, buffer: Matrix?, _ step: MomentumStep
  ) {
    guard let buffer else {
      eachPiece(values, gradient) { cells, range in
        let at = range.lowerBound
        ParameterUpdates.plainSGD(
          cells[0] + at, gradient: cells[1] + at, count: range.count, step)
      }
      return
    }
    eachPiece(values, gradient, buffer) { cells, range in
      let at = range.lowerBound
      ParameterUpdates.momentumSGD(
        cells[0] + at, cells[2] + at, gradient: cells[1] + at, count: range.count, step)
    }
  }

  private func eachPiece(
    _ matrices: Matrix...,
    body: @Sendable ([UnsafeMutablePointer<Float>], Range<Int>) -> Void
  ) {
    let count = matrices[0].count
    precondition(
      matrices.allSatisfy { $0.isContiguous && $0.count == count }, "cells of one shape")
    // Pieces are disjoint, so no two tasks touch the same cell.
    nonisolated(unsafe) let cells = matrices.map(\.address)
    pool.forEachBlock(of: count, by: Self.pieceSize) { body(cells, $0) }
  }
}
