import BlockFormats
import Parallelism
import Tensors
import Testing

extension BlockFormat {
  func decoded(_ bytes: UnsafeMutableRawBufferPointer, _ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { values, initialized in
      decode(UnsafeRawBufferPointer(bytes), UnsafeMutableBufferPointer(rebasing: values[..<count]))
      initialized = count
    }
  }
}

/// Weights as they are stored: what comes out is what went in, whole, in parts and in ranges.
@Suite struct WeightMatrixTests {
  let pool = ThreadPool(threads: 2)
  var backend: CPUBackend { CPUBackend(pool: pool) }

  static func values(_ count: Int, _ seed: Int = 1) -> [Float] {
    (0..<count).map { Float(($0 &* 2_654_435_761 &+ seed &* 97) % 1009 - 504) / 3571 }
  }

  /// A stack of two tensors, and the values that it stands for.
  private func stack(_ format: WeightMatrix.Format, _ rows: [Int], columns: Int)
    -> (WeightMatrix, [Float])
  {
    if format == .blocks { return blocks(rows, columns: columns) }
    let weight = WeightMatrix(format, stack: rows, columns: columns, backend: backend)
    var (start, expected): (Int, [Float]) = (0, [])
    for (index, count) in rows.enumerated() {
      let values = Self.values(count * columns, index)
      let range = start..<start + count
      if format.isQuantized {
        let tensor = NF4Tensor(
          values, shape: [count, columns], doubleQuantized: format == .nf4)
        weight.write(tensor, rows: range)
        expected += tensor.decoded()
      } else {
        weight.write(values, rows: range)
        expected +=
          format == .float32
          ? values
          : values.map { value in
            let bits = value.bitPattern
            return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
          }
      }
      start += count
    }
    return (weight, expected)
  }

  /// The same of tensors in blocks, each in another format.
  private func blocks(_ rows: [Int], columns: Int) -> (WeightMatrix, [Float]) {
    let formats = [BlockFormat.q8_0, .f16, .q4_0, .bf16].filter { columns % $0.blockElements == 0 }
    let stack = rows.enumerated().map {
      (rows: $1, format: columns % 32 == 0 ? formats[$0 % formats.count] : .f16)
    }
    let weight = WeightMatrix(blocks: stack, columns: columns, backend: backend)
    var (start, expected): (Int, [Float]) = (0, [])
    for (index, tensor) in stack.enumerated() {
      let values = Self.values(tensor.rows * columns, index)
      weight.fillBlocks(rows: start..<start + tensor.rows) { format, bytes in
        values.withUnsafeBufferPointer { format.encode($0, bytes) }
        expected += format.decoded(bytes, columns * tensor.rows)
      }
      start += tensor.rows
    }
    return (weight, expected)
  }

  private func expanded(_ weight: WeightMatrix, _ rows: Range<Int>) -> [Float] {
    let cells = backend.allocate(rows.count * weight.columns)
      .matrix(rows: rows.count, columns: weight.columns)
    backend.expand(cells, weight, rows: rows)
    return cells.values()
  }

  @Test(
    "any rows of a stack are read as they were written", arguments: WeightMatrix.Format.allCases)
  func rows(format: WeightMatrix.Format) {
    for (rows, columns) in [([70, 131], 96), ([3, 5], 64), ([33, 2], 65), ([300], 130)] {
      if format.fitting(columns) != format { continue }
      let (weight, expected) = stack(format, rows, columns: columns)
      let total = rows.reduce(0, +)
      for range in [0..<total, 1..<total, total - 1..<total, total / 3..<total / 3 * 2 + 1] {
        let goal = expected[range.lowerBound * columns..<range.upperBound * columns]
        #expect(expanded(weight, range) == Array(goal), "\(rows) \(columns) \(range)")
      }
    }
  }

  @Test("a tensor of a stack is a matrix of its own", arguments: WeightMatrix.Format.allCases)
  func parts(format: WeightMatrix.Format) {
    let (weight, expected) = stack(format, [70, 131, 20], columns: 96)
    let part = weight.part(70..<201)
    #expect(part.rows == 131)
    // Independent rows are rounded to 8 bits where weights are in blocks, in both alike.
    #expect(expanded(part, 3..<131) == Array(expected[73 * 96..<201 * 96]))
    let x = backend.allocate(96).matrix(rows: 1, columns: 96)
    x.write(Self.values(96, 9))
    let y = backend.allocate(221).matrix(rows: 1, columns: 221)
    let slice = backend.allocate(131).matrix(rows: 1, columns: 131)
    let scratch = backend.allocate(221 * 96).matrix(rows: 221, columns: 96)
    for independent in [false, true] {
      backend.project(
        y, x, weight, alpha: 1, accumulate: false, rowsAreIndependent: independent,
        scratch: scratch)
      backend.project(
        slice, x, part, alpha: 1, accumulate: false, rowsAreIndependent: independent,
        scratch: scratch)
      for (a, b) in zip(y.values()[70..<201], slice.values()) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test("4 bits and doubly quantized scales take 4.127 bits for each weight")
  func size() {
    let (rows, columns) = (4864, 896)
    func bits(_ format: WeightMatrix.Format) -> Double {
      let weight = WeightMatrix(format, stack: [rows], columns: columns, backend: backend)
      return Double(weight.byteCount * 8) / Double(rows * columns)
    }
    #expect(abs(bits(.nf4) - 4.127) < 0.001)
    #expect(bits(.nf4Plain) == 4.5)
    #expect(bits(.bfloat16) == 16)
  }

  @Test("columns are gathered and scattered by their ids")
  func columns() {
    let x = backend.allocate(3 * 50).matrix(rows: 3, columns: 50)
    let values = Self.values(150)
    x.write(values)
    let ids: [Int32] = [7, 49, 7, 0]
    let y = backend.allocate(12).matrix(rows: 4, columns: 3)
    backend.gatherColumns(y, x, ids)
    #expect(y.values() == ids.flatMap { id in (0..<3).map { values[$0 * 50 + Int(id)] } })
    backend.scatterColumns(x, y, ids, alpha: 2)
    var expected = values
    for (t, id) in ids.enumerated() {
      for row in 0..<3 { expected[row * 50 + Int(id)] += 2 * y.values()[t * 3 + row] }
    }
    #expect(x.values() == expected)
  }

  @Test("norms are those of the rows of W + s B A", arguments: WeightMatrix.Format.allCases)
  func norms(format: WeightMatrix.Format) {
    let (weight, cells) = stack(format, [30, 70], columns: 64)
    let (a, b) = (Self.values(2 * 64, 3), Self.values(70 * 2, 4))
    let low = backend.allocate(2 * 64).matrix(rows: 2, columns: 64)
    low.write(a)
    let high = backend.allocate(70 * 2).matrix(rows: 70, columns: 2)
    high.write(b)
    let norms = backend.allocate(70).matrix(rows: 1, columns: 70)
    let scratch = backend.allocate(70 * 64).matrix(rows: 70, columns: 64)
    backend.rowNorms(norms, weight, rows: 30..<100, a: low, b: high, scale: 1.5, scratch: scratch)
    for (row, norm) in norms.values().enumerated() {
      var square = 0.0
      for column in 0..<64 {
        let product = b[row * 2] * a[column] + b[row * 2 + 1] * a[64 + column]
        let value = Double(cells[(row + 30) * 64 + column]) + 1.5 * Double(product)
        square += value * value
      }
      #expect(abs(Double(norm) - square.squareRoot()) < 1e-6 * square.squareRoot())
    }
  }
}
