import ModelFiles
import Tensors

/// The head of a reward model: a score per sequence, the product of one row of weights with the
/// normalized hidden state of its last token (transformers' `…ForSequenceClassification`, one label).
final class ScoreHead {
  /// (1, C)
  let values: Matrix
  let gradient: Matrix?
  let tensor: WeightTensor

  /// - Parameter name: `score.weight`, or PEFT's name of it.
  init(_ name: String, size: Int, learns: Bool, backend: any Backend) {
    values = backend.allocate(size).matrix(rows: 1, columns: size)
    gradient = learns ? backend.allocate(size).matrix(rows: 1, columns: size) : nil
    tensor = WeightTensor(
      name: name, shape: [1, size], storage: .cells(values), gradient: gradient)
  }

  /// scores (n, 1) = x wᵀ.
  func forward(_ scores: Matrix, _ x: Matrix, in pass: Pass) {
    pass.backend.multiplyTransposed(scores, x, values)
  }

  /// dx (n, C), overwritten, and the head's own gradient from the slopes (n, 1).
  func backward(_ dx: Matrix, _ slopes: Matrix, _ x: Matrix, in pass: Pass) {
    pass.backend.multiply(dx, slopes, values)
    if let gradient {
      pass.backend.multiplyTransposing(gradient, slopes, x, alpha: 1, accumulate: true)
    }
  }
}
