package import BlockFormats

/// A matrix of weights as it is stored: (rows, columns), rows are outputs.
///
/// `float32` cells may learn. The others are frozen: products read them in the backend's fastest
/// way, or expand them to float32 first.
package struct WeightMatrix: Sendable {
  package enum Format: String, Sendable, CaseIterable {
    case float32, bfloat16
    /// 4 bits and a scale per 64 values, itself quantized to 8 bits: 4.127 bits for each.
    case nf4
    /// The same with the scales in float32: 4.5 bits for each.
    case nf4Plain
    /// The blocks of a GGUF file, each tensor of a stack in its own ``BlockFormat``.
    case blocks

    /// Whether it is in 4 bits of this program's making.
    package var isQuantized: Bool { self == .nf4Plain || self == .nf4 }

    /// What rows of so many columns can be stored in: two bfloat16 share a cell, so they are even.
    package func fitting(_ columns: Int) -> Format {
      self == .bfloat16 && columns % 2 == 1 ? .float32 : self
    }
  }

  package let format: Format
  package let rows: Int
  package let columns: Int
  /// float32: a cell each. bfloat16: two to a cell. nf4: eight codes to a cell, then scales. blocks:
  /// the bytes of the file, each tensor from a whole cell on.
  package let memory: DeviceMemory
  /// Of float32 and bfloat16: the row of the memory where this matrix begins.
  package let firstRow: Int
  /// Of nf4 and blocks: the tensors stacked in this matrix, each quantized by itself.
  package let parts: [Part]

  /// One tensor of a stack of quantized ones.
  package struct Part: Sendable {
    package let rows: Range<Int>
    /// The cell where its codes begin; of nf4 two codes to a byte, the first in the high half.
    package let codes: Int
    package let scales: Scales

    /// Of blocks.
    package var blockFormat: BlockFormat {
      guard case .inBlocks(let format) = scales else { preconditionFailure("a tensor in blocks") }
      return format
    }
  }

  /// Where the scales of a quantized tensor are, one per 64 consecutive values.
  package enum Scales: Sendable {
    case plain(cell: Int)
    /// Codes to a byte of ``DynamicMap/signed``; a float32 scale per 256 of them; then the offset.
    case nested(codes: Int, absmax: Int, offset: Int)
    /// Beside the codes, as the format says.
    case inBlocks(BlockFormat)
  }

  /// The cells themselves: float32 only.
  package var values: Matrix {
    precondition(format == .float32, "only float32 weights are a plain matrix")
    return memory.matrix(offset: firstRow * columns, rows: rows, columns: columns)
  }

  /// Of nf4 and blocks: the rows of each tensor of the stack.
  package var partRows: [Range<Int>] { parts.map(\.rows) }

  /// The same for all views of one matrix.
  package var identity: ObjectIdentifier { ObjectIdentifier(memory) }

  /// Memory of the whole matrix, in bytes.
  package var byteCount: Int { memory.count * 4 }

  /// Cells for a matrix of `stack` tensors, `rows` of each, stored in `format`.
  package init(_ format: Format, stack: [Int], columns: Int, backend: any Backend) {
    let rows = stack.reduce(0, +)
    var (end, parts): (Int, [Part]) = (0, [])
    switch format {
    case .float32: end = rows * columns
    case .bfloat16: end = (rows * columns + 1) / 2
    case .nf4Plain, .nf4: (end, parts) = Self.layOut(stack, columns, format)
    case .blocks: preconditionFailure("tensors in blocks say in which")
    }
    self.init(
      format: format, rows: rows, columns: columns, memory: backend.allocate(end), firstRow: 0,
      parts: parts)
  }

  /// Bytes for a matrix of tensors in blocks, whose rows are whole blocks.
  package init(
    blocks stack: [(rows: Int, format: BlockFormat)], columns: Int, backend: any Backend
  ) {
    var (row, end) = (0, 0)
    let parts = stack.map { rows, format in
      guard let bytes = format.byteCount(elements: columns) else {
        preconditionFailure("\(columns) columns are no whole number of \(format.name) blocks")
      }
      defer { (row, end) = (row + rows, end + (rows * bytes + 3) / 4) }
      return Part(rows: row..<row + rows, codes: end, scales: .inBlocks(format))
    }
    self.init(
      format: .blocks, rows: row, columns: columns, memory: backend.allocate(end), firstRow: 0,
      parts: parts)
  }

  private init(
    format: Format, rows: Int, columns: Int, memory: DeviceMemory, firstRow: Int, parts: [Part]
  ) {
    self.format = format
    self.rows = rows
    self.columns = columns
    self.memory = memory
    self.firstRow = firstRow
    self.parts = parts
  }

  private static func layOut(_ stack: [Int], _ columns: Int, _ format: Format) -> (Int, [Part]) {
    var (row, end) = (0, 0)
    let parts = stack.map { size in
      func take(_ cells: Int) -> Int {
        defer { end += cells }
        return end
      }
      defer { row += size }
      let codes = take((size * columns + 7) / 8)
      let blocks = (size * columns + 63) / 64
      let scales: Scales =
        format == .nf4Plain
        ? .plain(cell: take(blocks))
        : .nested(
          codes: take((blocks + 3) / 4), absmax: take((blocks + 255) / 256), offset: take(1))
      return Part(rows: row..<row + size, codes: codes, scales: scales)
    }
    return (end, parts)
  }

  /// One tensor of the stack as a matrix of its own, in the same memory.
  package func part(_ rows: Range<Int>) -> WeightMatrix {
    if rows == 0..<self.rows { return self }
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows)
    guard format.isQuantized || format == .blocks else {
      return WeightMatrix(
        format: format, rows: rows.count, columns: columns, memory: memory,
        firstRow: firstRow + rows.lowerBound, parts: [])
    }
    guard let part = parts.first(where: { $0.rows == rows }) else {
      preconditionFailure("a quantized tensor is taken out of a stack as a whole")
    }
    return WeightMatrix(
      format: format, rows: rows.count, columns: columns, memory: memory, firstRow: 0,
      parts: [Part(rows: 0..<rows.count, codes: part.codes, scales: part.scales)])
  }
}
