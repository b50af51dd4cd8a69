private import Documents
internal import GRDB
package import Reproducibility
internal import StageKit

extension RunStore {
  package func result(for fingerprint: Digest) throws -> ResultRecord? {
    try read {
      try Row.fetchOne(
        $0.cachedStatement(sql: "SELECT * FROM result WHERE fingerprint = ?"),
        arguments: [fingerprint.hex])
    }.map(Self.resultRecord)
  }

  /// The same without what only explanations need.
  package func outcome(for fingerprint: Digest) throws -> TakenResult? {
    try read { db in
      let statement = try db.cachedStatement(
        sql: "SELECT outcome, reasons, outputs, objects, seconds FROM result WHERE fingerprint = ?")
      guard let row = try Row.fetchOne(statement, arguments: [fingerprint.hex]) else { return nil }
      return TakenResult(
        outcome: row[0] == "refused"
          ? .refused(try Column.strings(row[1])) : .succeeded,
        outputs: try Column.digests(row[2]), objects: try Column.objects(row[3]),
        seconds: row[4])
    }
  }

  /// Adds the list of its objects to a result that has none.
  package func record(_ objects: [ResultObject], ofResult fingerprint: Digest) throws {
    try write {
      try $0.execute(
        sql: "UPDATE result SET objects = ? WHERE fingerprint = ? AND objects IS NULL",
        arguments: [Column.text(objects), fingerprint.hex])
    }
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
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO result
          (fingerprint, kind, outcome, reasons, request, inputs, outputs, provenance, seconds,
           recorded, objects)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        result.fingerprint.hex, result.request.kind.name, outcome,
        JSONWriter.compact(.array(reasons.map { .string($0) })),
        JSONWriter.compact(result.request.json), Column.text(result.inputs),
        Column.text(result.outputs), Column.text(result.provenance), max(0, result.seconds), time,
        result.objects.map { Column.text($0) },
      ])
    try insertFacts(of: result, db)
  }

  private static func resultRecord(_ row: Row) throws -> ResultRecord {
    let outcome: String = row["outcome"]
    let reasons = try Column.strings(row["reasons"])
    return ResultRecord(
      fingerprint: Column.digest(row["fingerprint"]) ?? Digest(of: []),
      request: try StageRequest(json: Column.json(row["request"])),
      inputs: try Column.digests(row["inputs"]),
      outcome: outcome == "refused" ? .refused(reasons) : .succeeded,
      outputs: try Column.digests(row["outputs"]), seconds: row["seconds"],
      provenance: try Column.texts(row["provenance"]),
      objects: try Column.objects(row["objects"]))
  }

  // MARK: - Stat cache

  /// The row of a file, whatever its size and times were then.
  package func stat(device: UInt64, inode: UInt64) throws -> StatRecord? {
    try stats([(device, inode)]).first ?? nil
  }

  /// The same for many files, in their order.
  package func stats(_ files: [(device: UInt64, inode: UInt64)]) throws -> [StatRecord?] {
    try read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT size, modified, changed, digest, recorded FROM stat
          WHERE device = ? AND inode = ?
          """)
      return try files.map { file in
        guard
          let row = try Row.fetchOne(
            statement, arguments: [String(file.device), String(file.inode)]),
          let digest = Column.digest(row[3])
        else { return nil }
        return StatRecord(
          device: file.device, inode: file.inode, size: row[0], modified: row[1],
          changed: row[2], digest: digest, recorded: row[4])
      }
    }
  }

  package func record(_ stats: [StatRecord]) throws {
    if stats.isEmpty { return }
    try write { db in
      for stat in stats {
        try db.cachedStatement(
          sql: """
            INSERT OR REPLACE INTO stat (device, inode, size, modified, changed, digest, recorded)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ).execute(
          arguments: [
            String(stat.device), String(stat.inode), stat.size, stat.modified, stat.changed,
            stat.digest.hex, stat.recorded,
          ])
      }
    }
  }

  // MARK: - Folders read where they lie

  /// The stamp of the listing and the digest that a folder had when it was last read.
  package func folder(_ path: String) throws -> (stamp: Digest, digest: Digest)? {
    try read {
      try Row.fetchOne(
        $0, sql: "SELECT stamp, digest FROM folder WHERE path = ?", arguments: [path])
    }.flatMap { row in
      guard let stamp = Column.digest(row[0]), let digest = Column.digest(row[1]) else {
        return nil
      }
      return (stamp, digest)
    }
  }

  package func record(folder path: String, stamp: Digest, digest: Digest) throws {
    try write {
      try $0.execute(
        sql: "INSERT OR REPLACE INTO folder (path, stamp, digest) VALUES (?, ?, ?)",
        arguments: [path, stamp.hex, digest.hex])
    }
  }
}
