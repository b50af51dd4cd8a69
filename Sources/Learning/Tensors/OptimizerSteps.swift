/// The numbers of one AdamW step (Loshchilov & Hutter 2019, algorithm 2, as `torch.optim.AdamW`);
/// products and powers are taken in double before rounding.
package struct AdamWStep: Sendable {
  /// From clipping; 1 when the norm is small enough.
  package var gradientScale: Float
  /// 1 - lr · weight decay.
  package var decayFactor: Float
  package var beta1: Float
  package var oneMinusBeta1: Float
  package var beta2: Float
  package var oneMinusBeta2: Float
  /// lr / (1 - β₁ᵗ).
  package var stepSize: Float
  /// 1 / √(1 - β₂ᵗ).
  package var rootCorrection: Float
  /// √(1 - β₂ᵗ), which the rule with moments in 8 bits divides by.
  package var rootDivisor: Float
  package var epsilon: Float

  package init(
    gradientScale: Float, decayFactor: Float, beta1: Float, oneMinusBeta1: Float, beta2: Float,
    oneMinusBeta2: Float, stepSize: Float, rootCorrection: Float, rootDivisor: Float,
    epsilon: Float
  ) {
    self.gradientScale = gradientScale
    self.decayFactor = decayFactor
    self.beta1 = beta1
    self.oneMinusBeta1 = oneMinusBeta1
    self.beta2 = beta2
    self.oneMinusBeta2 = oneMinusBeta2
    self.stepSize = stepSize
    self.rootCorrection = rootCorrection
    self.rootDivisor = rootDivisor
    self.epsilon = epsilon
  }
}

/// The numbers of one step of descent with momentum, as `torch.optim.SGD`.
package struct MomentumStep: Sendable {
  package var gradientScale: Float
  package var weightDecay: Float
  package var momentum: Float
  package var learningRate: Float

  package init(
    gradientScale: Float, weightDecay: Float, momentum: Float, learningRate: Float
  ) {
    self.gradientScale = gradientScale
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.learningRate = learningRate
  }
}

/// A moment in 8 bits: codes of a ``DynamicMap``, four in a cell, and a scale for each block of 256.
package struct Moment8bit: Sendable {
  package var codes: Matrix
  package var scales: Matrix

  package init(codes: Matrix, scales: Matrix) {
    self.codes = codes
    self.scales = scales
  }

  /// Cells that hold the codes of `count` elements.
  package static func codeCells(_ count: Int) -> Int { (count + 3) / 4 }
}
