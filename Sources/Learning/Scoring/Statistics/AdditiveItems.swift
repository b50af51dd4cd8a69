/// Items as rows of numbers whose sums a statistic is computed from: (1, difference) for a mean,
/// (loss, tokens) for a perplexity, counts per class for a macro F1.
package struct AdditiveItems: Sendable {
  /// Row by row.
  package var values: [Double]
  /// Numbers per row.
  package let width: Int

  package init(width: Int) {
    precondition(width > 0, "items without numbers")
    self.width = width
    values = []
  }

  package var count: Int { values.count / width }

  package mutating func append(_ row: [Double]) {
    precondition(row.count == width, "a row of another width")
    values += row
  }

  /// Sums of all rows.
  package var sums: [Double] {
    var sums = [Double](repeating: 0, count: width)
    for index in 0..<count { for k in 0..<width { sums[k] += values[index * width + k] } }
    return sums
  }

  /// Rows of two models on the same items, one after the other.
  package static func sideBySide(_ first: AdditiveItems, _ second: AdditiveItems) -> AdditiveItems {
    precondition(first.count == second.count, "other items")
    var both = AdditiveItems(width: first.width + second.width)
    both.values.reserveCapacity(first.values.count + second.values.count)
    for index in 0..<first.count {
      both.values += first.values[index * first.width..<(index + 1) * first.width]
      both.values += second.values[index * second.width..<(index + 1) * second.width]
    }
    return both
  }
}
