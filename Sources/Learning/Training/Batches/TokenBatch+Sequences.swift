package import Models

extension TokenBatch {
  /// Sequences one after the other, without padding.
  ///
  /// - Parameter sequences: ids and labels of each, the label of a position being its own id or
  ///   -100. In the batch a position carries the label of the next one and the last carries none,
  ///   so the first token of a sequence is never predicted.
  package init(sequences: [(ids: ArraySlice<Int32>, labels: ArraySlice<Int32>)]) {
    let total = sequences.reduce(0) { $0 + $1.ids.count }
    var ids: [Int32] = []
    var labels: [Int32] = []
    var starts = [0]
    ids.reserveCapacity(total)
    labels.reserveCapacity(total)
    for sequence in sequences {
      precondition(
        sequence.ids.count == sequence.labels.count && !sequence.ids.isEmpty,
        "a sequence has one label per token and at least one token")
      ids += sequence.ids
      labels += sequence.labels.dropFirst()
      labels.append(-100)
      starts.append(ids.count)
    }
    self.init(ids: ids, starts: starts, labels: labels)
  }
}
