/// Row-major numbers in double precision, each with how far off a computed one may be.
package struct Numbers {
  package let rows: Int
  package let columns: Int
  package var values: [Double]
  /// Beside ``values``: the greatest error that the arithmetic allows, from terms times epsilon.
  package var errors: [Double]

  package init(_ rows: Int, _ columns: Int, _ values: [Double], errors: [Double] = []) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.errors = errors.isEmpty ? Array(repeating: 0, count: values.count) : errors
  }

  package init(_ rows: Int, _ columns: Int) {
    self.init(rows, columns, Array(repeating: 0, count: rows * columns))
  }

  /// Numbers of float32 within ±`scale` that look random and are the same in every run.
  package init(_ rows: Int, _ columns: Int, seed: Int, scale: Float = 1) {
    self.init(
      rows, columns,
      (0..<rows * columns).map { index in
        var mixed = (UInt64(index &+ seed &* 7919) &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return Double(scale * Float(Int32(truncatingIfNeeded: mixed >> 32)) / 0x1p31)
      })
  }

  package subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  package var floats: [Float] { values.map { Float($0) } }

  package var transposed: Numbers {
    var result = Numbers(columns, rows)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
    return result
  }

  package func rows(_ range: Range<Int>) -> Numbers {
    Numbers(
      range.count, columns, Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }
}

/// Half of float32's epsilon: the relative error of one rounding.
package let unit = 0x1p-24
/// The relative error of rounding to bfloat16.
package let halfUnit = 0x1p-8
