import CCUDA
import Glibc
import Testing

/// Rows by number, log-probabilities and their gradient.
@Suite struct TokenKernelTests {
  static let ids: [Int32] = [4, 0, 4, 2, 4, 0, 6]
  /// The numbers of `ids` in the order of orc_scatter, and where each different id begins.
  static let order: [Int32] = [1, 5, 3, 0, 2, 4, 6]
  static let starts: [Int32] = [0, 2, 3, 6, 7]

  @Test("rows by number, there and back")
  func rows() {
    let (count, columns) = (Self.ids.count, 130)
    let x = Table(7, columns, seed: 1), y = Plane(Table(zero: count, columns), gap: 2)
    launch(
      "orc_gather", grid: cellGrid(count, columns), block: (32, 8), .plane(y),
      .plane(Plane(x, gap: 1)), .cells(Cells(Self.ids)), .int(count, columns), .float(2))
    #expect(y.table.values == Table(count, columns) { 2 * x[Int(Self.ids[$0]), $1] }.values)

    let table = Plane(x, gap: 3), up = Table(count, columns, seed: 2)
    launch(
      "orc_scatter", grid: cellGrid(4, columns), block: (32, 8), .plane(table),
      .plane(Plane(up, gap: 1)), .cells(Cells(Self.ids)), .cells(Cells(Self.order)),
      .cells(Cells(Self.starts)), .int(4, columns), .float(0.5))
    // In the order of the tokens, rounded after each: the same bits.
    var expected = x.floats
    for (t, id) in Self.ids.enumerated() {
      for c in 0..<columns { expected[Int(id) * columns + c] += 0.5 * Float(up[t, c]) }
    }
    #expect(table.table.floats == expected)
    #expect(y.hasWholeGaps && table.hasWholeGaps)
  }

  @Test("columns by number, there and back")
  func columns() {
    let (count, rows) = (Self.ids.count, 5)
    let x = Table(rows, 7, seed: 3), y = Plane(Table(zero: count, rows), gap: 2)
    launch(
      "orc_gather_columns", grid: cellGrid(count, rows), block: (32, 8), .plane(y),
      .plane(Plane(x, gap: 1)), .cells(Cells(Self.ids)), .int(count, rows))
    #expect(y.table.values == Table(count, rows) { x[$1, Int(Self.ids[$0])] }.values)
    let table = Plane(x, gap: 3), up = Table(count, rows, seed: 4)
    launch(
      "orc_scatter_columns", grid: cellGrid(4, rows), block: (32, 8), .plane(table),
      .plane(Plane(up, gap: 1)), .cells(Cells(Self.ids)), .cells(Cells(Self.order)),
      .cells(Cells(Self.starts)), .int(4, rows), .float(0.5))
    var expected = x.floats
    for (t, id) in Self.ids.enumerated() {
      for r in 0..<rows { expected[r * 7 + Int(id)] += 0.5 * Float(up[t, r]) }
    }
    #expect(table.table.floats == expected)
    #expect(y.hasWholeGaps && table.hasWholeGaps)
  }

  @Test("cross-entropy and its gradient", arguments: [10, 300, 3000], [Float(0), 5])
  func crossEntropy(columns: Int, cap: Float) {
    let rows = 3, threads = Int(orc_row_threads(Int64(columns))), limit = Double(cap)
    let x = Table(rows, columns, Table(rows, columns, seed: 5).values.map { $0 * 9 })
    let labels: [Int32] = [0, Int32(columns - 1), Int32(columns / 2)]
    let logits = Plane(x, gap: 1)
    let capped = cap == 0 ? x : Table(rows, columns) { limit * tanh(x[$0, $1] / limit) }
    if cap > 0 {
      launch(
        "orc_softcap", grid: cellGrid(rows, columns), block: (32, 8), .plane(logits), .float(cap),
        .int(rows, columns))
      #expect(logits.table.distance(capped) < 8 * limit * epsilon)
    }
    let (logp, lse) = (
      Cells([Float](repeating: 0, count: rows)), Cells([Float](repeating: 0, count: rows))
    )
    launch(
      "orc_cross_entropy", grid: (rows, 1, 1), block: (threads, 1), .cells(logp), .cells(lse),
      .plane(logits), .cells(Cells(labels)), .int(columns))
    let total = (0..<rows).map { t in log((0..<columns).reduce(0) { $0 + exp(capped[t, $1]) }) }
    for t in 0..<rows {
      #expect(abs(Double(lse.values[t]) - total[t]) < bound(terms: 60, size: 16))
      let expected = capped[t, Int(labels[t])] - total[t]
      #expect(abs(Double(logp.values[t]) - expected) < bound(terms: 60, size: 32))
    }
    let weights: [Float] = [0.5, -2, 1]
    launch(
      "orc_cross_entropy_backward", grid: (rows, 1, 1), block: (threads, 1), .plane(logits),
      .cells(lse), .cells(Cells(labels)), .cells(Cells(weights)), .float(cap), .int(columns))
    let gradient = Table(rows, columns) { t, v in
      let slope = cap == 0 ? 1 : 1 - (capped[t, v] / limit) * (capped[t, v] / limit)
      let share = (v == Int(labels[t]) ? 1 : 0) - exp(capped[t, v] - total[t])
      return Double(weights[t]) * share * slope
    }
    #expect(logits.table.distance(gradient) < bound(terms: 60, size: 16))
    #expect(logits.hasWholeGaps)
  }

  @Test("the greatest of a row: the first of equals, NaN left out", arguments: [9, 300, 3000])
  func greatest(columns: Int) {
    var x = Table(5, columns, seed: 6)
    for at in [columns - 1, columns / 2, columns / 2 + 1] { x[0, at] = 3 }
    x[1, 0] = 5
    (x[2, 3], x[2, 1]) = (.nan, 4)
    for v in 0..<columns { (x[3, v], x[4, v]) = (.nan, -.infinity) }
    x[4, 2] = 1
    let lse = Cells([Float](repeating: 0, count: 5)), best = Cells([Int32](repeating: -1, count: 5))
    let logits = Plane(x, gap: 2)
    launch(
      "orc_measure_rows", grid: (5, 1, 1), block: (Int(orc_row_threads(Int64(columns))), 1),
      .cells(lse), .cells(best), .plane(logits), .int(columns))
    #expect(best.values == [Int32(columns / 2), 0, 1, 0, 2])
    #expect(lse.values[2].isNaN && lse.values[3].isNaN && lse.values[4] == 1)
    let (rows, labels): ([Int32], [Int32]) = ([1, 4, 1], [0, 3, 1])
    let logp = Cells([Float](repeating: 0, count: 3)),
      likeliest = Cells([Int32](repeating: -1, count: 3))
    launch(
      "orc_measure_labels", grid: (1, 1, 1), block: (128, 1), .cells(logp), .cells(likeliest),
      .cells(lse), .cells(best), .plane(logits), .cells(Cells(rows)), .cells(Cells(labels)), .int(3)
    )
    #expect(likeliest.values == [1, 0, 0])
    #expect(logp.values[0] == 5 - lse.values[1] && logp.values[1] == -.infinity)
    #expect(logp.values[2] == Float(x[1, 1]) - lse.values[1])
  }
}
