/// A condition on a metric, as written under `require:`.
package struct GateRule: Sendable, Hashable {
  package enum Bound: Sendable, Hashable {
    /// The metric is at least this.
    case min(Double)
    /// The metric is at most this.
    case max(Double)
    /// The candidate is better than the baseline by more than this; negative: not worse than that.
    case minGain(Double)
  }

  package var task: String
  package var metric: EvaluationMetric
  package var bound: Bound
  /// The two-sided confidence that the interval has and the decision needs; nil: the estimate
  /// decides, and the interval (0.95) is told with it.
  package var confidence: Double?

  package init(
    task: String, metric: EvaluationMetric, bound: Bound, confidence: Double? = nil
  ) {
    self.task = task
    self.metric = metric
    self.bound = bound
    self.confidence = confidence
  }

  package var isVersusBaseline: Bool { if case .minGain = bound { true } else { false } }

  /// The confidence of the interval that is shown.
  package var intervalConfidence: Double { confidence ?? 0.95 }

  /// One line for the verdict.
  package var text: String {
    let tail = confidence.map { " (confidence \($0))" } ?? ""
    return switch bound {
    case .min(let value): "\(task) \(metric.rawValue) at least \(value)\(tail)"
    case .max(let value): "\(task) \(metric.rawValue) at most \(value)\(tail)"
    case .minGain(let value):
      "\(task) \(metric.rawValue) better than the baseline by more than \(value)\(tail)"
    }
  }
}
