/// A condition on a metric, as written under `require:`.
package struct GateRule: Sendable, Hashable {
  package enum Bound: Sendable, Hashable {
    /// The metric is at least this.
    case min(Double)
    /// The metric is at most this.
    case max(Double)
    /// The candidate is better than the other model by more than this; negative: not worse than
    /// that (non-inferiority).
    case minGain(Double)
    /// The candidate loses less than this share of the other model's number.
    case maxRelativeDrop(Double)
  }

  package var task: String
  /// ``TaskMetric/label``.
  package var metric: String
  package var slice: MetricScore.Slice?
  package var bound: Bound
  /// The model that bounds of differences are about.
  package var versus: String?
  /// The two-sided confidence that the interval has and the decision needs; nil: the estimate
  /// decides, and the interval (0.95) is told with it.
  package var confidence: Double?
  /// Why the rule is there though nobody wrote it.
  package var origin: String?

  package init(
    task: String, metric: String, bound: Bound, confidence: Double? = nil,
    versus: String? = nil, slice: MetricScore.Slice? = nil, origin: String? = nil
  ) {
    self.task = task
    self.metric = metric
    self.bound = bound
    self.confidence = confidence
    self.versus =
      switch bound {
      case .min, .max: nil
      case .minGain, .maxRelativeDrop: versus ?? "baseline"
      }
    self.slice = slice
    self.origin = origin
  }

  /// The confidence of the interval that is shown.
  package var intervalConfidence: Double { confidence ?? 0.95 }

  /// What it is about, as sentences begin.
  package var subject: String {
    let place = slice.map { " where \($0.column) is \($0.value)" } ?? ""
    return "\(task): \(metric)\(place)"
  }

  /// One line for the verdict.
  package var text: String {
    let place = slice.map { " where \($0.column) is \($0.value)" } ?? ""
    let tail =
      (confidence.map { " (confidence \($0))" } ?? "") + (origin.map { "; \($0)" } ?? "")
    let name = "\(task) \(metric)\(place)"
    let other = versus ?? "baseline"
    return switch bound {
    case .min(let value): "\(name) at least \(value)\(tail)"
    case .max(let value): "\(name) at most \(value)\(tail)"
    case .minGain(let value): "\(name) better than the \(other) by more than \(value)\(tail)"
    case .maxRelativeDrop(let value):
      "\(name) loses less than \(Figures.percent(value)) of the \(other)'s\(tail)"
    }
  }
}
