import Documents
import Foundation
import Models
import Tensors
import Testing

/// A model against a ``ForwardOracle``, number by number. A bound is the larger of ten times the
/// distance that the Python stack itself has between single and double precision, and 2e-6 relative.
struct ForwardChecks {
  let model: LanguageModel
  let oracle: ForwardOracle

  private func bound(_ noise: Double, _ value: Double) -> Double {
    max(10 * noise, 2e-6 * abs(value))
  }

  /// Logits at the listed columns, and what is known of the whole vocabulary.
  func logits() throws {
    let batch = oracle.batch
    let logits = model.logits(batch, positions: Array(batch.ids.indices))
    let (columns, expected) = (oracle.columns, try oracle.logits())
    try #require(columns.count >= 8 && expected.count == batch.ids.count)
    let largest = expected.joined().map(abs).max() ?? 0
    var worst = 0.0
    for (row, values) in zip(logits, expected) {
      try #require(values.count == columns.count)
      for (column, value) in zip(columns, values) {
        worst = max(worst, abs(Double(row[column]) - value))
      }
    }
    let bound = bound(oracle.noise.logits, largest)
    #expect(worst <= bound, "logits differ by \(worst), at most \(bound)")
    Figures.note("logits", worst / bound)
    if oracle.json["logsumexp_f64"] != nil { try vocabulary(logits, bound) }
  }

  private func vocabulary(_ logits: [[Float]], _ bound: Double) throws {
    let sums = try ForwardOracle.numbers(oracle.json, "logsumexp_f64")
    let best = try ForwardOracle.numbers(oracle.json, "argmax_f64")
    var position = 0, worst = 0.0
    for (sequence, row) in oracle.rows.enumerated() {
      for index in row.indices {
        let own = logits[position]
        worst = max(worst, abs(Self.logSumExp(own) - sums[sequence][index]))
        let top = Double(own.max() ?? 0), named = Double(own[Int(best[sequence][index])])
        #expect(top - named <= 2 * bound, "the best token at position \(position)")
        position += 1
      }
    }
    #expect(worst <= bound, "log-sum-exp differs by \(worst), at most \(bound)")
    Figures.note("logsumexp", worst / bound)
  }

  static func logSumExp(_ logits: [Float]) -> Double {
    let top = Double(logits.max() ?? 0)
    return top + log(logits.reduce(0) { $0 + exp(Double($1) - top) })
  }

  /// Mean and per-token negative log-likelihood, and the norm of every gradient of the mean.
  func gradients() throws {
    model.zeroGradients()
    let logp = model.forwardBackward(
      oracle.batch, PassOptions(),
      .computed { logp in logp.map { _ in -1 / Float(logp.count) } })
    let nll = -logp.reduce(0) { $0 + Double($1) } / Double(logp.count)
    let expected = try oracle.number("mean_nll_f64")
    let limit = bound(oracle.noise.meanNLL, expected)
    #expect(abs(nll - expected) <= limit, "mean NLL \(nll), expected \(expected)")
    Figures.note("mean NLL", abs(nll - expected) / limit)
    if oracle.json["token_nll_f64"] != nil { try tokens(logp) }
    try Self.compareNorms(
      model, oracle.gradientNorms, bound: max(10 * oracle.noise.gradients, 2e-6))
  }

  private func tokens(_ logp: [Float]) throws {
    let expected = zip(try ForwardOracle.numbers(oracle.json, "token_nll_f64"), oracle.rows)
      .flatMap { $0.prefix(max(0, $1.count - 1)) }
    try #require(expected.count == logp.count)
    let worst = zip(logp, expected).map { abs(Double(-$0) - $1) }.max() ?? 0
    let bound = bound(oracle.noise.logits, expected.max() ?? 0)
    #expect(worst <= bound, "a token's NLL differs by \(worst), at most \(bound)")
    Figures.note("token NLL", worst / bound)
  }

  /// Norms of the gradients that the model holds, whole experts fused where the oracle fuses them.
  ///
  /// A gradient that is zero but for rounding has no relative distance: what counts is 1e-5 of
  /// the largest norm at least.
  static func compareNorms(
    _ model: LanguageModel, _ expected: [String: Double], bound: Double
  ) throws {
    var squares: [String: Double] = [:]
    for parameter in model.parameters {
      let name = ForwardOracle.canonical(parameter.name)
      let known = expected[name] != nil ? name : ForwardOracle.fused(name)
      squares[known, default: 0] += model.backend.sumOfSquares(parameter.gradient)
    }
    #expect(squares.keys.sorted() == expected.keys.sorted(), "other tensors learn")
    let floor = 1e-5 * (expected.values.max() ?? 0)
    let distances = expected.map { name, norm in
      let own = squares[name]?.squareRoot() ?? .infinity
      return (name: name, distance: abs(own - norm) / max(norm, floor))
    }.sorted { ($1.distance, $0.name) < ($0.distance, $1.name) }
    let far = distances.prefix { $0.distance > bound || $0.distance.isNaN }
    let worst = distances.first?.distance ?? 0
    #expect(
      far.isEmpty, "\(far.count) gradients, first \(far.first?.name ?? "") by \(worst) of \(bound)")
    Figures.note("gradients", worst / bound)
  }
}

/// Distances as shares of their bounds, printed where ORCHESTRATE_MEASURE is set.
enum Figures {
  static func note(_ what: String, _ share: Double) {
    guard ProcessInfo.processInfo.environment["ORCHESTRATE_MEASURE"] != nil else { return }
    print("\(what): \((share * 1000).rounded() / 10) % of the bound")
  }
}
