internal import GRDB
package import Reproducibility

/// A version that a run of this project registered.
package struct RegisteredRecord: Sendable, Hashable {
  /// The folder of the registry.
  package var registry: String
  package var name: String
  package var version: Int
  /// Holds the version's manifest and refers to its model: a root of the store.
  package var artifact: Digest
  package var model: Digest
  /// Of the request that made it.
  package var fingerprint: Digest
  package var run: Int64

  package init(
    registry: String, name: String, version: Int, artifact: Digest, model: Digest,
    fingerprint: Digest, run: Int64
  ) {
    self.registry = registry
    self.name = name
    self.version = version
    self.artifact = artifact
    self.model = model
    self.fingerprint = fingerprint
    self.run = run
  }
}

extension RunStore {
  /// Keeps the first record of a version; survives a loss of power, as the registry's does.
  package func insert(_ record: RegisteredRecord, at time: Double) throws {
    try write(.full) { db in
      try db.execute(
        sql: """
          INSERT INTO registered
            (registry, name, version, artifact, model, fingerprint, run, registered)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
          """,
        arguments: [
          record.registry, record.name, record.version, record.artifact.hex, record.model.hex,
          record.fingerprint.hex, record.run, time,
        ])
    }
  }

  /// By registry, name and version.
  package func registered() throws -> [RegisteredRecord] {
    try read {
      try Row.fetchAll($0, sql: "SELECT * FROM registered ORDER BY registry, name, version")
    }.map { row in
      RegisteredRecord(
        registry: row["registry"], name: row["name"], version: row["version"],
        artifact: Column.digest(row["artifact"]) ?? Digest(of: []),
        model: Column.digest(row["model"]) ?? Digest(of: []),
        fingerprint: Column.digest(row["fingerprint"]) ?? Digest(of: []), run: row["run"])
    }
  }
}

extension RunStore {
  /// Runs in which a request was done or its result was used, oldest first.
  package func runs(withFingerprint fingerprint: Digest) throws -> [Int64] {
    try read {
      try Int64.fetchAll(
        $0,
        sql: """
          SELECT DISTINCT run FROM job
          WHERE fingerprint = ? AND state IN ('succeeded', 'refused') ORDER BY run
          """, arguments: [fingerprint.hex])
    }
  }
}
