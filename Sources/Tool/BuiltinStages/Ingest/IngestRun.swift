internal import Diagnostics
internal import Documents
private import Foundation
internal import Parallelism
internal import Records
internal import StageKit

/// One run of ingest: reads in batches, parses them on the pool, names and writes in order.
final class IngestRun {
  private let context: StageContext
  private let onBadRow: IngestParameters.OnBadRow
  private let writer: RecordsWriter
  private let origins: OriginsWriter
  private let quarantine: QuarantineWriter
  private var identity = RowIdentity()
  private var report = IngestReport()
  private var bytesDone = 0
  private let bytesTotal: Int

  /// Bytes of raw rows that one task parses.
  private static let sliceBytes = 64 << 10

  init(_ parameters: IngestParameters, _ context: StageContext) throws {
    self.context = context
    onBadRow = parameters.onBadRow
    writer = try RecordsWriter(folder: context.output("records"))
    origins = try OriginsWriter(context.output("report") + "/origins.jsonl")
    quarantine = try QuarantineWriter(context.output("quarantine") + "/quarantine.jsonl")
    bytesTotal = parameters.sources.reduce(0) { sum, source in
      context.files(source.files.parameter).reduce(sum) { $0 + $1.bytes }
    }
  }

  func read(_ source: IngestSource) throws {
    let files = context.files(source.files.parameter)
    guard !files.isEmpty else {
      throw Diagnostic(
        "source.no-files",
        "'\(SafeText.escaped(source.files.pattern ?? ""))' names no file", fix: "correct the path"
      ).failure(.badInput)
    }
    var shape = source.shape == .auto ? nil : source.shape
    for file in files { try read(file, source, &shape) }
  }

  /// - Parameter shape: the type of the source's rows once it is known.
  private func read(_ file: InputFile, _ source: IngestSource, _ shape: inout RowShape?) throws {
    guard let format = source.format(of: file.name) else {
      throw IngestSource.unknownFormat(file.name).failure(.badInput)
    }
    report.open(file.name, format)
    let reader = try SourceReader(
      file.path, file: file.name, format: format, delimiter: source.delimiter,
      wholeFile: source.textBy == .file)
    while let batch = try reader.next() {
      try context.checkCancelled()
      if shape == nil, format != .text {
        shape = RowIntake.detect(batch, source.columns, header: reader.header)
      }
      let shaper = format == .text ? nil : RowShaper(shape ?? .auto, source.columns)
      let intake = RowIntake(
        file: file.name, format: format, shaper: shaper, header: reader.header)
      let slices = Self.slices(batch)
      let parsed = try context.pool.map(slices) { intake.outcomes(batch, $0) }
      for outcome in parsed.joined() { try take(outcome, file.name) }
      context.progress(bytesDone + reader.bytesRead, of: bytesTotal, "bytes")
    }
    bytesDone += file.bytes
    guard reader.digest() == file.digest else {
      throw Diagnostic(
        "source.changed", "'\(SafeText.escaped(file.name))' changed after the run was planned",
        at: SourceSpan(file: file.name, line: 1), fix: "run it again: orchestrate run"
      ).failure(.badInput)
    }
    report.close(shape, format)
    guard report.hasRows else {
      throw Diagnostic(
        "source.no-rows", "the file holds no rows", at: SourceSpan(file: file.name, line: 1),
        fix: "remove it from the sources, or make it again"
      ).failure(.badInput)
    }
  }

  private func take(_ outcome: RowIntake.Outcome, _ file: String) throws {
    switch outcome {
    case .row(let row, let line, let warning):
      let id = identity.next(row.hash)
      try origins.add(file, line)
      try writer.append(row, id: id)
      report.addRow(isRepeat: id.ordinal > 0, warning)
    case .bad(let row):
      report.addBad(row.diagnostic)
      if onBadRow == .quarantine { try quarantine.add(row) }
    }
  }

  func finish() throws {
    if onBadRow == .fail, let failure = report.failure { throw failure }
    guard writer.rowCount > 0 else {
      throw Diagnostic(
        "source.no-good-rows", "every one of the \(report.badCount) rows is bad",
        at: report.badRows.first?.span, fix: report.badRows.first?.fix
      ).failure(.badInput)
    }
    let manifest = try writer.finish()
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

  /// Ranges of records of about ``sliceBytes``, cut by the batch alone.
  private static func slices(_ batch: SourceBatch) -> [Range<Int>] {
    var slices: [Range<Int>] = []
    var start = 0
    for index in batch.records.indices
    where batch.records[index].end - batch.records[start].start >= sliceBytes {
      slices.append(start..<(index + 1))
      start = index + 1
      if start == batch.records.count { return slices }
    }
    slices.append(start..<batch.records.count)
    return slices
  }
}
