package import BlockFormats

/// Hosts: how weights come into memory.
extension WeightMatrix {
  /// Overwrites one tensor of the stack, or all of them: rounded to bfloat16 where that is the
  /// format. nf4 is written by ``write(_:rows:)-(NF4Tensor,_)``.
  package func write(_ values: [Float], rows: Range<Int>) {
    precondition(values.count == rows.count * columns, "there is a value for every cell")
    switch format {
    case .float32: self.values.rows(rows).write(values)
    case .bfloat16:
      fillBits(rows: rows) { bits in
        for (index, value) in values.enumerated() { bits[index] = Self.bfloat16(value) }
      }
    case .nf4Plain, .nf4: preconditionFailure("nf4 is written as codes and scales")
    case .blocks: preconditionFailure("blocks are written as they are")
    }
  }

  /// float32: lets `body` overwrite rows, in place where the memory is the host's.
  ///
  /// - Parameter elements: of the rows' cells; nil: all.
  package func fill(
    rows: Range<Int>, elements: Range<Int>? = nil,
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    precondition(format == .float32 && rows.upperBound <= self.rows, "rows of float32 cells")
    let start = (firstRow + rows.lowerBound) * columns
    let elements = elements ?? 0..<rows.count * columns
    try memory.fill(start + elements.lowerBound..<start + elements.upperBound, body)
  }

  /// bfloat16: lets `body` overwrite the bits of rows, in place where the memory is the host's.
  ///
  /// - Parameter elements: of the rows' values, from an even one on; nil: all.
  package func fillBits(
    rows: Range<Int>, elements: Range<Int>? = nil,
    _ body: (UnsafeMutableBufferPointer<UInt16>) throws -> Void
  ) rethrows {
    let elements = elements ?? 0..<rows.count * columns
    let start = (firstRow + rows.lowerBound) * columns + elements.lowerBound
    let count = elements.count
    precondition(format == .bfloat16 && rows.upperBound <= self.rows, "rows of bfloat16")
    precondition(start % 2 == 0, "rows begin at a whole cell")
    try memory.fill(start / 2..<(start + count + 1) / 2) { cells in
      // Cells are memory like any other; nothing else looks at them meanwhile.
      try UnsafeMutableRawBufferPointer(cells).withMemoryRebound(to: UInt16.self) {
        try body(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
      }
    }
  }

  /// blocks: lets `body` overwrite the bytes of rows of the tensor of the stack that has `rows`, in
  /// place where the memory is the host's.
  ///
  /// - Parameter some: counted in the tensor, from one on whose bytes begin at a whole cell (each
  ///   fourth does); nil: all.
  package func fillBlocks(
    rows: Range<Int>, some: Range<Int>? = nil,
    _ body: (BlockFormat, UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    guard format == .blocks, let part = parts.first(where: { $0.rows == rows }),
      let rowBytes = part.blockFormat.byteCount(elements: columns)
    else { preconditionFailure("rows of a tensor in blocks") }
    let some = some ?? 0..<rows.count
    let (start, bytes) = (some.lowerBound * rowBytes, some.count * rowBytes)
    precondition(start % 4 == 0 && some.upperBound <= rows.count, "rows begin at a whole cell")
    let first = part.codes + start / 4
    try memory.fill(first..<first + (bytes + 3) / 4) { cells in
      let target = UnsafeMutableRawBufferPointer(cells)
      try body(part.blockFormat, UnsafeMutableRawBufferPointer(rebasing: target[..<bytes]))
    }
  }

  /// nf4: overwrites the tensor of the stack that has these rows.
  package func write(_ tensor: NF4Tensor, rows: Range<Int>) {
    precondition(tensor.elementCount == rows.count * columns, "there is a value for every cell")
    guard let part = parts.first(where: { $0.rows == rows }) else {
      preconditionFailure("a quantized tensor of a stack is written as a whole")
    }
    writeBytes(tensor.codes, at: part.codes)
    write(tensor.scales, part)
  }

  /// nf4: overwrites codes of the tensor of the stack that has these rows, from an even eighth value on.
  package func writeCodes(_ codes: [UInt8], rows: Range<Int>, from element: Int) {
    guard element % 8 == 0, let part = parts.first(where: { $0.rows == rows }) else {
      preconditionFailure("codes of a quantized tensor begin at a whole cell")
    }
    writeBytes(codes, at: part.codes + element / 8)
  }

  /// nf4: overwrites its scales.
  package func writeScales(_ scales: NF4Tensor.Scales, rows: Range<Int>) {
    guard let part = parts.first(where: { $0.rows == rows }) else {
      preconditionFailure("a quantized tensor of a stack is written as a whole")
    }
    write(scales, part)
  }

  private func write(_ scales: NF4Tensor.Scales, _ part: Part) {
    switch (part.scales, scales) {
    case (.plain(let cell), .plain(let scales)):
      scales.withUnsafeBufferPointer { memory.write(cell, from: $0) }
    case (.nested(let codes, let absmax, let offset), .nested(let scales)):
      writeBytes(scales.codes, at: codes)
      scales.absmax.withUnsafeBufferPointer { memory.write(absmax, from: $0) }
      [scales.offset].withUnsafeBufferPointer { memory.write(offset, from: $0) }
    default: preconditionFailure("scales are stored as the format says")
    }
  }

  private func writeBytes(_ bytes: [UInt8], at cell: Int) {
    memory.fill(cell..<cell + (bytes.count + 3) / 4) { cells in
      let target = UnsafeMutableRawBufferPointer(cells)
      target.copyBytes(from: bytes)
    }
  }

  /// The nearest bfloat16, ties to even; a NaN stays one.
  static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)
  }
}
