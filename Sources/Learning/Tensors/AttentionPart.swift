/// Neighbouring rows of a batch that go on after keys and values known before.
package struct AttentionPart: Sendable {
  /// Of the batch; not empty.
  package let rows: Range<Int>
  /// What comes before them, first to last.
  package let before: [KeyValueRun]

  package init(rows: Range<Int>, before: [KeyValueRun]) {
    self.rows = rows
    self.before = before
  }
}

/// Keys and values of tokens that follow each other: (count, K · D) each, of one stride.
package struct KeyValueRun: Sendable {
  package let keys: Matrix
  package let values: Matrix

  package init(keys: Matrix, values: Matrix) {
    self.keys = keys
    self.values = values
  }

  /// The first `count` of them.
  package func prefix(_ count: Int) -> KeyValueRun {
    KeyValueRun(keys: keys.rows(0..<count), values: values.rows(0..<count))
  }
}
