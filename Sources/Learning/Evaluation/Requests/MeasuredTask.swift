package import Documents

/// A task with its items, ready to be asked of any model: what is asked about each item, and what
/// numbers its answers give. Tasks of the harness, tasks on rows and assertions are all this.
package protocol MeasuredTask: Sendable {
  /// What rules and reports call the task.
  var name: String { get }
  var items: [MeasuredItem] { get }
  /// What is measured, the task's main metric first.
  var metrics: [TaskMetric] { get }
  /// What a reader of the report must know of the items: rows left out, a limit.
  var notes: [String] { get }
  /// What identifies prompts, data and settings of the task: the same fingerprint means the same
  /// questions, whatever the model.
  var fingerprint: JSONValue { get }

  /// What is asked about an item; at least one request.
  func requests(for item: Int) -> [ModelRequest]
  /// A number for each of ``metrics``, from the answers to ``requests(for:)`` in their order.
  func values(for item: Int, _ answers: [ModelAnswer]) throws -> [ItemValue]
}

/// An item of a task as reports name it.
package struct MeasuredItem: Sendable, Hashable {
  /// The row id, or the document's number in its file.
  package var id: String
  /// Values that results are told apart by (`by: language`), by column.
  package var slices: [String: String]

  package init(id: String, slices: [String: String] = [:]) {
    self.id = id
    self.slices = slices
  }
}

/// A number that a task measures, by lm-evaluation-harness' name where it has one.
package struct TaskMetric: Sendable {
  package var name: String
  /// What the answer went through before it was compared (`strict-match`); `none` otherwise.
  package var filter: String
  package var higherIsBetter: Bool
  package var aggregation: MetricAggregation
  /// Whether it is a number about two models, not about each of them.
  package var comparesModels: Bool

  package init(
    _ name: String, filter: String = "none", higherIsBetter: Bool = true,
    _ aggregation: MetricAggregation = .mean, comparesModels: Bool = false
  ) {
    self.name = name
    self.filter = filter
    self.higherIsBetter = higherIsBetter
    self.aggregation = aggregation
    self.comparesModels = comparesModels
  }

  /// `acc,none`: what the harness calls it in its results.
  package var key: String { "\(name),\(filter)" }
  /// `acc`, or `exact_match,strict-match` where a filter says more.
  package var label: String { filter == "none" ? name : key }
}

/// How numbers of items become a number of the task.
package enum MetricAggregation: Sendable {
  /// The mean of ``ItemValue/right(_:)`` or ``ItemValue/number(_:)``.
  case mean
  /// A statistic of sums over items: each item is ``ItemValue/sums(_:)`` of `width` numbers. The
  /// statistic must be finite for sums of any sample of the items.
  case sums(width: Int, @Sendable ([Double]) -> Double)
}

/// What an item contributes to a metric. Items of one metric are all of one case.
package enum ItemValue: Sendable, Hashable {
  case right(Bool)
  case number(Double)
  case sums([Double])
}
