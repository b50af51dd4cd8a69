import BlockFormats
import CKernels
import Parallelism
import Tensors
import Testing

/// Products with weights in the blocks of GGUF, against their definition in double precision.
@Suite struct BlockProductTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let level: InstructionSet
    let format: BlockFormat
    var testDescription: String { "\(format.name) at \(level)" }
  }

  static let cases = InstructionSet.available.flatMap { level in
    BlockFormat.all.map { Case(level: level, format: $0) }
  }

  /// Weights of N rows in a format, and what they stand for.
  static func weights(_ format: BlockFormat, _ rows: Int, _ columns: Int, _ backend: CPUBackend)
    -> (WeightMatrix, Table)
  {
    var table = Table(rows, columns, seed: 11)
    // Rows of quite different sizes, and some that are all zero.
    for row in 0..<rows {
      for k in 0..<columns { table[row, k] *= row % 7 == 3 ? 0 : row % 3 == 0 ? 50 : 0.02 }
    }
    let matrix = WeightMatrix(
      blocks: [(rows: rows, format: format)], columns: columns, backend: backend)
    var decoded: [Float] = []
    matrix.fillBlocks(rows: 0..<rows) { format, bytes in
      table.values.map { Float($0) }.withUnsafeBufferPointer { format.encode($0, bytes) }
      decoded = format.decoded(bytes, rows * columns)
    }
    return (matrix, Table(rows, columns, decoded.map { Double($0) }))
  }

  /// x as the product sees it: d * q of 32 values each, d = max|x| / 127.
  static func rounded(_ x: Table) -> Table {
    var y = x
    for row in 0..<x.rows {
      for start in stride(from: 0, to: x.columns, by: 32) {
        let largest = (start..<start + 32).map { abs(Float(x[row, $0])) }.max() ?? 0
        if largest == 0 { continue }
        let (d, inverse) = (largest / 127, 127 / largest)
        for k in start..<start + 32 {
          let q = (Float(x[row, k]) * inverse).rounded(.toNearestOrEven)
          y[row, k] = Double(d) * Double(q)
        }
      }
    }
    return y
  }

  /// Σ |x w| of every element, for bounds.
  static func magnitude(_ x: Table, _ w: Table) -> Table {
    Table(x.rows, x.columns, x.values.map(abs))
      .times(Table(w.rows, w.columns, w.values.map(abs)).transposed)
  }

  @Test("rows times blocks, next tokens, prompts and batches", arguments: cases)
  func products(of test: Case) {
    let backend = OperationTests.backend(test.level)
    let isRounded = orc_multiplies_blocks(test.format.ggmlType) != 0
    let width = test.format.blockElements == 256 ? 256 : 32
    for (m, n, k) in [(1, 70, width), (3, 5, 3 * width), (20, 131, 256 + width * 3)] {
      let x = Table(m, k, seed: m)
      let (w, values) = Self.weights(test.format, n, k, backend)
      let start = Table(m, n, seed: 5)
      let bounds = Self.magnitude(x, values)
      func check(_ name: String, _ x: Table, _ add: Bool, _ run: (Matrix) -> Void) {
        let c = start.matrix()
        run(c)
        let product = x.times(values.transposed)
        for (index, got) in c.values().enumerated() {
          let goal = 0.5 * product.values[index] + (add ? start.values[index] : 0)
          // Terms times epsilon; codes counted from the middle are up to four times as large.
          let bound = (Double(k) / 16 + 16) * 4 * 6e-8 * (bounds.values[index] + 1)
          #expect(abs(Double(got) - goal) <= bound, "\(name) \(m)x\(n)x\(k) at \(index)")
        }
      }
      let xm = x.matrix()
      let seen = isRounded ? Self.rounded(x) : x
      for add in [false, true] {
        check("next", seen, add) {
          backend.project(
            $0, xm, w, alpha: 0.5, accumulate: add, rowsAreIndependent: true, scratch: nil)
        }
        check("prompt", seen, add) {
          backend.projectPrompt($0, xm, w, alpha: 0.5, accumulate: add, scratch: nil)
        }
        check("batch", x, add) {
          backend.project(
            $0, xm, w, alpha: 0.5, accumulate: add, rowsAreIndependent: false, scratch: nil)
        }
      }
      let up = Table(m, n, seed: 8), dx = Table(m, k, seed: 9).matrix()
      let scratch = Table(n, k, seed: 1).matrix()
      backend.projectBack(dx, up.matrix(), w, alpha: 1, accumulate: false, scratch: scratch)
      #expect(up.times(values).distance(dx) < 1e-5 * Double(n) * 50)
    }
  }

  @Test("a row has the same bits in any company and with any threads", arguments: cases)
  func independence(of test: Case) {
    let backend = OperationTests.backend(test.level)
    let one = CPUBackend(pool: ThreadPool(threads: 1), instructionSet: test.level)
    let x = Table(70, 512, seed: 2).matrix()
    let (w, _) = Self.weights(test.format, 150, 512, backend)
    let together = Table(70, 150, seed: 1).matrix()
    for isPrompt in [false, true] {
      func project(_ y: Matrix, _ x: Matrix, _ backend: CPUBackend) {
        if isPrompt {
          backend.projectPrompt(y, x, w, alpha: 1, accumulate: false, scratch: nil)
        } else {
          backend.project(
            y, x, w, alpha: 1, accumulate: false, rowsAreIndependent: true, scratch: nil)
        }
      }
      project(together, x, backend)
      for rows in [0..<1, 5..<6, 3..<11, 60..<70] {
        let part = Table(rows.count, 150, seed: 3).matrix()
        project(part, x.rows(rows), one)
        #expect(part.values() == together.rows(rows).values(), "\(rows) prompt \(isPrompt)")
      }
    }
  }

  @Test("values that are no numbers stay none", arguments: InstructionSet.available)
  func notFinite(level: InstructionSet) {
    let backend = OperationTests.backend(level)
    let (w, _) = Self.weights(.q8_0, 40, 64, backend)
    for bad in [Float.nan, .infinity, -.infinity] {
      let x = Table(2, 64, seed: 2).matrix(), y = Table(2, 40, seed: 1).matrix()
      var values = x.values()
      values[70] = bad
      x.write(values)
      backend.project(y, x, w, alpha: 1, accumulate: false, rowsAreIndependent: true, scratch: nil)
      #expect(y.rows(0..<1).values().allSatisfy { $0.isFinite })
      #expect(y.rows(1..<2).values().allSatisfy { $0.isNaN })
    }
  }

  @Test("rows of a table are gathered by their ids", arguments: BlockFormat.all)
  func gather(format: BlockFormat) {
    let backend = OperationTests.backend(.base)
    let (w, values) = Self.weights(format, 9, 256, backend)
    let y = Table(3, 256, seed: 1).matrix()
    backend.gather(y, w, [8, 0, 3], alpha: 2)
    for (t, id) in [8, 0, 3].enumerated() {
      let row = y.rows(t..<t + 1).values()
      #expect(row == (0..<256).map { 2 * Float(values[id, $0]) })
    }
  }
}
