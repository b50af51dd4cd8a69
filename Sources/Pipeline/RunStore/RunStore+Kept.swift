internal import GRDB
package import Reproducibility
internal import StageKit

/// What a result holds of the store, without the request that asked for it.
package struct KeptResult: Sendable, Hashable {
  package var fingerprint: Digest
  /// Artifacts, sorted.
  package var inputs: [Digest]
  /// Artifacts, sorted.
  package var outputs: [Digest]
  /// The outputs, all they refer to, and every file of them; nil: the manifests say it.
  package var objects: [ResultObject]?
}

/// What upkeep asks: look-ups that cost what they are about, whatever the number of runs.
extension RunStore {
  /// What every result keeps, by fingerprint.
  package func keptResults() throws -> [KeptResult] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT fingerprint, inputs, outputs, objects FROM result ORDER BY fingerprint")
    }.map { row in
      KeptResult(
        fingerprint: Column.digest(row[0]) ?? Digest(of: []),
        inputs: try Column.digests(row[1]).values.sorted(),
        outputs: try Column.digests(row[2]).values.sorted(), objects: try Column.objects(row[3]))
    }
  }

  /// Requests that have a result.
  package func resultFingerprints() throws -> Set<Digest> {
    Set(
      try read { try String.fetchAll($0, sql: "SELECT fingerprint FROM result") }
        .compactMap { Column.digest($0) })
  }

  /// A stage that asked for a request, in the newest run in which one did.
  package struct Asker: Sendable, Hashable {
    package var stage: String
    package var run: Int64
  }

  /// Who asked for a request last: of several stages of one run the first.
  package func asker(of fingerprint: Digest) throws -> Asker? {
    try read { db in
      // Jobs of a later run have higher numbers.
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: "SELECT stage, run FROM job WHERE fingerprint = ? ORDER BY id DESC"),
        arguments: [fingerprint.hex])
      var asker: Asker?
      while let row = try rows.next() {
        let run: Int64 = row[1]
        if let asker, asker.run != run { break }
        asker = Asker(stage: row[0], run: run)
      }
      return asker
    }
  }

  /// Names of the stages that ever asked for a request, sorted.
  package func askingStages() throws -> [String] {
    try read {
      try String.fetchAll(
        $0,
        sql: "SELECT DISTINCT stage FROM job WHERE fingerprint IS NOT NULL ORDER BY stage")
    }
  }

  /// Whether a stage of this name ever asked for a request.
  package func hasAsked(_ stage: String) throws -> Bool {
    try read {
      try Bool.fetchOne(
        $0,
        sql: "SELECT EXISTS (SELECT 1 FROM job WHERE stage = ? AND fingerprint IS NOT NULL)",
        arguments: [stage]) ?? false
    }
  }

  /// When the `count`-th newest run began, or the oldest where there are fewer; nil without runs and
  /// for 0.
  package func created(ofLastRuns count: Int) throws -> Double? {
    try read {
      try Double.fetchOne(
        $0,
        sql: """
          SELECT created FROM run
          WHERE id = (SELECT min(id) FROM (SELECT id FROM run ORDER BY id DESC LIMIT ?))
          """, arguments: [count])
    }
  }
}
