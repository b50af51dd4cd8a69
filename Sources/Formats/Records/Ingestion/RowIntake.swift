package import Diagnostics
internal import Documents

/// Turns raw rows of one file into encoded ones; row-local, so any thread may do any part.
package struct RowIntake: Sendable {
  package let file: String
  let format: SourceFormat
  /// Nil for plain text.
  let shaper: RowShaper?
  let header: CSVRecord?

  /// - Parameter shaper: nil for plain text alone.
  package init(file: String, format: SourceFormat, shaper: RowShaper?, header: CSVRecord?) {
    precondition(shaper != nil || !format.hasColumns, "rows with columns need a shape")
    self.file = file
    self.format = format
    self.shaper = shaper
    self.header = header
  }

  /// The shape that the first row of `batch` with a known one implies, or nil.
  package static func detect(_ batch: SourceBatch, _ columns: ColumnNames, header: CSVRecord?)
    -> RowShape?
  {
    batch.bytes.withUnsafeBufferPointer { bytes in
      for record in batch.records {
        let raw = UnsafeBufferPointer(rebasing: bytes[record.start..<record.end])
        let json = header == nil ? try? JSONReader.parse(raw, file: "") : try? header?.object(raw)
        if let json, let shape = RowShape.detected(json, columns) { return shape }
      }
      return nil
    }
  }

  /// What becomes of the raw rows in `range` of `batch`, in order.
  package func rows(_ batch: SourceBatch, _ range: Range<Int>) -> ParsedRows {
    var transcriber = header == nil ? shaper.flatMap { RowTranscriber($0.shape, $0.columns) } : nil
    let bytes = batch.records[range].reduce(0) { $0 + $1.end - $1.start }
    var parsed = ParsedRows.Builder(rows: range.count, bytes: bytes)
    // Rows that were transcribed: their hashes are worked out together.
    var quick: [Int] = []
    var canonical: [Range<Int>] = []
    batch.bytes.withUnsafeBufferPointer { bytes in
      for record in batch.records[range] {
        let raw = UnsafeBufferPointer(rebasing: bytes[record.start..<record.end])
        let start = parsed.begin()
        if let result = transcriber?.row(raw, line: record.line, to: &parsed.lines) {
          quick.append(parsed.rows.count)
          canonical.append(result.canonical)
          parsed.end(start, line: record.line, warning: result.warning)
        } else {
          parsed.drop(start)
          slowly(raw, record.line, &parsed)
        }
      }
    }
    if let keys = transcriber?.keys(of: canonical) {
      for (index, key) in zip(quick, keys) { parsed.name(index, key) }
    }
    return parsed.finish()
  }

  private func slowly(
    _ raw: UnsafeBufferPointer<UInt8>, _ line: Int, _ parsed: inout ParsedRows.Builder
  ) {
    do throws(Refusal) {
      let (row, warning) = try row(raw, line)
      parsed.append(row, line: line, warning: warning)
    } catch {
      let span = SourceSpan(file: file, line: error.line, column: error.column)
      let bad = Diagnostic(
        error.problem.code, error.problem.message, at: span, fix: error.problem.fix)
      parsed.append(BadRow(diagnostic: bad, raw: Array(raw)))
    }
  }

  private struct Refusal: Error {
    var problem: RowProblem
    var line: Int
    var column = 1
  }

  private func row(_ raw: UnsafeBufferPointer<UInt8>, _ line: Int) throws(Refusal)
    -> (EncodedRow, warning: String?)
  {
    guard let shaper else {
      guard let text = String(validating: raw, as: UTF8.self) else {
        throw Refusal(
          problem: RowProblem(
            "row.not-utf8", "the line is not valid UTF-8",
            fix: "convert the file: iconv -f LATIN1 -t UTF-8 FILE"), line: line)
      }
      return (EncodedRow(.text(text), []), nil)
    }
    let json = try json(raw, line)
    do throws(RowProblem) {
      let shaped = try shaper.row(json)
      return (EncodedRow(shaped.content, shaped.fields), shaped.warning)
    } catch {
      throw Refusal(problem: error, line: line)
    }
  }

  private func json(_ raw: UnsafeBufferPointer<UInt8>, _ line: Int) throws(Refusal) -> JSONValue {
    if let header {
      do throws(RowProblem) { return try header.object(raw) } catch {
        throw Refusal(problem: error, line: line)
      }
    }
    do {
      return try JSONReader.parse(raw, file: file, line: line)
    } catch {
      guard let found = (error as? Failure)?.diagnostics.first else {
        throw Refusal(problem: RowProblem("json.unreadable", "the row is not JSON"), line: line)
      }
      throw Refusal(
        problem: RowProblem(found.code, found.message, fix: found.fix),
        line: found.span?.line ?? line, column: found.span?.column ?? 1)
    }
  }
}

/// A row that cannot be used, with its place and the bytes of the file. The bytes go to the
/// quarantine and nowhere else.
package struct BadRow: Sendable {
  package var diagnostic: Diagnostic
  package var raw: [UInt8]
}
