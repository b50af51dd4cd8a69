internal import Diagnostics
internal import Records

/// Tasks measured on one model or on several, always on the same items.
///
/// ```swift
/// let run = EvaluationRun(tasks: [try RowTask(settings, rows)], rules: rules)
/// let candidate = try run.measure(model) { done in … }
/// let report = try run.report(candidate, [Opponent("baseline", baseline)], settings)
/// ```
package struct EvaluationRun: Sendable {
  package let tasks: [any MeasuredTask]
  package let rules: [GateRule]
  /// Items asked for at once; no result depends on it.
  private let batchSize: Int

  package init(tasks: [any MeasuredTask], rules: [GateRule], batchSize: Int = 512) {
    self.tasks = tasks
    self.rules = rules
    self.batchSize = max(1, batchSize)
  }

  /// Items of all tasks: what one model is asked about.
  package var itemCount: Int { tasks.reduce(0) { $0 + $1.items.count } }

  /// Whether a metric compares the models' distributions: both are measured together then.
  package var comparesModels: Bool { tasks.contains(where: Self.comparesModels) }

  /// Measures one model on all tasks.
  ///
  /// - Parameter afterItems: called with the number of items done; may throw to stop.
  package func measure(_ model: some RequestModel, afterItems: (Int) throws -> Void) throws
    -> [TaskResult]
  {
    var before = 0
    return try tasks.map { task in
      let result = try measure(model, task) { try afterItems(before + $0) }
      before += task.items.count
      return result
    }
  }

  /// Measures two models, row by row where a task compares their distributions.
  ///
  /// - Parameter afterItems: called with the number of items done, up to twice ``itemCount``.
  package func measure<Model: ComparableModel>(
    _ candidate: Model, _ baseline: Model, afterItems: (Int) throws -> Void
  ) throws -> (candidate: [TaskResult], baseline: [TaskResult]) {
    var results: (candidate: [TaskResult], baseline: [TaskResult]) = ([], [])
    var before = 0
    for task in tasks {
      let count = task.items.count
      if Self.comparesModels(task) {
        let pair = try compare(task, candidate, baseline) { try afterItems(before + 2 * $0) }
        results.candidate.append(pair.candidate)
        results.baseline.append(pair.baseline)
      } else {
        results.candidate.append(
          try measure(candidate, task) { try afterItems(before + $0) })
        results.baseline.append(
          try measure(baseline, task) { try afterItems(before + count + $0) })
      }
      before += 2 * count
    }
    return results
  }

  private func measure(
    _ model: some RequestModel, _ task: any MeasuredTask, afterItems: (Int) throws -> Void
  ) throws -> TaskResult {
    var result = TaskResult()
    for start in stride(from: 0, to: task.items.count, by: batchSize) {
      let batch = start..<min(start + batchSize, task.items.count)
      let requests = batch.map { task.requests(for: $0) }
      var answers = try model.answers(to: requests.flatMap(\.self)) { done in
        // Requests are about as many per item as in this batch.
        let share = Double(done) / Double(max(1, requests.reduce(0) { $0 + $1.count }))
        try afterItems(start + Int(share * Double(batch.count)))
      }[...]
      for (item, asked) in zip(batch, requests) {
        let own = Array(answers.prefix(asked.count))
        answers = answers.dropFirst(asked.count)
        result.append(try task.values(for: item, own), own)
      }
      try afterItems(start + batch.count)
    }
    return result
  }

  private func compare<Model: ComparableModel>(
    _ task: any MeasuredTask, _ candidate: Model, _ baseline: Model,
    afterItems: (Int) throws -> Void
  ) throws -> (candidate: TaskResult, baseline: TaskResult) {
    var results = (candidate: TaskResult(), baseline: TaskResult())
    for start in stride(from: 0, to: task.items.count, by: 64) {
      let batch = start..<min(start + 64, task.items.count)
      let rows = batch.map { item -> Row in
        guard case .row(let row)? = task.requests(for: item).first else {
          preconditionFailure("distributions are compared on rows")
        }
        return row
      }
      for (item, pair) in zip(batch, try candidate.comparisons(of: rows, with: baseline)) {
        let (own, other) = (
          ModelAnswer.likelihood(pair.candidate), ModelAnswer.likelihood(pair.baseline)
        )
        results.candidate.append(try task.values(for: item, [own]), [own])
        results.baseline.append(try task.values(for: item, [other]), [other])
      }
      try afterItems(batch.upperBound)
    }
    return results
  }

  private static func comparesModels(_ task: any MeasuredTask) -> Bool {
    task.metrics.contains(where: \.comparesModels)
  }
}

/// What one model did on the items of a task, in their order.
package struct TaskResult: Sendable {
  /// By item, a value for each metric of the task.
  package private(set) var values: [[ItemValue]] = []
  /// Of generated answers: how many, how many did not end by themselves, and their tokens.
  package private(set) var generated = GenerationFacts()

  mutating func append(_ item: [ItemValue], _ answers: [ModelAnswer]) {
    values.append(item)
    for case .completion(let written) in answers {
      for answer in written { generated.add(answer) }
    }
  }

  /// The values of one metric.
  func column(_ metric: Int) -> [ItemValue] { values.map { $0[metric] } }
}

/// What generated answers are like, whatever they say.
package struct GenerationFacts: Sendable, Hashable {
  package private(set) var answers = 0
  /// Answers cut off by the room they had.
  package private(set) var unended = 0
  package private(set) var empty = 0
  package private(set) var tokens = 0

  mutating func add(_ answer: CompletionAnswer) {
    answers += 1
    unended += answer.ended ? 0 : 1
    empty += answer.text.isEmpty ? 1 : 0
    tokens += answer.tokens
  }
}
