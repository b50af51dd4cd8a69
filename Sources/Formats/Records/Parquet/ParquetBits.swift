/// Numbers of a few bits, packed from the lowest bit of the first byte on.
enum ParquetBits {
  /// - Parameter width: bits of a number, 0 to 64.
  static func unpack(
    _ bytes: ArraySlice<UInt8>, width: Int, count: Int, _ body: (UInt64) -> Void
  ) throws(ParquetProblem) {
    guard width <= 64, count >= 0, width == 0 || count <= bytes.count * 8 / width else {
      throw .damaged("packed numbers end too early")
    }
    var bit = 0
    for _ in 0..<count {
      var value: UInt64 = 0
      var done = 0
      while done < width {
        let at = bit + done
        let byte = UInt64(bytes[bytes.startIndex + at >> 3])
        let shift = at & 7
        value |= (byte >> UInt64(shift)) << UInt64(done)
        done += 8 - shift
      }
      bit += width
      body(width == 64 ? value : value & ((1 << UInt64(width)) - 1))
    }
  }

  /// Runs and packed groups (Parquet's RLE encoding).
  ///
  /// - Parameter count: numbers wanted; those after them are left alone.
  static func runs(_ bytes: inout ParquetBytes, width: Int, count: Int) throws(ParquetProblem)
    -> [Int32]
  {
    guard width <= 32 else { throw .damaged("a level has too many bits") }
    var out: [Int32] = []
    out.reserveCapacity(min(count, 1 << 20))
    while out.count < count {
      let head = try bytes.varint()
      let wanted = count - out.count
      if head & 1 == 1 {
        guard let groups = Int(exactly: head >> 1), groups <= bytes.left + 1 else {
          throw .damaged("a run is too long")
        }
        // The last group may be cut short by the end of the page.
        let packed = try bytes.take(min(groups * width, bytes.left))
        try unpack(packed, width: width, count: min(groups * 8, wanted)) {
          out.append(Int32(truncatingIfNeeded: $0))
        }
      } else {
        let value = Int32(truncatingIfNeeded: try bytes.little((width + 7) / 8))
        let length = min(head >> 1, UInt64(wanted))
        guard length > 0 else { throw .damaged("a run is empty") }
        out.append(contentsOf: repeatElement(value, count: Int(length)))
      }
    }
    return out
  }

  /// DELTA_BINARY_PACKED: differences in blocks, each with its least difference.
  static func deltas(_ bytes: inout ParquetBytes) throws(ParquetProblem) -> [Int64] {
    let block = try bytes.varint()
    let parts = try bytes.varint()
    let total = try bytes.varint()
    var value = try bytes.zigzag()
    guard block > 0, block <= 1 << 20, parts > 0, block % parts == 0, (block / parts) % 8 == 0,
      let count = Int(exactly: total), count <= 1 << 28
    else { throw .damaged("a page of differences has a wrong header") }
    var out: [Int64] = []
    if count > 0 { out.append(value) }
    let each = Int(block / parts)
    while out.count < count {
      let least = try bytes.zigzag()
      let widths = try bytes.take(Int(parts))
      for width in widths where out.count < count {
        guard width <= 64 else { throw .damaged("a difference has too many bits") }
        let packed = try bytes.take(each / 8 * Int(width))
        try unpack(packed, width: Int(width), count: min(each, count - out.count)) { difference in
          value = value &+ least &+ Int64(bitPattern: difference)
          out.append(value)
        }
      }
    }
    return out
  }
}
