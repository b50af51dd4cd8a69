package import Reproducibility

/// A file that a pipeline file includes.
package struct IncludedFile: Sendable, Hashable, Codable {
  /// Absolute.
  package var path: String
  /// Of its bytes.
  package var digest: Digest

  package init(path: String, digest: Digest) {
    self.path = path
    self.digest = digest
  }
}
