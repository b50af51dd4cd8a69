/// Token sequences laid end to end, without padding.
///
/// Attention is causal and block-diagonal over the sequences; positions restart at 0 in each.
package struct TokenBatch: Sendable {
  /// The label of a position that predicts nothing.
  package static let ignored: Int32 = -100

  /// T token ids.
  package var ids: [Int32]
  /// Sequence i is `ids[starts[i]..<starts[i + 1]]`; one more entry than sequences.
  package var starts: [Int]
  /// What each position should predict (already shifted), or ``ignored``.
  package var labels: [Int32]
  /// What dropout is keyed by, one per sequence, so that a row gets the same mask wherever it is
  /// packed; empty: the sequence's index in the batch.
  package var rowKeys: [UInt64]
  /// Of each sequence the earlier one that it goes on after, as if that were written out before it:
  /// a prompt that several answers share is computed once. Empty: all stand alone.
  package var prefixes: [Int?]

  package init(
    ids: [Int32], starts: [Int], labels: [Int32], rowKeys: [UInt64] = [], prefixes: [Int?] = []
  ) {
    self.ids = ids
    self.starts = starts
    self.labels = labels
    self.rowKeys = rowKeys
    self.prefixes = prefixes
  }

  /// One batch from sequences of ids, every position labelled with its successor.
  package init(predictingNextIn sequences: [[Int32]]) {
    self.init(ids: [], starts: [0], labels: [])
    for sequence in sequences {
      ids += sequence
      labels += sequence.dropFirst()
      if !sequence.isEmpty { labels.append(Self.ignored) }
      starts.append(ids.count)
    }
  }

  package var sequenceCount: Int { starts.count - 1 }

  /// Tokens before the first of a sequence: those of its prefix.
  func offset(of sequence: Int) -> Int {
    guard !prefixes.isEmpty, let prefix = prefixes[sequence] else { return 0 }
    return starts[prefix + 1] - starts[prefix]
  }

  /// Tokens of the longest sequence, its prefix among them.
  var longest: Int {
    (0..<sequenceCount).map { offset(of: $0) + starts[$0 + 1] - starts[$0] }.max() ?? 0
  }

  /// Positions with a label, ascending.
  package var labelledPositions: [Int] {
    labels.indices.filter { labels[$0] != Self.ignored }
  }

  /// Whoever makes a batch keeps these promises; a broken one is a programmer's mistake.
  func check(vocabulary: Int) {
    precondition(starts.first == 0 && starts.last == ids.count, "sequences cover the tokens")
    precondition(zip(starts, starts.dropFirst()).allSatisfy(<=), "sequences do not overlap")
    precondition(labels.count == ids.count, "every token has a label or none")
    precondition(rowKeys.isEmpty || rowKeys.count == sequenceCount, "every sequence has a key")
    precondition(
      prefixes.isEmpty || prefixes.count == sequenceCount, "every sequence has a prefix or none")
    for (sequence, prefix) in prefixes.enumerated() {
      guard let prefix else { continue }
      precondition(
        prefix >= 0 && prefix < sequence && prefixes[prefix] == nil,
        "a prefix comes before what goes on after it, and has none itself")
    }
    precondition(ids.allSatisfy { $0 >= 0 && Int($0) < vocabulary }, "ids are in the vocabulary")
    precondition(
      labels.allSatisfy { $0 == Self.ignored || $0 >= 0 && Int($0) < vocabulary },
      "labels are in the vocabulary")
  }
}
