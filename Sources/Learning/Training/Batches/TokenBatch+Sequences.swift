package import Models
package import Records
private import Reproducibility

/// One row's ids on their way into a batch.
package struct LabelledSequence: Sendable, Hashable {
  package var ids: [Int32]
  /// Of each position its own id, or -100 where it is not trained.
  package var labels: [Int32]
  /// What its dropout is keyed by.
  package var key: UInt64

  package init(ids: [Int32], labels: [Int32], key: UInt64) {
    self.ids = ids
    self.labels = labels
    self.key = key
  }
}

extension TokenBatch {
  /// Sequences one after the other, without padding. A position carries the label of the next one
  /// and the last carries none, so the first token of a sequence is never predicted.
  package init(_ sequences: [LabelledSequence]) {
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
      labels.append(Self.ignored)
      starts.append(ids.count)
    }
    self.init(ids: ids, starts: starts, labels: labels, rowKeys: sequences.map(\.key))
  }
}

extension RowID {
  /// A number for this row and one of its sequences, from the row's content alone.
  package func key(sequence: Int = 0) -> UInt64 {
    let high = UInt64(hash.prefix(16), radix: 16) ?? 0
    let part = UInt64(ordinal) << 8 | UInt64(sequence)
    return CounterRandom(seed: high, stream: "row", part).bits(0)
  }
}
