internal import Diagnostics
internal import Documents
internal import Records
internal import StageKit

/// Rows of files that a task names, in the shapes that `ingest` reads.
enum TaskRows {
  /// - Throws: ``Failure`` of class `badInput` with file and line of the first bad row, or where
  ///   there is none.
  static func read(_ files: [InputFile], task: String) throws -> [Row] {
    var rows: [Row] = []
    var identity = RowIdentity()
    for file in files { try read(file, &identity, &rows) }
    guard rows.isEmpty else { return rows }
    throw Diagnostic(
      "eval.empty", "task '\(SafeText.escaped(task))': its files hold no rows",
      at: files.first.map { SourceSpan(file: $0.name, line: 1) },
      fix: "check the task's 'data'"
    ).failure(.badInput)
  }

  private static func read(_ file: InputFile, _ identity: inout RowIdentity, _ rows: inout [Row])
    throws
  {
    let format = SourceFormat.byEnding(of: file.name) ?? .jsonl
    guard format == .jsonl || format == .json else {
      throw Diagnostic(
        "eval.format", "rows of this format cannot be evaluated directly",
        at: SourceSpan(file: file.name, line: 1),
        fix: "give them as JSON Lines or JSON, or read them with 'ingest'"
      ).failure(.badInput)
    }
    let reader = try SourceReader(
      file.path, file: file.name, format: format,
      packing: SourcePacking.byEnding(of: file.name).packing, isDigested: false)
    var shaper: RowShaper?
    while let batch = try reader.next() {
      for record in batch.records {
        let line = Array(batch.bytes[record.start..<record.end])
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
        let value = try JSONReader.parse(line, file: file.name, line: record.line)
        let current =
          shaper ?? RowShaper(RowShape.detected(value, ColumnNames()) ?? .auto, ColumnNames())
        shaper = current
        do throws(RowProblem) {
          let shaped = try current.row(value)
          rows.append(
            Row(
              id: identity.next(shaped.content, shaped.fields), content: shaped.content,
              fields: shaped.fields))
        } catch {
          throw Diagnostic(
            error.code, error.message, at: SourceSpan(file: file.name, line: record.line),
            fix: error.fix
          ).failure(.badInput)
        }
      }
    }
  }
}
