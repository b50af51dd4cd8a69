import BlockFormats
import Tensors

extension ConformanceCase {
  static let weights: [ConformanceCase] =
    [WeightMatrix.Format.float32, .bfloat16, .nf4Plain, .nf4].flatMap { format in
      [(rows: [6], columns: 10), (rows: [70, 9], columns: 64), (rows: [3, 130], columns: 200)]
        .map { stack, columns in
          ConformanceCase("weights in \(format), \(stack) rows of \(columns)") {
            project($0, stored($0, format, stack, columns))
          }
        }
    }
    + BlockFormat.all.map { format in
      ConformanceCase("weights in blocks \(format.name)") {
        project($0, stored($0, blocks: [(9, format), (7, format)], 512))
      }
    } + [
      ConformanceCase("weights in blocks of two formats") {
        project($0, stored($0, blocks: [(5, .q4_K), (6, .q6_K)], 256))
      },
      ConformanceCase("rows of projections have the same bits in any company", projectedCompany),
    ]

  /// Weights in the backend's memory, and what they stand for.
  private struct Stored {
    let matrix: WeightMatrix
    let values: Numbers
  }

  private static func stored(
    _ t: Trial, _ format: WeightMatrix.Format, _ stack: [Int], _ columns: Int
  ) -> Stored {
    let matrix = WeightMatrix(format, stack: stack, columns: columns, backend: t.backend)
    var values: [Double] = []
    var row = 0
    for (index, count) in stack.enumerated() {
      let numbers = Numbers(count, columns, seed: 20 + index, scale: 0.3)
      let rows = row..<row + count
      switch format {
      case .float32:
        matrix.write(numbers.floats, rows: rows)
        values += numbers.values
      case .bfloat16:
        matrix.write(numbers.floats, rows: rows)
        values += numbers.floats.map { value in
          let bits = value.bitPattern
          return Double(
            Float(bitPattern: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) & 0xFFFF_0000))
        }
      case .nf4, .nf4Plain:
        let tensor = numbers.floats.withUnsafeBufferPointer {
          NF4Tensor($0, shape: [count, columns], doubleQuantized: format == .nf4)
        }
        matrix.write(tensor, rows: rows)
        values += tensor.decoded().map { Double($0) }
      case .blocks: preconditionFailure("blocks say in which")
      }
      row += count
    }
    return Stored(matrix: matrix, values: Numbers(row, columns, values))
  }

  private static func stored(
    _ t: Trial, blocks stack: [(rows: Int, format: BlockFormat)], _ columns: Int
  ) -> Stored {
    let matrix = WeightMatrix(blocks: stack, columns: columns, backend: t.backend)
    var values: [Double] = []
    var row = 0
    for (index, part) in stack.enumerated() {
      let numbers = Numbers(part.rows, columns, seed: 30 + index, scale: 0.3)
      matrix.fillBlocks(rows: row..<row + part.rows) { format, bytes in
        numbers.floats.withUnsafeBufferPointer { format.encode($0, bytes) }
        var decoded = [Float](repeating: 0, count: part.rows * columns)
        decoded.withUnsafeMutableBufferPointer { format.decode(UnsafeRawBufferPointer(bytes), $0) }
        values += decoded.map { Double($0) }
      }
      row += part.rows
    }
    return Stored(matrix: matrix, values: Numbers(row, columns, values))
  }

  /// The relative error of a product's factors.
  private static func factorError(_ t: Trial, _ format: WeightMatrix.Format) -> Double {
    t.traits.rounds(format) ? 2.1 * halfUnit : 0
  }

  private static func project(_ t: Trial, _ w: Stored) {
    let (rows, columns) = (w.values.rows, w.values.columns)
    let scratch = t.empty(rows, columns)
    let expanded = t.empty(rows, columns)
    t.backend.expand(expanded, w.matrix, rows: 0..<rows)
    var exact = w.values
    exact.errors = exact.values.map { abs($0) * unit }
    t.expect("expanded", expanded, exact)
    let wanted = rows / 3..<rows - rows / 4
    let some = t.empty(wanted.count, columns)
    t.backend.expand(some, w.matrix, rows: wanted)
    t.expectSame("some rows expanded", some.values(), expanded.rows(wanted).values())

    let format = w.matrix.format
    let error = factorError(t, format)
    for (m, gap) in [(1, 0), (5, 2), (67, 0)] {
      let x = Numbers(m, columns, seed: 40), start = Numbers(m, rows, seed: 41)
      let cells = t.matrix(x, gap: gap)
      for adds in [false, true] {
        func check(_ name: String, _ more: Double, _ run: (Matrix) -> Void) {
          let y = t.matrix(start, gap: gap)
          run(y)
          t.expect(
            "\(name), \(m) rows\(adds ? ", added" : "")", y,
            product(
              x, w.values.transposed, alpha: 0.75, start: adds ? start : nil, factorError: more))
        }
        check("project", error) {
          t.backend.project(
            $0, cells, w.matrix, alpha: 0.75, accumulate: adds, rowsAreIndependent: false,
            scratch: scratch)
        }
        // Rounding to 8 bits: half a step of the largest of 32 values, here 1 against at least 1/4
        // on average; 6 % of each term is more than it can be.
        let eight = format == .blocks && t.traits.roundsRowsForBlocks ? 0.06 : 0
        check("project independent rows", max(error, eight)) {
          t.backend.project(
            $0, cells, w.matrix, alpha: 0.75, accumulate: adds, rowsAreIndependent: true,
            scratch: scratch)
        }
        check("project a prompt", max(error, eight)) {
          t.backend.projectPrompt(
            $0, cells, w.matrix, alpha: 0.75, accumulate: adds, scratch: scratch)
        }
      }
      if format != .blocks { back(t, w, m, gap, scratch, error) }
    }
    if !format.isQuantized, w.matrix.partRows.count < 2 { gatherRows(t, w) }
    if format != .blocks { norms(t, w, scratch) }
  }

  private static func back(
    _ t: Trial, _ w: Stored, _ m: Int, _ gap: Int, _ scratch: Matrix, _ error: Double
  ) {
    let dy = Numbers(m, w.values.rows, seed: 42), start = Numbers(m, w.values.columns, seed: 43)
    let slopes = t.matrix(dy, gap: gap)
    for adds in [false, true] {
      let dx = t.matrix(start, gap: gap)
      t.backend.projectBack(
        dx, slopes, w.matrix, alpha: 0.75, accumulate: adds, scratch: scratch)
      t.expect(
        "back, \(m) rows\(adds ? ", added" : "")", dx,
        product(dy, w.values, alpha: 0.75, start: adds ? start : nil, factorError: error))
    }
  }

  private static func gatherRows(_ t: Trial, _ w: Stored) {
    let ids = [0, w.values.rows - 1, 1, 1].map { Int32($0) }
    let y = t.empty(4, w.values.columns, gap: 3)
    t.backend.gather(y, w.matrix, ids, alpha: 1.5)
    var expected = Numbers(4, w.values.columns)
    for (row, id) in ids.enumerated() {
      for column in 0..<w.values.columns {
        expected[row, column] = 1.5 * w.values[Int(id), column]
      }
    }
    expected.errors = expected.values.map { abs($0) * 2 * unit }
    t.expect("gathered", y, expected)
  }

  private static func norms(_ t: Trial, _ w: Stored, _ scratch: Matrix) {
    guard let rows = w.matrix.partRows.last ?? Optional(0..<w.values.rows), rows.count > 0 else {
      return
    }
    let (a, b) = (Numbers(3, w.values.columns, seed: 44), Numbers(rows.count, 3, seed: 45))
    let norms = t.empty(1, rows.count)
    t.backend.rowNorms(
      norms, w.matrix, rows: rows, a: t.matrix(a), b: t.matrix(b), scale: 0.25, scratch: scratch)
    let sums = product(b, a, alpha: 0.25, start: w.values.rows(rows))
    var expected = Numbers(1, rows.count)
    for row in 0..<rows.count {
      var (square, error) = (0.0, 0.0)
      for column in 0..<sums.columns {
        square += sums[row, column] * sums[row, column]
        error += pow2(sums.errors[row * sums.columns + column])
      }
      expected[0, row] = square.squareRoot()
      expected.errors[row] = error.squareRoot() + 4 * unit * square.squareRoot()
    }
    t.expect("norms of rows", norms, expected)
  }

  private static func pow2(_ x: Double) -> Double { x * x }

  private static func projectedCompany(_ t: Trial) {
    let formats: [Stored] =
      [WeightMatrix.Format.float32, .bfloat16, .nf4].map { stored(t, $0, [66], 128) } + [
        stored(t, blocks: [(66, .q4_K)], 256)
      ]
    for w in formats {
      let x = t.matrix(Numbers(70, w.values.columns, seed: 46))
      let scratch = t.empty(w.values.rows, w.values.columns)
      for isPrompt in [false, true] {
        func run(_ y: Matrix, _ x: Matrix) {
          if isPrompt {
            t.backend.projectPrompt(y, x, w.matrix, alpha: 1, accumulate: false, scratch: scratch)
          } else {
            t.backend.project(
              y, x, w.matrix, alpha: 1, accumulate: false, rowsAreIndependent: true,
              scratch: scratch)
          }
        }
        let all = t.empty(70, 66)
        run(all, x)
        for rows in [0..<1, 3..<6, 5..<70] {
          let some = t.empty(rows.count, 66)
          run(some, x.rows(rows))
          t.expectSame(
            "\(w.matrix.format), prompt \(isPrompt), rows \(rows)", some.values(),
            all.rows(rows).values())
        }
      }
    }
  }
}
