internal import Diagnostics
private import Foundation
internal import Reproducibility

/// An open Parquet file: its footer, and reads at places.
final class ParquetFile {
  /// Of one column in one row group.
  struct Chunk {
    var codec: Int
    var values: Int
    var start: Int
    var bytes: Int
  }

  struct Group {
    var rows: Int
    /// In the order of the schema's leaves.
    var chunks: [Chunk]
  }

  let schema: ParquetSchema
  let groups: [Group]
  let rows: Int
  private let descriptor: Int32
  private let size: Int

  private static let magic = Array("PAR1".utf8)
  /// A footer beyond this is taken for damage.
  private static let footerBytesMax = 256 << 20

  /// - Throws: ``Failure`` when the file cannot be opened, ``ParquetProblem`` for what it holds.
  init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError.failure("read", path) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw SystemError.failure("read", path) }
    size = Int(info.st_size)
    do {
      guard size >= 12 else { throw ParquetProblem.damaged("it is too short") }
      let tail = try Self.read(descriptor, size - 8, 8, size)
      guard tail[4...] == Self.magic[...] else {
        throw ParquetProblem.damaged("it does not end as a Parquet file does: it was cut")
      }
      var head = ParquetBytes(tail)
      let length = try head.length()
      guard length > 0, length <= size - 12, length <= Self.footerBytesMax else {
        throw ParquetProblem.damaged("its footer is longer than the file")
      }
      var footer = ParquetBytes(try Self.read(descriptor, size - 8 - length, length, size))
      let metadata = try Thrift.structure(&footer)
      guard let elements = metadata[2]?.list, let groups = metadata[4]?.list else {
        throw ParquetProblem.damaged("its footer lacks the columns")
      }
      schema = try ParquetSchema(elements)
      let columns = schema.leaves.count
      let limit = size
      self.groups = try groups.map { try Self.group($0, columns: columns, size: limit) }
      var sum = 0
      for group in self.groups {
        let (value, overflow) = sum.addingReportingOverflow(group.rows)
        guard !overflow else { throw ParquetProblem.damaged("it has too many rows") }
        sum = value
      }
      rows = sum
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  private static func group(_ group: Thrift, columns count: Int, size: Int) throws -> Group {
    guard let columns = group[1]?.list, columns.count == count, let rows = group[3]?.integer,
      rows >= 0
    else { throw ParquetProblem.damaged("a row group lacks columns") }
    return Group(
      rows: rows,
      chunks: try columns.map { column in
        guard column[1] == nil else { throw ParquetProblem.unknown("a column in another file") }
        guard let data = column[3], let codec = data[4]?.integer, let values = data[5]?.integer,
          let bytes = data[7]?.integer, let first = data[9]?.integer, values >= 0
        else { throw ParquetProblem.damaged("a column lacks its description") }
        var start = first
        if let dictionary = data[11]?.integer, dictionary > 0 { start = min(start, dictionary) }
        guard start >= 4, bytes >= 0, start <= size, bytes <= size - start else {
          throw ParquetProblem.damaged("a column lies outside of the file")
        }
        return Chunk(codec: codec, values: values, start: start, bytes: bytes)
      })
  }

  /// `count` bytes at `start`, which lie within the file as it was when it was opened.
  func read(_ start: Int, _ count: Int) throws -> [UInt8] {
    try Self.read(descriptor, start, count, size)
  }

  private static func read(_ descriptor: Int32, _ start: Int, _ count: Int, _ size: Int) throws
    -> [UInt8]
  {
    guard start >= 0, count >= 0, start <= size, count <= size - start else {
      throw ParquetProblem.damaged("a page lies outside of the file")
    }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread($0.baseAddress.map { $0 + done }, count: count - done, descriptor, start + done)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw ParquetProblem.damaged("it became shorter while it was read") }
      done += got
    }
    return bytes
  }

  private static func pread(
    _ target: UnsafeMutableRawPointer?, count: Int, _ descriptor: Int32, _ start: Int
  ) -> Int {
    Foundation.pread(descriptor, target, count, off_t(start))
  }
}
