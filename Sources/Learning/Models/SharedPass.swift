package import Tensors

/// One pass over tokens of texts that begin alike, what they share computed once.
///
/// Rows are cut into parts. Each part goes on after a path: the beginning of what a
/// ``KeptPrefix`` holds, then parts of this pass or their beginnings.
package struct SharedPass: Sendable, Hashable {
  /// Rows of one text that follow each other.
  package struct Part: Sendable, Hashable {
    package var rows: Range<Int>
    /// How many tokens of the kept prefix come first.
    package var kept: Int
    /// Rows of this pass that come next, first to last.
    package var path: [Range<Int>]

    package init(rows: Range<Int>, kept: Int, path: [Range<Int>]) {
      self.rows = rows
      self.kept = kept
      self.path = path
    }
  }

  /// Rows that the kept prefix takes over after the pass, from one of its positions on.
  package struct Keep: Sendable, Hashable {
    package var rows: Range<Int>
    package var position: Int

    package init(rows: Range<Int>, position: Int) {
      self.rows = rows
      self.position = position
    }
  }

  package var ids: [Int32] = []
  /// Of each token in its text.
  package var positions: [Int32] = []
  package var parts: [Part] = []
  package var keeps: [Keep] = []
  /// What is asked, by rows ascending.
  package var targets: [LabelTarget] = []
  /// What the kept prefix holds after the pass.
  package var keptAfter: [Int32] = []
  /// Tokens of the longest text: all texts of a pass have its rotary angles.
  package var longest = 0

  package init() {}
}
