private import Foundation

extension PreferenceLoss {
  /// Kinds that look at one pair at a time.
  func value(_ kind: Kind, _ chosen: Answer, _ rejected: Answer) -> Value {
    switch kind {
    case .ipo, .sigmoidNorm: perToken(kind, chosen, rejected)
    case .ncaPair, .bcoPair, .sppoHard, .apoZero, .apoDown:
      perAnswer(kind, chosen.logRatio, rejected.logRatio)
    default: margin(kind, chosen, rejected)
    }
  }

  /// Functions of x = beta (s(r_c) - s(r_w)).
  private func margin(_ kind: Kind, _ chosen: Answer, _ rejected: Answer) -> Value {
    let c = divergence.score(chosen.logRatio)
    let w = divergence.score(rejected.logRatio)
    let (loss, slope) = curve(kind, beta * (c.value - w.value))
    return Value(
      loss: loss, dChosen: beta * slope * c.slope, dRejected: -beta * slope * w.slope)
  }

  private func curve(_ kind: Kind, _ x: Double) -> (loss: Double, slope: Double) {
    let e = labelSmoothing
    switch kind {
    case .sigmoid: return (-Logistic.logSigmoid(x), -Logistic.sigmoid(-x))
    case .cdpo, .aot, .aotUnpaired:
      return (
        -(1 - e) * Logistic.logSigmoid(x) - e * Logistic.logSigmoid(-x),
        -(1 - e) * Logistic.sigmoid(-x) + e * Logistic.sigmoid(x)
      )
    case .robust:
      return (
        (-(1 - e) * Logistic.logSigmoid(x) + e * Logistic.logSigmoid(-x)) / (1 - 2 * e),
        (-(1 - e) * Logistic.sigmoid(-x) - e * Logistic.sigmoid(x)) / (1 - 2 * e)
      )
    case .hinge: return (max(0, 1 - x), x < 1 ? -1 : 0)
    case .exoPair:
      let (q, p) = (Logistic.sigmoid(x), Logistic.sigmoid(-x))
      let loss =
        q * (Logistic.logSigmoid(x) - log1p(-e)) + p * (Logistic.logSigmoid(-x) - log(e))
      return (loss, q * p * (x - log1p(-e) + log(e)))
    case .discopop: return discopop(x)
    default: preconditionFailure("\(kind.rawValue) is no function of a margin")
    }
  }

  /// exp(-x) m is formed in logarithms: for x far below zero the first factor alone overflows.
  private func discopop(_ x: Double) -> (loss: Double, slope: Double) {
    let m = Logistic.sigmoid(x / discopopTau)
    let other = Logistic.sigmoid(-x / discopopTau)
    let logistic = -Logistic.logSigmoid(x)
    let blended = exp(-x + Logistic.logSigmoid(x / discopopTau))
    let slope =
      -Logistic.sigmoid(-x) * other - logistic * m * other / discopopTau
      - blended + blended * other / discopopTau
    return (logistic * other + blended, slope)
  }

  /// Scores divided by the tokens of their answer, so each token's share is 1 / n.
  private func perToken(_ kind: Kind, _ chosen: Answer, _ rejected: Answer) -> Value {
    let c = divergence.score(chosen.logRatio)
    let w = divergence.score(rejected.logRatio)
    let distance = c.value / chosen.length - w.value / rejected.length
    let (loss, slope): (Double, Double)
    if kind == .ipo {
      let error = distance - 1 / (2 * beta)
      (loss, slope) = (error * error, 2 * error)
    } else {
      (loss, slope) = (
        -Logistic.logSigmoid(beta * distance), -beta * Logistic.sigmoid(-beta * distance)
      )
    }
    return Value(
      loss: loss, dChosen: slope * c.slope / chosen.length,
      dRejected: -slope * w.slope / rejected.length)
  }

  /// Functions of the two log-ratios themselves, whatever the divergence.
  private func perAnswer(_ kind: Kind, _ c: Double, _ w: Double) -> Value {
    let (x, y) = (beta * c, beta * w)
    let (up, down) = (Logistic.sigmoid(x), Logistic.sigmoid(-x))
    let (upOther, downOther) = (Logistic.sigmoid(y), Logistic.sigmoid(-y))
    switch kind {
    case .ncaPair:
      return Value(
        loss: -Logistic.logSigmoid(x) - 0.5 * Logistic.logSigmoid(-x)
          - 0.5 * Logistic.logSigmoid(-y),
        dChosen: beta * (0.5 * up - down), dRejected: beta * 0.5 * upOther)
    case .bcoPair:
      return Value(
        loss: -Logistic.logSigmoid(x) - Logistic.logSigmoid(-y), dChosen: -beta * down,
        dRejected: beta * upOther)
    case .sppoHard:
      let (high, low) = (c - 0.5 / beta, w + 0.5 / beta)
      return Value(loss: high * high + low * low, dChosen: 2 * high, dRejected: 2 * low)
    case .apoZero:
      return Value(
        loss: down + upOther, dChosen: -beta * up * down, dRejected: beta * upOther * downOther)
    case .apoDown:
      let (right, wrong) = (Logistic.sigmoid(x - y), Logistic.sigmoid(y - x))
      return Value(
        loss: up + wrong, dChosen: beta * (up * down - right * wrong),
        dRejected: beta * right * wrong)
    default: preconditionFailure("\(kind.rawValue) is no function of two log-ratios")
    }
  }

  // MARK: - Over the batch

  /// The k-th smallest margin of the policy against the k-th smallest of the reference.
  func transport(_ pairs: [Pair]) -> [Value] {
    let policy = pairs.map { $0.chosen.policy - $0.rejected.policy }
    let reference = pairs.map { $0.chosen.reference - $0.rejected.reference }.sorted()
    var values = [Value](repeating: Value(), count: pairs.count)
    for (rank, index) in Self.order(policy).enumerated() {
      let (loss, slope) = curve(.aot, beta * (policy[index] - reference[rank]))
      values[index] = Value(loss: loss, dChosen: beta * slope, dRejected: -beta * slope)
    }
    return values
  }

  /// The k-th smallest log-ratio of the chosen against the k-th smallest of the rejected answers.
  func unpairedTransport(_ pairs: [Pair]) -> [Value] {
    let chosen = pairs.map(\.chosen.logRatio)
    let rejected = pairs.map(\.rejected.logRatio)
    var values = [Value](repeating: Value(), count: pairs.count)
    for (c, w) in zip(Self.order(chosen), Self.order(rejected)) {
      let (loss, slope) = curve(.aotUnpaired, beta * (chosen[c] - rejected[w]))
      values[c].loss += loss
      values[c].dChosen += beta * slope
      values[w].dRejected -= beta * slope
    }
    return values
  }

  /// The mean over the chosen tokens of all pairs, said of every pair.
  func likelihood(_ pairs: [Pair]) -> [Value] {
    let tokens = Double(max(1, pairs.reduce(0) { $0 + $1.chosen.tokens }))
    let mean = -pairs.reduce(0) { $0 + $1.chosen.plainPolicy } / tokens
    let slope = -Double(pairs.count) / tokens
    return pairs.map { _ in Value(loss: mean, dChosenPlain: slope) }
  }

  /// Indices from the smallest value up; equal values in the order given.
  private static func order(_ values: [Double]) -> [Int] {
    values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
  }
}
