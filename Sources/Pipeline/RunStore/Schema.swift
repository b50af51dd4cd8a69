internal import GRDB

/// The tables, as a list of migrations. A migration that was ever released is never edited.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for (name, statements) in migrations {
      migrator.registerMigration(name) { db in
        for statement in statements { try db.execute(sql: statement) }
      }
    }
    migrator.registerMigration("4 registry") { db in try addRegistry(db) }
    return migrator
  }

  /// In the order in which they are run.
  private static let migrations = [
    ("1 runs", version1),
    ("2 scheduling", scheduling),
    ("3 upkeep", upkeep),
    ("5 speed", speed),
    ("6 plans", plans),
  ]

  private static let version1 = [
    """
    CREATE TABLE engine (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      token INTEGER NOT NULL
    ) STRICT
    """,
    "INSERT INTO engine (id, token) VALUES (1, 0)",
    """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      state TEXT NOT NULL
        CHECK (state IN ('running', 'succeeded', 'failed', 'refused', 'interrupted')),
      spec TEXT NOT NULL CHECK (json_valid(spec)),
      created REAL NOT NULL,
      finished REAL,
      exit_status INTEGER,
      CHECK ((state = 'running') = (finished IS NULL)),
      CHECK ((finished IS NULL) = (exit_status IS NULL))
    ) STRICT
    """,
    """
    CREATE TABLE job (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run INTEGER NOT NULL REFERENCES run (id),
      position INTEGER NOT NULL,
      stage TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN (
        'waiting', 'ready', 'running', 'awaiting_approval', 'succeeded', 'failed', 'refused',
        'skipped', 'blocked', 'cancelled', 'interrupted')),
      fingerprint TEXT CHECK (length(fingerprint) = 64),
      tries INTEGER NOT NULL DEFAULT 0,
      is_reused INTEGER NOT NULL DEFAULT 0 CHECK (is_reused IN (0, 1)),
      cause TEXT,
      started REAL,
      finished REAL,
      UNIQUE (run, stage),
      CHECK (state NOT IN ('running', 'succeeded', 'refused') OR fingerprint IS NOT NULL),
      CHECK (state <> 'running' OR started IS NOT NULL),
      CHECK ((finished IS NOT NULL) = (state IN (
        'succeeded', 'failed', 'refused', 'skipped', 'blocked', 'cancelled')))
    ) STRICT
    """,
    """
    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      job INTEGER NOT NULL REFERENCES job (id),
      fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
      token INTEGER NOT NULL,
      pid INTEGER,
      start_ticks TEXT,
      boot_id TEXT,
      state TEXT NOT NULL
        CHECK (state IN ('running', 'succeeded', 'refused', 'failed', 'stopped', 'lost')),
      started REAL NOT NULL,
      seconds REAL CHECK (seconds >= 0),
      failure TEXT CHECK (failure IS NULL OR json_valid(failure)),
      CHECK ((pid IS NULL) = (start_ticks IS NULL) AND (pid IS NULL) = (boot_id IS NULL)),
      CHECK ((state = 'failed') = (failure IS NOT NULL))
    ) STRICT
    """,
    // At most one attempt of a job runs.
    "CREATE UNIQUE INDEX attempt_running ON attempt (job) WHERE state = 'running'",
    "CREATE INDEX attempt_job ON attempt (job)",
    """
    CREATE TABLE result (
      fingerprint TEXT PRIMARY KEY CHECK (length(fingerprint) = 64),
      kind TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('succeeded', 'refused')),
      reasons TEXT NOT NULL CHECK (json_valid(reasons)),
      request TEXT NOT NULL CHECK (json_valid(request)),
      inputs TEXT NOT NULL CHECK (json_valid(inputs)),
      outputs TEXT NOT NULL CHECK (json_valid(outputs)),
      provenance TEXT NOT NULL CHECK (json_valid(provenance)),
      seconds REAL NOT NULL CHECK (seconds >= 0),
      recorded REAL NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE event (
      run INTEGER NOT NULL REFERENCES run (id),
      seq INTEGER NOT NULL,
      stage TEXT,
      type TEXT NOT NULL,
      line TEXT NOT NULL CHECK (json_valid(line)),
      PRIMARY KEY (run, seq)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER event_append_only BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END
    """,
    """
    CREATE TABLE metric (
      job INTEGER NOT NULL REFERENCES job (id),
      name TEXT NOT NULL,
      step INTEGER NOT NULL,
      value REAL,
      PRIMARY KEY (job, name, step)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE tally (
      job INTEGER NOT NULL REFERENCES job (id),
      name TEXT NOT NULL,
      value INTEGER NOT NULL,
      PRIMARY KEY (job, name)
    ) STRICT, WITHOUT ROWID
    """,
    // Device and inode numbers use all 64 bits, which INTEGER would make negative: kept as text.
    """
    CREATE TABLE stat (
      device TEXT NOT NULL,
      inode TEXT NOT NULL,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      changed INTEGER NOT NULL,
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      recorded INTEGER NOT NULL,
      PRIMARY KEY (device, inode)
    ) STRICT, WITHOUT ROWID
    """,
  ]
}
