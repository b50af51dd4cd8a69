import CCUDA
import Testing

/// Norms, sums and dots of rows.
@Suite struct RowKernelTests {
  struct Norm: Sendable, CustomTestStringConvertible {
    var rows, groups, columns: Int
    var one: Float
    var testDescription: String { "\(rows) rows, \(groups) x \(columns), \(one)" }
    var threads: Int { Int(orc_row_threads(Int64(columns))) }
  }

  static let norms = [
    Norm(rows: 3, groups: 1, columns: 5, one: 0), Norm(rows: 70, groups: 3, columns: 40, one: 1),
    Norm(rows: 2, groups: 1, columns: 700, one: 0), Norm(rows: 2, groups: 1, columns: 2500, one: 1),
  ]

  @Test("RMS norm, again, backward and its weight", arguments: norms)
  func norm(_ at: Norm) {
    let (n, c) = (at.groups, at.columns)
    let x = Table(at.rows, n * c, seed: 1), w = Table(1, c, seed: 2),
      dy = Table(at.rows, n * c, seed: 3)
    let r = Cells([Float](repeating: 0, count: at.rows * n))
    let y = Plane(Table(zero: at.rows, n * c), gap: 3), again = Plane(y.table, gap: 1)
    let (input, weight) = (Plane(x, gap: 2), Cells(w.floats))
    launch(
      "orc_rms_norm", grid: (at.rows * n, 1, 1), block: (at.threads, 1), .plane(y), .cells(r),
      .plane(input), .cells(weight), .int(n, c), .float(1e-5, at.one))
    launch(
      "orc_rms_norm_again", grid: (at.rows * n, 1, 1), block: (at.threads, 1), .plane(again),
      .cells(r), .plane(input), .cells(weight), .int(n, c), .float(at.one))
    let scale = Table(at.rows, n) { t, g in
      let sum = (0..<c).reduce(0) { $0 + x[t, g * c + $1] * x[t, g * c + $1] }
      return 1 / (sum / Double(c) + Double(Float(1e-5))).squareRoot()
    }
    let one = Double(at.one)
    let expected = Table(at.rows, n * c) { t, i in x[t, i] * scale[t, i / c] * (w[0, i % c] + one) }
    #expect(y.table.distance(expected) < bound(terms: c, size: 8))
    #expect(again.table.values == y.table.values)
    #expect(y.hasWholeGaps && again.hasWholeGaps)
    backward(at, x, w, dy, scale, r)
  }

  private func backward(
    _ at: Norm, _ x: Table, _ w: Table, _ dy: Table, _ scale: Table, _ r: Cells<Float>
  ) {
    let (n, c, one) = (at.groups, at.columns, Double(at.one))
    let (input, up, weight) = (Plane(x, gap: 2), Plane(dy, gap: 1), Cells(w.floats))
    let blocks = (at.rows + 63) / 64
    let partial = Plane(Table(zero: blocks, c), gap: 1), dw = Cells(Table(1, c, seed: 4).floats)
    launch(
      "orc_rms_norm_weight", grid: ((c + 127) / 128, blocks, 1), block: (128, 1), .plane(partial),
      .plane(up), .plane(input), .cells(r), .int(n, c, at.rows))
    launch(
      "orc_add_partials", grid: ((c + 127) / 128, 1, 1), block: (128, 1), .cells(dw),
      .plane(partial), .int(blocks, c))
    let slope = Table(1, c) { _, i in
      (0..<at.rows * n).reduce(Table(1, c, seed: 4)[0, i]) { sum, k in
        sum + dy[k / n, k % n * c + i] * x[k / n, k % n * c + i] * scale[k / n, k % n]
      }
    }
    #expect(
      Table(1, c, dw.values.map(Double.init)).distance(slope)
        < bound(terms: at.rows * n, size: 8 * Double(c).squareRoot()))
    let gradient = Table(at.rows, n * c) { t, i in
      let g = i / c, s = scale[t, g]
      let dot = (0..<c).reduce(0) { $0 + (w[0, $1] + one) * dy[t, g * c + $1] * x[t, g * c + $1] }
      return s * (w[0, i % c] + one) * dy[t, i] - x[t, i] * dot / Double(c) * s * s * s
    }
    // Added to what is there, and in the place of dy.
    let start = Table(at.rows, n * c, seed: 5), added = Plane(start, gap: 4)
    for (target, accumulate) in [(added, 1), (up, 0)] {
      launch(
        "orc_rms_norm_backward", grid: (at.rows * n, 1, 1), block: (at.threads, 1), .plane(target),
        .plane(up), .plane(input), .cells(weight), .cells(r), .int(n, c), .float(at.one),
        .int(accumulate))
    }
    let sum = Table(at.rows, n * c) { start[$0, $1] + gradient[$0, $1] }
    #expect(added.table.distance(sum) < bound(terms: c, size: 16))
    #expect(up.table.distance(gradient) < bound(terms: c, size: 16))
    #expect(added.hasWholeGaps && up.hasWholeGaps)
  }

  @Test("sums of rows and of products", arguments: [(1, 3), (64, 130), (200, 129)])
  func sums(rows: Int, columns: Int) {
    let x = Table(rows, columns, seed: 6), y = Table(rows, columns, seed: 7)
    let blocks = (rows + 63) / 64, grid = ((columns + 127) / 128, blocks, 1)
    let partial = Plane(Table(zero: blocks, columns), gap: 2)
    let sums = (Cells(Table(1, columns, seed: 8).floats), Cells(Table(1, columns, seed: 8).floats))
    func addPartials(_ sum: Cells<Float>) {
      launch(
        "orc_add_partials", grid: (grid.0, 1, 1), block: (128, 1), .cells(sum), .plane(partial),
        .int(blocks, columns))
    }
    launch(
      "orc_sum_rows", grid: grid, block: (128, 1), .plane(partial), .plane(Plane(x, gap: 1)),
      .int(rows, columns))
    addPartials(sums.0)
    launch(
      "orc_sum_products", grid: grid, block: (128, 1), .plane(partial), .plane(Plane(x, gap: 1)),
      .plane(Plane(y, gap: 3)), .int(rows, columns))
    addPartials(sums.1)
    let start = Table(1, columns, seed: 8)
    for c in 0..<columns {
      let sum = (0..<rows).reduce(start[0, c]) { $0 + x[$1, c] }
      let products = (0..<rows).reduce(start[0, c]) { $0 + x[$1, c] * y[$1, c] }
      #expect(abs(Double(sums.0.address[c]) - sum) < bound(terms: rows, size: 8))
      #expect(abs(Double(sums.1.address[c]) - products) < bound(terms: rows, size: 8))
    }
    #expect(partial.hasWholeGaps)
  }

  @Test("dots and norms of rows, summed in double", arguments: [(3, 7), (2, 1000), (1, 5000)])
  func dots(rows: Int, columns: Int) {
    let x = Table(rows, columns, seed: 9), y = Table(rows, columns, seed: 10)
    let dots = Cells([Float](repeating: 0, count: rows)), norms = Cells(dots.values)
    let threads = Int(orc_row_threads(Int64(columns)))
    launch(
      "orc_row_dots", grid: (rows, 1, 1), block: (threads, 1), .cells(dots),
      .plane(Plane(x, gap: 1)), .plane(Plane(y, gap: 2)), .int(columns))
    launch(
      "orc_row_norms", grid: (rows, 1, 1), block: (threads, 1), .cells(norms),
      .plane(Plane(x, gap: 1)), .int(columns))
    for t in 0..<rows {
      let dot = (0..<columns).reduce(0) { $0 + x[t, $1] * y[t, $1] }
      let squares = (0..<columns).reduce(0) { $0 + x[t, $1] * x[t, $1] }
      #expect(abs(Double(dots.address[t]) - dot) <= epsilon * max(1, abs(dot)))
      #expect(
        abs(Double(norms.address[t]) - squares.squareRoot()) <= epsilon * squares.squareRoot())
    }
  }
}
