import Glibc
import Parallelism
import Tensors
import Testing

/// Operations cell by cell.
@Suite struct CellKernelTests {
  static let sizes = [(1, 1), (9, 130), (20, 5)]

  @Test("add, copy, zero, scale, bias, product by a row", arguments: sizes)
  func plain(rows: Int, columns: Int) {
    let x = Table(rows, columns, seed: 1), y = Table(rows, columns, seed: 2)
    let row = Table(1, columns, seed: 3), factors = Table(1, rows, seed: 4)
    func check(
      _ kernel: String, _ arguments: [Passed], _ scalars: Passed..., expected: (Int, Int) -> Double
    ) {
      let target = Plane(y, gap: 2), all = arguments + scalars
      launch(
        kernel, grid: cellGrid(rows, columns), block: (32, 8), .plane(target),
        Passed(all.flatMap(\.words)))
      withExtendedLifetime(all) {}
      #expect(target.table.distance(Table(rows, columns, expected)) < 4 * epsilon, "\(kernel)")
      #expect(target.hasWholeGaps)
    }
    let input = Passed.plane(Plane(x, gap: 1)), size = Passed.int(rows, columns)
    let bias = Passed.cells(Cells(row.floats))
    check("orc_add", [input, .float(0.5), size]) { y[$0, $1] + 0.5 * x[$0, $1] }
    check("orc_copy", [input, size]) { x[$0, $1] }
    check("orc_zero", [size]) { _, _ in 0 }
    check("orc_scale_rows", [input, .cells(Cells(factors.floats)), size]) {
      x[$0, $1] * factors[0, $0]
    }
    check("orc_add_row", [bias, size]) { y[$0, $1] + row[0, $1] }
    check("orc_multiply_row", [input, bias, size], .int(0)) { x[$0, $1] * row[0, $1] }
    check("orc_multiply_row", [input, bias, size], .int(1)) { y[$0, $1] + x[$0, $1] * row[0, $1] }
  }

  @Test("bfloat16, ties to even, NaN and infinity")
  func round() {
    let x: [Float] = [
      1, -0.0, 1.00390625, 1.01171875, .infinity, -.infinity, .nan, 3.4e38,
      Float(bitPattern: 0x1_1000),
      Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF), 0.1,
    ]
    let y = Cells([UInt16](repeating: 0, count: x.count))
    let one = Cells(y.values)
    launch(
      "orc_round", grid: cellGrid(1, x.count), block: (32, 8), .cells(y), .long(x.count),
      .cells(Cells(x)), .long(x.count), .int(1, x.count))
    // A stride that keeps cells from being rounded four at a time.
    launch(
      "orc_round", grid: cellGrid(1, x.count), block: (32, 8), .cells(one), .long(x.count + 1),
      .cells(Cells(x)), .long(x.count), .int(1, x.count))
    #expect(one.values == y.values)
    #expect(
      y.values == [
        0x3F80, 0x8000, 0x3F80, 0x3F82, 0x7F80, 0xFF80, 0x7FC0, 0x7F80, 0x0001, 0x7FC0, 0xFFFF,
        0x3DCD,
      ])
  }

  @Test("rotary positions there and back")
  func rotate() {
    let (rows, heads, size, dimensions) = (5, 3, 10, 6), half = 3
    let x = Table(rows, heads * size, seed: 5), positions: [Int32] = [0, 7, 3, 1, 6]
    let angles = Table(8, half) { Double($0) / (1 + Double($1)) }
    let cosine = angles.values.map { Float(cos($0)) }, sine = angles.values.map { Float(sin($0)) }
    let rotated = Plane(x, gap: 4)
    func run(_ sign: Float) {
      launch(
        "orc_rotate", grid: cellGrid(rows, heads * half), block: (32, 8), .plane(rotated),
        .cells(Cells(cosine)), .cells(Cells(sine)), .cells(Cells(positions)),
        .int(rows, heads, size, dimensions), .float(sign))
    }
    run(1)
    let expected = Table(rows, heads * size) { t, c in
      let (head, i) = (c / size * size, c % size)
      if i >= dimensions { return x[t, c] }
      let at = Int(positions[t]) * half + i % half
      let (a, b) = (x[t, head + i % half], x[t, head + i % half + half])
      let (cosine, sine) = (Double(cosine[at]), Double(sine[at]))
      return i < half ? a * cosine - b * sine : b * cosine + a * sine
    }
    #expect(rotated.table.distance(expected) < 4 * epsilon)
    run(-1)
    #expect(rotated.table.distance(x) < 8 * epsilon)
    #expect(rotated.hasWholeGaps)
  }

  @Test("gates and their gradients", arguments: [0, 1])
  func gate(activation: Int) {
    let (rows, columns) = (9, 131)
    let both = Table(rows, 2 * columns, Table(rows, 2 * columns, seed: 6).values.map { $0 * 6 })
    let dh = Table(rows, columns, seed: 7)
    func f(_ g: Double) -> Double {
      if activation == 0 { return g / (1 + exp(-g)) }
      return 0.5 * g * (1 + tanh((2 / Double.pi).squareRoot() * (g + 0.044715 * g * g * g)))
    }
    let h = Plane(Table(zero: rows, columns)), input = Plane(both), up = Plane(dh)
    launch(
      "orc_gate", grid: cellGrid(rows, columns), block: (32, 8), .cells(h.cells),
      .cells(input.cells), .int(rows, columns, activation))
    let expected = Table(rows, columns) { f(both[$0, $1]) * both[$0, $1 + columns] }
    #expect(h.table.distance(expected) < bound(terms: 8, size: 36))
    launch(
      "orc_gate_backward", grid: cellGrid(rows, columns), block: (32, 8), .cells(input.cells),
      .cells(up.cells), .cells(input.cells), .int(rows, columns, activation))
    let gradient = Table(rows, 2 * columns) { t, c in
      let i = c % columns, g = both[t, i], u = both[t, i + columns], step = 1e-5
      if c >= columns { return dh[t, i] * f(g) }
      return dh[t, i] * u * (f(g + step) - f(g - step)) / (2 * step)
    }
    #expect(input.table.distance(gradient) < bound(terms: 16, size: 36))
  }

  @Test("dropout has the CPU's masks and bits", arguments: [0, 0.1, 0.75])
  func dropout(probability: Double) {
    let (rows, columns) = (9, 200), x = Table(9, 200, seed: 8), dy = Table(9, 200, seed: 9)
    let keys = (0..<rows).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    let backend = CPUBackend(pool: ThreadPool(threads: 1))
    func matrix(_ table: Table) -> Matrix {
      let matrix = backend.allocate(rows * columns).matrix(rows: rows, columns: columns)
      matrix.write(table.floats)
      return matrix
    }
    let (y, dx) = (matrix(Table(zero: rows, columns)), matrix(x))
    backend.dropout(y, matrix(x), keys: keys, probability: probability)
    backend.dropoutBackward(dx, matrix(dy), keys: keys, probability: probability)
    let (out, gradient) = (Plane(Table(zero: rows, columns)), Plane(x))
    let mask = Passed.unsigned(UInt32(probability * 0x1p32))
    let scale = Passed.float(Float(1 / (1 - probability))), size = Passed.int(rows, columns)
    launch(
      "orc_dropout", grid: cellGrid(rows, columns), block: (32, 8), .cells(out.cells),
      .plane(Plane(x, gap: 3)), .cells(Cells(keys)), mask, scale, size)
    launch(
      "orc_dropout_backward", grid: cellGrid(rows, columns), block: (32, 8),
      .cells(gradient.cells), .cells(Plane(dy).cells), .cells(Cells(keys)), mask, scale, size)
    #expect(out.table.floats == y.values())
    #expect(
      gradient.table.distance(Table(rows, columns, dx.values().map(Double.init))) < 4 * epsilon)
    #expect(out.table.values.contains(0) == (probability > 0))
  }
}
