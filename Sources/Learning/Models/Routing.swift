private import Foundation
import Parallelism

/// Which experts see which tokens, and how much each counts (Shazeer et al. 2017): softmax over all
/// experts, the k most probable of them, ties to the lower index.
struct Routing {
  /// The token of each row; rows are sorted by expert, then by token.
  let tokens: [Int32]
  /// Expert e has the rows `starts[e]..<starts[e + 1]`.
  let starts: [Int]
  /// What each row's result is multiplied by.
  let weights: [Float]
  /// Probabilities of each expert, added up over the tokens.
  let probabilitySums: [Double]
  /// The row of token t's choice j at t · k + j.
  private let rows: [Int32]
  private let rule: Rule

  struct Rule {
    let experts: Int
    let perToken: Int
    /// Whether the weights of a token add up to 1.
    let normalizes: Bool
  }

  /// - Parameter logits: (T, E), row after row.
  init(_ logits: [Float], _ rule: Rule, pool: ThreadPool) {
    let (e, k) = (rule.experts, rule.perToken)
    let count = logits.count / e
    var choices = [Int32](repeating: 0, count: count * k)
    var factors = [Float](repeating: 0, count: count * k)
    let blocks = (count + Self.block - 1) / Self.block
    var sums = [Double](repeating: 0, count: blocks * e)
    choices.withUnsafeMutableBufferPointer { choices in
      factors.withUnsafeMutableBufferPointer { factors in
        sums.withUnsafeMutableBufferPointer { sums in
          // Each task writes what belongs to its own tokens and its own block.
          nonisolated(unsafe) let (choices, factors, sums) = (choices, factors, sums)
          pool.forEachBlock(of: count, by: Self.block) { tokens in
            let sum = tokens.lowerBound / Self.block * e
            for token in tokens {
              let row = logits[token * e..<(token + 1) * e]
              let p = Self.softmax(row)
              for expert in 0..<e { sums[sum + expert] += p[expert] }
              let chosen = Self.largest(k, row)
              let total = rule.normalizes ? chosen.reduce(0) { $0 + p[$1] } : 1
              for (j, expert) in chosen.enumerated() {
                choices[token * k + j] = Int32(expert)
                factors[token * k + j] = Float(p[expert] / total)
              }
            }
          }
        }
      }
    }
    var probabilitySums = [Double](repeating: 0, count: e)
    for block in 0..<blocks {
      for expert in 0..<e { probabilitySums[expert] += sums[block * e + expert] }
    }
    self.probabilitySums = probabilitySums
    self.rule = rule

    var starts = [Int](repeating: 0, count: e + 1)
    for choice in choices { starts[Int(choice) + 1] += 1 }
    for expert in 0..<e { starts[expert + 1] += starts[expert] }
    self.starts = starts
    var next = starts
    var tokens = [Int32](repeating: 0, count: count * k)
    var weights = [Float](repeating: 0, count: count * k)
    var rows = [Int32](repeating: 0, count: count * k)
    for place in choices.indices {
      let row = next[Int(choices[place])]
      next[Int(choices[place])] += 1
      tokens[row] = Int32(place / k)
      weights[row] = factors[place]
      rows[place] = Int32(row)
    }
    self.tokens = tokens
    self.weights = weights
    self.rows = rows
  }

  func rows(of expert: Int) -> Range<Int> { starts[expert]..<starts[expert + 1] }

  /// Rows of each expert.
  var counts: [Int] { zip(starts, starts.dropFirst()).map { $1 - $0 } }

  /// From the gradient by each row's weight to that by the logits; which experts are chosen is a
  /// constant.
  ///
  /// - Parameters:
  ///   - logits: what the routing was made from.
  ///   - auxiliary: the gradient of another loss by every token's probability of each expert.
  func backward(
    _ logits: [Float], _ slopes: [Float], auxiliary: [Double]?, pool: ThreadPool
  ) -> [Float] {
    let (e, k) = (rule.experts, rule.perToken)
    return [Float](unsafeUninitializedCapacity: logits.count) { result, written in
      // Each task writes the cells of its own tokens.
      nonisolated(unsafe) let result = result
      pool.forEachBlock(of: logits.count / e, by: Self.block) { tokens in
        for token in tokens {
          let p = Self.softmax(logits[token * e..<(token + 1) * e])
          var dp = auxiliary ?? [Double](repeating: 0, count: e)
          let places = rows[token * k..<(token + 1) * k].map(Int.init)
          let chosen = places.map { expert(ofRow: $0) }
          let total = rule.normalizes ? chosen.reduce(0) { $0 + p[$1] } : 1
          let mean =
            rule.normalizes
            ? zip(places, chosen).reduce(0) { $0 + Double(slopes[$1.0]) * p[$1.1] / total } : 0
          for (row, expert) in zip(places, chosen) {
            dp[expert] += (Double(slopes[row]) - mean) / total
          }
          let inner = zip(p, dp).reduce(0) { $0 + $1.0 * $1.1 }
          for expert in 0..<e {
            result[token * e + expert] = Float(p[expert] * (dp[expert] - inner))
          }
        }
      }
      written = logits.count
    }
  }

  private func expert(ofRow row: Int) -> Int {
    // The last expert that starts at the row or before it, and is not empty.
    var (low, high) = (0, rule.experts)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }

  /// Tokens per task.
  private static let block = 64

  private static func softmax(_ logits: ArraySlice<Float>) -> [Double] {
    let top = Double(logits.max() ?? 0)
    let e = logits.map { exp(Double($0) - top) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  /// Indices of the k largest, largest first, ties to the lower index; NaN is below everything.
  private static func largest(_ k: Int, _ logits: ArraySlice<Float>) -> [Int] {
    var chosen: [Int] = []
    for _ in 0..<k {
      var best: Int?
      for (index, value) in logits.enumerated() where !chosen.contains(index) {
        guard let known = best else {
          best = index
          continue
        }
        if value > logits[logits.startIndex + known] { best = index }
      }
      if let best { chosen.append(best) }
    }
    return chosen
  }
}

/// The load-balancing loss of a pass (Fedus et al. 2021, as in transformers): E · Σ f P over the
/// tokens of all layers together, f the experts' shares of the choices, P their mean probability.
struct LoadBalance {
  /// Times coefficient and share.
  let loss: Double
  /// Its gradient by a token's probability of each expert; f is a constant.
  let slopes: [Double]

  /// - Parameter scale: the coefficient times the share of this pass in the step's loss.
  init(_ layers: [Routing], perToken: Int, experts: Int, scale: Double) {
    let rows = Double(layers.reduce(0) { $0 + $1.tokens.count / perToken })
    var slopes = [Double](repeating: 0, count: experts)
    var means = slopes
    for layer in layers {
      for (expert, count) in layer.counts.enumerated() {
        slopes[expert] += scale * Double(experts) * Double(count) / (rows * rows)
        means[expert] += layer.probabilitySums[expert]
      }
    }
    self.slopes = slopes
    loss = zip(slopes, means).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
