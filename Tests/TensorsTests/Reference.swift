import Tensors

/// Row-major numbers in double precision: what the operations are specified by.
struct Table {
  var rows: Int
  var columns: Int
  var values: [Double]

  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Numbers in [-1, 1] that look random and are the same in every run.
  init(_ rows: Int, _ columns: Int, seed: Int) {
    self.init(
      rows, columns,
      (0..<rows * columns).map { i in
        let mixed = (UInt64(i &+ seed &* 7919) &+ 1) &* 0x9E37_79B9_7F4A_7C15
        return Double(Float(Int32(truncatingIfNeeded: mixed >> 32)) / 0x1p31)
      })
  }

  subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  func times(_ other: Table) -> Table {
    var result = Table(rows, other.columns, Array(repeating: 0, count: rows * other.columns))
    for i in 0..<rows {
      for k in 0..<columns {
        for j in 0..<other.columns { result[i, j] += self[i, k] * other[k, j] }
      }
    }
    return result
  }

  var transposed: Table {
    var result = Table(columns, rows, values)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
    return result
  }

  /// The same numbers for the backend.
  func matrix() -> Matrix {
    let matrix = CPUMemory(count: max(1, values.count)).matrix(rows: rows, columns: columns)
    matrix.write(values.map { Float($0) })
    return matrix
  }

  /// The greatest distance to what the backend computed.
  func distance(_ matrix: Matrix) -> Double {
    zip(values, matrix.values()).map { abs($0 - Double($1)) }.max() ?? 0
  }

  /// d(Σ weights · f(self)) / d self by central differences in double precision.
  func gradient(_ weights: Table, _ f: (Table) -> Table) -> Table {
    var result = self
    for i in values.indices {
      var (up, down) = (self, self)
      up.values[i] += 1e-5
      down.values[i] -= 1e-5
      let difference = zip(f(up).values, f(down).values).map(-)
      result.values[i] = zip(difference, weights.values).map(*).reduce(0, +) / 2e-5
    }
    return result
  }
}
