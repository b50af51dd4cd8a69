internal import Diagnostics
internal import Documents
private import Foundation
internal import Records

/// Reads documents of data files, each file once.
final class HarnessDocuments {
  private var read: [String: [HarnessDocument]] = [:]

  /// The documents of files, one after the other, as `datasets` shows them: every document has all
  /// columns, and a column that holds a fraction holds no whole numbers.
  ///
  /// - Throws: ``Failure`` for a file that cannot be read, with the line of what is wrong.
  func documents(_ paths: [String]) throws -> [HarnessDocument] {
    var documents: [HarnessDocument] = []
    for path in paths {
      if read[path] == nil { read[path] = try Self.read(path) }
      documents += read[path] ?? []
    }
    return paths.count > 1 ? Self.unified(documents) : documents
  }

  private static func read(_ path: String) throws -> [HarnessDocument] {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw Diagnostic(
        "task.no-data", "'\(SafeText.escaped(path, limit: 300))' cannot be read",
        fix: "name a file of JSON lines, a JSON array, CSV or Parquet"
      ).failure(.badInput)
    }
    let format = SourceFormat.byEnding(of: path) ?? .jsonl
    let reader: any RawRowReader
    if format == .parquet {
      reader = try ParquetReader(path, file: path, isDigested: false)
    } else {
      reader = try SourceReader(
        path, file: path, format: format, packing: SourcePacking.byEnding(of: path).packing,
        isDigested: false)
    }
    var documents: [HarnessDocument] = []
    while let batch = try reader.next() {
      for record in batch.records {
        let place = SourceSpan(file: path, line: record.line)
        let bytes = batch.bytes[record.start..<record.end]
        if bytes.allSatisfy({ $0 <= 0x20 }) { continue }
        documents.append(
          HarnessDocument(try json(bytes, reader.header, place), at: place))
      }
    }
    return unified(documents)
  }

  private static func json(_ bytes: ArraySlice<UInt8>, _ header: CSVRecord?, _ place: SourceSpan)
    throws -> JSONValue
  {
    try bytes.withUnsafeBufferPointer { bytes in
      guard let header else {
        let value = try JSONReader.parse(bytes, file: place.file, line: place.line)
        guard value.objectValue != nil else {
          throw Diagnostic(
            "task.wrong-document", "a document is \(value.kindName), expected an object", at: place
          ).failure(.badInput)
        }
        return value
      }
      do throws(RowProblem) {
        return try header.object(bytes)
      } catch {
        throw Diagnostic(error.code, error.message, at: place, fix: error.fix).failure(.badInput)
      }
    }
  }

  private static func unified(_ documents: [HarnessDocument]) -> [HarnessDocument] {
    var columns: [String] = []
    var known: Set<String> = []
    var (whole, fractions): (Set<String>, Set<String>) = ([], [])
    for document in documents {
      for member in document.json.objectValue ?? [] {
        if known.insert(member.key).inserted { columns.append(member.key) }
        switch member.value {
        case .integer: whole.insert(member.key)
        case .number: fractions.insert(member.key)
        default: break
        }
      }
    }
    let mixed = whole.intersection(fractions)
    return documents.map { document in
      guard let members = document.json.objectValue,
        !mixed.isEmpty || members.count < columns.count
      else { return document }
      var unified = document
      unified.json = .object(
        columns.map { column in
          let value = document.json[column] ?? .null
          if mixed.contains(column), case .integer(let integer) = value {
            return JSONMember(column, .number(Double(integer)))
          }
          return JSONMember(column, value)
        })
      return unified
    }
  }
}
