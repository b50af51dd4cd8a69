package import Models
package import Records

/// What a run makes smaller: rows, how they lie in a batch, and the loss.
///
/// An objective drives the model itself. One that is a function of the log-probabilities of its
/// labels gives ``batch(_:)`` and ``value(_:_:_:)`` and takes the rest as it is.
package protocol TrainingObjective: AnyObject {
  /// Who the rows are, in the order of the data.
  var rowIDs: [RowID] { get }
  /// Tokens that each row puts into a batch.
  var batchTokens: [Int] { get }
  /// Labels of each row that the loss counts.
  var trainedTokens: [Int] { get }

  /// Rows as sequences without padding.
  func batch(_ rows: [Int]) -> TokenBatch

  /// - Parameter logProbabilities: of the labels of `batch(rows)`, in order.
  func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare) -> ObjectiveValue

  /// The slopes of ``value(_:_:_:)`` where they do not depend on the log-probabilities.
  func knownSlopes(_ rows: [Int], _ share: LossShare) -> [Float]?

  /// Forward, loss and backward of one micro-batch; adds to the gradients.
  func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue

  /// The loss of a micro-batch without gradients.
  func evaluate(_ model: any TrainableModel, _ rows: [Int], _ share: LossShare) throws
    -> ObjectiveValue

  /// What must be known of the model before its first step (a reference), or nothing.
  ///
  /// - Parameters:
  ///   - batches: all rows, in the batches to use.
  ///   - progress: called with the number of rows done, before each batch; may throw to stop.
  func prepare(
    _ model: any TrainableModel, _ batches: [[Int]], _ progress: (Int) throws -> Void) throws
  /// What ``prepare(_:_:_:)`` found, kept in checkpoints.
  var preparedState: [Double] { get }
  /// The size of ``preparedState``, known before it is prepared.
  var preparedSize: Int { get }
  /// Puts it back; false, changing nothing, when it is not of these rows.
  func restore(preparedState: [Double]) -> Bool
}

extension TrainingObjective {
  package func knownSlopes(_ rows: [Int], _ share: LossShare) -> [Float]? { nil }

  package func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue {
    let batch = batch(rows)
    let options = PassOptions(dropoutKey: dropoutKey, auxiliaryShare: share.microBatch)
    var result = ObjectiveValue(loss: 0, dLogProbabilities: [])
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

  package func prepare(
    _ model: any TrainableModel, _ batches: [[Int]], _ progress: (Int) throws -> Void
  ) throws {}
  package var preparedState: [Double] { [] }
  package var preparedSize: Int { 0 }
  package func restore(preparedState: [Double]) -> Bool { preparedState.isEmpty }
}

/// How much one token and one row of a micro-batch weigh in the loss of the whole step.
package struct LossShare: Sendable, Hashable {
  /// 1 / trained tokens of the step.
  package var token: Double
  /// 1 / (rows of the micro-batch * micro-batches of the step): the mean over the micro-batch,
  /// divided by the number of micro-batches, as TRL normalises preference losses.
  package var row: Double
  /// 1 / micro-batches of the step: what a loss of the micro-batch as a whole weighs; 0 leaves the
  /// load balance of experts out.
  package var microBatch: Double

  package init(token: Double, row: Double, microBatch: Double = 0) {
    self.token = token
    self.row = row
    self.microBatch = microBatch
  }
}

/// What an objective says of a micro-batch.
package struct ObjectiveValue: Sendable {
  /// The part of the step's loss; the parts of a step add up to it.
  package var loss: Double
  /// d loss / d log-probability, one per label.
  package var dLogProbabilities: [Float]
  /// Sums over the rows of the micro-batch, by TRL's names, in a fixed order.
  package var statistics: [Statistic]

  package struct Statistic: Sendable, Hashable {
    package var name: String
    package var sum: Double
  }

  package init(loss: Double, dLogProbabilities: [Float], statistics: [Statistic] = []) {
    self.loss = loss
    self.dLogProbabilities = dLogProbabilities
    self.statistics = statistics
  }
}
