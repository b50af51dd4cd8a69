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
  package var epsilon: Float

  package init(
    gradientScale: Float, decayFactor: Float, beta1: Float, oneMinusBeta1: Float, beta2: Float,
    oneMinusBeta2: Float, stepSize: Float, rootCorrection: Float, epsilon: Float
  ) {
    self.gradientScale = gradientScale
    self.decayFactor = decayFactor
    self.beta1 = beta1
    self.oneMinusBeta1 = oneMinusBeta1
    self.beta2 = beta2
    self.oneMinusBeta2 = oneMinusBeta2
    self.stepSize = stepSize
    self.rootCorrection = rootCorrection
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
