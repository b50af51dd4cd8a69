internal import Diagnostics
internal import Documents
internal import Scoring
internal import StageKit

/// `verifiers`: what scores answers.
struct VerifierParameters: Sendable {
  struct Entry: Sendable {
    let name: String
    let verifier: any Verifier
    let weight: Double
  }

  let entries: [Entry]

  init(_ read: inout ParameterReader, help: String) {
    let names = Verifiers.all.map { $0.name }.joined(separator: ", ")
    let node = read.open(
      "verifiers", expected: "a list of mappings",
      help: "\(help): a list, each with 'type' (\(names)), a 'weight' (1 by default) and its own "
        + "options.")
    var entries: [Entry] = []
    if let node, node.sequence == nil {
      read.problem("verifiers", "is \(node.kindName), expected a list of mappings")
    }
    for (index, item) in (node?.sequence ?? []).enumerated() {
      let json = CoreSchema.json(item)
      do {
        let weight = json["weight"] ?? 1
        guard let number = weight.doubleValue, number > 0, number <= 1e6 else {
          throw Diagnostic(
            "verifier.weight", "'weight' is \(weight.kindName), expected a number above 0"
          ).failure(.badInput)
        }
        entries.append(
          Entry(
            name: json["type"]?.stringValue ?? "", verifier: try Verifiers.make(json),
            weight: number))
      } catch {
        let found = (error as? Failure)?.diagnostics.first
        read.problem(
          "verifiers", "entry \(index + 1): \(found?.message ?? "it cannot be read")",
          fix: found?.fix)
      }
    }
    self.entries = entries
  }

  /// The weighted mean of the scores, 0 to 1; nil where a row lacks what one of them reads.
  ///
  /// - Returns: the score, and the reasons of those that gave less than 1.
  func score(_ attempt: Attempt) throws -> (score: Double?, reasons: [String]) {
    var (sum, weights) = (0.0, 0.0)
    var reasons: [String] = []
    var isKnown = true
    for entry in entries {
      let verification = try entry.verifier.verify(attempt)
      if verification.score != 1 { reasons.append(verification.reason) }
      guard let score = verification.score else {
        isKnown = false
        continue
      }
      sum += entry.weight * score
      weights += entry.weight
    }
    return (isKnown && weights > 0 ? sum / weights : nil, reasons)
  }
}
