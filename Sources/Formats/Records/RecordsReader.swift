internal import Diagnostics
internal import Documents
private import Foundation
package import Reproducibility

/// Reads a records artifact chunk by chunk; memory is one chunk.
///
/// ```swift
/// let reader = try RecordsReader(context.input("records").tree)
/// try reader.forEach { row in … }
/// ```
package struct RecordsReader: Sendable {
  package let manifest: RecordsManifest
  private let tree: FileTree

  package var rowCount: Int { manifest.rowCount }
  package var chunkCount: Int { manifest.chunks.count }

  /// - Throws: ``Failure`` of class `badInput` when the tree is no records artifact.
  package init(_ tree: FileTree) throws {
    self.tree = tree
    let path = try tree.path(RecordsManifest.file)
    let json = try JSONReader.parse(
      try BlockReader.bytes(of: path), file: RecordsManifest.file)
    manifest = try RecordsManifest(json: json, file: RecordsManifest.file)
    for chunk in manifest.chunks { _ = try tree.path(chunk.file) }
  }

  /// The lines of chunk `index` as they are, in order, without line feeds: for stages that pass
  /// rows on unchanged.
  package func lines(_ index: Int) throws -> [ArraySlice<UInt8>] {
    let chunk = manifest.chunks[index]
    let bytes = try BlockReader.bytes(of: try tree.path(chunk.file))
    let lines = Self.lines(of: bytes, expected: chunk.rows)
    try check(chunk, rows: lines.count, bytes: bytes.count)
    return lines
  }

  /// The bytes of chunk `index` and the end of each line, line feed included.
  package func bytes(_ index: Int) throws -> (bytes: [UInt8], ends: [Int]) {
    let chunk = manifest.chunks[index]
    let bytes = try BlockReader.bytes(of: try tree.path(chunk.file))
    var ends: [Int] = []
    ends.reserveCapacity(min(chunk.rows, bytes.count))
    bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress else { return }
      var end = 0
      while let found = memchr(base + end, 10, all.count - end) {
        end = UnsafeRawPointer(found) - base + 1
        ends.append(end)
      }
    }
    try check(chunk, rows: ends.count, bytes: ends.last ?? 0)
    return (bytes, ends)
  }

  /// Cut at line feeds, without empty lines.
  private static func lines(of bytes: [UInt8], expected: Int) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    lines.reserveCapacity(min(expected, bytes.count))
    bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress else { return }
      var start = 0
      while start < all.count {
        let found = memchr(base + start, 10, all.count - start)
        let end = found.map { UnsafeRawPointer($0) - base } ?? all.count
        if end > start { lines.append(bytes[start..<end]) }
        start = end + 1
      }
    }
    return lines
  }

  /// The rows of chunk `index`, in order.
  package func chunk(_ index: Int) throws -> [Row] {
    let chunk = manifest.chunks[index]
    let bytes = try BlockReader.bytes(of: try tree.path(chunk.file))
    var rows: [Row] = []
    rows.reserveCapacity(min(chunk.rows, bytes.count))
    try bytes.withUnsafeBufferPointer { all in
      var start = 0
      while start < all.count {
        let end = all[start...].firstIndex(of: UInt8(ascii: "\n")) ?? all.count
        let line = UnsafeBufferPointer(rebasing: all[start..<end])
        let number = rows.count + 1
        let json = try JSONReader.parse(line, file: chunk.file, line: number)
        rows.append(try RowCodec.row(json, file: chunk.file, line: number))
        start = end + 1
      }
    }
    try check(chunk, rows: rows.count, bytes: bytes.count)
    return rows
  }

  private func check(_ chunk: RecordsManifest.Chunk, rows: Int, bytes: Int) throws {
    guard rows == chunk.rows, bytes == chunk.bytes else {
      throw Diagnostic(
        "records.damaged",
        "\(rows) rows and \(bytes) bytes, expected \(chunk.rows) and \(chunk.bytes)",
        at: SourceSpan(file: chunk.file, line: max(1, rows))
      ).failure(.badInput)
    }
  }

  /// Calls `body` with every row in order.
  package func forEach(_ body: (Row) throws -> Void) throws {
    for index in 0..<chunkCount {
      for row in try chunk(index) { try body(row) }
    }
  }

  /// All rows at once, for artifacts known to be small.
  package func rows() throws -> [Row] {
    var out: [Row] = []
    out.reserveCapacity(rowCount)
    try forEach { out.append($0) }
    return out
  }
}
