internal import GRDB
package import Reproducibility
internal import StageKit

extension RunStore {
  package func result(for fingerprint: Digest) throws -> ResultRecord? {
    try read {
      try Row.fetchOne(
        $0, sql: "SELECT * FROM result WHERE fingerprint = ?", arguments: [fingerprint.hex])
    }.map(Self.resultRecord)
  }

  /// Newest first.
  package func results() throws -> [ResultRecord] {
    try read {
      try Row.fetchAll($0, sql: "SELECT * FROM result ORDER BY recorded DESC, fingerprint")
    }.map(Self.resultRecord)
  }

  func insert(_ result: ResultRecord, at time: Double, _ db: Database) throws {
    var reasons: [String] = []
    var outcome = "succeeded"
    if case .refused(let sentences) = result.outcome {
      outcome = "refused"
      reasons = sentences
    }
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO result
          (fingerprint, kind, outcome, reasons, request, inputs, outputs, provenance, seconds,
           recorded)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        result.fingerprint.hex, result.request.kind.name, outcome, Column.text(reasons),
        Column.text(result.request), Column.text(result.inputs), Column.text(result.outputs),
        Column.text(result.provenance), max(0, result.seconds), time,
      ])
  }

  private static func resultRecord(_ row: Row) throws -> ResultRecord {
    let outcome: String = row["outcome"]
    let reasons = try Column.value([String].self, row["reasons"])
    return ResultRecord(
      fingerprint: Column.digest(row["fingerprint"]) ?? Digest(of: []),
      request: try Column.value(StageRequest.self, row["request"]),
      inputs: try Column.value([String: Digest].self, row["inputs"]),
      outcome: outcome == "refused" ? .refused(reasons) : .succeeded,
      outputs: try Column.value([String: Digest].self, row["outputs"]), seconds: row["seconds"],
      provenance: try Column.value([String: String].self, row["provenance"]))
  }

  // MARK: - Stat cache

  /// The row of a file, whatever its size and times were then.
  package func stat(device: UInt64, inode: UInt64) throws -> StatRecord? {
    try read {
      try Row.fetchOne(
        $0, sql: "SELECT * FROM stat WHERE device = ? AND inode = ?",
        arguments: [String(device), String(inode)])
    }.flatMap { row in
      guard let digest = Column.digest(row["digest"]) else { return nil }
      return StatRecord(
        device: device, inode: inode, size: row["size"], modified: row["modified"],
        changed: row["changed"], digest: digest, recorded: row["recorded"])
    }
  }

  package func record(_ stats: [StatRecord]) throws {
    if stats.isEmpty { return }
    try write { db in
      for stat in stats {
        try db.execute(
          sql: """
            INSERT OR REPLACE INTO stat (device, inode, size, modified, changed, digest, recorded)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            String(stat.device), String(stat.inode), stat.size, stat.modified, stat.changed,
            stat.digest.hex, stat.recorded,
          ])
      }
    }
  }
}
