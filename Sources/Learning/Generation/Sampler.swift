private import Foundation
import Reproducibility

/// Chooses one token from logits: temperature, then top-k, then top-p, as transformers orders them.
///
/// What is drawn depends on (seed, key of the text, position) alone.
struct Sampler {
  struct Choice {
    let id: Int32
    /// Best minus second best logit; 0 for a vocabulary of one.
    let gap: Float
  }

  private let settings: SamplingSettings
  private let random: CounterRandom

  /// - Parameter key: which text this is; part of what randomness is keyed by.
  init(_ settings: SamplingSettings, key: UInt64) {
    self.settings = settings
    random = CounterRandom(seed: settings.seed, stream: "sample", key)
  }

  /// - Returns: nil when the best logit is not finite.
  func choose(_ logits: UnsafeBufferPointer<Float>, position: Int) -> Choice? {
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
    let gap = second == -.infinity ? 0 : top - second
    let id = settings.temperature == 0 ? best : draw(logits, position)
    return Choice(id: Int32(id), gap: gap)
  }

  private func draw(_ logits: UnsafeBufferPointer<Float>, _ position: Int) -> Int {
    var order = Array(logits.indices)
    order.sort { logits[$0] != logits[$1] ? logits[$0] > logits[$1] : $0 < $1 }
    if settings.topK > 0 { order = Array(order.prefix(settings.topK)) }
    let top = Double(logits[order[0]])
    var weights = order.map { exp((Double(logits[$0]) - top) / settings.temperature) }
    let total = weights.reduce(0, +)
    if settings.topP < 1 {
      var mass = 0.0
      let kept = weights.firstIndex { weight in
        mass += weight / total
        return mass >= settings.topP
      }
      if let kept { weights = Array(weights.prefix(kept + 1)) }
    }
    var rest = random.uniform(UInt64(position)) * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return order[index] }
    }
    return order[weights.count - 1]
  }
}
