/// Corrections for deciding several things at once.
///
/// A gate passes only when every rule passes, so that the chance of passing a model that breaks
/// one rule stays that of the rule without correction (Berger 1982, intersection-union tests).
/// Corrections are for claims about single rules: which of twenty slices got better, which rule
/// a model was refused by.
package enum MultipleTesting: String, Sendable, CaseIterable {
  case none
  /// p × m (Bonferroni): no false claim among all, whatever depends on what.
  case bonferroni
  /// The same promise with more power (Holm 1979, a step-down procedure).
  case holm
  /// The expected share of false claims among the claims (Benjamini and Hochberg 1995), for tests
  /// that are independent or depend positively.
  case benjaminiHochberg = "benjamini_hochberg"

  /// Adjusted p, in the order given: compared with the level as a single p would be.
  package func adjusted(_ pValues: [Double]) -> [Double] {
    precondition(pValues.allSatisfy { (0...1).contains($0) }, "probabilities")
    let m = Double(pValues.count)
    // Ties keep their order, which their adjusted values do not depend on.
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    switch self {
    case .none: break
    case .bonferroni: adjusted = pValues.map { min(1, $0 * m) }
    case .holm:
      var largest = 0.0
      for (rank, index) in order.enumerated() {
        largest = max(largest, min(1, (m - Double(rank)) * pValues[index]))
        adjusted[index] = largest
      }
    case .benjaminiHochberg:
      var smallest = 1.0
      for (rank, index) in order.enumerated().reversed() {
        smallest = min(smallest, m / Double(rank + 1) * pValues[index])
        adjusted[index] = smallest
      }
    }
    return adjusted
  }

  /// The confidence of each of several intervals that hold together (Bonferroni).
  package static func confidence(_ confidence: Double, ofEach count: Int) -> Double {
    1 - (1 - confidence) / Double(max(1, count))
  }
}

extension ConfidenceInterval {
  /// One-sided p of "not above the bound", from where the bound lies between the estimate and the
  /// lower end on a normal scale: (1 - confidence) / 2 at that end, so that p and interval decide
  /// alike.
  package func pValue(above bound: Double) -> Double {
    Self.pValue(
      estimate - bound, estimate >= bound ? estimate - lower : upper - estimate, confidence)
  }

  /// One-sided p of "not below the bound".
  package func pValue(below bound: Double) -> Double {
    Self.pValue(
      bound - estimate, bound >= estimate ? upper - estimate : estimate - lower, confidence)
  }

  private static func pValue(_ distance: Double, _ reach: Double, _ confidence: Double) -> Double {
    if reach.isInfinite { return 0.5 }
    if reach <= 0 { return distance > 0 ? 0 : 1 }
    return NormalDistribution.cumulative(-criticalValue(confidence) * distance / reach)
  }
}
