/// A matrix of weights as it is stored: (rows, columns), rows are outputs.
///
/// `float32` cells may learn. `bfloat16` and `nf4` are frozen: products read them in the backend's
/// fastest way, or expand them to float32 first.
package struct WeightMatrix: Sendable {
  package enum Format: String, Sendable, CaseIterable {
    case float32, bfloat16, nf4
  }

  package let format: Format
  package let rows: Int
  package let columns: Int
  /// float32: a cell each. bfloat16: two to a cell. nf4: eight codes to a cell, then scales.
  let memory: DeviceMemory
  /// Of nf4: the tensors stacked in this matrix, each quantized by itself.
  let parts: [Part]

  /// One tensor of a stack of quantized ones.
  struct Part: Sendable {
    let rows: Range<Int>
    /// The cell where its codes begin; two codes to a byte, the first in the high half.
    let codes: Int
    /// The cell where its scales begin: one per 64 consecutive values of the tensor.
    let scales: Int
  }

  /// The cells themselves: float32 only.
  package var values: Matrix {
    precondition(format == .float32, "only float32 weights are a plain matrix")
    return memory.matrix(rows: rows, columns: columns)
  }

  /// Of nf4: the rows of each tensor of the stack.
  package var partRows: [Range<Int>] { parts.map(\.rows) }

  /// The same for all views of one matrix.
  package var identity: ObjectIdentifier { ObjectIdentifier(memory) }

  /// Memory of the whole matrix, in bytes.
  package var byteCount: Int { memory.count * 4 }

  /// Cells for a matrix of `stack` tensors, `rows` of each, stored in `format`.
  package init(_ format: Format, stack: [Int], columns: Int, backend: any Backend) {
    self.format = format
    self.columns = columns
    rows = stack.reduce(0, +)
    switch format {
    case .float32:
      memory = backend.allocate(rows * columns)
      parts = []
    case .bfloat16:
      memory = backend.allocate((rows * columns + 1) / 2)
      parts = []
    case .nf4:
      var (row, end) = (0, 0)
      var parts: [Part] = []
      for size in stack {
        let codes = end, scales = codes + (size * columns + 7) / 8
        end = scales + (size * columns + 63) / 64
        parts.append(Part(rows: row..<row + size, codes: codes, scales: scales))
        row += size
      }
      memory = backend.allocate(end)
      self.parts = parts
    }
  }

  /// Overwrites one tensor of the stack, or all of them: rounded to bfloat16 where that is the
  /// format. nf4 is written by ``write(part:codes:scales:)``.
  package func write(_ values: [Float], rows: Range<Int>) {
    precondition(values.count == rows.count * columns, "there is a value for every cell")
    switch format {
    case .float32: self.values.rows(rows).write(values)
    case .bfloat16: writeBits(values.map { Self.bfloat16($0) }, fromRow: rows.lowerBound)
    case .nf4: preconditionFailure("nf4 is written as codes and scales")
    }
  }

  /// The nearest bfloat16, ties to even; a NaN stays one.
  static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)
  }

  /// bfloat16: overwrites rows by their bits, two values to a cell.
  package func writeBits(_ bits: [UInt16], fromRow row: Int) {
    precondition(format == .bfloat16 && row * columns % 2 == 0, "rows begin at a whole cell")
    precondition(row * columns + bits.count <= rows * columns, "rows lie inside the matrix")
    let padded = bits.count % 2 == 0 ? bits : bits + [0]
    padded.withUnsafeBytes { raw in
      memory.write(row * columns / 2, from: raw.bindMemory(to: Float.self))
    }
  }

  /// nf4: overwrites one tensor of the stack.
  ///
  /// - Parameters:
  ///   - codes: two to a byte, the first in the high half.
  ///   - scales: one per 64 values.
  package func write(part index: Int, codes: [UInt8], scales: [Float]) {
    precondition(format == .nf4, "only nf4 has parts")
    let part = parts[index], count = part.rows.count * columns
    precondition(codes.count == (count + 1) / 2 && scales.count == (count + 63) / 64)
    let padded = codes + [UInt8](repeating: 0, count: (4 - codes.count % 4) % 4)
    padded.withUnsafeBytes { raw in
      memory.write(part.codes, from: raw.bindMemory(to: Float.self))
    }
    scales.withUnsafeBufferPointer { memory.write(part.scales, from: $0) }
  }
}
