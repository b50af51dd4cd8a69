package import Reproducibility

/// A file of a project's state that is not what it was when it was written.
package struct StateDamage: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case object, checkpoint, chunk, answer, external, database
  }

  package var kind: Kind
  package var path: String
  /// `missing`, `different bytes`, `its listing cannot be read`.
  package var finding: String
  /// The object's, or the request's whose checkpoint it is.
  package var digest: Digest?

  package init(_ kind: Kind, _ path: String, _ finding: String, digest: Digest? = nil) {
    self.kind = kind
    self.path = path
    self.finding = finding
    self.digest = digest
  }
}
