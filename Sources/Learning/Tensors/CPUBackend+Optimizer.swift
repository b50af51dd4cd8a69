import CKernels
import Parallelism

/// What optimizers need: sums of squares and the AdamW step, cut into blocks of 16384 floats.
extension CPUBackend {
  private static let block = 16384

  /// Σ x² in double precision; blocks are added in order.
  package func sumOfSquares(_ x: UnsafeMutableBufferPointer<Float>) -> Double {
    guard let address = x.baseAddress else { return 0 }
    let view = Matrix(address: address, rows: 1, columns: x.count, stride: x.count)
    let blocks = (x.count + Self.block - 1) / Self.block
    // Each task writes the slot of its own index.
    nonisolated(unsafe) let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: blocks)
    sums.initialize(repeating: 0)
    defer { sums.deallocate() }
    pool.forEachBlock(of: view.columns, by: Self.block) { [kernels] range in
      sums[range.lowerBound / Self.block] = kernels.pointee.sum_squares(
        view.address + range.lowerBound, range.count)
    }
    return sums.reduce(0, +)
  }

  /// The numbers of one AdamW step; `bias1` and `bias2` are 1 - βᵢ^step.
  package struct AdamWStep: Sendable {
    package var learningRate: Float
    package var beta1: Float
    package var beta2: Float
    package var epsilon: Float
    package var weightDecay: Float
    package var bias1: Float
    package var bias2: Float
    /// What every gradient is multiplied by first: clipping.
    package var gradientScale: Float

    package init(
      learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float,
      bias1: Float, bias2: Float, gradientScale: Float
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.bias1 = bias1
      self.bias2 = bias2
      self.gradientScale = gradientScale
    }
  }

  /// One step on one tensor; the four buffers have one size.
  package func adamW(
    _ values: UnsafeMutableBufferPointer<Float>, gradient: UnsafeMutableBufferPointer<Float>,
    first: UnsafeMutableBufferPointer<Float>, second: UnsafeMutableBufferPointer<Float>,
    _ step: AdamWStep
  ) {
    let count = values.count
    precondition(gradient.count == count && first.count == count && second.count == count)
    guard let p = values.baseAddress, let g = gradient.baseAddress, let m = first.baseAddress,
      let v = second.baseAddress
    else { return }
    let views = [p, g, m, v].map {
      Matrix(address: $0, rows: 1, columns: count, stride: count)
    }
    pool.forEachBlock(of: count, by: Self.block) { [kernels] range in
      let at = range.lowerBound
      kernels.pointee.adamw(
        views[0].address + at, views[1].address + at, views[2].address + at,
        views[3].address + at, range.count, step.learningRate, step.beta1, step.beta2,
        step.epsilon, step.weightDecay, step.bias1, step.bias2, step.gradientScale)
    }
  }
}
