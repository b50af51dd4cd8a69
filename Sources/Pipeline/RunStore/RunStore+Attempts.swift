package import Diagnostics
internal import GRDB
package import Processes
package import Reproducibility
package import StageKit

extension RunStore {
  /// Takes over the project: every later write of an older engine's attempt is refused. Survives
  /// a loss of power, since a token given twice would let two engines publish.
  package func takeToken() throws -> Int64 {
    try write(.full) { db in
      try db.execute(sql: "UPDATE engine SET token = token + 1")
      return try Int64.fetchOne(db, sql: "SELECT token FROM engine") ?? 0
    }
  }

  /// Starts an attempt: the job runs from now on.
  package func beginAttempt(
    of job: JobRecord, fingerprint: Digest, token: Int64, move: Move, seq: Int, at time: Double
  ) throws -> (attempt: AttemptRecord, event: RunEvent) {
    var job = job
    return try beginAttempt(
      of: &job, fingerprint: fingerprint, token: token, move: move, seq: seq, at: time)
  }

  /// The same; `job` becomes what the database holds then.
  package func beginAttempt(
    of job: inout JobRecord, fingerprint: Digest, token: Int64, move: Move, seq: Int,
    at time: Double
  ) throws -> (attempt: AttemptRecord, event: RunEvent) {
    let before = job
    let (attempt, event, moved) = try write { db in
      let (event, moved) = try self.move(before, move, seq: seq, at: time, db)
      try db.cachedStatement(
        sql: """
          INSERT INTO attempt (job, fingerprint, token, state, started)
          VALUES (?, ?, ?, 'running', ?)
          """
      ).execute(arguments: [before.id, fingerprint.hex, token, time])
      let attempt = AttemptRecord(
        id: db.lastInsertedRowID, job: before.id, stage: before.stage, fingerprint: fingerprint,
        token: token, state: .running, started: time)
      return (attempt, event, moved)
    }
    job = moved
    return (attempt, event)
  }

  package func setProcess(_ process: ProcessIdentity, ofAttempt id: Int64) throws {
    try write { db in
      try db.execute(
        sql: "UPDATE attempt SET pid = ?, start_ticks = ?, boot_id = ? WHERE id = ?",
        arguments: [process.pid, String(process.startTicks), process.bootID, id])
    }
  }

  /// Ends an attempt and moves its job; with a result, records it. One guarded transaction: nothing
  /// is written when another engine has taken over.
  ///
  /// - Throws: ``Failure`` of class `locked` when it has.
  package func finishAttempt(
    _ attempt: AttemptRecord, of job: JobRecord, _ state: AttemptState, seconds: Double,
    failure: Failure? = nil, result: ResultRecord? = nil, isVerdict: Bool = false,
    objects: [(digest: Digest, stamp: FileStamp)] = [], move: Move, seq: Int, at time: Double
  ) throws -> RunEvent {
    var job = job
    return try finishAttempt(
      attempt, of: &job, state, seconds: seconds, failure: failure, result: result,
      isVerdict: isVerdict, objects: objects, move: move, seq: seq, at: time)
  }

  /// The same; `job` becomes what the database holds then.
  ///
  /// - Parameter unflushed: objects of the result whose bytes a loss of power may still take.
  package func finishAttempt(
    _ attempt: AttemptRecord, of job: inout JobRecord, _ state: AttemptState, seconds: Double,
    failure: Failure? = nil, result: ResultRecord? = nil, unflushed: [Digest] = [],
    isVerdict: Bool = false, objects: [(digest: Digest, stamp: FileStamp)] = [], move: Move,
    seq: Int, at time: Double
  ) throws -> RunEvent {
    let before = job
    let (event, moved) = try write(isVerdict ? .full : .normal) { db in
      try db.cachedStatement(
        sql: """
          UPDATE attempt SET state = ?, seconds = ?, failure = ?
          WHERE id = ? AND state = 'running' AND token = ?
            AND token = (SELECT token FROM engine)
          """
      ).execute(
        arguments: [
          state.rawValue, max(0, seconds), try failure.map { try Column.text($0) }, attempt.id,
          attempt.token,
        ])
      guard db.changesCount == 1 else {
        throw Diagnostic(
          "run.fenced", "another engine has taken over this project while '\(before.stage)' ran"
        ).failure(.locked)
      }
      if let result { try insert(result, at: time, db) }
      try insert(objects, db)
      for object in unflushed {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO unflushed (object) VALUES (?)")
          .execute(arguments: [object.hex])
      }
      return try self.move(before, move, seq: seq, at: time, db)
    }
    job = moved
    return event
  }

  // MARK: - Objects on their way to the disk

  /// Objects that results name and that were not known to be on the disk when they were recorded.
  package func unflushedObjects() throws -> [Digest] {
    try read { try String.fetchAll($0, sql: "SELECT object FROM unflushed ORDER BY object") }
      .compactMap(Digest.init(hex:))
  }

  /// These are on the disk now, or gone from the store.
  package func forgetUnflushed(_ objects: [Digest]) throws {
    if objects.isEmpty { return }
    try write { db in
      for object in objects {
        try db.cachedStatement(sql: "DELETE FROM unflushed WHERE object = ?")
          .execute(arguments: [object.hex])
      }
    }
  }

  /// How often each stage of a run was begun, resumes included.
  package func attemptCounts(ofRun run: Int64) throws -> [String: Int] {
    let rows = try read {
      try Row.fetchAll(
        $0,
        sql: """
          SELECT job.stage, count(*) FROM job JOIN attempt ON attempt.job = job.id
          WHERE job.run = ? GROUP BY job.stage
          """, arguments: [run])
    }
    return Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
  }

  /// Attempts that an engine which is gone has left running.
  package func openAttempts() throws -> [AttemptRecord] {
    try attempts(where: "attempt.state = 'running'")
  }

  /// Whether an engine has died: a run, a job or an attempt is still said to run.
  package func hasOpenWork() throws -> Bool {
    try read {
      try Bool.fetchOne(
        $0,
        sql: """
          SELECT EXISTS (SELECT 1 FROM run WHERE state = 'running')
            OR EXISTS (SELECT 1 FROM job WHERE state = 'running')
            OR EXISTS (SELECT 1 FROM attempt WHERE state = 'running')
          """) ?? true
    }
  }

  /// In the order they began.
  package func attempts(ofJob job: Int64) throws -> [AttemptRecord] {
    try attempts(where: "attempt.job = ?", [job])
  }

  /// The newest attempt of a stage over all runs.
  package func lastAttempt(ofStage stage: String) throws -> AttemptRecord? {
    try attempts(
      where: """
        attempt.id = (
          SELECT attempt.id FROM job JOIN attempt ON attempt.job = job.id WHERE job.stage = ?
          ORDER BY job.id DESC, attempt.id DESC LIMIT 1)
        """, [stage]
    ).last
  }

  private func attempts(where condition: String, _ arguments: StatementArguments = []) throws
    -> [AttemptRecord]
  {
    try read {
      try Row.fetchAll(
        $0,
        sql: """
          SELECT attempt.*, job.stage AS stage FROM attempt JOIN job ON job.id = attempt.job
          WHERE \(condition) ORDER BY attempt.id
          """, arguments: arguments)
    }.map { row in
      var process: ProcessIdentity?
      if let pid: Int32 = row["pid"], let boot: String = row["boot_id"],
        let text: String = row["start_ticks"], let ticks = UInt64(text)
      {
        process = ProcessIdentity(bootID: boot, pid: pid, startTicks: ticks)
      }
      let failure: String? = row["failure"]
      return AttemptRecord(
        id: row["id"], job: row["job"], stage: row["stage"],
        fingerprint: Column.digest(row["fingerprint"]) ?? Digest(of: []), token: row["token"],
        process: process, state: AttemptState(rawValue: row["state"]) ?? .lost,
        started: row["started"], seconds: row["seconds"],
        failure: try failure.map { try Column.value(Failure.self, $0) })
    }
  }

  /// Closes what dead engines left: their attempts are lost, their jobs and runs interrupted.
  package func closeOpenAttempts(at time: Double) throws {
    try write { db in
      let jobs = try Row.fetchAll(
        db, sql: "SELECT id, run, stage FROM job WHERE state = 'running'")
      for row in jobs {
        let job = JobRecord(
          id: row["id"], run: row["run"], stage: row["stage"], state: .running, tries: 0,
          isReused: false)
        let last = try Int.fetchOne(
          db, sql: "SELECT max(seq) FROM event WHERE run = ?", arguments: [job.run])
        _ = try self.move(
          job, Move(.engineLost, cause: "the engine died while it ran"), seq: (last ?? 0) + 1,
          at: time, db)
      }
      try db.execute(sql: "UPDATE attempt SET state = 'lost' WHERE state = 'running'")
      try db.execute(
        sql: """
          UPDATE run SET state = 'interrupted', finished = ?, exit_status = 130
          WHERE state = 'running'
          """, arguments: [time])
    }
  }
}
