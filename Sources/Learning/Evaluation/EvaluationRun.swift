package import Documents
package import Parallelism
package import Records
internal import Scoring

/// Tasks measured on the rows of a test set: candidate and baseline on the same rows, always.
///
/// ```swift
/// let run = try EvaluationRun(tasks: tasks, rules: rules, rows: rows)
/// let candidate = try run.measure(model) { done, total in … }
/// let report = try run.report(candidate: candidate, baseline: nil, seed: 1, pool: pool)
/// ```
package struct EvaluationRun: Sendable {
  package let prepared: [PreparedTask]
  private let rules: [GateRule]
  /// Answers and log-probabilities asked for at once; no result depends on it.
  private let batchSize: Int

  /// - Throws: ``Failure`` of class `badInput` when a task has no rows.
  package init(tasks: [EvaluationTask], rules: [GateRule], rows: [Row], batchSize: Int) throws {
    prepared = try tasks.map { try PreparedTask($0, rows) }
    self.rules = rules
    self.batchSize = max(1, batchSize)
  }

  /// Items of all tasks: what one model is asked.
  package var itemCount: Int { prepared.reduce(0) { $0 + $1.items.count } }

  /// Measures one model on all tasks.
  ///
  /// - Parameter afterBatch: called with the number of items done; may throw to stop.
  package func measure(_ model: some EvaluatedModel, afterBatch: (Int) throws -> Void) throws
    -> [TaskOutcomes]
  {
    var before = 0
    return try prepared.map { task in
      let outcomes = try TaskOutcomes.measure(model, task, batchSize: batchSize) {
        try afterBatch(before + $0)
      }
      before += task.items.count
      return outcomes
    }
  }

  /// Whether a metric compares the models' distributions: both are measured together then.
  package var comparesModels: Bool { prepared.indices.contains(where: comparesModels(in:)) }

  private func comparesModels(in index: Int) -> Bool {
    metrics(of: index).contains(where: \.comparesModels)
  }

  /// Measures both models, row by row where a task compares their distributions.
  ///
  /// - Parameter afterBatch: called with the number of items done, up to twice ``itemCount``.
  package func measure<Model: ComparableModel>(
    _ candidate: Model, _ baseline: Model, afterBatch: (Int) throws -> Void
  ) throws -> (candidate: [TaskOutcomes], baseline: [TaskOutcomes]) {
    var outcomes: (candidate: [TaskOutcomes], baseline: [TaskOutcomes]) = ([], [])
    var before = 0
    for (index, task) in prepared.enumerated() {
      let count = task.items.count
      if comparesModels(in: index) {
        var pairs: [(candidate: Likelihood, baseline: Likelihood)] = []
        for start in stride(from: 0, to: count, by: batchSize) {
          let rows = task.items[start..<min(start + batchSize, count)].map(\.row)
          pairs += try candidate.comparisons(of: rows, with: baseline)
          try afterBatch(before + 2 * pairs.count)
        }
        outcomes.candidate.append(.likelihoods(pairs.map(\.candidate)))
        outcomes.baseline.append(.likelihoods(pairs.map(\.baseline)))
      } else {
        outcomes.candidate.append(
          try .measure(candidate, task, batchSize: batchSize) { try afterBatch(before + $0) })
        outcomes.baseline.append(
          try .measure(baseline, task, batchSize: batchSize) {
            try afterBatch(before + count + $0)
          })
      }
      before += 2 * count
    }
    return outcomes
  }

  /// Scores and verdicts from what both models did.
  package func report(
    candidate: [TaskOutcomes], baseline: [TaskOutcomes]?, seed: UInt64, pool: ThreadPool,
    notes: [String] = []
  ) throws -> EvaluationReport {
    func score(_ index: Int, _ metric: EvaluationMetric, _ confidence: Double) throws
      -> MetricScore
    {
      try MetricScore.score(
        metric, prepared[index], candidate: candidate[index], baseline: baseline?[index],
        confidence: confidence, seed: seed, pool: pool)
    }
    var scores: [MetricScore] = []
    for index in prepared.indices {
      for metric in metrics(of: index) { scores.append(try score(index, metric, 0.95)) }
    }
    let verdicts = try rules.map { rule in
      let index = prepared.firstIndex { $0.task.name == rule.task }
      guard let index else { preconditionFailure("a rule about no task") }
      let known = scores.first {
        $0.task == rule.task && $0.metric == rule.metric && rule.intervalConfidence == 0.95
      }
      return RuleVerdict(rule, try known ?? score(index, rule.metric, rule.intervalConfidence))
    }
    return EvaluationReport(
      scores: scores, verdicts: verdicts, notes: unfitNotes + notes)
  }

  /// Lines of `items.jsonl`: row, task and what each model scored; no text.
  package func itemLines(candidate: [TaskOutcomes], baseline: [TaskOutcomes]?) -> [JSONValue] {
    prepared.indices.flatMap { index in
      metrics(of: index).flatMap { metric in
        let first = ItemValues(candidate[index], metric, prepared[index])
        let second =
          metric.comparesModels
          ? nil : baseline.map { ItemValues($0[index], metric, prepared[index]) }
        return prepared[index].items.indices.map { item in
          var members = [
            JSONMember("row", .string(prepared[index].items[item].row.id.description)),
            JSONMember("task", .string(prepared[index].task.name)),
            JSONMember("metric", .string(metric.rawValue)),
            JSONMember("candidate", Self.number(first.number(item))),
          ]
          if let second { members.append(JSONMember("baseline", Self.number(second.number(item)))) }
          return JSONValue.object(members)
        }
      }
    }
  }

  /// The task's own metric first, then what it has beside that, then what rules ask of it.
  private func metrics(of index: Int) -> [EvaluationMetric] {
    let task = prepared[index].task
    var metrics = [task.metric]
    let asked = task.others + rules.filter { $0.task == task.name }.map(\.metric)
    for metric in asked where !metrics.contains(metric) { metrics.append(metric) }
    return metrics
  }

  private var unfitNotes: [String] {
    prepared.filter { $0.unfit > 0 }.map {
      "\($0.task.name): \($0.unfit) of \($0.unfit + $0.items.count) rows have nothing that "
        + "\($0.task.metric.rawValue) measures and were left out"
    }
  }

  private static func number(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value) : .null
  }
}
