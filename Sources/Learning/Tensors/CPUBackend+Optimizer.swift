import Parallelism

/// What optimizers need, cut into pieces whatever the number of threads.
extension CPUBackend {
  /// 256 KiB of each array: four arrays of a piece fit a 1 MiB second-level cache.
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

  package func momentum(
    _ values: Matrix, gradient: Matrix, buffer: Matrix, _ step: MomentumStep
  ) {
    eachPiece(values, gradient, buffer) { cells, range in
      let at = range.lowerBound
      ParameterUpdates.sgd(
        cells[0] + at, cells[2] + at, gradient: cells[1] + at, count: range.count,
        gradientScale: step.gradientScale, weightDecay: step.weightDecay,
        momentum: step.momentum, learningRate: step.learningRate)
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
