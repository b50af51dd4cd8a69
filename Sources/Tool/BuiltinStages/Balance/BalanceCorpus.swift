internal import Curation
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// What balancing remembers of every row: 12 bytes, and more for weights and clusters.
struct BalanceCorpus {
  private(set) var bits: [UInt64] = []
  /// Numbers of classes; `UInt32.max` for rows without a value.
  private(set) var classes: [UInt32] = []
  private(set) var names = ByteNames()
  /// Weights of rows, or empty.
  private(set) var weights: [Float] = []
  /// A hash of the cluster of each row, 0 without one; empty without clusters.
  private(set) var clusters: [UInt64] = []

  private struct Part: Sendable {
    var bits: [UInt64] = []
    var classes: [UInt32] = []
    var names = ByteNames()
    var weights: [Float] = []
    var clusters: [UInt64] = []
    var tagged = 0
  }

  init(
    _ reader: RecordsReader, _ clusters: RowClusters?, _ parameters: BalanceParameters,
    _ context: StageContext
  ) throws {
    let column = parameters.by.map { ColumnKey($0) }
    let tags = parameters.weightBy.map { column in
      TagWeights(column: column, parameters.weights.map { ($0.name, $0.value) })
    }
    var tagged = 0
    try ChunkPass(reader, context.pool).run(before: {
      try context.checkCancelled()
      context.progress(bits.count, of: reader.rowCount, "rows read")
    }) { _, rows in
      var part = Part()
      for row in rows { RowBytes.with(row) { Self.add(row.id, $0, column, tags, clusters, &part) } }
      return part
    } take: { _, part in
      bits += part.bits
      let numbers = names.merge(part.names)
      self.classes += part.classes.map { $0 == .max ? .max : numbers[Int($0)] }
      weights += part.weights
      self.clusters += part.clusters
      tagged += part.tagged
    }
    if reader.rowCount == 0 { return }
    if let column, names.count == 0 {
      throw try MissingColumn.failure(column.name, of: "by", stage: "balance", reader)
    }
    if let tags, tagged == 0 {
      throw try MissingColumn.failure(tags.column.name, of: "weight_by", stage: "balance", reader)
    }
  }

  private static func add(
    _ id: RowID, _ bytes: RowBytes, _ column: ColumnKey?, _ tags: TagWeights?,
    _ clusters: RowClusters?, _ part: inout Part
  ) {
    part.bits.append(id.bits)
    let range = column.flatMap { bytes.field($0.bytes) }.flatMap { bytes.isNull($0) ? nil : $0 }
    if let range {
      let isText = bytes.line[range.lowerBound] == UInt8(ascii: "\"")
      part.classes.append(
        isText ? part.names.number(bytes, range) : part.names.number(bytes.canonical(range)))
    } else {
      part.classes.append(.max)
    }
    if let tags {
      part.weights.append(Float(tags.weight(bytes)))
      if bytes.field(tags.column.bytes) != nil { part.tagged += 1 }
    }
    if let clusters {
      part.clusters.append(clusters.clusterOf[id].map { max(1, hash64(Array($0.utf8))) } ?? 0)
    }
  }
}
