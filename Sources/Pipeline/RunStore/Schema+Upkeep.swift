/// What upkeep needs to know: which objects were found to have their bytes, and whether a run's
/// frozen plan still is what was written.
extension Schema {
  static let upkeep = [
    // The file of an object had the bytes of its name when it had this stamp.
    """
    CREATE TABLE object (
      digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
      device TEXT NOT NULL,
      inode TEXT NOT NULL,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      changed INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    // Of the column 'spec'; null for runs of older versions.
    "ALTER TABLE run ADD COLUMN spec_sha256 TEXT CHECK (length(spec_sha256) = 64)",
    // Whose damage an object is, and what a collection keeps.
    "CREATE INDEX job_fingerprint ON job (fingerprint)",
  ]
}
