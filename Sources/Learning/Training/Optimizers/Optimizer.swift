package import Models
package import Parallelism

/// Moves parameters along their gradients and keeps the moments that the next step needs.
///
/// Parameters are cut into pieces of ``pieceSize`` whatever the number of threads, so the bits of a
/// step do not depend on it.
package final class Optimizer {
  package let settings: OptimizerSettings
  /// Steps taken.
  package private(set) var step = 0
  /// `moments[k]` holds moment k of every parameter, in the order of the parameters.
  package private(set) var moments: [[Float]]

  private let parameters: [TrainableParameter]
  private let pieces: [Piece]
  private let pool: ThreadPool

  /// 256 KiB of each array: four arrays of a piece fit a 1 MiB second-level cache.
  static let pieceSize = 1 << 16

  /// A run of elements of one parameter.
  private struct Piece {
    var parameter: Int
    var offset: Int
    /// Where the moments of the piece begin.
    var momentOffset: Int
    var count: Int
  }

  /// - Parameter parameters: in an order that never changes between runs of the same model.
  package init(
    _ settings: OptimizerSettings, parameters: [TrainableParameter], pool: ThreadPool
  ) {
    self.settings = settings
    self.parameters = parameters
    self.pool = pool
    var pieces: [Piece] = []
    var total = 0
    for (index, parameter) in parameters.enumerated() {
      precondition(
        parameter.values.count == parameter.gradient.count,
        "'\(parameter.name)' and its gradient differ in size")
      for offset in stride(from: 0, to: parameter.values.count, by: Self.pieceSize) {
        pieces.append(
          Piece(
            parameter: index, offset: offset, momentOffset: total + offset,
            count: min(Self.pieceSize, parameter.values.count - offset)))
      }
      total += parameter.values.count
    }
    self.pieces = pieces
    moments = (0..<settings.momentCount).map { _ in [Float](repeating: 0, count: total) }
  }

  /// The L2 norm of all gradients together, in double, summed in the order of the parameters.
  package func gradientNorm() -> Double {
    var sums = [Double](repeating: 0, count: pieces.count)
    sums.withUnsafeMutableBufferPointer { buffer in
      // Each task writes its own slot of `sums` and only reads gradients.
      nonisolated(unsafe) let (sums, parameters) = (buffer, self.parameters)
      let pieces = pieces
      pool.forEach(pieces.count) { index in
        let piece = pieces[index]
        if let gradient = parameters[piece.parameter].gradient.baseAddress {
          sums[index] = ParameterUpdates.sumOfSquares(gradient + piece.offset, count: piece.count)
        }
      }
    }
    return sums.reduce(0, +).squareRoot()
  }

  /// One step.
  ///
  /// - Parameter gradientScale: multiplies every gradient (clipping).
  package func step(learningRate: Double, gradientScale: Double) {
    step += 1
    switch settings.kind {
    case .adamw, .adamwFused: adamW(learningRate, gradientScale)
    case .sgd: sgd(learningRate, gradientScale)
    }
  }

  /// Puts back what ``moments`` and ``step`` were.
  ///
  /// - Returns: false, changing nothing, when the sizes are not those of this optimizer.
  package func restore(step: Int, moments: [[Float]]) -> Bool {
    guard moments.map(\.count) == self.moments.map(\.count) else { return false }
    self.step = step
    self.moments = moments
    return true
  }

  // MARK: - Private

  private func scalars(_ learningRate: Double, _ gradientScale: Double, decays: Bool)
    -> ParameterUpdates.AdamWScalars
  {
    let t = Double(step)
    return ParameterUpdates.AdamWScalars(
      gradientScale: Float(gradientScale),
      decayFactor: Float(1 - learningRate * (decays ? settings.weightDecay : 0)),
      beta1: Float(settings.beta1), oneMinusBeta1: Float(1 - settings.beta1),
      beta2: Float(settings.beta2), oneMinusBeta2: Float(1 - settings.beta2),
      stepSize: Float(learningRate / (1 - power(settings.beta1, t))),
      rootCorrection: Float(1 / (1 - power(settings.beta2, t)).squareRoot()),
      epsilon: Float(settings.epsilon))
  }

  private func adamW(_ learningRate: Double, _ gradientScale: Double) {
    let decaying = scalars(learningRate, gradientScale, decays: true)
    let plain = scalars(learningRate, gradientScale, decays: false)
    var (first, second) = (moments[0], moments[1])
    moments = []  // the only reference left is the local one: no copy on write
    first.withUnsafeMutableBufferPointer { m in
      second.withUnsafeMutableBufferPointer { v in
        // Pieces are disjoint, so no two tasks touch the same element.
        nonisolated(unsafe) let (m, v) = (m, v)
        forEachPiece { piece, parameter in
          guard let values = parameter.values.baseAddress,
            let gradient = parameter.gradient.baseAddress, let m = m.baseAddress,
            let v = v.baseAddress
          else { return }
          ParameterUpdates.adamW(
            values + piece.offset, m + piece.momentOffset, v + piece.momentOffset,
            gradient: gradient + piece.offset, count: piece.count,
            parameter.decays ? decaying : plain)
        }
      }
    }
    moments = [first, second]
  }

  private func sgd(_ learningRate: Double, _ gradientScale: Double) {
    var buffer = moments[0]
    moments = []
    let settings = settings
    buffer.withUnsafeMutableBufferPointer { b in
      // Pieces are disjoint, so no two tasks touch the same element.
      nonisolated(unsafe) let b = b
      forEachPiece { piece, parameter in
        guard let values = parameter.values.baseAddress,
          let gradient = parameter.gradient.baseAddress, let b = b.baseAddress
        else { return }
        ParameterUpdates.sgd(
          values + piece.offset, b + piece.momentOffset, gradient: gradient + piece.offset,
          count: piece.count, gradientScale: Float(gradientScale),
          weightDecay: parameter.decays ? Float(settings.weightDecay) : 0,
          momentum: Float(settings.momentum), learningRate: Float(learningRate))
      }
    }
    moments = [buffer]
  }

  private func forEachPiece(_ body: @Sendable (Piece, TrainableParameter) -> Void) {
    // The pool returns only after all tasks; they share nothing but disjoint pieces.
    nonisolated(unsafe) let parameters = parameters
    let pieces = pieces
    pool.forEach(pieces.count) { body(pieces[$0], parameters[pieces[$0].parameter]) }
  }

  /// x^t for a whole t, by repeated squaring: the same bits everywhere, unlike a library `pow`.
  private func power(_ x: Double, _ t: Double) -> Double {
    var (result, base, exponent) = (1.0, x, Int(t))
    while exponent > 0 {
      if exponent & 1 == 1 { result *= base }
      base *= base
      exponent >>= 1
    }
    return result
  }
}
