import Diagnostics
import Documents
import Foundation
import Records

/// Rows of a JSON Lines file, whose shape is that of its first row, as 'ingest' finds it.
enum RowsFile {
  /// - Parameter limit: rows at most; nil: all.
  /// - Throws: ``Failure`` with the line of the first bad row.
  static func rows(_ file: String, limit: Int? = nil) throws -> [Row] {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Diagnostic("io.unreadable", "'\(SafeText.escaped(file))' cannot be read").failure(.io)
    }
    var identity = RowIdentity()
    var shaper: RowShaper?
    var result: [Row] = []
    var number = 0
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if let limit, result.count == limit { break }
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      let value = try JSONReader.parse(Array(line), file: file, line: number)
      do throws(RowProblem) {
        let current =
          shaper ?? RowShaper(RowShape.detected(value, ColumnNames()) ?? .auto, ColumnNames())
        shaper = current
        let shaped = try current.row(value)
        result.append(
          Row(
            id: identity.next(shaped.content, shaped.fields), content: shaped.content,
            fields: shaped.fields))
      } catch {
        throw Diagnostic(
          error.code, error.message, at: SourceSpan(file: file, line: number), fix: error.fix
        ).failure(.badInput)
      }
    }
    return result
  }
}
