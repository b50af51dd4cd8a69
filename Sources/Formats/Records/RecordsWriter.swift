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
  /// The chunk being made: pieces, then rows that lie elsewhere or were copied, never both.
  private var pieces: [ClosedChunk.Piece] = []
  private var shared: (block: ByteBlock, range: Range<Int>)?
  private var chunk: [UInt8] = []
  private var chunkRows = 0
  private var chunkBytes = 0
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

  /// The same for a row that was parsed, which `key` names again; the line stays where it is, and is
  /// part of its chunk there.
  package func append(_ row: ParsedRows.Row, of parsed: ParsedRows, key: RowKey) throws {
    guard key.ordinal == 0 else {
      let ordinal = "-\(key.ordinal)".utf8
      return try add(key, row.range.count + ordinal.count) { chunk in
        parsed.withLines { lines in
          let idEnd = row.range.lowerBound + ParsedRows.idEnd
          chunk.append(contentsOf: lines[row.range.lowerBound..<idEnd])
          chunk.append(contentsOf: ordinal)
          chunk.append(contentsOf: lines[idEnd..<row.range.upperBound])
        }
      }
    }
    try begin(row.range.count)
    if let open = shared, open.block === parsed.lines, open.range.upperBound == row.range.lowerBound
    {
      shared?.range = open.range.lowerBound..<row.range.upperBound
    } else {
      closePiece()
      shared = (parsed.lines, row.range)
    }
    try end(key, row.range.count)
  }

  private func add(_ key: RowKey, _ bytes: Int, _ write: (inout [UInt8]) -> Void) throws {
    try begin(bytes)
    if shared != nil { closePiece() }
    write(&chunk)
    try end(key, bytes)
  }

  private func begin(_ bytes: Int) throws {
    if chunkRows > 0, chunkBytes + bytes > Self.chunkBytesMax { try flush() }
  }

  private func end(_ key: RowKey, _ bytes: Int) throws {
    chunkBytes += bytes
    chunkRows += 1
    rowCount += 1
    if chunkBytes >= Self.chunkBytesMin, Self.isBorder(key, bytes) { try flush() }
  }

  /// Rows of the chunk from here on lie elsewhere.
  private func closePiece() {
    if let (block, range) = shared {
      pieces.append(.lines(block, range))
      shared = nil
    }
    if !chunk.isEmpty {
      pieces.append(.bytes(chunk))
      chunk = []
    }
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
    let isCopied = pieces.isEmpty && shared == nil
    closePiece()
    let whole = ClosedChunk(
      file: RecordsManifest.chunkFile(chunkCount), rows: chunkRows, pieces: pieces)
    pieces = []
    chunkRows = 0
    chunkBytes = 0
    if isDeferred {
      closed.append(whole)
    } else {
      for chunk in try ClosedChunk.write([whole], to: folder) { add(chunk) }
    }
    // Rows that are copied will fill the next chunk as well.
    if isCopied { chunk.reserveCapacity(Self.chunkBytesMin + Self.chunkBytesTarget) }
  }
}
