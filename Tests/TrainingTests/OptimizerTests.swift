import Foundation
import Models
import Reproducibility
import Tensors
import Testing
import Training

@Suite("Optimizer")
struct OptimizerTests {
  /// Ready for a step, with paged moments in `scratch`.
  static func optimizer(
    _ settings: OptimizerSettings, _ model: ToyModel, learningRate: Double = 1e-3,
    scratch: String = "."
  ) throws -> Optimizer {
    let optimizer = Optimizer(
      settings, parameters: model.parameters, learningRate: learningRate, backend: model.backend)
    try optimizer.prepare(scratchFolder: scratch)
    return optimizer
  }

  /// AdamW in double, one line per line of torch's single-tensor version.
  static func adamW(
    _ p: inout [Double], _ m: inout [Double], _ v: inout [Double], _ g: [Double], step: Int,
    lr: Double, _ s: OptimizerSettings, decays: Bool
  ) {
    for i in p.indices {
      p[i] *= 1 - lr * (decays ? s.weightDecay : 0)
      m[i] = s.beta1 * m[i] + (1 - s.beta1) * g[i]
      v[i] = s.beta2 * v[i] + (1 - s.beta2) * g[i] * g[i]
      let mHat = m[i] / (1 - pow(s.beta1, Double(step)))
      let vHat = v[i] / (1 - pow(s.beta2, Double(step)))
      p[i] -= lr * mHat / (vHat.squareRoot() + s.epsilon)
    }
  }

  @Test("fifty steps follow AdamW in double, with decay only where it belongs", arguments: [1, 2])
  func adamW(_ threads: Int) throws {
    let settings = OptimizerSettings(beta2: 0.95, weightDecay: 0.1)
    let model = ToyModel(vocabulary: 300, seed: 1, threads: threads)  // 90 000 weights: two pieces
    let optimizer = try Self.optimizer(settings, model)
    var p = model.parameters.map { $0.values.values().map(Double.init) }
    var m = p.map { $0.map { _ in 0.0 } }
    var v = m
    let random = CounterRandom(seed: 8, stream: "optimizer")
    for step in 1...50 {
      for (k, parameter) in model.parameters.enumerated() {
        let gradient = (0..<parameter.gradient.count).map {
          Float(random.uniform(UInt64((step * 2 + k) * 100_000 + $0)) - 0.5)
        }
        parameter.gradient.write(gradient)
        Self.adamW(
          &p[k], &m[k], &v[k], gradient.map { Double($0) * 0.5 }, step: step, lr: 1e-3,
          settings, decays: parameter.decays)
      }
      optimizer.step(learningRate: 1e-3, gradientScale: 0.5)
    }
    #expect(model.parameters.map(\.decays) == [false, true])
    for (parameter, expected) in zip(model.parameters, p) {
      let worst = zip(parameter.values.values(), expected).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(worst < 5e-6)  // 50 steps, each with a few roundings of values near 1
    }
  }

  @Test("momentum follows torch's SGD")
  func sgd() throws {
    var settings = OptimizerSettings(kind: .sgd, weightDecay: 0.5, momentum: 0.9)
    settings.kind = .sgd
    let model = ToyModel(vocabulary: 2, seed: 1)
    let optimizer = try Self.optimizer(settings, model)
    let weight = model.parameters[1]
    let start = Double(weight.values.values()[0])
    model.zeroGradients()
    weight.gradient.write([2, 0, 0, 0])
    optimizer.step(learningRate: 0.1, gradientScale: 0.5)
    let first = 1 + 0.5 * start
    let one = start - 0.1 * first
    #expect(abs(Double(weight.values.values()[0]) - one) < 1e-6)
    optimizer.step(learningRate: 0.1, gradientScale: 0.5)
    let two = one - 0.1 * (0.9 * first + 1 + 0.5 * one)
    #expect(abs(Double(weight.values.values()[0]) - two) < 1e-6)
  }

  @Test("the norm is the same bits with 1 and with 2 threads, and sees a NaN")
  func norm() {
    let models = [1, 2].map { ToyModel(vocabulary: 400, seed: 2, threads: $0) }
    func norm(_ model: ToyModel) -> Double {
      Optimizer(
        OptimizerSettings(), parameters: model.parameters, learningRate: 1,
        backend: model.backend
      ).gradientNorm()
    }
    for model in models {
      for parameter in model.parameters { parameter.gradient.write(parameter.values.values()) }
    }
    let norms = models.map(norm)
    #expect(norms[0] == norms[1])
    let exact = models[0].parameters.flatMap { $0.values.values().map { Double($0) * Double($0) } }
      .reduce(0, +).squareRoot()
    #expect(abs(norms[0] - exact) < 1e-9 * exact)
    let last = models[1].parameters[1].gradient
    last.write(last.values().dropLast() + [.nan])
    #expect(!norm(models[1]).isFinite)
  }

  @Test(
    "clipping multiplies by max / (norm + 1e-6), only where that is below 1",
    arguments: [
      (2.0, 1.0, 1 / 2.000001), (0.5, 1.0, 1.0), (5.0, nil, 1.0), (5.0, 0.0, 1.0),
      (1.0, 1.0, 1 / 1.000001),
    ] as [(Double, Double?, Double)])
  func clipping(_ norm: Double, _ max: Double?, _ scale: Double) {
    #expect(GradientClipping.scale(norm: norm, normMax: max) == scale)
  }
}
