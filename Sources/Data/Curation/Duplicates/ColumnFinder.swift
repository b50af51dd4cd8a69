internal import CKernels
internal import Documents
internal import Records

/// Looks a column up in stored rows; most rows that lack it are told by their bytes alone.
struct ColumnFinder: Sendable {
  private let name: String
  /// The name as a line has it, quotes included; nil for names that are written with escapes.
  private let quoted: [UInt8]?

  init(_ name: String) {
    self.name = name
    let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
    quoted = isPlain ? Array("\"\(name)\"".utf8) : nil
  }

  func value(in row: StoredRow) throws -> JSONValue? {
    if let quoted {
      let isThere = row.line.withUnsafeBufferPointer { line in
        orc_contains(line.baseAddress, line.count, quoted, quoted.count) != 0
      }
      if !isThere { return nil }
    }
    return try row.field(name)
  }
}
