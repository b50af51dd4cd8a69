private import Foundation
private import Parallelism

/// How the next token is chosen from a row of logits: temperature, then top-k, then top-p, as
/// transformers orders them; of equal logits the lowest id comes first.
package struct TokenDraw: Sendable, Hashable {
  /// 0: the likeliest token.
  package var temperature: Double
  /// Only the K likeliest tokens; 0: all.
  package var topK: Int
  /// Only the likeliest tokens that together have this probability; 1: all.
  package var topP: Double
  /// The random number of the draw, in [0, 1).
  package var uniform: Double

  package init(temperature: Double = 0, topK: Int = 0, topP: Double = 1, uniform: Double = 0) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.uniform = uniform
  }

  /// The host's way.
  ///
  /// - Returns: nil where a logit is NaN or the greatest is not finite.
  package func choose(_ logits: UnsafeBufferPointer<Float>) -> TokenChoice? {
    var best = 0, second = -Float.infinity, top = -Float.infinity
    var isNumber = true
    for id in 0..<logits.count {
      let logit = logits[id]
      isNumber = isNumber && logit == logit
      if logit > second {
        if logit > top {
          second = top
          (top, best) = (logit, id)
        } else {
          second = logit
        }
      }
    }
    guard isNumber, top.isFinite else { return nil }
    let id = temperature == 0 ? best : draw(logits)
    return TokenChoice(id: Int32(id), top: top, second: second)
  }

  private func draw(_ logits: UnsafeBufferPointer<Float>) -> Int {
    var order = Array(logits.indices)
    order.sort { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }
    if topK > 0 { order = Array(order.prefix(topK)) }
    let top = Double(logits[order[0]])
    var weights = order.map { exp((Double(logits[$0]) - top) / temperature) }
    let total = weights.reduce(0, +)
    if topP < 1 {
      var mass = 0.0
      let kept = weights.firstIndex { weight in
        mass += weight / total
        return mass >= topP
      }
      if let kept { weights = Array(weights.prefix(kept + 1)) }
    }
    var rest = uniform * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return order[index] }
    }
    return order[weights.count - 1]
  }
}

/// A token that was chosen.
package struct TokenChoice: Sendable, Hashable {
  package let id: Int32
  /// Best minus second best logit; 0 for a vocabulary of one.
  package let gap: Float

  package init(id: Int32, top: Float, second: Float) {
    self.id = id
    gap = second == -.infinity ? 0 : top - second
  }
}

/// On the host: every row is read.
extension Backend {
  package func sample(_ logits: Matrix, _ draws: [TokenDraw]) -> [TokenChoice?] {
    precondition(draws.count <= logits.rows, "a draw has a row")
    var choices = [TokenChoice?](repeating: nil, count: draws.count)
    choices.withUnsafeMutableBufferPointer { choices in
      // Each task writes one element of its own.
      nonisolated(unsafe) let choices = choices
      pool.forEach(draws.count) { row in
        choices[row] = logits.rows(row..<row + 1).values().withUnsafeBufferPointer {
          draws[row].choose($0)
        }
      }
    }
    return choices
  }
}
