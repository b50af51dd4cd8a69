private import Documents
private import Foundation
package import Models
private import Tensors

/// How far a number is from an oracle's, and how far it may be.
package struct OracleDistance: Sendable {
  package let what: String
  package let distance: Double
  package let bound: Double

  package var isWithin: Bool { distance <= bound }
}

/// A model against a ``ForwardOracle``, number by number. A bound is the larger of ten times the
/// distance that the Python stack itself has between single and double precision, and 2e-6 relative.
package struct ForwardDistances {
  package let model: LanguageModel
  package let oracle: ForwardOracle

  package init(model: LanguageModel, oracle: ForwardOracle) {
    self.model = model
    self.oracle = oracle
  }

  private func bound(_ noise: Double, _ value: Double) -> Double {
    max(10 * noise, 2e-6 * abs(value))
  }

  /// Logits at the listed columns, and what is known of the whole vocabulary.
  package func logits() throws -> [OracleDistance] {
    let batch = oracle.batch
    let logits = model.logits(batch, positions: Array(batch.ids.indices))
    let (columns, expected) = (oracle.columns, try oracle.logits())
    guard columns.count >= 8, expected.count == batch.ids.count,
      expected.allSatisfy({ $0.count == columns.count })
    else { throw ForwardOracle.Missing(what: "a logit for each listed column") }
    let largest = expected.joined().map(abs).max() ?? 0
    var worst = 0.0
    for (row, values) in zip(logits, expected) {
      for (column, value) in zip(columns, values) {
        worst = Self.greater(worst, abs(Double(row[column]) - value))
      }
    }
    let bound = bound(oracle.noise.logits, largest)
    return [OracleDistance(what: "logits", distance: worst, bound: bound)]
      + (oracle.json["logsumexp_f64"] == nil ? [] : try vocabulary(logits, bound))
  }

  private func vocabulary(_ logits: [[Float]], _ bound: Double) throws -> [OracleDistance] {
    let sums = try ForwardOracle.numbers(oracle.json, "logsumexp_f64")
    let best = try ForwardOracle.numbers(oracle.json, "argmax_f64")
    var position = 0, worst = 0.0, behind = 0.0
    for (sequence, row) in oracle.rows.enumerated() {
      for index in row.indices {
        let own = logits[position]
        worst = Self.greater(worst, abs(Self.logSumExp(own) - sums[sequence][index]))
        let named = Double(own[Int(best[sequence][index])])
        behind = Self.greater(behind, Double(own.max() ?? 0) - named)
        position += 1
      }
    }
    return [
      OracleDistance(what: "logsumexp", distance: worst, bound: bound),
      OracleDistance(what: "the best token, from the greatest", distance: behind, bound: 2 * bound),
    ]
  }

  package static func logSumExp(_ logits: [Float]) -> Double {
    let top = Double(logits.max() ?? 0)
    return top + log(logits.reduce(0) { $0 + exp(Double($1) - top) })
  }

  /// Mean and per-token negative log-likelihood, and the norm of every gradient of the mean.
  package func gradients() throws -> [OracleDistance] {
    model.zeroGradients()
    let logp = model.forwardBackward(
      oracle.batch, PassOptions(),
      .computed { logp in logp.map { _ in -1 / Float(logp.count) } })
    let nll = -logp.reduce(0) { $0 + Double($1) } / Double(logp.count)
    let expected = try oracle.number("mean_nll_f64")
    return [
      OracleDistance(
        what: "mean NLL", distance: abs(nll - expected),
        bound: bound(oracle.noise.meanNLL, expected))
    ] + (oracle.json["token_nll_f64"] == nil ? [] : [try tokens(logp)])
      + Self.norms(model, oracle.gradientNorms, bound: max(10 * oracle.noise.gradients, 2e-6))
  }

  private func tokens(_ logp: [Float]) throws -> OracleDistance {
    let expected = zip(try ForwardOracle.numbers(oracle.json, "token_nll_f64"), oracle.rows)
      .flatMap { $0.prefix(max(0, $1.count - 1)) }
    guard expected.count == logp.count else {
      throw ForwardOracle.Missing(what: "an NLL for each token")
    }
    return OracleDistance(
      what: "token NLL",
      distance: zip(logp, expected).map { abs(Double(-$0) - $1) }.reduce(0, Self.greater),
      bound: bound(oracle.noise.logits, expected.max() ?? 0))
  }

  /// Norms of the gradients that the model holds, whole experts fused where the oracle fuses them; a
  /// tensor that only one of both has is infinitely far.
  ///
  /// A gradient that is zero but for rounding has no relative distance: what counts is 1e-5 of
  /// the largest norm at least.
  package static func norms(
    _ model: LanguageModel, _ expected: [String: Double], bound: Double
  ) -> [OracleDistance] {
    var squares: [String: Double] = [:]
    for parameter in model.parameters {
      let name = ForwardOracle.canonical(parameter.name)
      let known = expected[name] != nil ? name : ForwardOracle.fused(name)
      squares[known, default: 0] += model.backend.sumOfSquares(parameter.gradient)
    }
    let floor = 1e-5 * (expected.values.max() ?? 0)
    return Set(squares.keys).union(expected.keys).sorted().map { name in
      guard let norm = expected[name], let own = squares[name]?.squareRoot() else {
        return OracleDistance(
          what: "gradient of \(name), which one side has", distance: .infinity, bound: bound)
      }
      return OracleDistance(
        what: "gradient of \(name)", distance: abs(own - norm) / max(norm, floor), bound: bound)
    }
  }

  /// A NaN is greater than any number.
  private static func greater(_ a: Double, _ b: Double) -> Double {
    a.isNaN || b.isNaN ? .infinity : max(a, b)
  }
}
