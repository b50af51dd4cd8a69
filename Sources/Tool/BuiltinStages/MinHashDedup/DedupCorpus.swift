internal import Curation
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// What deduplication remembers of every row.
struct DedupCorpus {
  let minHash: MinHash
  private(set) var ids: [RowID] = []
  private(set) var sketches = RowSketches()
  /// Bytes of text of each row.
  private(set) var lengths: [Int] = []
  /// The number of `best_by` of each row; the lowest possible where it has none.
  private(set) var scores: [Double] = []
  /// The source of each row, as an index into ``sources``.
  private(set) var sourceOf: [Int] = []
  /// Names of sources in order of appearance; "" for rows that name none.
  private(set) var sources: [String] = []

  var rowCount: Int { ids.count }

  /// What one chunk contributes.
  private struct Part: Sendable {
    var ids: [RowID] = []
    var sketches: RowSketches
    var lengths: [Int] = []
    var scores: [Double] = []
    var sources: [String] = []
  }

  /// Chunks that are sketched before their results are put together.
  private static let batch = 16

  init(_ reader: RecordsReader, _ parameters: MinHashDedupParameters, _ context: StageContext)
    throws
  {
    minHash = MinHash(
      threshold: parameters.threshold, permutations: (parameters.permutations + 31) / 32 * 32,
      seed: UInt64(parameters.seed))
    var numbers: [String: Int] = [:]
    for start in stride(from: 0, to: reader.chunkCount, by: Self.batch) {
      try context.checkCancelled()
      let chunks = Array(start..<min(start + Self.batch, reader.chunkCount))
      let minHash = self.minHash
      let parts = try context.pool.map(chunks) { chunk in
        Self.part(try reader.chunk(chunk), parameters, minHash)
      }
      for part in parts { append(part, &numbers) }
      context.progress(rowCount, of: reader.rowCount, "rows")
    }
  }

  private static func part(
    _ rows: [Row], _ parameters: MinHashDedupParameters, _ minHash: MinHash
  ) -> Part {
    var part = Part(
      sketches: RowSketches(rows.map(\.content), parameters.shingler, minHash))
    for row in rows {
      part.ids.append(row.id)
      part.lengths.append(row.content.texts.reduce(0) { $0 + $1.utf8.count })
      part.scores.append(
        parameters.bestBy.flatMap { row.field($0)?.doubleValue }
          ?? -Double.greatestFiniteMagnitude)
      part.sources.append(row.field(parameters.sourceField)?.stringValue ?? "")
    }
    return part
  }

  private mutating func append(_ part: Part, _ numbers: inout [String: Int]) {
    ids += part.ids
    sketches.append(part.sketches)
    lengths += part.lengths
    scores += part.scores
    for source in part.sources {
      if let number = numbers[source] {
        sourceOf.append(number)
      } else {
        numbers[source] = sources.count
        sourceOf.append(sources.count)
        sources.append(source)
      }
    }
  }
}
