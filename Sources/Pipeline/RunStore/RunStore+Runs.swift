internal import Diagnostics
package import Documents
internal import GRDB
package import Reproducibility
package import StageKit

extension RunStore {
  /// Records a new run with all its jobs waiting.
  package func createRun(_ spec: RunSpec, at time: Double) throws -> RunRecord {
    let body = JSONWriter.compact(spec.json)
    let digest = Digest(of: body.utf8)
    let text = #"{"spec":"\#(digest.hex)"}"#
    return try write { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO spec (digest, body) VALUES (?, ?)",
        arguments: [digest.hex, body])
      try db.execute(
        sql: "INSERT INTO run (state, spec, spec_sha256, created) VALUES ('running', ?, ?, ?)",
        arguments: [text, Digest(of: text.utf8).hex, time])
      let id = db.lastInsertedRowID
      let insert = try db.cachedStatement(
        sql: "INSERT INTO job (run, position, stage, state) VALUES (?, ?, ?, 'waiting')")
      for (position, stage) in spec.stages.enumerated() {
        try insert.execute(arguments: [id, position, stage.stage])
      }
      return RunRecord(id: id, state: .running, spec: spec, created: time)
    }
  }

  /// Makes an ended run one that runs.
  package func reopenRun(_ id: Int64) throws {
    try write { db in
      try db.execute(
        sql: "UPDATE run SET state = 'running', finished = NULL, exit_status = NULL WHERE id = ?",
        arguments: [id])
    }
  }

  package func finishRun(
    _ id: Int64, _ state: RunState, exitStatus: Int32, at time: Double, event: RunEvent
  ) throws {
    try write { db in
      try db.execute(
        sql: "UPDATE run SET state = ?, exit_status = ?, finished = ? WHERE id = ?",
        arguments: [state.rawValue, exitStatus, time, id])
      try append(event, run: id, db)
    }
  }

  package func run(_ id: Int64) throws -> RunRecord? {
    try read {
      try Row.fetchOne($0, sql: "\(Self.runs) WHERE run.id = ?", arguments: [id])
    }.map(Self.runRecord)
  }

  package func lastRun() throws -> RunRecord? {
    try read { try Row.fetchOne($0, sql: "\(Self.runs) ORDER BY run.id DESC LIMIT 1") }
      .map(Self.runRecord)
  }

  /// A run with the text of its spec, wherever that is.
  private static let runs = """
    SELECT run.id, run.state, run.created, run.finished, run.exit_status, run.spec,
      run.spec_sha256, coalesce(spec.body, run.spec) AS body
    FROM run LEFT JOIN spec ON spec.digest = json_extract(run.spec, '$.spec')
    """

  /// The number of the newest run when it has succeeded, is of the pipeline file at `path`, and its
  /// jobs are exactly these, in this order, each with that fingerprint.
  package func lastRun(
    ofPipeline path: String, isMadeOf stages: [(stage: String, fingerprint: Digest)]
  ) throws -> Int64? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT run.id, run.state, json_extract(
              coalesce(spec.body, run.spec), '$.pipelinePath') AS path
            FROM run LEFT JOIN spec ON spec.digest = json_extract(run.spec, '$.spec')
            ORDER BY run.id DESC LIMIT 1
            """), row["state"] == RunState.succeeded.rawValue, row["path"] == path
      else { return nil }
      let run: Int64 = row["id"]
      let jobs = try Row.fetchCursor(
        db,
        sql: "SELECT stage, fingerprint, state FROM job WHERE run = ? ORDER BY position",
        arguments: [run])
      var index = 0
      while let job = try jobs.next() {
        // A stage that was left out has no fingerprint.
        guard index < stages.count, job[0] == stages[index].stage,
          Column.digest(job[1]) == stages[index].fingerprint,
          job[2] == JobState.succeeded.rawValue
        else { return nil }
        index += 1
      }
      return index == stages.count ? run : nil
    }
  }

  /// Newest first.
  package func runs(limit: Int) throws -> [RunRecord] {
    try read {
      try Row.fetchAll(
        $0, sql: "\(Self.runs) ORDER BY run.id DESC LIMIT ?", arguments: [limit])
    }.map(Self.runRecord)
  }

  /// In the order of the plan.
  package func jobs(ofRun run: Int64) throws -> [JobRecord] {
    try read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM job WHERE run = ? ORDER BY position", arguments: [run])
    }.map(Self.jobRecord)
  }

  /// The newest job of this name that ended well, over all runs.
  package func lastFinishedJob(ofStage name: String) throws -> JobRecord? {
    try read {
      try Row.fetchOne(
        $0.cachedStatement(
          sql: """
            SELECT * FROM job WHERE stage = ? AND state IN ('succeeded', 'refused')
            ORDER BY run DESC LIMIT 1
            """), arguments: [name])
    }.map(Self.jobRecord)
  }

  // MARK: - Moves

  /// What a move writes beside the state.
  package struct Move: Sendable {
    package var event: JobEvent
    package var fingerprint: Digest?
    package var isReused: Bool?
    package var cause: String?
    package var detail: [JSONMember]

    package init(
      _ event: JobEvent, fingerprint: Digest? = nil, isReused: Bool? = nil, cause: String? = nil,
      detail: [JSONMember] = []
    ) {
      self.event = event
      self.fingerprint = fingerprint
      self.isReused = isReused
      self.cause = cause
      self.detail = detail
    }
  }

  /// Moves a job and appends the event, in one transaction. Returns the event.
  ///
  /// - Throws: ``Failure`` of class `internal` for a move that is not in the table.
  package func move(_ job: JobRecord, _ move: Move, seq: Int, at time: Double) throws -> RunEvent {
    var job = job
    return try self.move(&job, move, seq: seq, at: time)
  }

  /// The same; `job` becomes what the database holds then.
  package func move(_ job: inout JobRecord, _ move: Move, seq: Int, at time: Double) throws
    -> RunEvent
  {
    let isFinal = move.event == .refusalReused
    let (event, moved) = try write(isFinal ? .full : .normal) { db in
      try self.move(job, move, seq: seq, at: time, db)
    }
    job = moved
    return event
  }

  func move(_ job: JobRecord, _ move: Move, seq: Int, at time: Double, _ db: Database) throws
    -> (RunEvent, JobRecord)
  {
    let text = try String.fetchOne(
      db.cachedStatement(sql: "SELECT state FROM job WHERE id = ?"), arguments: [job.id])
    guard let from = text.flatMap(JobState.init(rawValue:)), let to = from.after(move.event) else {
      throw Diagnostic(
        "internal.illegal-move",
        "job '\(job.stage)' cannot move from '\(text ?? "nothing")' by '\(move.event.rawValue)'"
      ).failure(.internal)
    }
    let finished = to.isEnd ? time : nil
    try db.cachedStatement(
      sql: """
        UPDATE job SET state = ?, fingerprint = coalesce(?, fingerprint),
          is_reused = coalesce(?, is_reused), cause = ?,
          tries = CASE ? WHEN 'started' THEN tries + 1 WHEN 'resumed' THEN 0 ELSE tries END,
          started = CASE ? WHEN 'started' THEN ? ELSE started END, finished = ?
        WHERE id = ?
        """
    ).execute(
      arguments: [
        to.rawValue, move.fingerprint?.hex, move.isReused, move.cause, move.event.rawValue,
        move.event.rawValue, time, finished, job.id,
      ])
    var moved = job
    moved.state = to
    moved.fingerprint = move.fingerprint ?? job.fingerprint
    moved.isReused = move.isReused ?? job.isReused
    moved.cause = move.cause
    moved.finished = finished
    if move.event == .started {
      moved.tries += 1
      moved.started = time
    } else if move.event == .resumed {
      moved.tries = 0
    }
    let event = RunEvent(
      seq: seq, time: time, stage: job.stage,
      body: .job(event: move.event, state: to, detail: move.detail))
    try append(event, run: job.run, db)
    return (event, moved)
  }

  // MARK: - Events

  /// Appends events and upserts metrics and counts, all in one transaction.
  package func record(_ events: [(job: Int64, event: RunEvent)], run: Int64) throws {
    if events.isEmpty { return }
    try write { db in
      for (job, event) in events {
        if event.isKept { try append(event, run: run, db) }
        guard case .stage(let stageEvent) = event.body else { continue }
        switch stageEvent {
        case .metric(let name, let step, let value):
          try db.execute(
            sql: """
              INSERT INTO metric (job, name, step, value) VALUES (?, ?, ?, ?)
              ON CONFLICT DO UPDATE SET value = excluded.value
              """, arguments: [job, name, step, value.isFinite ? value : nil])
        case .count(let name, let value):
          try db.execute(
            sql: """
              INSERT INTO tally (job, name, value) VALUES (?, ?, ?)
              ON CONFLICT DO UPDATE SET value = excluded.value
              """, arguments: [job, name, value])
        case .progress, .message, .checkpoint: break
        }
      }
    }
  }

  func append(_ event: RunEvent, run: Int64, _ db: Database) throws {
    try db.cachedStatement(
      sql: "INSERT INTO event (run, seq, stage, type, line) VALUES (?, ?, ?, ?, ?)"
    ).execute(
      arguments: [run, event.seq, event.stage, event.type, JSONWriter.compact(event.json)])
  }

  package func appendEvent(_ event: RunEvent, run: Int64) throws {
    try write { try append(event, run: run, $0) }
  }

  /// The number of the last kept event of a run; 0 when there is none.
  package func lastSeq(ofRun run: Int64) throws -> Int {
    try read {
      try Int.fetchOne($0, sql: "SELECT max(seq) FROM event WHERE run = ?", arguments: [run])
    } ?? 0
  }

  /// Kept events of a run in order, as lines of JSON.
  package func eventLines(ofRun run: Int64, stage: String? = nil, types: [String] = []) throws
    -> [String]
  {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT stage, type, line FROM event WHERE run = ? ORDER BY seq", arguments: [run])
    }.compactMap { row in
      if let stage {
        // Events of the run itself have no stage.
        let own: String? = row["stage"]
        if own != stage { return nil }
      }
      if !types.isEmpty, !types.contains(row["type"]) { return nil }
      return row["line"]
    }
  }

  /// Values of a job's steps, by name, then step.
  package func metrics(ofJob job: Int64) throws -> [MetricRecord] {
    try read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM metric WHERE job = ? AND value IS NOT NULL ORDER BY name, step",
        arguments: [job])
    }.map { MetricRecord(name: $0["name"], step: $0["step"], value: $0["value"]) }
  }

  /// Counts of a job, by name.
  package func tallies(ofJob job: Int64) throws -> [(name: String, value: Int)] {
    try read {
      try Row.fetchAll(
        $0.cachedStatement(sql: "SELECT * FROM tally WHERE job = ? ORDER BY name"),
        arguments: [job])
    }.map { ($0["name"], $0["value"]) }
  }

  // MARK: - Rows

  private static func runRecord(_ row: Row) throws -> RunRecord {
    let spec: String = row["spec"]
    if let sum: String = row["spec_sha256"], sum != Digest(of: spec.utf8).hex {
      let run: Int64 = row["id"]
      throw Diagnostic(
        "store.damaged", "the plan of run \(run) in 'state.sqlite' is not what was written",
        fix: "type 'orchestrate run' to plan again: what is done stays done"
      ).failure(.io)
    }
    return RunRecord(
      id: row["id"], state: RunState(rawValue: row["state"]) ?? .interrupted,
      spec: try Column.spec(row["body"], sharedBy: spec), created: row["created"],
      finished: row["finished"], exitStatus: row["exit_status"])
  }

  private static func jobRecord(_ row: Row) -> JobRecord {
    JobRecord(
      id: row["id"], run: row["run"], stage: row["stage"],
      state: JobState(rawValue: row["state"]) ?? .interrupted,
      fingerprint: Column.digest(row["fingerprint"]), tries: row["tries"],
      isReused: row["is_reused"], cause: row["cause"], started: row["started"],
      finished: row["finished"])
  }
}
