internal import GRDB
package import Reproducibility
internal import StageKit

extension RunStore {
  /// Records a result that another project has made.
  package func adopt(_ result: ResultRecord, at time: Double) throws {
    let isFinal = result.outcome != .succeeded
    try write(isFinal ? .full : .normal) { try insert(result, at: time, $0) }
  }

  /// Removes results. Survives a loss of power: their files go next.
  package func remove(results: [Digest]) throws {
    if results.isEmpty { return }
    try write(.full) { db in
      let statement = try db.cachedStatement(sql: "DELETE FROM result WHERE fingerprint = ?")
      for fingerprint in results { try statement.execute(arguments: [fingerprint.hex]) }
    }
  }

  /// Requests that the last `count` runs asked for.
  package func fingerprints(ofLastRuns count: Int) throws -> Set<Digest> {
    try fingerprints(
      "run IN (SELECT id FROM run ORDER BY id DESC LIMIT ?)", [count])
  }

  /// Requests that stages of this name ever asked for.
  package func fingerprints(ofStage name: String) throws -> Set<Digest> {
    try fingerprints("stage = ?", [name])
  }

  private func fingerprints(_ condition: String, _ arguments: StatementArguments) throws -> Set<
    Digest
  > {
    Set(
      try read {
        try String.fetchAll(
          $0,
          sql: """
            SELECT DISTINCT fingerprint FROM job WHERE fingerprint IS NOT NULL AND \(condition)
            """, arguments: arguments)
      }.compactMap { Column.digest($0) })
  }

  /// Attempts of the last `count` runs, and the newest of all.
  package func attempts(ofLastRuns count: Int) throws -> (kept: Set<Int64>, newest: Int64) {
    try read { db in
      let kept = try Int64.fetchAll(
        db,
        sql: """
          SELECT attempt.id FROM job JOIN attempt ON attempt.job = job.id
          WHERE job.run IN (SELECT id FROM run ORDER BY id DESC LIMIT ?)
          """, arguments: [count])
      return (
        Set(kept), try Int64.fetchOne(db, sql: "SELECT max(id) FROM attempt") ?? 0
      )
    }
  }

  /// Copies the database as it is at one instant to a new file, while others may go on writing.
  package func copy(to path: String) throws {
    try translating {
      let target = try DatabaseQueue(path: path)
      try queue.backup(to: target)
      // One file, without a journal beside it.
      try target.writeWithoutTransaction { db in
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
      }
      try target.close()
    }
  }

  /// What is wrong with the file, in SQLite's words; empty when nothing is.
  package func integrityFindings() throws -> [String] {
    try translating {
      try queue.read { db in
        var findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
        if findings == ["ok"] { findings = [] }
        let strays = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
        if strays > 0 { findings.append("\(strays) rows refer to rows that are not there") }
        return findings
      }
    }
  }
}
