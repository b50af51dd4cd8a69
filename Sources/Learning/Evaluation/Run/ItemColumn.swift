internal import Scoring

/// The numbers of one metric over the items of a task.
enum ItemColumn: Sendable {
  /// A share of right items.
  case right([Bool])
  /// A statistic of sums over items.
  case additive(AdditiveItems, @Sendable ([Double]) -> Double)

  /// - Parameter values: of one metric, in the order of the items; at least one.
  init(_ metric: TaskMetric, _ values: [ItemValue]) {
    if case .mean = metric.aggregation, case .right? = values.first {
      self = .right(
        values.map {
          guard case .right(let flag) = $0 else { preconditionFailure("values of one case") }
          return flag
        })
      return
    }
    switch metric.aggregation {
    case .mean:
      var items = AdditiveItems(width: 2)
      for value in values { items.append([value.double, 1]) }
      self = .additive(items) { $0[1] == 0 ? 0 : $0[0] / $0[1] }
    case .sums(let width, let statistic):
      var items = AdditiveItems(width: width)
      for value in values {
        guard case .sums(let row) = value else { preconditionFailure("values of one case") }
        items.append(row)
      }
      self = .additive(items, statistic)
    }
  }

  /// As sums: a share is the mean of ones and zeros.
  var additive: (items: AdditiveItems, statistic: @Sendable ([Double]) -> Double) {
    switch self {
    case .additive(let items, let statistic): return (items, statistic)
    case .right(let flags):
      var items = AdditiveItems(width: 2)
      for flag in flags { items.append([flag ? 1 : 0, 1]) }
      return (items, { $0[1] == 0 ? 0 : $0[0] / $0[1] })
    }
  }
}

extension ItemValue {
  /// Of values that are one number.
  var double: Double {
    switch self {
    case .right(let flag): flag ? 1 : 0
    case .number(let value): value
    case .sums: preconditionFailure("sums are no number of their own")
    }
  }

  /// The number of an item as written to `items.jsonl`: of sums, their statistic.
  func number(_ metric: TaskMetric) -> Double {
    if case .sums(let sums) = self, case .sums(_, let statistic) = metric.aggregation {
      return statistic(sums)
    }
    return double
  }
}
