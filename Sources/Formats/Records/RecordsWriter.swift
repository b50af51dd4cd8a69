internal import Diagnostics
internal import Documents
private import Foundation
internal import Reproducibility

/// Writes a records artifact: rows as JSON lines in chunks, and `records.json`.
///
/// Borders of chunks are content-defined: a row ends a chunk of at least ``chunkBytesMin`` with a
/// probability of its bytes over ``chunkBytesTarget``, drawn from its identity. Expected chunk:
/// 384 KiB. An insertion therefore changes the chunk it falls into and few after it; the digest
/// depends on the rows and their order alone.
///
/// ```swift
/// let writer = try RecordsWriter(folder: context.output("records"))
/// for row in rows { try writer.append(row) }
/// let manifest = try writer.finish()
/// ```
package final class RecordsWriter {
  package static let chunkBytesMin = 128 << 10
  package static let chunkBytesTarget = 256 << 10
  /// A chunk grows beyond this only by one row that is longer.
  package static let chunkBytesMax = 1 << 20

  /// Rows appended so far.
  package private(set) var rowCount = 0

  private let folder: String
  private var chunk: [UInt8] = []
  private var chunkRows = 0
  private var chunks: [RecordsManifest.Chunk] = []
  private let isDeferred: Bool
  private var closed: [ClosedChunk] = []
  private var chunkCount = 0

  /// - Parameters:
  ///   - folder: existing, for example the output folder of a port.
  ///   - isDeferred: whole chunks wait for ``takeClosed()`` instead of being written here.
  package init(folder: String, isDeferred: Bool = false) throws {
    self.folder = folder
    self.isDeferred = isDeferred
    chunk.reserveCapacity(Self.chunkBytesMax)
  }

  /// - Throws: ``Failure`` of class `io`.
  package func append(_ row: Row) throws { try append(EncodedRow(row), id: row.id) }

  /// The same for a row encoded elsewhere.
  package func append(_ row: EncodedRow, id: RowID) throws {
    let head = "{\"id\":\"\(id.description)\""
    try add(RowKey(id), head.utf8.count + row.tail.count) { chunk in
      chunk.append(contentsOf: head.utf8)
      chunk.append(contentsOf: row.tail)
    }
  }

  /// The same for a line of another records artifact, passed on as it is.
  package func append(line: ArraySlice<UInt8>, id: RowID) throws {
    try append(line: line, key: RowKey(id))
  }

  /// The same with the line feed.
  package func append(whole line: UnsafeBufferPointer<UInt8>, key: RowKey) throws {
    try add(key, line.count) { $0.append(contentsOf: line) }
  }

  package func append(line: ArraySlice<UInt8>, key: RowKey) throws {
    try add(key, line.count + 1) { chunk in
      chunk.append(contentsOf: line)
      chunk.append(UInt8(ascii: "\n"))
    }
  }

  /// The same for a line of ``ParsedRows``, which is named as the first row with its content.
  package func append(first line: UnsafeBufferPointer<UInt8>, key: RowKey) throws {
    guard key.ordinal > 0 else { return try append(whole: line, key: key) }
    let ordinal = "-\(key.ordinal)".utf8
    try add(key, line.count + ordinal.count) { chunk in
      chunk.append(contentsOf: line[..<ParsedRows.idEnd])
      chunk.append(contentsOf: ordinal)
      chunk.append(contentsOf: line[ParsedRows.idEnd...])
    }
  }

  private func add(_ key: RowKey, _ bytes: Int, _ write: (inout [UInt8]) -> Void) throws {
    if chunkRows > 0, chunk.count + bytes > Self.chunkBytesMax { try flush() }
    write(&chunk)
    chunkRows += 1
    rowCount += 1
    if chunk.count >= Self.chunkBytesMin, Self.isBorder(key, bytes) { try flush() }
  }

  /// The chunks that became whole since the last call, for the caller to write.
  package func takeClosed() -> [ClosedChunk] {
    defer { closed = [] }
    return closed
  }

  /// A chunk of ``takeClosed()`` was written; in the order they were taken.
  package func add(_ chunk: RecordsManifest.Chunk) { chunks.append(chunk) }

  /// Writes the last chunk and `records.json`, when every chunk taken was added.
  @discardableResult
  package func finish() throws -> RecordsManifest {
    if chunkRows > 0 { try flush() }
    for chunk in try ClosedChunk.write(takeClosed(), to: folder) { add(chunk) }
    precondition(chunks.count == chunkCount, "a chunk that was taken was not added")
    let manifest = RecordsManifest(chunks: chunks)
    try manifest.write(to: folder)
    return manifest
  }

  /// Whether a chunk may end after this row: bits / 2^64 < bytes / target.
  static func isBorder(_ key: RowKey, _ bytes: Int) -> Bool {
    key.bits.multipliedFullWidth(by: UInt64(chunkBytesTarget)).high < UInt64(bytes)
  }

  private func flush() throws {
    chunkCount += 1
    let whole = ClosedChunk(
      file: RecordsManifest.chunkFile(chunkCount), rows: chunkRows, bytes: chunk)
    chunkRows = 0
    if isDeferred {
      closed.append(whole)
      chunk = []
      chunk.reserveCapacity(Self.chunkBytesMin + Self.chunkBytesTarget)
    } else {
      for chunk in try ClosedChunk.write([whole], to: folder) { add(chunk) }
      chunk.removeAll(keepingCapacity: chunk.capacity <= 2 * Self.chunkBytesMax)
    }
  }
}
