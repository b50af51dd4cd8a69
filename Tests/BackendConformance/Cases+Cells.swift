import Foundation
import Parallelism
import Tensors

extension ConformanceCase {
  static let cells: [ConformanceCase] =
    [(1, 1, 0), (9, 130, 0), (70, 33, 3)].map { rows, columns, gap in
      ConformanceCase("cells of \(rows) x \(columns), gap \(gap)") {
        simple($0, rows, columns, gap)
      }
    } + [ConformanceCase("dropout", dropout), ConformanceCase("soft cap", softcap)]

  private static func simple(_ t: Trial, _ rows: Int, _ columns: Int, _ gap: Int) {
    let (x, y) = (Numbers(rows, columns, seed: 1), Numbers(rows, columns, seed: 2))
    let row = Numbers(1, columns, seed: 3), factors = Numbers(rows, 1, seed: 4)
    func expected(_ terms: Double, _ value: (Int, Int) -> Double) -> Numbers {
      var result = Numbers(rows, columns)
      for i in 0..<rows {
        for c in 0..<columns {
          result[i, c] = value(i, c)
          result.errors[i * columns + c] = terms * unit * (abs(x[i, c]) + abs(y[i, c]) + 1)
        }
      }
      return result
    }
    func check(_ name: String, _ start: Numbers, _ expected: Numbers, _ run: (Matrix) -> Void) {
      let target = t.matrix(start, gap: gap)
      run(target)
      t.expect(name, target, expected)
    }
    let (cells, single) = (t.matrix(x, gap: gap), t.matrix(row))
    check("row added", x, expected(1) { x[$0, $1] + row[0, $1] }) {
      t.backend.addRow($0, single)
    }
    check("times a row", y, expected(1) { x[$0, $1] * row[0, $1] }) {
      t.backend.multiplyRow($0, cells, single, accumulate: false)
    }
    check("times a row, added", y, expected(2) { y[$0, $1] + x[$0, $1] * row[0, $1] }) {
      t.backend.multiplyRow($0, cells, single, accumulate: true)
    }
    check("times a row, in place", x, expected(1) { x[$0, $1] * row[0, $1] }) {
      t.backend.multiplyRow($0, $0, single, accumulate: false)
    }
    check("scaled rows", y, expected(1) { x[$0, $1] * factors[$0, 0] }) {
      t.backend.scaleRows($0, cells, factors.floats)
    }
    check("scaled rows, in place", x, expected(1) { x[$0, $1] * factors[$0, 0] }) {
      t.backend.scaleRows($0, $0, factors.floats)
    }
    check("added", y, expected(2) { y[$0, $1] - 0.75 * x[$0, $1] }) {
      t.backend.add($0, cells, alpha: -0.75)
    }
    check("copied", y, x) { t.backend.copy($0, cells) }
    check("cleared", y, Numbers(rows, columns)) { t.backend.zero($0) }
    let packed = t.empty(rows, columns)
    t.backend.copy(packed, cells)
    t.expect("copied without gaps", packed, x)
  }

  /// Masks come from keys alone, so every backend has the same: that of the host's kernels.
  private static func dropout(_ t: Trial) {
    let host = Trial(CPUBackend(pool: ThreadPool(threads: 1)), BackendTraits())
    for (rows, columns, probability) in [(1, 1, 0.5), (9, 131, 0.1), (66, 40, 0.9), (5, 6, 0.0)] {
      let (x, start) = (Numbers(rows, columns, seed: 1), Numbers(rows, columns, seed: 2))
      let keys = (0..<rows).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 &+ 3 }
      func forward(_ t: Trial) -> [Float] {
        let y = t.empty(rows, columns)
        t.backend.dropout(y, t.matrix(x, gap: 2), keys: keys, probability: probability)
        return y.values()
      }
      func backward(_ t: Trial) -> [Float] {
        let dx = t.matrix(start)
        t.backend.dropoutBackward(dx, t.matrix(x), keys: keys, probability: probability)
        return dx.values()
      }
      let mask = forward(host)
      t.expectSame("dropout \(probability) of \(rows) x \(columns)", forward(t), mask)
      var expected = start
      for i in expected.values.indices {
        let term = mask[i] == 0 ? 0 : x.values[i] / (1 - probability)
        expected.values[i] += term
        expected.errors[i] = 3 * unit * (abs(start.values[i]) + abs(term))
      }
      t.check("dropout \(probability) backward", backward(t), expected)
    }
  }

  private static func softcap(_ t: Trial) {
    let x = Numbers(9, 133, seed: 1, scale: 60)
    var expected = x
    for i in x.values.indices {
      expected.values[i] = 30 * tanh(x.values[i] / 30)
      expected.errors[i] = 30 * 12 * unit
    }
    let cells = t.matrix(x)
    t.backend.softcap(cells, 30)
    t.expect("soft cap", cells, expected)
  }
}
