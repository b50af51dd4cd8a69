package import Models
package import Tensors

/// Moves parameters along their gradients and keeps the moments that the next step needs.
///
/// The arithmetic is the backend's, cut whatever the number of threads, so the bits of a step do
/// not depend on it.
package final class Optimizer {
  package let settings: OptimizerSettings
  /// Steps taken.
  package private(set) var step = 0
  /// `moments[k][p]` is moment k of parameter p, in the order of the parameters.
  package let moments: [[Matrix]]

  private let parameters: [TrainableParameter]
  private let backend: any Backend

  /// - Parameter parameters: in an order that never changes between runs of the same model.
  package init(
    _ settings: OptimizerSettings, parameters: [TrainableParameter], backend: any Backend
  ) {
    self.settings = settings
    self.parameters = parameters
    self.backend = backend
    for parameter in parameters {
      precondition(
        parameter.values.count == parameter.gradient.count,
        "'\(parameter.name)' and its gradient differ in size")
    }
    moments = (0..<settings.momentCount).map { _ in
      parameters.map {
        backend.allocate($0.values.count).matrix(rows: 1, columns: $0.values.count)
      }
    }
  }

  /// The L2 norm of all gradients together, in double, summed in the order of the parameters.
  package func gradientNorm() -> Double {
    parameters.reduce(0) { $0 + backend.sumOfSquares($1.gradient) }.squareRoot()
  }

  /// One step.
  ///
  /// - Parameter gradientScale: multiplies every gradient (clipping).
  package func step(learningRate: Double, gradientScale: Double) {
    step += 1
    let decaying = adamW(learningRate, gradientScale, decays: true)
    let plain = adamW(learningRate, gradientScale, decays: false)
    for (index, parameter) in parameters.enumerated() {
      switch settings.kind {
      case .adamw, .adamwFused:
        backend.adamW(
          parameter.values.flat, gradient: parameter.gradient.flat, first: moments[0][index],
          second: moments[1][index], parameter.decays ? decaying : plain)
      case .sgd:
        backend.momentum(
          parameter.values.flat, gradient: parameter.gradient.flat, buffer: moments[0][index],
          MomentumStep(
            gradientScale: Float(gradientScale),
            weightDecay: parameter.decays ? Float(settings.weightDecay) : 0,
            momentum: Float(settings.momentum), learningRate: Float(learningRate)))
      }
    }
  }

  /// Puts back what ``step`` was, after the moments were written.
  package func restore(step: Int) { self.step = step }

  // MARK: - Private

  private func adamW(_ learningRate: Double, _ gradientScale: Double, decays: Bool) -> AdamWStep {
    let t = Double(step)
    return AdamWStep(
      gradientScale: Float(gradientScale),
      decayFactor: Float(1 - learningRate * (decays ? settings.weightDecay : 0)),
      beta1: Float(settings.beta1), oneMinusBeta1: Float(1 - settings.beta1),
      beta2: Float(settings.beta2), oneMinusBeta2: Float(1 - settings.beta2),
      stepSize: Float(learningRate / (1 - power(settings.beta1, t))),
      rootCorrection: Float(1 / (1 - power(settings.beta2, t)).squareRoot()),
      epsilon: Float(settings.epsilon))
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

extension Matrix {
  /// The same cells as one row.
  var flat: Matrix { reshaped(rows: 1, columns: count) }
}
