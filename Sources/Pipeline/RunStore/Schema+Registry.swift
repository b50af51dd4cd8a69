internal import GRDB

extension Schema {
  /// What this project has put into registries, wherever these lie: which request made which
  /// version. The registry's own folder holds the truth.
  static let registry = [
    """
    CREATE TABLE registered (
      registry TEXT NOT NULL,
      name TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version > 0),
      artifact TEXT NOT NULL CHECK (length(artifact) = 64),
      model TEXT NOT NULL CHECK (length(model) = 64),
      fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
      run INTEGER NOT NULL REFERENCES run (id),
      registered REAL NOT NULL,
      PRIMARY KEY (registry, name, version)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX registered_model ON registered (model)",
  ]

  static func addRegistry(_ db: Database) throws {
    for statement in registry { try db.execute(sql: statement) }
  }
}
