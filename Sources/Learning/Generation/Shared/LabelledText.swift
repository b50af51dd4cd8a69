import Models

/// A text with what is asked about it: how likely labels are at its positions.
package struct LabelledText: Sendable, Hashable {
  package var ids: [Int32]
  /// Per position the token that may follow there, or ``TokenBatch/ignored``.
  package var labels: [Int32]

  package init(ids: [Int32], labels: [Int32]) {
    precondition(ids.count == labels.count, "every token has a label or none")
    self.ids = ids
    self.labels = labels
  }

  /// Tokens up to the last that anything is asked about.
  var neededCount: Int { (labels.lastIndex { $0 != TokenBatch.ignored } ?? -1) + 1 }
}
