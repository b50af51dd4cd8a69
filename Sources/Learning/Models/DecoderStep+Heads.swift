import Parallelism
import Tensors

/// Heads besides the log-probabilities of labels.
extension DecoderStep {
  /// The scores at the wanted positions.
  func scores() -> [Float] {
    guard let head = decoder.score else { preconditionFailure("the model has a score head") }
    if wanted.isEmpty { return [] }
    runLayers()
    let scores = arena.matrix(plan.head.logProbability)
    head.forward(scores, arena.matrix(plan.head.normalized), in: pass)
    return scores.values()
  }

  /// Adds the gradients of Σ slope · score, after ``scores()``.
  func backward(scoreSlopes: [Float]) {
    guard !wanted.isEmpty, let head = decoder.score, let gradient = plan.head.gradient else {
      return
    }
    let slopes = arena.matrix(plan.head.logSumExp)
    slopes.write(scoreSlopes)
    head.backward(
      arena.matrix(gradient), slopes, arena.matrix(plan.head.normalized), in: pass)
    backwardThroughLayers()
  }

  /// Compares logits with those of another model's step over the same batch and positions, chunk by
  /// chunk; with a backward pass, the gradients reach the normalized residual stream.
  func compareLogits(with teacher: DecoderStep, _ comparison: LogitComparison) throws
    -> [Double]
  {
    precondition(
      teacher.decoder !== decoder
        && teacher.decoder.shape.vocabulary == decoder.shape.vocabulary,
      "the teacher is another model of the same vocabulary")
    if wanted.isEmpty { return [] }
    runLayers()
    teacher.runLayers()
    let cap = options.gradients ? decoder.head.softcap(1) : nil
    return try Head.chunks(plan.head).flatMap { chunk in
      let logits = decoder.head.logits(plan.head, chunk, arena, in: pass)
      let other = teacher.decoder.head.logits(
        teacher.plan.head, chunk, teacher.arena, in: teacher.pass)
      let values = try pass.backend.pool.map(Array(0..<chunk.count)) { row in
        Self.compare(logits.rows(row..<row + 1), other.rows(row..<row + 1), cap) {
          comparison(chunk.lowerBound + row, $0, $1, $2)
        }
      }
      if options.gradients {
        decoder.head.logitsBackward(plan.head, chunk, logits, arena, in: pass)
      }
      return values
    }
  }

  /// One position; its logits become the gradient by what they were before a soft cap.
  ///
  /// - Parameter cap: of the soft cap, 0 where there is none; nil: no gradient is wanted.
  private static func compare(
    _ student: Matrix, _ teacher: Matrix, _ cap: Float?,
    _ body: (
      UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>?
    ) -> Double
  ) -> Double {
    let (mine, theirs) = (student.values(), teacher.values())
    return mine.withUnsafeBufferPointer { mine in
      theirs.withUnsafeBufferPointer { theirs in
        guard let cap else { return body(mine, theirs, nil) }
        var gradient = [Float](repeating: 0, count: mine.count)
        let value = gradient.withUnsafeMutableBufferPointer { body(mine, theirs, $0) }
        if cap > 0 {
          for j in gradient.indices {
            let ratio = mine[j] / cap
            gradient[j] *= 1 - ratio * ratio
          }
        }
        student.write(gradient)
        return value
      }
    }
  }
}
