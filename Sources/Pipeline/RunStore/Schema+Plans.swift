extension Schema {
  /// What the planner asks of results: what they said and cost, and which there are of one shape.
  static let plans = [
    """
    CREATE TABLE result_fact (
      fingerprint TEXT PRIMARY KEY REFERENCES result (fingerprint) ON DELETE CASCADE,
      shape TEXT CHECK (length(shape) = 64),
      metrics TEXT NOT NULL CHECK (json_valid(metrics)),
      counts TEXT NOT NULL CHECK (json_valid(counts)),
      peak_bytes INTEGER CHECK (peak_bytes >= 0),
      written_bytes INTEGER CHECK (written_bytes >= 0)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX result_fact_shape ON result_fact (shape)",
    // Results from before: what their newest job that ran has left in the tables of its steps. Their
    // shape stays unknown.
    """
    INSERT INTO result_fact (fingerprint, metrics, counts)
    SELECT result.fingerprint,
      coalesce((SELECT json_group_object(name, value) FROM (
        SELECT name, value, max(step) FROM metric WHERE job = newest.id GROUP BY name
      ) WHERE value IS NOT NULL), '{}'),
      coalesce((SELECT json_group_object(name, value) FROM tally WHERE job = newest.id), '{}')
    FROM result LEFT JOIN (
      SELECT max(id) AS id, fingerprint FROM job
      WHERE state IN ('succeeded', 'refused') AND is_reused = 0 GROUP BY fingerprint
    ) AS newest ON newest.fingerprint = result.fingerprint
    """,
  ]
}
