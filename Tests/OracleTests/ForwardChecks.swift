import Foundation
import Models
import OracleFiles
import Testing

/// Expects a model within the bounds of ``ForwardDistances``.
struct ForwardChecks {
  let model: LanguageModel
  let oracle: ForwardOracle

  private var distances: ForwardDistances { ForwardDistances(model: model, oracle: oracle) }

  /// Logits at the listed columns, and what is known of the whole vocabulary.
  func logits() throws { Self.expect(try distances.logits()) }

  /// Mean and per-token negative log-likelihood, and the norm of every gradient of the mean.
  func gradients() throws { Self.expect(try distances.gradients()) }

  /// Norms of the gradients that the model holds.
  static func compareNorms(
    _ model: LanguageModel, _ expected: [String: Double], bound: Double
  ) throws {
    expect(ForwardDistances.norms(model, expected, bound: bound))
  }

  static func logSumExp(_ logits: [Float]) -> Double { ForwardDistances.logSumExp(logits) }

  private static func expect(_ distances: [OracleDistance]) {
    #expect(!distances.isEmpty)
    for found in distances {
      #expect(
        found.isWithin, "\(found.what) differs by \(found.distance), at most \(found.bound)")
    }
    for (what, all) in Dictionary(grouping: distances, by: { $0.what.prefix { $0 != " " } }) {
      Figures.note(String(what), all.map { $0.distance / $0.bound }.max() ?? 0)
    }
  }
}

/// Distances as shares of their bounds, printed where ORCHESTRATE_MEASURE is set.
enum Figures {
  static func note(_ what: String, _ share: Double) {
    guard ProcessInfo.processInfo.environment["ORCHESTRATE_MEASURE"] != nil else { return }
    print("\(what): \((share * 1000).rounded() / 10) % of the bound")
  }
}
