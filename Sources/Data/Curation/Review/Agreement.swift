/// What reviewers decided, in numbers.
package enum Agreement {
  /// Cohen's kappa of two reviewers over the same items (Cohen 1960): (observed - expected) /
  /// (1 - expected), expected from how often each uses each category. 1 when both use one category
  /// alone; nil without items.
  package static func kappa<Category: Hashable>(_ pairs: [(Category, Category)]) -> Double? {
    if pairs.isEmpty { return nil }
    var first: [Category: Int] = [:]
    var second: [Category: Int] = [:]
    var equal = 0
    for (a, b) in pairs {
      first[a, default: 0] += 1
      second[b, default: 0] += 1
      if a == b { equal += 1 }
    }
    let count = pairs.count
    // Whole numbers, so that the order of categories cannot change the last bit.
    let chance = first.reduce(0) { $0 + $1.value * (second[$1.key] ?? 0) }
    if chance == count * count { return 1 }
    let expected = Double(chance) / Double(count * count)
    return (Double(equal) / Double(count) - expected) / (1 - expected)
  }

  /// Wilson's score interval of a proportion (Wilson 1927) at 95 % confidence, without continuity
  /// correction.
  package static func wilson(_ successes: Int, of count: Int) -> (lower: Double, upper: Double) {
    precondition(count > 0 && (0...count).contains(successes), "a proportion of at least one item")
    let z = 1.959963984540054
    let n = Double(count)
    let p = Double(successes) / n
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return (
      successes == 0 ? 0 : max(0, center - half), successes == count ? 1 : min(1, center + half)
    )
  }
}
