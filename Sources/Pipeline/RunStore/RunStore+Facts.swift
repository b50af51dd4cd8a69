internal import GRDB
package import Reproducibility
package import StageKit

extension RunStore {
  /// What a result said and cost; nil when there is no such result.
  package func facts(of fingerprint: Digest) throws -> ResultFacts? {
    try read {
      try Row.fetchOne(
        $0.cachedStatement(
          sql: """
            SELECT result_fact.*, result.seconds AS seconds FROM result_fact
            JOIN result ON result.fingerprint = result_fact.fingerprint
            WHERE result_fact.fingerprint = ?
            """), arguments: [fingerprint.hex])
    }.map { row in
      ResultFacts(
        metrics: try Column.value([String: Double].self, row["metrics"]),
        counts: try Column.value([String: Int].self, row["counts"]), seconds: row["seconds"],
        peakBytes: row["peak_bytes"], writtenBytes: row["written_bytes"])
    }
  }

  /// Whether there is a result of a shape (``StageRequest/shape``) with these input artifacts,
  /// whatever its other inputs.
  package func hasResult(ofShape shape: Digest, inputs: [String: Digest]) throws -> Bool {
    var sql = """
      SELECT 1 FROM result_fact JOIN result ON result.fingerprint = result_fact.fingerprint
      WHERE result_fact.shape = ?
      """
    var arguments: StatementArguments = [shape.hex]
    for (port, digest) in inputs.sorted(by: { $0.key < $1.key }) {
      sql += " AND json_extract(result.inputs, ?) = ?"
      arguments += ["$.\"\(port)\"", digest.hex]
    }
    return try read {
      try Int.fetchOne($0.cachedStatement(sql: sql + " LIMIT 1"), arguments: arguments)
    } != nil
  }

  /// The last value of every metric of a job; those whose last value was no number are left out.
  package func lastMetrics(ofJob job: Int64) throws -> [String: Double] {
    let rows = try read {
      try Row.fetchAll(
        $0.cachedStatement(
          sql: "SELECT name, value, max(step) FROM metric WHERE job = ? GROUP BY name"),
        arguments: [job])
    }
    var values: [String: Double] = [:]
    for row in rows {
      if let value: Double = row["value"] { values[row["name"]] = value }
    }
    return values
  }

  /// Records a result that took no attempt, and moves its job, in one transaction.
  package func record(
    _ result: ResultRecord, of job: JobRecord, move: Move, seq: Int, at time: Double
  ) throws -> RunEvent {
    try write { db in
      try insert(result, at: time, db)
      return try self.move(job, move, seq: seq, at: time, db).0
    }
  }

  func insertFacts(of result: ResultRecord, _ db: Database) throws {
    let facts = result.facts
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO result_fact
          (fingerprint, shape, metrics, counts, peak_bytes, written_bytes)
        VALUES (?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        result.fingerprint.hex, result.request.shape.hex,
        facts.metrics.isEmpty ? "{}" : Column.text(facts.metrics),
        facts.counts.isEmpty ? "{}" : Column.text(facts.counts), facts.peakBytes,
        facts.writtenBytes,
      ])
  }
}
