package import Documents
package import Reproducibility

/// How often rows of a tag are shown: 2 doubles them, 0.5 keeps every second one.
package struct TagWeights: Sendable {
  package let column: ColumnKey
  /// In order of the text.
  package let weights: [(tag: String, weight: Double)]

  package init(column: String, _ weights: [(tag: String, weight: Double)]) {
    self.column = ColumnKey(column)
    self.weights = weights
  }

  /// The weight of a row by its column: of a list of tags the highest, 1 without a known tag.
  package func weight(_ row: RowBytes) -> Double {
    guard let range = row.field(column.bytes),
      let value = try? JSONReader.parse(Array(row.line[range]), file: "column")
    else { return 1 }
    let known = (value.arrayValue ?? [value]).compactMap { item in
      weights.first { $0.tag == TagText.text(item) }?.weight
    }
    return known.max() ?? 1
  }

  /// A whole number of times for `weight` times: the fraction is decided by the row and the seed.
  package static func times(_ weight: Double, bits: UInt64, _ random: CounterRandom) -> Int {
    let whole = weight.rounded(.down)
    return Int(min(whole, 1e6)) + (random.uniform(bits) < weight - whole ? 1 : 0)
  }
}

/// Values of columns as people write them in a pipeline file.
package enum TagText {
  /// A text as it is, anything else as JSON: `3`, `true`.
  package static func text(_ value: JSONValue) -> String {
    value.stringValue ?? String(decoding: JSONWriter.canonical(value), as: UTF8.self)
  }

  /// The same of canonical bytes.
  package static func text(_ bytes: [UInt8]) -> String {
    if let value = try? JSONReader.parse(bytes, file: "column") { return text(value) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
