import BlockFormats
import Foundation
import Parallelism
import Tensors

extension ConformanceCase {
  static let optimizers: [ConformanceCase] =
    [1, 7, 256, 1000, 70_000].map { count in
      ConformanceCase("optimizers of \(count) cells") { optimize($0, count) }
    } + [ConformanceCase("moments paged on the host", paged)]

  /// The rules are plain IEEE arithmetic in one order: every backend has the host's bits.
  private static func optimize(_ t: Trial, _ count: Int) {
    let host = Trial(CPUBackend(pool: ThreadPool(threads: 1)), BackendTraits())
    for (name, run) in rules(count) { t.expectSame(name, run(t), run(host)) }
    let x = Numbers(1, count, seed: 8)
    let sum = x.values.reduce(0) { $0 + $1 * $1 }
    let found = t.backend.sumOfSquares(t.matrix(x))
    t.require(
      "sum of squares \(found), expected \(sum)", abs(found - sum) <= sum * Double(count) * 0x1p-52)
  }

  private static func step(_ number: Int) -> AdamWStep {
    let (b1, b2) = (0.9, 0.95)
    let (c1, c2) = (1 - pow(b1, Double(number)), 1 - pow(b2, Double(number)))
    return AdamWStep(
      gradientScale: 0.5, decayFactor: Float(1 - 1e-3 * 0.1), beta1: Float(b1),
      oneMinusBeta1: Float(1 - b1), beta2: Float(b2), oneMinusBeta2: Float(1 - b2),
      stepSize: Float(1e-3 / c1), rootCorrection: Float(1 / c2.squareRoot()),
      rootDivisor: Float(c2.squareRoot()), epsilon: 1e-8)
  }

  private static func rules(_ count: Int) -> [(String, (Trial) -> [Float])] {
    let sgd = MomentumStep(gradientScale: 0.5, weightDecay: 0.01, momentum: 0.9, learningRate: 0.1)
    func gradient(_ t: Trial, _ step: Int) -> Matrix {
      t.matrix(Numbers(1, count, seed: 10 + step, scale: 0.1))
    }
    return [
      (
        "AdamW",
        { t in
          let p = t.matrix(Numbers(1, count, seed: 9)), m = t.empty(1, count), v = t.empty(1, count)
          for number in 1...3 {
            t.backend.adamW(p, gradient: gradient(t, number), first: m, second: v, step(number))
          }
          return p.values() + m.values() + v.values()
        }
      ),
      (
        "AdamW in 8 bits",
        { t in
          let p = t.matrix(Numbers(1, count, seed: 9))
          func moment() -> Moment8bit {
            Moment8bit(
              codes: t.empty(1, Moment8bit.codeCells(count)),
              scales: t.empty(1, DynamicMap.blockCount(count)))
          }
          let (m, v) = (moment(), moment())
          for number in 1...3 {
            t.backend.adamW8bit(p, gradient: gradient(t, number), first: m, second: v, step(number))
          }
          return p.values() + m.scales.values() + v.scales.values() + m.codes.values()
            + v.codes.values()
        }
      ),
      (
        "momentum",
        { t in
          let p = t.matrix(Numbers(1, count, seed: 9)), b = t.empty(1, count)
          for number in 1...3 {
            t.backend.momentum(p, gradient: gradient(t, number), buffer: b, sgd)
          }
          return p.values() + b.values()
        }
      ),
      (
        "plain descent",
        { t in
          let p = t.matrix(Numbers(1, count, seed: 9))
          t.backend.momentum(p, gradient: gradient(t, 1), buffer: nil, sgd)
          return p.values()
        }
      ),
    ]
  }

  private static func paged(_ t: Trial) {
    let count = 3000
    let p = t.matrix(Numbers(1, count, seed: 9)), q = t.matrix(Numbers(1, count, seed: 9))
    let m = t.empty(1, count), v = t.empty(1, count)
    guard
      let memory = try? t.backend.allocate(
        2 * count, pagedIn: NSTemporaryDirectory())
    else {
      t.require("memory in a file", false)
      return
    }
    let first = memory.matrix(rows: 1, columns: count)
    let second = memory.matrix(offset: count, rows: 1, columns: count)
    for number in 1...2 {
      let g = t.matrix(Numbers(1, count, seed: 10 + number, scale: 0.1))
      t.backend.adamW(p, gradient: g, first: m, second: v, step(number))
      t.backend.adamW(q, gradient: g, first: first, second: second, step(number))
    }
    t.expectSame("parameters", q.values(), p.values())
    t.expectSame("first moments", first.values(), m.values())
    t.expectSame("second moments", second.values(), v.values())
  }
}
