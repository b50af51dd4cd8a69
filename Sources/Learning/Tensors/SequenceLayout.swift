/// How the rows of a batch form sequences.
package struct SequenceLayout: Sendable, Hashable {
  /// Sequence i has the rows `starts[i]..<starts[i + 1]`.
  package let starts: [Int]
  /// Of each sequence the earlier one, itself without a prefix, whose rows come before its own;
  /// empty: none has a prefix.
  package let prefixes: [Int?]

  package init(starts: [Int], prefixes: [Int?] = []) {
    self.starts = starts
    self.prefixes = prefixes
  }

  package var count: Int { starts.count - 1 }

  package func rows(_ sequence: Int) -> Range<Int> { starts[sequence]..<starts[sequence + 1] }

  /// The rows before a sequence's own.
  package func prefix(_ sequence: Int) -> Range<Int>? {
    prefixes.isEmpty ? nil : prefixes[sequence].map(rows)
  }

  /// Sequences without a prefix, each with those that go on after it, in order.
  package var families: [(root: Int, branches: [Int])] {
    var branches = [[Int]](repeating: [], count: count)
    for (sequence, prefix) in prefixes.enumerated() {
      if let prefix { branches[prefix].append(sequence) }
    }
    return (0..<count).filter { prefixes.isEmpty || prefixes[$0] == nil }
      .map { ($0, branches[$0]) }
  }
}
