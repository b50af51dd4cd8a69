package import Records

/// What a run makes smaller: rows, and a loss over them.
///
/// An objective drives the model itself. One that is a function of the log-probabilities of its
/// labels is a ``LabelObjective`` and takes most of this as it is.
package protocol TrainingObjective: AnyObject {
  /// Who the rows are, in the order of the data.
  var rowIDs: [RowID] { get }
  /// Tokens that each row puts into a batch.
  var batchTokens: [Int] { get }
  /// Labels of each row that the loss counts.
  var trainedTokens: [Int] { get }

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

  /// Called before the micro-batches of every step: makes what is not there yet (completions of a
  /// round), so that ``batchTokens`` and ``trainedTokens`` of the step's rows are known.
  ///
  /// - Parameters:
  ///   - step: counts from 1.
  ///   - progress: called with what is being done and how far it is; may throw to stop, and the step
  ///     is then begun again.
  func begin(
    _ step: Int, _ plan: StepPlan, _ model: any TrainableModel,
    _ progress: (_ done: Int, _ total: Int, _ what: String) throws -> Void) throws
  /// What is worth knowing of the step that ``begin(_:_:_:_:)`` began, by name.
  var stepStatistics: [NamedValue] { get }
  /// What was made for steps that may not be over, kept in checkpoints.
  var inFlight: [Double] { get }
  /// Puts it back; false, changing nothing, when it is not of these rows.
  func restore(inFlight: [Double]) -> Bool
}

extension TrainingObjective {
  package func prepare(
    _ model: any TrainableModel, _ batches: [[Int]], _ progress: (Int) throws -> Void
  ) throws {}
  package var preparedState: [Double] { [] }
  package var preparedSize: Int { 0 }
  package func restore(preparedState: [Double]) -> Bool { preparedState.isEmpty }

  package func begin(
    _ step: Int, _ plan: StepPlan, _ model: any TrainableModel,
    _ progress: (_ done: Int, _ total: Int, _ what: String) throws -> Void
  ) throws {}
  package var stepStatistics: [NamedValue] { [] }
  package var inFlight: [Double] { [] }
  package func restore(inFlight: [Double]) -> Bool { inFlight.isEmpty }
}

/// How much one token, one row and the whole of a micro-batch weigh in the loss of the step.
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
  /// Values of the micro-batch that are no means over its rows, by TRL's names; a name may be absent
  /// where there is nothing to say.
  package var means: [NamedValue]

  package struct Statistic: Sendable, Hashable {
    package var name: String
    package var sum: Double
  }

  package init(
    loss: Double, dLogProbabilities: [Float] = [], statistics: [Statistic] = [],
    means: [NamedValue] = []
  ) {
    self.loss = loss
    self.dLogProbabilities = dLogProbabilities
    self.statistics = statistics
    self.means = means
  }
}
