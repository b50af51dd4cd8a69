internal import GRDB
package import Reproducibility
package import StageKit

extension RunStore {
  /// Stamps of objects whose bytes were right when they had them.
  package func objectStamps() throws -> [Digest: FileStamp] {
    let rows = try read {
      try Row.fetchAll($0, sql: "SELECT digest, device, inode, size, modified, changed FROM object")
    }
    var stamps: [Digest: FileStamp] = [:]
    stamps.reserveCapacity(rows.count)
    for row in rows {
      let deviceText: String = row[1]
      let inodeText: String = row[2]
      guard let digest = Column.digest(row[0]), let device = UInt64(deviceText),
        let inode = UInt64(inodeText)
      else { continue }
      stamps[digest] = FileStamp(
        device: device, inode: inode, size: row[3], modified: row[4], changed: row[5])
    }
    return stamps
  }

  package func record(objects: [(digest: Digest, stamp: FileStamp)]) throws {
    if objects.isEmpty { return }
    try write { try insert(objects, $0) }
  }

  func insert(_ objects: [(digest: Digest, stamp: FileStamp)], _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO object (digest, device, inode, size, modified, changed)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
    for (digest, stamp) in objects {
      try statement.execute(arguments: [
        digest.hex, String(stamp.device), String(stamp.inode), stamp.size, stamp.modified,
        stamp.changed,
      ])
    }
  }

  /// Forgets objects that are gone.
  package func forget(objects: [Digest]) throws {
    if objects.isEmpty { return }
    try write { db in
      let statement = try db.cachedStatement(sql: "DELETE FROM object WHERE digest = ?")
      for digest in objects { try statement.execute(arguments: [digest.hex]) }
    }
  }
}
