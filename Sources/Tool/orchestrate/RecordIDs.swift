import Diagnostics
import Records
import StageKit

/// The ids of a records artifact, in order.
struct RecordIDs {
  private let reader: RecordsReader

  init(_ artifact: InputArtifact) throws { reader = try RecordsReader(artifact.tree) }

  /// Rows by id; stops when `body` returns false.
  func forEach(_ body: (RowID) throws -> Bool) throws {
    for index in 0..<reader.chunkCount {
      for row in try reader.stored(index) where try !body(row.id) { return }
    }
  }

  func contains(_ id: RowID) throws -> Bool { try position(of: id) != nil }

  /// The number of the row, counted from 0.
  func position(of id: RowID) throws -> Int? {
    var position = 0
    var found: Int?
    try forEach { other in
      if other == id { found = position }
      position += 1
      return found == nil
    }
    return found
  }

  var count: Int { reader.rowCount }
}
