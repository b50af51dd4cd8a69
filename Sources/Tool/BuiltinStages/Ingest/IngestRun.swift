internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Processes
internal import Records
internal import StageKit

/// One run of ingest: raw rows are read, parsed and written in rounds, in which the pool parses
/// this round's rows while it reads the next and writes the chunks of the last; rows are named in
/// order in between.
final class IngestRun {
  private let context: StageContext
  private let onBadRow: IngestParameters.OnBadRow
  private let feed: IngestFeed
  private let writer: RecordsWriter
  private let origins: OriginsWriter
  private let quarantine: QuarantineWriter
  private var identity = RowIdentity()
  private var report = IngestReport()
  private let licenses: [LicenseNote]
  /// Chunks that are whole and not yet given to a task.
  private var waiting: [ClosedChunk] = []
  private var bytesDone = 0
  private let bytesTotal: Int

  private static let chunksAtATime = 16
  /// Of memory that a round frees, kept for the next round.
  private static let keptBytes: Int32 = 32 << 20

  private enum Task: Sendable {
    case read
    case write([ClosedChunk])
    case parse(SourceBatch, Range<Int>, RowIntake)
  }

  private enum Done: Sendable {
    case read([IngestFeed.Piece]?)
    case written([RecordsManifest.Chunk])
    case parsed(ParsedRows)
  }

  init(_ parameters: IngestParameters, _ context: StageContext) throws {
    FreedMemory.keep(Self.keptBytes)
    self.context = context
    onBadRow = parameters.onBadRow
    feed = IngestFeed(parameters, context)
    licenses = parameters.licenses
    writer = try RecordsWriter(folder: context.output("records"), isDeferred: true)
    origins = try OriginsWriter(context.output("report") + "/origins.jsonl")
    quarantine = try QuarantineWriter(context.output("quarantine") + "/quarantine.jsonl")
    bytesTotal = parameters.sources.reduce(0) { sum, source in
      context.files(source.files.parameter).reduce(sum) { $0 + $1.bytes }
    }
  }

  func run() throws {
    var pieces = try feed.next()
    while let current = pieces {
      try context.checkCancelled()
      var tasks: [Task] = [.read]
      tasks += writing()
      for case .rows(let batch, let intake, _) in current {
        tasks += batch.slices().map { Task.parse(batch, $0, intake) }
      }
      let done = try perform(tasks)
      var parsed: [ParsedRows] = []
      for item in done {
        switch item {
        case .read(let next): pieces = next
        case .written(let chunks): chunks.forEach(writer.add)
        case .parsed(let rows): parsed.append(rows)
        }
      }
      try take(current, parsed)
    }
    try finish()
  }

  /// Whole chunks, sixteen to a task: as many as are digested at a time. Fewer wait for more, except
  /// at the end.
  private func writing(isEnd: Bool = false) -> [Task] {
    waiting += writer.takeClosed()
    var tasks: [Task] = []
    while waiting.count >= Self.chunksAtATime || (isEnd && !waiting.isEmpty) {
      tasks.append(.write(Array(waiting.prefix(Self.chunksAtATime))))
      waiting.removeFirst(min(Self.chunksAtATime, waiting.count))
    }
    return tasks
  }

  private func perform(_ tasks: [Task]) throws -> [Done] {
    // Only the one task `.read` of a round uses the feed, and the writer's folder never changes.
    nonisolated(unsafe) let feed = feed
    let folder = context.output("records")
    return try context.pool.map(tasks) { task -> Done in
      switch task {
      case .read: return .read(try feed.next())
      case .write(let chunks): return .written(try ClosedChunk.write(chunks, to: folder))
      case .parse(let batch, let range, let intake):
        return .parsed(intake.rows(batch, range))
      }
    }
  }

  /// Names and writes the rows of `pieces` in order.
  private func take(_ pieces: [IngestFeed.Piece], _ parsed: [ParsedRows]) throws {
    var next = parsed[...]
    var bytesRead = 0
    for piece in pieces {
      switch piece {
      case .opened(let name, let format): report.open(name, format)
      case .told(let sketch):
        report.add(sketch)
        context.warn(sketch.note)
      case .rows(let batch, let intake, let read):
        bytesRead = read
        for _ in batch.slices() { try take(next.removeFirst(), intake.file) }
      case .closed(let name, let format, let shape, let bytes):
        bytesDone += bytes
        bytesRead = 0
        report.close(shape, format)
        guard report.hasRows else {
          throw Diagnostic(
            "source.no-rows", "the file holds no rows", at: SourceSpan(file: name, line: 1),
            fix: "remove it from the sources, or make it again"
          ).failure(.badInput)
        }
      }
    }
    context.progress(bytesDone + bytesRead, of: bytesTotal, "bytes")
  }

  private func take(_ parsed: ParsedRows, _ file: String) throws {
    var bad = parsed.bad[...]
    for (index, row) in parsed.rows.enumerated() {
      while let first = bad.first, first.after == index { try take(bad.removeFirst().row) }
      let key = identity.next(row.key)
      try origins.add(file, row.line)
      try writer.append(row, of: parsed, key: key)
      report.addRow(isRepeat: key.ordinal > 0, row.warning)
    }
    for last in bad { try take(last.row) }
  }

  private func take(_ row: BadRow) throws {
    report.addBad(row.diagnostic)
    if onBadRow == .quarantine { try quarantine.add(row) }
  }

  private func finish() throws {
    if onBadRow == .fail, let failure = report.failure { throw failure }
    guard writer.rowCount > 0 else {
      throw Diagnostic(
        "source.no-good-rows", "every one of the \(report.badCount) rows is bad",
        at: report.badRows.first?.span, fix: report.badRows.first?.fix
      ).failure(.badInput)
    }
    for done in try perform(writing(isEnd: true)) {
      if case .written(let chunks) = done { chunks.forEach(writer.add) }
    }
    let manifest = try writer.finish()
    if !licenses.isEmpty {
      try OutputFile.write(
        RowLicenses.bytes(licenses), to: context.output("records") + "/" + RowLicenses.fileName)
    }
    try origins.finish()
    try quarantine.finish()
    for finding in report.badRows {
      var warning = finding
      warning.severity = .warning
      context.warn(warning)
    }
    for finding in report.warnings { context.warn(finding) }
    context.count("rows_in", report.goodCount + report.badCount)
    context.count("rows_out", manifest.rowCount)
    for (code, count) in report.badByCode.sorted(by: { $0.key < $1.key }) {
      context.count("quarantined.\(code)", count)
    }
    for (name, count) in report.warningCounts.sorted(by: { $0.key < $1.key }) {
      context.count("warned.\(name)", count)
    }
    try ReportFolder.write(
      report.json, report.markdown, to: context.output("report"))
  }
}
