/// Look-ups that do not grow with the history, a spec kept once however often it runs, and what a
/// fast run owes the disk.
extension Schema {
  static let speed = [
    // The last time a stage ended well, for reasons of a plan.
    """
    CREATE INDEX job_well ON job (stage, run) WHERE state IN ('succeeded', 'refused')
    """,
    // The last attempt of a stage, for its log.
    "CREATE INDEX job_stage ON job (stage, id)",
    // What a dead engine left.
    "CREATE INDEX job_running ON job (id) WHERE state = 'running'",
    "CREATE INDEX attempt_open ON attempt (id) WHERE state = 'running'",
    "CREATE INDEX run_open ON run (id) WHERE state = 'running'",
    // `run.spec` of newer runs is {"spec": digest}: ten thousand runs of one pipeline share it.
    """
    CREATE TABLE spec (
      digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
      body TEXT NOT NULL CHECK (json_valid(body))
    ) STRICT, WITHOUT ROWID
    """,
    // Objects a recorded result names that have not been flushed yet.
    """
    CREATE TABLE unflushed (
      object TEXT PRIMARY KEY CHECK (length(object) = 64)
    ) STRICT, WITHOUT ROWID
    """,
    // Folders read where they lie: what their listing looked like when it had that digest.
    """
    CREATE TABLE folder (
      path TEXT PRIMARY KEY,
      stamp TEXT NOT NULL CHECK (length(stamp) = 64),
      digest TEXT NOT NULL CHECK (length(digest) = 64)
    ) STRICT, WITHOUT ROWID
    """,
    // Object and size of every file of the outputs, so that a hit need not open the manifests.
    "ALTER TABLE result ADD COLUMN objects TEXT CHECK (objects IS NULL OR json_valid(objects))",
  ]
}
