/// What counts as a duplicate and which row of a cluster stays.
package struct DedupRules: Sendable {
  package enum Method: String, Sendable, CaseIterable {
    /// Rows whose texts are the same byte for byte.
    case exact
    /// Rows whose texts are the same once they are normalised.
    case normalised
    /// These, and rows whose similarity is at least the threshold.
    case minhash
  }
  /// Which texts of a row are compared.
  package enum Texts: Sendable, Hashable {
    case all
    /// What the user says: turns of the role `user`, or the prompt.
    case user
    /// What the model says: turns of the role `assistant`, the completion, or the answers.
    case assistant
    /// The text of a column.
    case column(String)
  }
  package enum Verification: String, Sendable, CaseIterable { case exact, none }
  package enum Keep: String, Sendable, CaseIterable {
    /// The row that comes first.
    case first
    /// The row with the most bytes of text.
    case longest
    /// The row with the highest number in a column.
    case best
  }
  package enum Clustering: String, Sendable, CaseIterable {
    /// Connected components of the pairs found; one row of each stays.
    case components
    /// Each row that stays represents those within the threshold of it.
    case greedy
  }
  package enum Scope: String, Sendable, CaseIterable {
    case all
    /// Rows of one source are compared with each other.
    case within
    /// Rows of different sources are compared with each other.
    case across
  }

  package var method: Method
  package var minHash: MinHash
  package var shingler: Shingler
  package var texts: Texts
  package var verification: Verification
  package var keep: Keep
  /// For ``Keep/best``.
  package var scoreColumn: String?
  package var sourceColumn: String
  package var clustering: Clustering
  package var scope: Scope
  /// What the search may hold in memory, in bytes; see ``RowTable/bytesPerRow(_:)``.
  package var memory: Int

  package init(
    _ minHash: MinHash, _ shingler: Shingler, method: Method = .minhash, texts: Texts = .all,
    verification: Verification = .exact, keep: Keep = .first, scoreColumn: String? = nil,
    sourceColumn: String = "source", clustering: Clustering = .components, scope: Scope = .all,
    memory: Int = 3_000_000_000
  ) {
    self.method = method
    self.minHash = minHash
    self.shingler = shingler
    self.texts = texts
    self.verification = verification
    self.keep = keep
    self.scoreColumn = scoreColumn
    self.sourceColumn = sourceColumn
    self.clustering = clustering
    self.scope = scope
    self.memory = memory
  }

  package var threshold: Double { minHash.threshold }
}
