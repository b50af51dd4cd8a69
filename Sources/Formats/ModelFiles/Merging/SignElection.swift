import Parallelism

/// TIES: for each value the sign of the sum of weighted differences wins, and only differences of
/// that sign are added; a sum of 0 counts as positive. (Yadav et al. 2023, §3; "sum" consensus.)
struct SignElection {
  /// Of each model.
  let weights: [Float]
  /// Whether a sum is divided by the weights that went into it.
  let normalizes: Bool

  /// - Parameter deltas: weighted differences, those of one model after those of another.
  func mixed(_ deltas: [Float], _ pool: ThreadPool) -> [Float] {
    let count = deltas.count / weights.count
    var mixed = [Float](repeating: 0, count: count)
    mixed.withUnsafeMutableBufferPointer { mixed in
      deltas.withUnsafeBufferPointer { deltas in
        // Each task writes its own range only, and forEachBlock returns after all of them.
        nonisolated(unsafe) let (mixed, deltas) = (mixed, deltas)
        pool.forEachBlock(of: count, by: [Float].mergeBlock) { range in
          for index in range { mixed[index] = value(deltas, index, stride: count) }
        }
      }
    }
    return mixed
  }

  @inline(__always)
  private func value(_ deltas: UnsafeBufferPointer<Float>, _ index: Int, stride: Int) -> Float {
    var vote: Float = 0
    for model in weights.indices { vote += deltas[model &* stride &+ index] }
    let isPositive = vote >= 0
    var sum: Float = 0
    var divisor: Float = 0
    for model in weights.indices {
      let delta = deltas[model &* stride &+ index]
      guard isPositive ? delta > 0 : delta < 0 else { continue }
      sum += delta
      divisor += weights[model]
    }
    guard normalizes else { return sum }
    return sum / (divisor == 0 ? 1 : divisor)
  }
}
