internal import Diagnostics
internal import Evaluation

/// Finds what rules call a metric among those that tasks measure.
struct RuleNames {
  private let tasks: [any MeasuredTask]

  init(_ tasks: [any MeasuredTask]) { self.tasks = tasks }

  /// The rules with labels of metrics: a task's main metric where none is named, and the one metric
  /// of a name where a filter says more (`exact_match` of `exact_match,strict-match`).
  ///
  /// - Throws: ``Failure`` of class `badInput` for a name that fits none, or several.
  func resolved(_ rules: [GateRule]) throws -> [GateRule] {
    try rules.map { rule in
      guard let task = tasks.first(where: { $0.name == rule.task }) else {
        preconditionFailure("a rule about no task")
      }
      var rule = rule
      if rule.metric.isEmpty { rule.metric = task.metrics[0].label }
      if task.metrics.contains(where: { $0.label == rule.metric }) { return rule }
      let named = task.metrics.filter { $0.name == rule.metric || $0.key == rule.metric }
      if named.count == 1 {
        rule.metric = named[0].label
        return rule
      }
      let labels = task.metrics.map(\.label)
      throw Diagnostic(
        "gate.metric",
        "task '\(SafeText.escaped(task.name))' \(named.isEmpty ? "does not measure" : "measures several of") "
          + "'\(SafeText.escaped(rule.metric))', expected one of \(labels.joined(separator: "; "))",
        fix: NearestName.suggestion(for: rule.metric, among: labels)
          .map { "did you mean '\($0)'?" }
      ).failure(.badInput)
    }
  }
}
