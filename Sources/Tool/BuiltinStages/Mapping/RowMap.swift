package import Records

/// A row-local stage: what becomes of a row depends on that row and the stage's parameters alone.
/// Chunks of rows are therefore mapped on any thread, in any process, and once only.
///
/// ```swift
/// struct DropShort: RowMap {
///   func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws {
///     for row in rows {
///       if row.line.count < 100 { chunk.drop(row, rule: "short") } else { chunk.keep(row) }
///     }
///   }
/// }
/// let mapped = try MapRun(context, input: "records", output: "records", report: "report")
///   .run(DropShort())
/// ```
package protocol RowMap: Sendable {
  /// Decides on each of `rows`, in order: exactly one of ``MappedChunk/keep(_:)``,
  /// ``MappedChunk/change(_:to:rule:detail:)`` and ``MappedChunk/drop(_:rule:detail:)`` for each.
  func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws
}
