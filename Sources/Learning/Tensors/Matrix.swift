/// A view of row-major float32 memory: `rows` rows of `columns`, `stride` floats apart.
///
/// Layers pass views around; only the backend touches what they show. Does not keep its storage
/// alive.
package struct Matrix: @unchecked Sendable {
  // A view is an address and sizes. Backend operations give each task rows or columns of its own,
  // and return after all tasks, so no two threads write one element.
  let address: UnsafeMutablePointer<Float>
  package let rows: Int
  package let columns: Int
  package let stride: Int

  package var isContiguous: Bool { stride == columns || rows == 1 }

  package func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows lie inside the matrix")
    return Matrix(
      address: address + range.lowerBound * stride, rows: range.count, columns: columns,
      stride: stride)
  }

  package func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns lie inside the matrix")
    return Matrix(
      address: address + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// The memory itself, for hosts that read results or fill in weights.
  package var buffer: UnsafeMutableBufferPointer<Float> {
    precondition(isContiguous, "rows without gaps have one buffer")
    return .init(start: address, count: rows * columns)
  }

  package func values() -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(rows * columns)
    for row in 0..<rows {
      result += UnsafeBufferPointer(start: address + row * stride, count: columns)
    }
    return result
  }
}

extension Matrix {
  /// The same memory with other sizes, for scratch; must fit.
  package func reshaped(rows: Int, columns: Int) -> Matrix {
    precondition(
      isContiguous && rows * columns <= self.rows * self.columns, "the memory is large enough")
    return Matrix(address: address, rows: rows, columns: columns, stride: columns)
  }

  /// Whether both show the same memory from the same place.
  func isSame(as other: Matrix) -> Bool { address == other.address }
}
