import Foundation
import Models
import Parallelism
import Reproducibility
import Testing
import Training

@Suite("Optimizer")
struct OptimizerTests {
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

  @Test("the fast loop gives the bits of its specification", arguments: [0, 1, 3, 4, 7, 64, 1001])
  func bits(_ count: Int) {
    let random = CounterRandom(seed: 3, stream: "optimizer")
    func fill(_ k: Int) -> [Float] {
      (0..<count).map { Float(random.normal(UInt64(k * 2000 + $0))) }
    }
    let scalars = ParameterUpdates.AdamWScalars(
      gradientScale: 0.7, decayFactor: 0.99, beta1: 0.9, oneMinusBeta1: 0.1, beta2: 0.95,
      oneMinusBeta2: 0.05, stepSize: 0.01, rootCorrection: 1.2, epsilon: 1e-8)
    let gradient = fill(3)
    var fast = [fill(0), fill(1), fill(2).map { $0 * $0 }]
    var slow = fast
    Self.apply(&fast, gradient) {
      ParameterUpdates.adamW($0, $1, $2, gradient: $3, count: count, scalars)
    }
    Self.apply(&slow, gradient) {
      ParameterUpdates.adamWReference($0, $1, $2, gradient: $3, count: count, scalars)
    }
    #expect(fast == slow)
  }

  typealias Floats = UnsafeMutablePointer<Float>

  static func apply(
    _ arrays: inout [[Float]], _ gradient: [Float],
    _ body: (Floats, Floats, Floats, UnsafePointer<Float>) -> Void
  ) {
    var (p, m, v) = (arrays[0] + [0], arrays[1] + [0], arrays[2] + [0])  // never without address
    p.withUnsafeMutableBufferPointer { p in
      m.withUnsafeMutableBufferPointer { m in
        v.withUnsafeMutableBufferPointer { v in
          (gradient + [0]).withUnsafeBufferPointer {
            body(p.baseAddress!, m.baseAddress!, v.baseAddress!, $0.baseAddress!)
          }
        }
      }
    }
    arrays = [p.dropLast(), m.dropLast(), v.dropLast()]
  }

  @Test("fifty steps follow AdamW in double, with decay only where it belongs", arguments: [1, 2])
  func adamW(_ threads: Int) {
    let settings = OptimizerSettings(beta2: 0.95, weightDecay: 0.1)
    let model = ToyModel(vocabulary: 300, seed: 1)  // 90 000 weights: two pieces
    let optimizer = Optimizer(
      settings, parameters: model.parameters, pool: ThreadPool(threads: threads))
    var p = model.parameters.map { $0.values.map(Double.init) }
    var m = p.map { $0.map { _ in 0.0 } }
    var v = m
    let random = CounterRandom(seed: 8, stream: "optimizer")
    for step in 1...50 {
      for (k, parameter) in model.parameters.enumerated() {
        for i in parameter.gradient.indices {
          parameter.gradient[i] = Float(
            random.uniform(UInt64((step * 2 + k) * 100_000 + i)) - 0.5)
        }
        Self.adamW(
          &p[k], &m[k], &v[k], parameter.gradient.map { Double($0) * 0.5 }, step: step, lr: 1e-3,
          settings, decays: parameter.decays)
      }
      optimizer.step(learningRate: 1e-3, gradientScale: 0.5)
    }
    #expect(model.parameters.map(\.decays) == [false, true])
    for (parameter, expected) in zip(model.parameters, p) {
      let worst = zip(parameter.values, expected).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(worst < 5e-6)  // 50 steps, each with a few roundings of values near 1
    }
  }

  @Test("momentum follows torch's SGD")
  func sgd() {
    var settings = OptimizerSettings(kind: .sgd, weightDecay: 0.5, momentum: 0.9)
    settings.kind = .sgd
    let model = ToyModel(vocabulary: 2, seed: 1)
    let optimizer = Optimizer(settings, parameters: model.parameters, pool: ThreadPool(threads: 1))
    let weight = model.parameters[1]
    let start = Double(weight.values[0])
    model.zeroGradients()
    weight.gradient[0] = 2
    optimizer.step(learningRate: 0.1, gradientScale: 0.5)
    let first = 1 + 0.5 * start
    let one = start - 0.1 * first
    #expect(abs(Double(weight.values[0]) - one) < 1e-6)
    optimizer.step(learningRate: 0.1, gradientScale: 0.5)
    let two = one - 0.1 * (0.9 * first + 1 + 0.5 * one)
    #expect(abs(Double(weight.values[0]) - two) < 1e-6)
  }

  @Test("the norm is the same bits with 1 and with 2 threads, and sees a NaN")
  func norm() {
    let model = ToyModel(vocabulary: 400, seed: 2)
    for parameter in model.parameters {
      for i in parameter.gradient.indices { parameter.gradient[i] = parameter.values[i] }
    }
    let norms = [1, 2].map {
      Optimizer(
        OptimizerSettings(), parameters: model.parameters, pool: ThreadPool(threads: $0)
      ).gradientNorm()
    }
    #expect(norms[0] == norms[1])
    let exact = model.parameters.flatMap { $0.values.map { Double($0) * Double($0) } }
      .reduce(0, +).squareRoot()
    #expect(abs(norms[0] - exact) < 1e-9 * exact)
    model.parameters[1].gradient[159_999] = .nan
    let broken = Optimizer(
      OptimizerSettings(), parameters: model.parameters, pool: ThreadPool(threads: 2))
    #expect(!broken.gradientNorm().isFinite)
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
