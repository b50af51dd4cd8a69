internal import Curation
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// The rows held out, indexed by their shingles, and the look-up of every other row.
struct SplitLeaks: Sendable {
  private var search: SideLeaks
  /// Ids of the rows held out, by the numbers given to the search.
  private var ids: [RowID] = []

  var byteCount: Int { search.byteCount }

  struct Leak: Sendable {
    var like: RowID
    var side: SplitPlan.Side
    var similarity: Double
  }

  /// Reads the rows of validation and test.
  init(
    _ readers: [RecordsReader], _ plan: SplitPlan, threshold: Double, _ context: StageContext
  ) throws {
    search = SideLeaks(threshold: threshold)
    var base = 0
    for reader in readers {
      let starts = ChunkRows.starts(reader, from: base)
      var search = self.search
      var ids = self.ids
      try ChunkPass(reader, context.pool).run(before: {
        try context.checkCancelled()
      }) { chunk, rows in
        var found: [(SplitPlan.Side, RowID, [UInt32])] = []
        var texts = RowShingles(SideLeaks.shingler)
        for (offset, row) in rows.enumerated() {
          let side = plan.sides[starts[chunk] + offset]
          if side != .train { found.append((side, row.id, try texts.set(of: row))) }
        }
        return found
      } take: { _, found in
        for (side, id, set) in found {
          search.add(ids.count, side: side, set)
          ids.append(id)
        }
      }
      self.search = search
      self.ids = ids
      base += reader.rowCount
    }
    search.finish()
  }

  /// What is held out and like this row of `side`, or nil.
  func leak(_ row: StoredRow, on side: SplitPlan.Side, _ texts: inout RowShingles) throws -> Leak? {
    if side == .test || ids.isEmpty { return nil }
    guard let set = try texts.set(of: row, where: search.mayMatch) else { return nil }
    let match = set.withUnsafeBufferPointer { search.match($0, on: side) }
    return match.map { Leak(like: ids[$0.row], side: $0.side, similarity: $0.similarity) }
  }
}

/// Where the rows of each chunk begin.
enum ChunkRows {
  static func starts(_ reader: RecordsReader, from base: Int = 0) -> [Int] {
    var starts = [base]
    for chunk in reader.manifest.chunks { starts.append(starts[starts.count - 1] + chunk.rows) }
    return starts
  }
}
