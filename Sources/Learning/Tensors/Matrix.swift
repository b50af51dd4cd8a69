/// A view of row-major float32 cells: `rows` rows of `columns`, `stride` cells apart.
///
/// Layers pass views around; only the backend touches what they show. Backend operations give each
/// task rows or columns of its own and return after all tasks, so no two threads write one cell.
package struct Matrix: Sendable {
  package let memory: DeviceMemory
  package let offset: Int
  package let rows: Int
  package let columns: Int
  package let stride: Int

  package var isContiguous: Bool { stride == columns || rows == 1 }
  package var count: Int { rows * columns }

  package func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows lie inside the matrix")
    return Matrix(
      memory: memory, offset: offset + range.lowerBound * stride, rows: range.count,
      columns: columns, stride: stride)
  }

  package func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns, "columns lie inside the matrix")
    return Matrix(
      memory: memory, offset: offset + range.lowerBound, rows: rows, columns: range.count,
      stride: stride)
  }

  /// The same memory with other sizes, for scratch; must fit.
  package func reshaped(rows: Int, columns: Int) -> Matrix {
    precondition(
      isContiguous && rows * columns <= self.rows * self.columns, "the memory is large enough")
    return Matrix(memory: memory, offset: offset, rows: rows, columns: columns, stride: columns)
  }

  /// Whether both show the same memory from the same place.
  package func isSame(as other: Matrix) -> Bool {
    memory === other.memory && offset == other.offset
  }
}

/// Hosts: explicit reads and writes.
extension Matrix {
  /// All cells, row after row.
  package func values() -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      count = rows * columns
      if isContiguous {
        memory.read(offset, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        return
      }
      for row in 0..<rows {
        memory.read(
          offset + row * stride,
          into: UnsafeMutableBufferPointer(
            rebasing: buffer[row * columns..<(row + 1) * columns]))
      }
    }
  }

  /// Overwrites all cells, row after row.
  package func write(_ values: [Float]) {
    values.withUnsafeBufferPointer { write($0) }
  }

  /// Overwrites all cells, row after row.
  package func write(_ values: UnsafeBufferPointer<Float>) {
    precondition(values.count == rows * columns, "there is a value for every cell")
    if isContiguous {
      memory.write(offset, from: values)
      return
    }
    for row in 0..<rows {
      memory.write(
        offset + row * stride,
        from: UnsafeBufferPointer(rebasing: values[row * columns..<(row + 1) * columns]))
    }
  }

  /// Cells of a contiguous matrix, from `start` on.
  package func read(_ start: Int, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(isContiguous && start + target.count <= count, "cells lie inside the matrix")
    memory.read(offset + start, into: target)
  }

  /// Overwrites cells of a contiguous matrix, from `start` on.
  package func write(_ start: Int, from source: UnsafeBufferPointer<Float>) {
    precondition(isContiguous && start + source.count <= count, "cells lie inside the matrix")
    memory.write(offset + start, from: source)
  }
}

extension Matrix {
  /// Where the CPU backend finds the first cell.
  var address: UnsafeMutablePointer<Float> { memory.cpuAddress + offset }
}
