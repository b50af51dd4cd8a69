package import Models

/// An objective that is a function of the log-probabilities of its labels.
package protocol LabelObjective: TrainingObjective {
  /// Rows as sequences without padding.
  func batch(_ rows: [Int]) -> TokenBatch

  /// - Parameter logProbabilities: of the labels of `batch(rows)`, in order.
  func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare) -> ObjectiveValue

  /// The slopes of ``value(_:_:_:)`` where they do not depend on the log-probabilities.
  func knownSlopes(_ rows: [Int], _ share: LossShare) -> [Float]?
}

extension LabelObjective {
  package func knownSlopes(_ rows: [Int], _ share: LossShare) -> [Float]? { nil }

  package func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue {
    let batch = batch(rows)
    let options = PassOptions(dropoutKey: dropoutKey, auxiliaryShare: share.microBatch)
    var result = ObjectiveValue(loss: 0)
    if let slopes = knownSlopes(rows, share) {
      result = value(rows, model.forwardBackward(batch, options, .known(slopes)), share)
    } else {
      model.forwardBackward(
        batch, options,
        .computed {
          result = self.value(rows, $0, share)
          return result.dLogProbabilities
        })
    }
    result.loss += model.auxiliaryLoss
    return result
  }

  package func evaluate(_ model: any TrainableModel, _ rows: [Int], _ share: LossShare) throws
    -> ObjectiveValue
  {
    value(rows, model.logProbabilities(batch(rows)), share)
  }
}
