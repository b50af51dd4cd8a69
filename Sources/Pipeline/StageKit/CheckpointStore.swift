package import Reproducibility

/// Where a stage keeps what makes its next step's bits. Checkpoints belong to the fingerprint.
package protocol CheckpointStore: Sendable {
  /// Writes a checkpoint: `write` fills an empty folder; on return its files are flushed, listed
  /// with their digests and moved into place at once. Older ones beyond the last two are removed.
  ///
  /// - Parameter arithmetic: the class of arithmetic the state was made by (DESIGN promise 2);
  ///   empty for stages that do none.
  func save(step: Int, arithmetic: String, _ write: (_ folder: String) throws -> Void) throws

  /// The newest checkpoint whose files all have their digests and whose arithmetic is the same;
  /// damaged ones are skipped with a warning.
  func latest(arithmetic: String) throws -> Checkpoint?
}

package struct Checkpoint: Sendable {
  package var step: Int
  package var tree: FileTree

  package init(step: Int, tree: FileTree) {
    self.step = step
    self.tree = tree
  }
}

/// Keeps nothing: for stages run in place, by tests and commands.
package struct NoCheckpoints: CheckpointStore {
  package init() {}
  package func save(step: Int, arithmetic: String, _ write: (String) throws -> Void) throws {}
  package func latest(arithmetic: String) throws -> Checkpoint? { nil }
}
