internal import Documents
internal import Records

/// `origins.jsonl`: which row of the records came from where, as runs of rows on following lines:
/// row `row + i` of the artifact begins on line `line + i` of `file`, for i below `rows`.
///
/// It is no part of the records, so that an insertion upstream changes no row downstream.
final class OriginsWriter {
  private let output: OutputFile
  private var run: (file: String, line: Int, row: Int, rows: Int)?
  private var rowCount = 0

  init(_ path: String) throws { output = try OutputFile(path) }

  /// The next row of the artifact.
  func add(_ file: String, _ line: Int) throws {
    if let open = run, open.file == file, open.line + open.rows == line {
      run?.rows += 1
    } else {
      try flush()
      run = (file, line, rowCount, 1)
    }
    rowCount += 1
  }

  func finish() throws {
    try flush()
    try output.finish()
  }

  private func flush() throws {
    guard let run else { return }
    let json: JSONValue = .object([
      "file": .string(run.file), "line": .integer(Int64(run.line)), "row": .integer(Int64(run.row)),
      "rows": .integer(Int64(run.rows)),
    ])
    try output.append(JSONWriter.compact(json) + "\n")
  }
}
