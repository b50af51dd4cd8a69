internal import Diagnostics
internal import Documents
private import Foundation
internal import Records

/// Copies the rows that a map dropped, as they came, into a records artifact of their own.
struct Quarantine {
  private let ids: Set<String>

  /// - Parameter list: a file of the report with the id of each row, a JSON string a line; absent
  ///   when there are none.
  init(_ list: String) throws {
    guard FileManager.default.fileExists(atPath: list) else {
      ids = []
      return
    }
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: list)))
    ids = try Set(
      bytes.split(separator: UInt8(ascii: "\n")).compactMap {
        try JSONReader.parse(Array($0), file: list).stringValue
      })
  }

  func write(_ reader: RecordsReader, to folder: String) throws {
    let writer = try RecordsWriter(folder: folder)
    for index in 0..<reader.chunkCount where !ids.isEmpty {
      for row in try reader.stored(index) where ids.contains(row.id.description) {
        try writer.append(line: row.line, id: row.id)
      }
    }
    try writer.finish()
  }
}
