/// Row-major numbers in double precision: what the kernels are specified by.
struct Table {
  var rows: Int
  var columns: Int
  var values: [Double]

  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  init(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Double) {
    self.init(
      rows, columns,
      (0..<rows * columns).map { value($0 / max(1, columns), $0 % max(1, columns)) })
  }

  /// Floats in [-1, 1] that look random and are the same in every run.
  init(_ rows: Int, _ columns: Int, seed: Int) {
    self.init(rows, columns) { row, column in
      var z = UInt64(row * columns + column + seed * 1_000_003) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      return Double(Float(Int32(truncatingIfNeeded: z >> 32)) / 0x1p31)
    }
  }

  init(zero rows: Int, _ columns: Int) {
    self.init(rows, columns, Array(repeating: 0, count: rows * columns))
  }

  subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var floats: [Float] { values.map { Float($0) } }

  var transposed: Table { Table(columns, rows) { self[$1, $0] } }

  func times(_ other: Table) -> Table {
    Table(rows, other.columns) { i, j in
      (0..<columns).reduce(0) { $0 + self[i, $1] * other[$1, j] }
    }
  }

  /// As bfloat16 has them: 8 bits of fraction, ties to even.
  var roundedToBfloat16: Table {
    Table(rows, columns) { i, j in
      let bits = Float(self[i, j]).bitPattern
      return Double(Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000))
    }
  }

  /// The greatest distance to what a kernel computed; infinite where that is not a number.
  func distance(_ other: Table) -> Double {
    zip(values, other.values).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
  }
}

/// A unit in the last place of 1.
let epsilon = Double(Float.ulpOfOne)

/// What a sum of so many terms of at most `size` each may be off by, with room for the products.
func bound(terms: Int, size: Double = 1) -> Double { Double(terms + 4) * epsilon * size }
