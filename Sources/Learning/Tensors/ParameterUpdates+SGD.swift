extension ParameterUpdates {
  /// Stochastic gradient descent with momentum as `torch.optim.SGD` does it (no dampening, no
  /// Nesterov):
  ///
  ///     g  = gradientScale * g + weightDecay * p
  ///     b  = momentum * b + g
  ///     p -= learningRate * b
  ///
  /// p, b: (count) overwritten; g: (count) read. No two overlap.
  static func momentumSGD(
    _ p: Floats, _ b: Floats, gradient g: UnsafePointer<Float>, count: Int, _ s: MomentumStep
  ) {
    for i in 0..<count {
      let d = s.gradientScale * g[i] + s.weightDecay * p[i]
      let bi = s.momentum * b[i] + d
      b[i] = bi
      p[i] -= s.learningRate * bi
    }
  }

  /// The same without momentum and its buffer. p: (count) overwritten; g: (count) read.
  static func plainSGD(
    _ p: Floats, gradient g: UnsafePointer<Float>, count: Int, _ s: MomentumStep
  ) {
    for i in 0..<count {
      p[i] -= s.learningRate * (s.gradientScale * g[i] + s.weightDecay * p[i])
    }
  }
}
