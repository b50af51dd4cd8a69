package import Documents

/// The assertions of a case.
///
/// Without a threshold the case passes when each assertion of a weight above 0 passes; with one when
/// the weighted mean of their scores is at or over it, as in promptfoo.
package struct AssertionCase: Sendable {
  package let assertions: [Assertion]
  package let threshold: Double?

  package init(_ assertions: [Assertion], threshold: Double? = nil) {
    self.assertions = assertions
    self.threshold = threshold
  }

  /// - Parameters:
  ///   - list: objects with `type`.
  ///   - threshold: 0 to 1.
  /// - Throws: ``Failure`` of class `badInput` for the first assertion that does not fit.
  package init(_ list: [JSONValue], threshold: Double? = nil) throws {
    self.init(
      try list.enumerated().map { try Assertion($0.element, position: $0.offset) },
      threshold: threshold)
  }

  package struct Result: Sendable, Hashable {
    package var passes: Bool
    /// The weighted mean of the scores; 1 where nothing has a weight.
    package var score: Double
    /// Which assertions did not pass, from 0; those without weight too.
    package var failed: [Int]
  }

  /// - Parameter variables: the row's fields, an object.
  package func evaluate(_ answer: String, variables: JSONValue = .object([])) throws -> Result {
    let outcomes = try assertions.map { try $0.evaluate(answer, variables) }
    let weighted = zip(outcomes, assertions).filter { $0.1.weight > 0 }
    let weight = weighted.reduce(0) { $0 + $1.1.weight }
    let score =
      weighted.isEmpty ? 1 : weighted.reduce(0) { $0 + $1.0.score * $1.1.weight } / weight
    let passes =
      threshold.map { weighted.isEmpty || score >= $0 } ?? weighted.allSatisfy { $0.0.passes }
    return Result(
      passes: passes, score: score, failed: outcomes.indices.filter { !outcomes[$0].passes })
  }
}
