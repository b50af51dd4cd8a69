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
  /// Where the moments of each parameter lie in ``moments``.
  package let layout: MomentLayout

  private let parameters: [TrainableParameter]
  private let groups: [ParameterGroup]
  private let backend: any Backend
  private var memory: DeviceMemory?

  /// - Parameters:
  ///   - parameters: in an order that never changes between runs of the same model.
  ///   - learningRate: the schedule's peak, which groups with a rate of their own are measured by.
  package init(
    _ settings: OptimizerSettings, parameters: [TrainableParameter], learningRate: Double,
    backend: any Backend
  ) {
    self.settings = settings
    self.parameters = parameters
    self.backend = backend
    for parameter in parameters {
      precondition(
        parameter.values.count == parameter.gradient.count,
        "'\(parameter.name)' and its gradient differ in size")
    }
    layout = MomentLayout(settings, parameters.map { ($0.name, $0.values.count) })
    memory = settings.kind.isPaged ? nil : backend.allocate(layout.count)
    groups = parameters.map {
      settings.groups.group(
        of: $0.name, dimensions: $0.shape.count, decays: $0.decays, learningRate: learningRate)
    }
  }

  /// Takes the room for paged moments, zeroed; once, before the first step. Others have theirs.
  ///
  /// - Parameter scratchFolder: where paged moments are kept. A stage runs in a folder of its own.
  /// - Throws: ``Failure`` of class `io` when the folder has no room for them.
  package func prepare(scratchFolder: String = ".") throws {
    if memory == nil { memory = try backend.allocate(layout.count, pagedIn: scratchFolder) }
  }

  /// All moments, for checkpoints.
  package var moments: Matrix {
    allocated.matrix(rows: 1, columns: layout.count)
  }

  private var allocated: DeviceMemory {
    guard let memory else { preconditionFailure("paged moments are prepared before a step") }
    return memory
  }

  /// The L2 norm of all gradients together, in double, summed in the order of the parameters.
  package func gradientNorm() -> Double {
    parameters.reduce(0) { $0 + backend.sumOfSquares($1.gradient) }.squareRoot()
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - learningRate: of the schedule; each group multiplies it by its own scale.
  ///   - gradientScale: multiplies every gradient (clipping).
  package func step(learningRate: Double, gradientScale: Double) {
    step += 1
    for (index, parameter) in parameters.enumerated() {
      let (values, gradient) = (parameter.values.flat, parameter.gradient.flat)
      let group = groups[index]
      let rate = learningRate * group.learningRateScale
      switch layout.slots[index] {
      case .moments(let m, let v):
        backend.adamW(
          values, gradient: gradient, first: matrix(m), second: matrix(v),
          adamW(rate, gradientScale, decays: group.decays))
      case .moments8bit(let m, let v, let mScales, let vScales):
        backend.adamW8bit(
          values, gradient: gradient,
          first: Moment8bit(codes: matrix(m), scales: matrix(mScales)),
          second: Moment8bit(codes: matrix(v), scales: matrix(vScales)),
          adamW(rate, gradientScale, decays: group.decays))
      case .momentum(let buffer):
        backend.momentum(
          values, gradient: gradient, buffer: matrix(buffer),
          momentum(rate, gradientScale, decays: group.decays))
      case .none:
        backend.momentum(
          values, gradient: gradient, buffer: nil,
          momentum(rate, gradientScale, decays: group.decays))
      }
    }
  }

  /// Puts back what ``step`` was, after the moments were written.
  package func restore(step: Int) { self.step = step }

  // MARK: - Private

  private func matrix(_ part: MomentLayout.Part) -> Matrix {
    allocated.matrix(offset: part.offset, rows: 1, columns: part.count)
  }

  private func momentum(_ learningRate: Double, _ gradientScale: Double, decays: Bool)
    -> MomentumStep
  {
    MomentumStep(
      gradientScale: Float(gradientScale),
      weightDecay: decays ? Float(settings.weightDecay) : 0,
      momentum: Float(settings.momentum), learningRate: Float(learningRate))
  }

  private func adamW(_ learningRate: Double, _ gradientScale: Double, decays: Bool) -> AdamWStep {
    let root = (1 - power(settings.beta2, step)).squareRoot()
    return AdamWStep(
      gradientScale: Float(gradientScale),
      decayFactor: Float(1 - learningRate * (decays ? settings.weightDecay : 0)),
      beta1: Float(settings.beta1), oneMinusBeta1: Float(1 - settings.beta1),
      beta2: Float(settings.beta2), oneMinusBeta2: Float(1 - settings.beta2),
      stepSize: Float(learningRate / (1 - power(settings.beta1, step))),
      rootCorrection: Float(1 / root), rootDivisor: Float(root),
      epsilon: Float(settings.epsilon))
  }

  /// x^t by repeated squaring: the same bits everywhere, unlike a library `pow`.
  private func power(_ x: Double, _ t: Int) -> Double {
    var (result, base, exponent) = (1.0, x, t)
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
