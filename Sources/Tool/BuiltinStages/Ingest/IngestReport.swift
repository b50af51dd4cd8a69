internal import Diagnostics
internal import Documents
internal import Records

/// What ingest counted. Holds places and codes, never contents.
struct IngestReport {
  private struct FileCount {
    var name: String
    var format: SourceFormat
    var shape: RowShape?
    var rows = 0
    var bad = 0
  }

  /// Bad rows shown one by one; the rest is listed by line.
  static let shownMax = 10
  /// Runs of lines that a message lists.
  static let listedMax = 200

  private var files: [FileCount] = []
  private var sketches: [RowSketch] = []
  private(set) var goodCount = 0
  private(set) var repeatCount = 0
  private(set) var badCount = 0
  /// The first ``shownMax``, then one that lists the lines of the others.
  private var shown: [Diagnostic] = []
  private var others: [(file: String, lines: ClosedRange<Int>)] = []
  private(set) var badByCode: [String: Int] = [:]
  private(set) var warningCounts: [String: Int] = [:]

  mutating func open(_ name: String, _ format: SourceFormat) {
    files.append(FileCount(name: name, format: format))
  }

  mutating func close(_ shape: RowShape?, _ format: SourceFormat) {
    files[files.count - 1].shape = format.hasColumns ? shape : .completion
  }

  /// What was decided about the rows of a source.
  mutating func add(_ sketch: RowSketch) { sketches.append(sketch) }

  /// Whether the file that was opened last holds any row, good or bad.
  var hasRows: Bool { files.last.map { $0.rows + $0.bad > 0 } ?? false }

  mutating func addRow(isRepeat: Bool, _ warning: String?) {
    goodCount += 1
    files[files.count - 1].rows += 1
    if isRepeat { repeatCount += 1 }
    if let warning { warningCounts[warning, default: 0] += 1 }
  }

  mutating func addBad(_ finding: Diagnostic) {
    badCount += 1
    files[files.count - 1].bad += 1
    badByCode[finding.code, default: 0] += 1
    if shown.count < Self.shownMax {
      shown.append(finding)
      return
    }
    guard let span = finding.span else { return }
    if let last = others.last, last.file == span.file, last.lines.upperBound + 1 >= span.line {
      others[others.count - 1].lines = last.lines.lowerBound...span.line
    } else {
      others.append((span.file, span.line...span.line))
    }
  }

  /// Every bad row: the first ones in full, the others by their lines.
  var badRows: [Diagnostic] {
    guard badCount > shown.count, let first = others.first else { return shown }
    var parts: [String] = []
    var file = ""
    for run in others.prefix(Self.listedMax) {
      let lines =
        run.lines.count == 1
        ? "\(run.lines.lowerBound)" : "\(run.lines.lowerBound)–\(run.lines.upperBound)"
      parts.append(run.file == file ? lines : "\(SafeText.escaped(run.file)): \(lines)")
      file = run.file
    }
    let rest = others.count - parts.count
    if rest > 0 { parts.append("and \(rest) more runs of lines") }
    return shown + [
      Diagnostic(
        "row.more",
        "\(badCount - shown.count) more bad rows, in lines \(parts.joined(separator: ", "))",
        at: SourceSpan(file: first.file, line: first.lines.lowerBound))
    ]
  }

  /// The end of a run where bad rows are not wanted; nil when there are none.
  var failure: Failure? {
    if badCount == 0 { return nil }
    var findings = badRows
    findings[findings.count - 1].fix =
      (findings.last?.fix.map { $0 + "; " } ?? "")
      + "to set bad rows aside instead: 'on_bad_row: quarantine'"
    return Failure(findings, .badInput)
  }

  /// One warning for each reason to look.
  var warnings: [Diagnostic] {
    warningCounts.sorted { $0.key < $1.key }.map { name, count in
      Diagnostic(
        "row.\(name.replacing("_", with: "-"))", "\(count) rows: \(Self.meaning(name))",
        severity: .warning)
    }
  }

  private static func meaning(_ warning: String) -> String {
    switch warning {
    case "no_answer": "a conversation without a turn of the assistant teaches nothing"
    case "empty_text": "the text, or every answer, is empty"
    case "chosen_equals_rejected": "chosen and rejected are the same"
    default: warning
    }
  }

  var json: JSONValue {
    .object([
      "formatVersion": 1,
      "rows": .integer(Int64(goodCount)),
      "repeated_rows": .integer(Int64(repeatCount)),
      "bad_rows": .integer(Int64(badCount)),
      "bad_by_code": ReportFolder.counts(badByCode),
      "warnings": ReportFolder.counts(warningCounts),
      "files": .array(
        files.map { file in
          .object([
            "file": .string(file.name), "format": .string(file.format.rawValue),
            "type": file.shape.map { .string($0.rawValue) } ?? .null,
            "rows": .integer(Int64(file.rows)), "bad_rows": .integer(Int64(file.bad)),
          ])
        }),
      "types": .array(sketches.map(\.json)),
    ])
  }

  var markdown: [String] {
    var lines = [
      "# Ingest", "",
      "\(goodCount) rows from \(files.count) files; \(badCount) bad rows; "
        + "\(repeatCount) rows repeat an earlier one in full.",
      "", "| file | format | type | rows | bad |", "|---|---|---|---:|---:|",
    ]
    lines += files.map {
      "| \(ReportFolder.cell($0.name)) | \($0.format.rawValue) | \($0.shape?.rawValue ?? "–") "
        + "| \($0.rows) | \($0.bad) |"
    }
    for sketch in sketches {
      lines += [
        "", "## \(ReportFolder.cell(sketch.file)): \(sketch.shape?.rawValue ?? "no known type")",
        "",
      ]
      lines += sketch.examples.enumerated().map { "- row \($0 + 1): \(ReportFolder.cell($1))" }
    }
    lines += ReportFolder.table("bad rows by reason", badByCode)
    lines += ReportFolder.table("rows to look at", warningCounts)
    return lines
  }
}
