/// A label that a row of logits is asked about.
package struct LabelTarget: Sendable, Hashable {
  package let row: Int
  package let label: Int32

  package init(row: Int, label: Int32) {
    self.row = row
    self.label = label
  }
}

/// What a row of logits says of a label.
package struct LabelMeasure: Sendable, Hashable {
  /// log softmax(logits)[label].
  package let logProbability: Float
  /// Whether no other label has a greater logit, nor an earlier one an equal logit.
  package let isLikeliest: Bool

  package init(logProbability: Float, isLikeliest: Bool) {
    self.logProbability = logProbability
    self.isLikeliest = isLikeliest
  }
}
