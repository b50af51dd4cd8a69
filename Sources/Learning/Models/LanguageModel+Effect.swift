import ModelFiles
import Reproducibility
import Tensors

extension LanguageModel {
  /// How far the adapter moves the logits: the largest difference to the base over random tokens,
  /// and the largest logit of the base. nil without an adapter.
  ///
  /// The tokens are random because any will do, and none of the user's is needed.
  package func adapterEffect() -> (largest: Float, logits: Float)? {
    guard adapter != nil else { return nil }
    let random = CounterRandom(seed: 0, stream: "effect")
    let rows = (0..<4).map { row in
      (0..<16).map { position in
        Int32(random.integer(UInt64(row * 16 + position), below: configuration.vocabularySize))
      }
    }
    let batch = TokenBatch(predictingNextIn: rows)
    let positions = Array(batch.ids.indices)
    let with = logits(batch, positions: positions)
    let without = withoutAdapter { logits(batch, positions: positions) }
    var (largest, scale): (Float, Float) = (0, 0)
    for (a, b) in zip(with, without) {
      for (x, y) in zip(a, b) {
        largest = max(largest, abs(x - y))
        scale = max(scale, abs(y))
      }
    }
    return (largest, scale)
  }
}
