/// How much one micro-batch holds.
package struct BatchExtent: Sendable, Hashable {
  package var tokens: Int
  /// Positions whose logits are computed.
  package var labels: Int

  package init(tokens: Int, labels: Int) {
    self.tokens = tokens
    self.labels = labels
  }

  /// Those that no other one covers, by tokens, the most first: memory grows with both numbers, so
  /// the largest step is one of these.
  static func largest(_ all: some Sequence<BatchExtent>) -> [BatchExtent] {
    var front: [BatchExtent] = []
    for extent in Set(all).sorted(by: { ($0.tokens, $0.labels) > ($1.tokens, $1.labels) })
    where extent.labels > front.last?.labels ?? -1 {
      front.append(extent)
    }
    return front
  }
}

extension RunPlan {
  /// Epochs that are looked through for their largest micro-batch; later ones are other orders of
  /// the same rows.
  private static let epochsMax = 64

  /// The largest micro-batches of the run.
  ///
  /// - Parameter trainedTokens: labels of each row.
  package mutating func largestBatches(trainedTokens: [Int]) -> [BatchExtent] {
    var found: [BatchExtent] = []
    var step = 1, epochs = 0
    while step <= totalSteps, epochs < Self.epochsMax {
      let place = cursor(of: step)
      let last = min(totalSteps, step + stepCount(ofEpoch: place.epoch) - place.index - 1)
      var extents: [BatchExtent] = []
      for number in step...last {
        extents += rows(of: number).microBatches.map { extent($0, trainedTokens) }
      }
      found = BatchExtent.largest(found + extents)
      (step, epochs) = (last + 1, epochs + 1)
    }
    return found
  }

  private func extent(_ rows: [Int], _ trainedTokens: [Int]) -> BatchExtent {
    BatchExtent(
      tokens: rows.reduce(0) { $0 + lengths[$1] },
      labels: rows.reduce(0) { $0 + trainedTokens[$1] })
  }
}
