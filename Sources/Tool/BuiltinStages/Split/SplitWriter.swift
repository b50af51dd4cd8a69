internal import Curation
internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// Writes the sides: rows keep their order, gold rows come first in test.
struct SplitWriter {
  /// What became of the rows of one side.
  struct Count: Sendable {
    var rows = 0
    /// Rows that a side held out says again.
    var leaks = 0
  }

  let corpus: SplitCorpus
  let plan: SplitPlan
  let leaks: SplitLeaks?
  let onLeak: SplitParameters.OnLeak
  let context: StageContext

  private(set) var counts = [Count](repeating: Count(), count: 3)
  /// Rows that are in the gold file themselves.
  private(set) var goldRepeats = 0
  /// Rows validated by each fold.
  private(set) var foldRows: [Int] = []

  init(
    _ corpus: SplitCorpus, _ plan: SplitPlan, _ leaks: SplitLeaks?,
    _ parameters: SplitParameters, _ context: StageContext
  ) {
    self.corpus = corpus
    self.plan = plan
    self.leaks = leaks
    onLeak = parameters.onLeak
    self.context = context
    foldRows = Array(repeating: 0, count: parameters.folds ?? 0)
  }

  private enum Fate: Sendable {
    case written
    case leaks(SplitLeaks.Leak)
    case isGold
  }

  /// The outputs by name.
  private struct Files {
    var test: RecordsWriter
    /// One, or one of each fold.
    var train: [RecordsWriter]
    var validation: [RecordsWriter]
    var changes: OutputFile

    init(folds: Int, _ context: StageContext) throws {
      func writers(_ side: String) throws -> [RecordsWriter] {
        try folds == 0
          ? [RecordsWriter(folder: context.output(side))]
          : (1...folds).map { try RecordsWriter(folder: context.output("\(side)_\($0)")) }
      }
      test = try RecordsWriter(folder: context.output("test"))
      train = try writers("train")
      validation = try writers("validation")
      changes = try OutputFile(context.output("report") + "/changes.jsonl")
    }

    func finish() throws {
      for writer in [test] + train + validation { try writer.finish() }
      try changes.finish()
    }
  }

  mutating func write(_ reader: RecordsReader, gold: RecordsReader?) throws {
    let files = try Files(folds: foldRows.count, context)
    if let gold {
      for chunk in 0..<gold.chunkCount {
        for row in try gold.stored(chunk) { try files.test.append(line: row.line, id: row.id) }
      }
      counts[SplitPlan.Side.test.rawValue].rows += gold.rowCount
    }
    let starts = ChunkRows.starts(reader, from: corpus.rows.goldCount)
    let (plan, leaks, goldIDs, context) = (self.plan, self.leaks, corpus.gold, self.context)
    var done = 0
    var me = self
    try ChunkPass(reader, context.pool).run(before: {
      try context.checkCancelled()
      context.progress(done, of: reader.rowCount, "rows dealt")
    }) { chunk, rows in
      var texts = RowShingles(SideLeaks.shingler)
      return try rows.enumerated().map { offset, row -> (row: StoredRow, fate: Fate) in
        if !goldIDs.isEmpty, goldIDs.contains(row.id) { return (row, .isGold) }
        let side = plan.sides[starts[chunk] + offset]
        let leak = try leaks?.leak(row, on: side, &texts)
        return (row, leak.map { .leaks($0) } ?? .written)
      }
    } take: { chunk, rows in
      for (offset, item) in rows.enumerated() {
        try me.take(item.row, item.fate, starts[chunk] + offset, files)
      }
      done += rows.count
    }
    self = me
    try files.finish()
    try SealedSplit.seal(context.output("test"), rows: files.test.rowCount)
  }

  private mutating func take(_ row: StoredRow, _ fate: Fate, _ index: Int, _ files: Files) throws {
    let side = plan.sides[index]
    switch fate {
    case .written: break
    case .isGold:
      goldRepeats += 1
      try files.changes.append(Self.line(row.id, "split.gold", nil))
      return
    case .leaks(let leak):
      counts[side.rawValue].leaks += 1
      if onLeak == .drop {
        let detail: JSONValue = .object([
          "side": .string("\(side)"), "like": .string(leak.like.description),
          "like_side": .string("\(leak.side)"), "similarity": .number(leak.similarity),
        ])
        try files.changes.append(Self.line(row.id, "split.leak", detail))
        return
      }
    }
    counts[side.rawValue].rows += 1
    switch side {
    case .test: try files.test.append(line: row.line, id: row.id)
    case .validation: try files.validation[0].append(line: row.line, id: row.id)
    case .train where foldRows.isEmpty: try files.train[0].append(line: row.line, id: row.id)
    case .train:
      let own = Int(plan.folds[index])
      foldRows[own] += 1
      for fold in foldRows.indices {
        let writers = fold == own ? files.validation : files.train
        try writers[fold].append(line: row.line, id: row.id)
      }
    }
  }

  private static func line(_ id: RowID, _ rule: String, _ detail: JSONValue?) -> [UInt8] {
    var line: [UInt8] = []
    RowChanges.append(row: nil, was: RowKey(id), rule: rule, detail: detail, to: &line)
    return line
  }
}
