internal import BlockFormats
package import Tensors

/// What optimizers need. Moments that are paged on the host come to the card piece by piece.
extension CUDABackend {
  package func sumOfSquares(_ x: Matrix) -> Double {
    precondition(x.isContiguous, "a parameter has no gaps")
    if x.count == 0 { return 0 }
    let pieces = CUDAQueue.blocks(x.count, Self.squaresPiece)
    return queue.reading { queue in
      let partial = try queue.take(bytes: 8 * pieces)
      let sum = try queue.take(bytes: 8)
      try queue.device.launch(
        "sum_of_squares", LaunchSize(grid: pieces, block: 256),
        [.address(partial), .address(x.deviceAddress), .long(x.count)])
      try queue.device.launch(
        "sum_doubles", LaunchSize(grid: 1, block: 256),
        [.address(sum), .address(partial), .count(pieces)])
      return try queue.download(sum, Double(0), count: 1)[0]
    } ?? .nan
  }

  package func adamW(
    _ values: Matrix, gradient: Matrix, first: Matrix, second: Matrix, _ step: AdamWStep
  ) {
    eachPiece(values, gradient, [Paged(first), Paged(second)]) { queue, p, g, moments, count in
      try queue.flat(
        "adamw", count,
        [.address(p), .address(moments[0]), .address(moments[1]), .address(g), .long(count)]
          + [
            step.gradientScale, step.decayFactor, step.beta1, step.oneMinusBeta1, step.beta2,
            step.oneMinusBeta2, step.stepSize, step.rootCorrection, step.epsilon,
          ].map { .float($0) })
    }
  }

  package func adamW8bit(
    _ values: Matrix, gradient: Matrix, first: Moment8bit, second: Moment8bit,
    _ step: AdamWStep
  ) {
    precondition(
      [first, second].allSatisfy {
        $0.codes.count == Moment8bit.codeCells(values.count)
          && $0.scales.count == DynamicMap.blockCount(values.count)
      }, "moments have a code for each cell and a scale for each block")
    let maps = maps.address
    let moments = [first, second].flatMap {
      [Paged($0.codes, cellOf: 4), Paged($0.scales, cellOf: DynamicMap.blockSize)]
    }
    eachPiece(values, gradient, moments) { queue, p, g, moments, count in
      try queue.device.launch(
        "adamw8",
        LaunchSize(grid: CUDAQueue.blocks(count, DynamicMap.blockSize), block: 256),
        [.address(p), .address(g)] + moments.map { .address($0) } + [
          .address(maps), .address(maps + 1024), .long(count),
        ]
          + [
            step.gradientScale, step.decayFactor, step.beta1, step.oneMinusBeta1, step.beta2,
            step.oneMinusBeta2, step.stepSize, step.rootDivisor, step.epsilon,
          ].map { .float($0) })
    }
  }

  package func momentum(
    _ values: Matrix, gradient: Matrix, buffer: Matrix?, _ step: MomentumStep
  ) {
    eachPiece(values, gradient, buffer.map { [Paged($0)] } ?? []) { queue, p, g, moments, count in
      try queue.flat(
        "momentum", count,
        [.address(p), .address(moments.first ?? 0), .address(g), .long(count)]
          + [step.gradientScale, step.weightDecay, step.momentum, step.learningRate].map {
            .float($0)
          })
    }
  }

  // MARK: - Private

  /// Cells of one partial sum of squares.
  private static let squaresPiece = 65536
  /// Parameters whose paged moments are on the card at once: 64 MiB of each moment in float32. Whole
  /// blocks of moments in 8 bits.
  private static let pagedPiece = 1 << 24

  /// A moment, a cell of which is of one parameter or of several.
  private struct Paged {
    let matrix: Matrix
    let parameters: Int

    init(_ matrix: Matrix, cellOf parameters: Int = 1) {
      precondition(matrix.isContiguous, "a moment has no gaps")
      (self.matrix, self.parameters) = (matrix, parameters)
    }

    var host: PagedMemory? { matrix.memory as? PagedMemory }

    /// The cells of these parameters, counted in the matrix.
    func cells(_ range: Range<Int>) -> Range<Int> {
      range.lowerBound / parameters..<(range.upperBound + parameters - 1) / parameters
    }
  }

  private func eachPiece(
    _ values: Matrix, _ gradient: Matrix, _ moments: [Paged],
    _ body: (CUDAQueue, UInt64, UInt64, [UInt64], Int) throws -> Void
  ) {
    let count = values.count
    precondition(
      values.isContiguous && gradient.isContiguous && gradient.count == count,
      "cells of one shape")
    let size = moments.contains { $0.host != nil } ? Self.pagedPiece : max(1, count)
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(count, start + size)
      queue.perform { queue in
        let places = try moments.map { try bring(queue, $0, range) }
        try body(
          queue, values.deviceAddress + UInt64(4 * start),
          gradient.deviceAddress + UInt64(4 * start), places, range.count)
        for (moment, place) in zip(moments, places) { try takeBack(queue, moment, place, range) }
      }
    }
  }

  private func bring(_ queue: CUDAQueue, _ moment: Paged, _ range: Range<Int>) throws -> UInt64 {
    let cells = moment.cells(range)
    guard let host = moment.host else {
      return moment.matrix.deviceAddress + UInt64(4 * cells.lowerBound)
    }
    let place = try queue.take(cells: cells.count)
    let start = UnsafeRawPointer(host.cells.address + moment.matrix.offset + cells.lowerBound)
    try queue.device.write(place, UnsafeRawBufferPointer(start: start, count: 4 * cells.count))
    return place
  }

  private func takeBack(
    _ queue: CUDAQueue, _ moment: Paged, _ place: UInt64, _ range: Range<Int>
  ) throws {
    guard let host = moment.host else { return }
    let cells = moment.cells(range)
    let start = UnsafeMutableRawPointer(
      host.cells.address + moment.matrix.offset + cells.lowerBound)
    try queue.device.read(
      UnsafeMutableRawBufferPointer(start: start, count: 4 * cells.count), place)
  }
}
