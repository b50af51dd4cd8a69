import BlockFormats

/// Weights as a card stores them, and what they are.
struct StoredWeights {
  let name: String
  let table: Table
  let passed: Passed

  /// Every way to store `rows` of `columns`, a multiple of 256.
  static func all(_ rows: Int, _ columns: Int, seed: Int) -> [StoredWeights] {
    let table = Table(rows, columns, seed: seed)
    return [float32(table), bfloat16(table), nf4(table), nestedNF4(table)]
      + BlockFormat.all.map { blocks(table, $0) }
  }

  static func float32(_ table: Table) -> StoredWeights {
    let cells = Cells(table.floats)
    return StoredWeights(
      name: "float32", table: table, passed: passed(word(cells.address), kind: 0, keeping: [cells]))
  }

  static func bfloat16(_ table: Table) -> StoredWeights {
    let rounded = table.roundedToBfloat16
    let cells = Cells(rounded.floats.map { UInt16($0.bitPattern >> 16) })
    return StoredWeights(
      name: "bfloat16", table: rounded,
      passed: passed(word(cells.address), kind: 1, keeping: [cells]))
  }

  /// Any codes and scales: what they came from does not matter.
  static func nf4(_ like: Table) -> StoredWeights {
    let (codes, count) = (codes(like), like.values.count)
    let scales = Table(1, (count + 63) / 64, seed: 91).floats
    let cells = (Cells(codes), Cells(scales))
    return StoredWeights(
      name: "nf4", table: decoded(like, codes) { scales[$0] },
      passed: passed(
        word(cells.0.address), word(cells.1.address), kind: 2, keeping: [cells.0, cells.1]))
  }

  static func nestedNF4(_ like: Table) -> StoredWeights {
    let (codes, blocks) = (codes(like), (like.values.count + 63) / 64)
    let scales = (0..<blocks).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    let absmax = Table(1, (blocks + 255) / 256, seed: 92).floats, offset: Float = 0.125
    let cells = (
      Cells(codes), Cells(scales), Cells(absmax), Cells([offset]), Cells(DynamicMap.signed.code)
    )
    return StoredWeights(
      name: "nested nf4",
      table: decoded(like, codes) {
        DynamicMap.signed.code[Int(scales[$0])] * absmax[$0 / 256] + offset
      },
      passed: passed(
        word(cells.0.address), word(cells.1.address), word(cells.2.address),
        word(cells.3.address), word(cells.4.address), kind: 3,
        keeping: [cells.0, cells.1, cells.2, cells.3, cells.4]))
  }

  static func blocks(_ like: Table, _ format: BlockFormat) -> StoredWeights {
    let values = like.floats
    var bytes = [UInt8](
      repeating: 0, count: values.count / format.blockElements * format.blockBytes)
    var decoded = [Float](repeating: 0, count: values.count)
    bytes.withUnsafeMutableBytes { bytes in
      values.withUnsafeBufferPointer { format.referenceEncode($0, bytes) }
    }
    bytes.withUnsafeBytes { bytes in
      decoded.withUnsafeMutableBufferPointer { format.referenceDecode(bytes, $0) }
    }
    let cells = Cells(bytes)
    return StoredWeights(
      name: format.name, table: Table(like.rows, like.columns, decoded.map(Double.init)),
      passed: passed(word(cells.address), kind: 100 + Int(format.ggmlType), keeping: [cells]))
  }

  // MARK: - Private

  private static func codes(_ like: Table) -> [UInt8] {
    (0..<(like.values.count + 1) / 2).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 5) }
  }

  private static func decoded(_ like: Table, _ codes: [UInt8], scale: (Int) -> Float) -> Table {
    Table(like.rows, like.columns) { row, column in
      let i = row * like.columns + column
      let code = i % 2 == 0 ? codes[i / 2] >> 4 : codes[i / 2] & 15
      return Double(NF4.code[Int(code)] * scale(i / 64))
    }
  }

  private static func passed(
    _ addresses: UInt64..., kind: Int, keeping memory: [AnyObject]
  ) -> Passed {
    Passed(
      addresses + Array(repeating: 0, count: 5 - addresses.count) + [UInt64(kind)],
      keeping: memory)
  }
}
