private import Documents

/// Several verifiers, weighed: the weighted mean of their scores.
///
/// A part that could not score counts 0, as TRL adds rewards up, unless none could.
package struct SumVerifier: Verifier {
  package static let name = "sum"
  package static let summary = "The weighted mean of several verifiers."
  package static let options = [
    VerifierOption("of", "The verifiers, each with a weight (default 1).")
  ]

  private let parts: [(verifier: any Verifier, weight: Double)]

  package init(_ settings: VerifierSettings) throws {
    guard let items = settings.value("of")?.arrayValue, !items.isEmpty else {
      throw settings.problem("of", "must be a list of verifiers")
    }
    let depth = settings.depth + 1
    var parts: [(verifier: any Verifier, weight: Double)] = []
    for item in items {
      let weight = item["weight"] ?? 1
      guard let weight = weight.doubleValue, weight > 0, weight <= 1e6 else {
        throw settings.problem("of", "has a weight that is not above 0")
      }
      parts.append((try Verifiers.make(item, depth: depth), weight))
    }
    self.parts = parts
  }

  package func verify(_ attempt: Attempt) throws -> Verification {
    let results = try parts.map { try $0.verifier.verify(attempt) }
    if results.allSatisfy({ $0.score == nil }) {
      return Verification(nil, "sum.no-reference", parts: results)
    }
    let total = parts.reduce(0) { $0 + $1.weight }
    let sum = zip(results, parts).reduce(0) { $0 + ($1.0.score ?? 0) * $1.1.weight }
    return Verification(sum / total, "sum", parts: results)
  }
}
