internal import Curation
internal import Documents
internal import Parallelism
internal import Records
internal import Reproducibility
internal import StageKit

/// What the plan remembers of one source: 8 bytes a row, 4 more by characters or tokens, 1 more by
/// weights.
enum MixSource {
  private struct Part: Sendable {
    var bits: [UInt64] = []
    var lengths: [UInt32] = []
    var times: [UInt8] = []
    var tagged = 0
  }

  static func read(
    _ reader: RecordsReader, ratio: Double, _ parameters: MixParameters,
    _ tokens: (any RowTokens)?, _ context: StageContext
  ) throws -> MixPlan.Source {
    let tags = parameters.weightBy.map { column in
      TagWeights(column: column, parameters.weights.map { ($0.name, $0.value) })
    }
    let random = CounterRandom(seed: UInt64(parameters.seed), stream: "mix.weight")
    let countsText = parameters.unit == .characters
    var source = MixPlan.Source(ratio: ratio, bits: [])
    var tagged = 0
    try ChunkPass(reader, context.pool).run(before: {
      try context.checkCancelled()
      context.progress(source.bits.count, of: reader.rowCount, "rows read")
    }) { _, rows in
      var part = Part()
      var scratch: [UInt8] = []
      for row in rows {
        part.bits.append(row.key.bits)
        if countsText {
          var bytes = 0
          try row.forEachText(&scratch) { bytes += $0.count }
          part.lengths.append(UInt32(clamping: bytes))
        }
        if let tokens { part.lengths.append(UInt32(clamping: try tokens.count(row).all)) }
        if let tags {
          RowBytes.with(row) { bytes in
            let times = TagWeights.times(tags.weight(bytes), bits: row.key.bits, random)
            part.times.append(UInt8(clamping: times))
            if bytes.field(tags.column.bytes) != nil { part.tagged += 1 }
          }
        }
      }
      return part
    } take: { _, part in
      source.bits += part.bits
      source.lengths += part.lengths
      source.times += part.times
      tagged += part.tagged
    }
    return source
  }
}

/// Reads the rows of one source in the order of the plan, some chunks ahead on all threads.
struct MixCursor {
  enum Taken: Sendable {
    case same(StoredRow)
    /// With its source in a column.
    case labelled(EncodedRow, was: RowID)
  }

  private static let chunksAhead = 8

  private let reader: RecordsReader
  private let rows: [UInt32]
  private let starts: [Int]
  private let column: String?
  private let name: String
  private let pool: ThreadPool
  private var place = 0
  /// Chunks in memory.
  private var loaded: Range<Int> = 0..<0
  private var chunks: [[StoredRow]] = []
  /// By place in the chunk; filled with ``column`` alone.
  private var labelled: [[EncodedRow]] = []
  private var chunk = 0

  init(
    _ reader: RecordsReader, _ rows: [UInt32], column: String?, name: String, _ pool: ThreadPool
  ) {
    self.reader = reader
    self.rows = rows
    self.column = column
    self.name = name
    self.pool = pool
    starts = ChunkRows.starts(reader)
  }

  mutating func next() throws -> Taken {
    let row = Int(rows[place])
    place += 1
    // Rows come in order; a new round begins at the front.
    if row < starts[chunk] { chunk = 0 }
    while row >= starts[chunk + 1] { chunk += 1 }
    if !loaded.contains(chunk) { try load() }
    let (part, offset) = (chunk - loaded.lowerBound, row - starts[chunk])
    let stored = chunks[part][offset]
    return column == nil ? .same(stored) : .labelled(labelled[part][offset], was: stored.id)
  }

  private mutating func load() throws {
    loaded = chunk..<min(chunk + Self.chunksAhead, reader.chunkCount)
    let (reader, column, name) = (self.reader, self.column, self.name)
    let parts = try pool.map(Array(loaded)) { index -> ([StoredRow], [EncodedRow]) in
      let rows = try reader.stored(index)
      guard let column else { return (rows, []) }
      return (rows, try rows.map { try Self.labelled($0, column, name) })
    }
    chunks = parts.map(\.0)
    labelled = parts.map(\.1)
  }

  private static func labelled(_ stored: StoredRow, _ column: String, _ name: String) throws
    -> EncodedRow
  {
    let row = try stored.row()
    var fields = row.fields.filter { $0.key != column }
    fields.append(JSONMember(column, .string(name)))
    return EncodedRow(row.content, fields)
  }
}
