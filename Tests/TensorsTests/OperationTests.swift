import Foundation
import Parallelism
import Tensors
import Testing

/// Every operation against its definition in double precision, on every instruction set of this
/// CPU, forward and (by central differences) backward.
@Suite struct OperationTests {
  static let backends = InstructionSet.available

  static func backend(_ level: InstructionSet, blas: Bool = false) -> CPUBackend {
    CPUBackend(pool: ThreadPool(threads: 2), instructionSet: level, usesBLAS: blas)
  }

  @Test(
    "products, plain, transposed, accumulated", arguments: backends,
    [(1, 1, 1), (5, 7, 3), (13, 33, 40), (70, 130, 65), (300, 48, 9)])
  func products(level: InstructionSet, size: (Int, Int, Int)) {
    let (m, n, k) = size
    for blas in [false, true] {
      let backend = Self.backend(level, blas: blas)
      let a = Table(m, k, seed: 1), b = Table(k, n, seed: 2), start = Table(m, n, seed: 3)
      let product = a.times(b)
      let bound = 1e-6 * Double(k + 2)
      func check(_ name: String, _ accumulate: Bool, _ run: (Matrix) -> Void) {
        let c = start.matrix()
        run(c)
        var expected = product
        for i in expected.values.indices {
          expected.values[i] = 0.5 * expected.values[i] + (accumulate ? start.values[i] : 0)
        }
        #expect(expected.distance(c) < bound, "\(name)")
      }
      let (x, y) = (a.matrix(), b.matrix())
      let (xt, yt) = (a.transposed.matrix(), b.transposed.matrix())
      for add in [false, true] {
        check("nn", add) { backend.multiply($0, x, y, alpha: 0.5, accumulate: add) }
        check("nt", add) { backend.multiplyTransposed($0, x, yt, alpha: 0.5, accumulate: add) }
        check("tn", add) { backend.multiplyTransposing($0, xt, y, alpha: 0.5, accumulate: add) }
        check("rows", add) {
          backend.multiplyRowsTransposed($0, x, yt, alpha: 0.5, accumulate: add)
        }
      }
    }
  }

  @Test("a row of a product has the same bits in any company", arguments: backends)
  func rowsAreIndependent(level: InstructionSet) {
    let backend = Self.backend(level)
    let x = Table(9, 77, seed: 4).matrix(), w = Table(131, 77, seed: 5).matrix()
    let together = Table(9, 131, seed: 6).matrix(), alone = Table(1, 131, seed: 6)
    backend.multiplyRowsTransposed(together, x, w, alpha: 1, accumulate: false)
    for row in 0..<9 {
      let single = alone.matrix()
      backend.multiplyRowsTransposed(
        single, x.rows(row..<row + 1), w, alpha: 1, accumulate: false)
      #expect(single.values() == together.rows(row..<row + 1).values())
    }
  }

  @Test("RMS norm", arguments: backends, [1, 5, 64, 100])
  func rmsNorm(level: InstructionSet, columns: Int) {
    let backend = Self.backend(level)
    let x = Table(70, columns, seed: 1), w = Table(1, columns, seed: 2)
    let dy = Table(70, columns, seed: 3)
    func reference(_ x: Table, _ w: Table) -> Table {
      var y = x
      for t in 0..<x.rows {
        let mean = (0..<columns).reduce(0) { $0 + x[t, $1] * x[t, $1] } / Double(columns)
        for c in 0..<columns { y[t, c] = x[t, c] / (mean + 1e-5).squareRoot() * w[0, c] }
      }
      return y
    }
    let (xm, wm, dym) = (x.matrix(), w.matrix(), dy.matrix())
    let y = x.matrix(), r = Table(70, 1, seed: 0).matrix()
    backend.rmsNorm(y, r, xm, wm, NormShape(epsilon: 1e-5))
    #expect(reference(x, w).distance(y) < 4e-6)
    let zero = Table(70, columns, Array(repeating: 0, count: 70 * columns))
    let dx = zero.matrix(), dw = Table(1, columns, Array(repeating: 0, count: columns))
    let dwm = dw.matrix()
    backend.rmsNormBackward(
      dx, dwm, dym, xm, wm, r, NormShape(epsilon: 1e-5), accumulate: true, partial: zero.matrix())
    // One row is enough for x: rows are independent; the first is far from zero.
    let first = Table(1, columns, Array(x.values.prefix(columns)))
    let firstUp = Table(1, columns, Array(dy.values.prefix(columns)))
    #expect(first.gradient(firstUp) { reference($0, w) }.distance(dx.rows(0..<1)) < 1e-4)
    #expect(w.gradient(dy) { reference(x, $0) }.distance(dwm) < 1e-4)
  }

  @Test("products of rows are sums in double precision", arguments: [1, 7, 8, 300])
  func rowDots(columns: Int) {
    let backend = CPUBackend(pool: ThreadPool(threads: 2))
    let x = Table(130, columns + 2, seed: 8), y = Table(130, columns, seed: 9)
    let dots = backend.rowDots(x.matrix().columns(1..<columns + 1), y.matrix())
    #expect(dots.count == 130)
    for (t, dot) in dots.enumerated() {
      let sum = (0..<columns).reduce(0) { $0 + x[t, $1 + 1] * y[t, $1] }
      #expect(abs(Double(dot) - sum) <= 1e-7 * max(1, abs(sum)))
    }
  }

  @Test("SwiGLU", arguments: backends)
  func swiGLU(level: InstructionSet) {
    let backend = Self.backend(level)
    var x = Table(3, 42, seed: 1)
    for i in x.values.indices { x.values[i] *= i % 5 == 0 ? 20 : 3 }
    let dh = Table(3, 21, seed: 2)
    func reference(_ x: Table) -> Table {
      var h = Table(x.rows, 21, Array(repeating: 0, count: x.rows * 21))
      for t in 0..<x.rows {
        for f in 0..<21 { h[t, f] = x[t, f] / (1 + exp(-x[t, f])) * x[t, 21 + f] }
      }
      return h
    }
    let h = dh.matrix(), gateUp = x.matrix(), up = dh.matrix()
    backend.gate(h, gateUp, .silu)
    #expect(reference(x).distance(h) < 4e-5)
    backend.gateBackward(gateUp, up, gateUp, .silu)
    #expect(x.gradient(dh, reference).distance(gateUp) < 1e-4)
  }

  @Test("cross-entropy, far from zero too", arguments: backends, [1, 7, 64, 333])
  func crossEntropy(level: InstructionSet, vocabulary: Int) {
    let backend = Self.backend(level)
    var x = Table(5, vocabulary, seed: 1)
    for i in x.values.indices { x.values[i] = x.values[i] * 8 + (i < vocabulary ? 500 : 0) }
    let labels = (0..<5).map { Int32($0 * 3 % vocabulary) }
    let weights = Table(5, 1, seed: 2)
    func reference(_ x: Table) -> Table {
      var y = Table(5, 1, Array(repeating: 0, count: 5))
      for t in 0..<5 {
        let row = (0..<vocabulary).map { x[t, $0] }
        let top = row.max() ?? 0
        y[t, 0] = row[Int(labels[t])] - top - log(row.reduce(0) { $0 + exp($1 - top) })
      }
      return y
    }
    let logits = x.matrix(), logp = weights.matrix(), lse = weights.matrix()
    backend.crossEntropy(logp, lse, logits, labels: labels)
    #expect(reference(x).distance(logp) < 1e-4)
    backend.crossEntropyBackward(
      logits, lse, labels: labels, dlogp: weights.values.map { Float($0) }, softcap: 0)
    #expect(x.gradient(weights, reference).distance(logits) < 1e-4)
  }

  @Test("rotation and its way back", arguments: backends)
  func rotation(level: InstructionSet) {
    let backend = Self.backend(level)
    let x = Table(4, 3 * 10, seed: 1)
    let angles = Table(8, 5, seed: 2)
    let cosine = Table(8, 5, angles.values.map { cos($0) })
    let sine = Table(8, 5, angles.values.map { sin($0) })
    let positions: [Int32] = [0, 3, 7, 1]
    var expected = x
    for (t, position) in positions.enumerated() {
      for head in 0..<3 {
        for i in 0..<5 {
          let (c, s) = (cosine[Int(position), i], sine[Int(position), i])
          let (a, b) = (x[t, head * 10 + i], x[t, head * 10 + i + 5])
          expected[t, head * 10 + i] = a * c - b * s
          expected[t, head * 10 + i + 5] = b * c + a * s
        }
      }
    }
    let y = x.matrix(), c = cosine.matrix(), s = sine.matrix()
    backend.rotate(
      y, heads: 3, headSize: 10, dimensions: 10, cosine: c, sine: s, positions: positions,
      backward: false)
    #expect(expected.distance(y) < 1e-6)
    backend.rotate(
      y, heads: 3, headSize: 10, dimensions: 10, cosine: c, sine: s, positions: positions,
      backward: true)
    #expect(x.distance(y) < 1e-6)
  }

  @Test("dropout keeps its share, scales it, and repeats its mask", arguments: backends)
  func dropout(level: InstructionSet) {
    let backend = Self.backend(level)
    let ones = Table(200, 100, Array(repeating: 1, count: 20000))
    let keys = (0..<200).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    let y = ones.matrix(), x = ones.matrix(), dx = ones.matrix()
    backend.dropout(y, x, keys: keys, probability: 0.25)
    let kept = y.values().filter { $0 != 0 }
    #expect(kept.allSatisfy { abs($0 - 4 / 3) < 1e-6 })
    let deviation = (20000 * 0.25 * 0.75).squareRoot()
    #expect(abs(Double(kept.count) - 15000) < 4 * deviation)
    backend.dropoutBackward(dx, x, keys: keys, probability: 0.25)
    for (sum, once) in zip(dx.values(), y.values()) { #expect(abs(sum - 1 - once) < 1e-6) }
  }
}
