package import Reproducibility

/// Cuts a source file into raw rows, batch by batch, in bounded memory.
package protocol RawRowReader: AnyObject {
  var format: SourceFormat { get }
  /// For CSV and TSV: the header, known with the first batch.
  var header: CSVRecord? { get }
  /// Bytes of the file read so far, for progress; 0 where rows are not read in the file's order.
  var bytesRead: Int { get }

  /// The next raw rows in order, or nil at the end of the file.
  func next() throws -> SourceBatch?
  /// The digest of the file's bytes, where the reader was to work it out; call at the end.
  func digest() throws -> Digest?
}

/// A Parquet file: its rows come as JSON objects, so that what follows is the same for all.
package final class ParquetReader: RawRowReader {
  package let format = SourceFormat.parquet
  package let header: CSVRecord? = nil
  package let bytesRead = 0
  private let path: String
  private let isDigested: Bool
  private let rows: ParquetRows

  /// Bytes of a batch, unless one row is longer.
  private static let batchBytes = 1 << 20

  /// - Parameter file: named in errors.
  /// - Throws: ``Failure`` when the file cannot be read, is damaged, or uses what is not read.
  package init(_ path: String, file: String, isDigested: Bool = true) throws {
    self.path = path
    self.isDigested = isDigested
    rows = try ParquetRows(path, file: file)
  }

  package func next() throws -> SourceBatch? { try rows.next(bytes: Self.batchBytes) }
  package func digest() throws -> Digest? { isDigested ? try Digest(file: path) : nil }
}
