internal import Diagnostics
package import Parallelism

/// Asks a model all that tasks of the harness ask.
package struct HarnessRun {
  package let suite: HarnessSuite

  package init(_ suite: HarnessSuite) { self.suite = suite }

  package var requestCount: Int {
    suite.tasks.reduce(0) { $0 + $1.entries.reduce(0) { $0 + $1.requests.count } }
  }

  /// - Parameters:
  ///   - pool: runs what standard errors are drawn with.
  ///   - progress: called with the number of requests answered, up to ``requestCount``.
  package func results(
    of model: some RequestModel, pool: ThreadPool, progress: (Int) throws -> Void = { _ in }
  ) throws -> HarnessResults {
    var results: [HarnessTaskResult] = []
    var done = 0
    for task in suite.tasks {
      let requests = task.entries.flatMap(\.requests)
      let answers = try model.answers(to: requests) { try progress(done + $0) }
      guard answers.count == requests.count else {
        preconditionFailure("\(answers.count) answers to \(requests.count) requests")
      }
      done += requests.count
      var rest = answers[...]
      let byItem = task.entries.map { entry in
        defer { rest = rest.dropFirst(entry.requests.count) }
        return Array(rest.prefix(entry.requests.count))
      }
      results.append(try HarnessTaskResult(task, byItem, pool: pool))
    }
    return HarnessResults(tasks: results, groups: suite.groups)
  }
}

/// What a model made of one task.
package struct HarnessTaskResult: Sendable {
  package let task: HarnessTask
  /// A number for each of the task's metrics.
  package let values: [Double]
  /// Nil where the harness has none.
  package let errors: [Double?]
  /// By item, then by metric.
  package let items: [[ItemValue]]
  let answers: [[ModelAnswer]]

  init(_ task: HarnessTask, _ answers: [[ModelAnswer]], pool: ThreadPool) throws {
    self.task = task
    self.answers = answers
    let items = try answers.enumerated().map { try task.values(for: $0.offset, $0.element) }
    self.items = items
    let aggregations = task.configuration.filters.flatMap { _ in
      task.configuration.metrics.map(\.aggregation)
    }
    values = aggregations.enumerated().map { metric, aggregation in
      aggregation.value(items.map { $0[metric] }, classes: task.classes)
    }
    errors = try aggregations.enumerated().map { metric, aggregation in
      try HarnessStandardError.of(
        items.map { $0[metric] }, aggregation, classes: task.classes, pool: pool)
    }
  }

  func value(_ key: String) -> (value: Double, error: Double?)? {
    task.metrics.firstIndex { $0.key == key }.map { (values[$0], errors[$0]) }
  }
}
