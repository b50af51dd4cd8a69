package import Records

/// A row as a model trains on it.
package struct TokenExample: Sendable, Hashable {
  package var row: RowID
  package var ids: [Int32]
  /// Same length as `ids`: the label of position t is `ids[t]`, or −100 where nothing is trained.
  /// Not shifted.
  package var labels: [Int32]

  package init(row: RowID, ids: [Int32], labels: [Int32]) {
    precondition(ids.count == labels.count, "a label for every id")
    self.row = row
    self.ids = ids
    self.labels = labels
  }

  /// Labels that are trained.
  package var trainedCount: Int { labels.count { $0 >= 0 } }

  /// The label of what is not trained, as everywhere in the field.
  package static let ignored: Int32 = -100
}

/// Two answers to one prompt. The answers are without the prompt, end-of-turn token included.
package struct PreferenceExample: Sendable, Hashable {
  package var row: RowID
  package var prompt: [Int32]
  package var chosen: [Int32]
  package var rejected: [Int32]

  package init(row: RowID, prompt: [Int32], chosen: [Int32], rejected: [Int32]) {
    self.row = row
    self.prompt = prompt
    self.chosen = chosen
    self.rejected = rejected
  }
}
