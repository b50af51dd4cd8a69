/// One table of rotary angles.
package struct Rope: Sendable, Hashable {
  package var theta: Double
  package var scaling: RopeScaling?
  /// Components of a head that are rotated, from the first on; even, at most the head size.
  package var dimensions: Int

  package init(theta: Double, scaling: RopeScaling? = nil, dimensions: Int) {
    self.theta = theta
    self.scaling = scaling
    self.dimensions = dimensions
  }
}

/// How positions beyond the pretraining length are treated (transformers' `modeling_rope_utils`).
package enum RopeScaling: Sendable, Hashable {
  case linear(factor: Double)
  case dynamic(factor: Double, originalContextLength: Int)
  case llama3(
    factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double,
    originalContextLength: Int)
  case yarn(Yarn)
  /// Factors per pair of components: the long ones beyond the original length.
  case longrope(
    short: [Double], long: [Double], attentionFactor: Double, originalContextLength: Int)

  package struct Yarn: Sendable, Hashable {
    package var factor: Double
    /// What cosines and sines are multiplied by: given, or from the factor and the mscales.
    package var attentionFactor: Double
    package var betaFast: Double
    package var betaSlow: Double
    package var originalContextLength: Int
    /// Whether the ramp's ends are rounded to whole components.
    package var truncates: Bool

    package init(
      factor: Double, attentionFactor: Double, betaFast: Double = 32, betaSlow: Double = 1,
      originalContextLength: Int, truncates: Bool = true
    ) {
      self.factor = factor
      self.attentionFactor = attentionFactor
      self.betaFast = betaFast
      self.betaSlow = betaSlow
      self.originalContextLength = originalContextLength
      self.truncates = truncates
    }
  }
}
