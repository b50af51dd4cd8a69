internal import GRDB

extension Schema {
  /// Decisions of people on stages that await approval; appended, never changed.
  static let scheduling = [
    """
    CREATE TABLE approval (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run INTEGER NOT NULL REFERENCES run (id),
      stage TEXT NOT NULL,
      fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
      decision TEXT NOT NULL CHECK (decision IN ('approved', 'rejected')),
      who TEXT NOT NULL,
      note TEXT,
      decided REAL NOT NULL
    ) STRICT
    """,
    "CREATE INDEX approval_run ON approval (run, stage)",
    """
    CREATE TRIGGER approval_append_only BEFORE UPDATE ON approval
    BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END
    """,
  ]
}
