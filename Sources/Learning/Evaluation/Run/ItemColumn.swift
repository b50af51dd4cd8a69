internal import Scoring

/// The numbers of one metric over the items of a task.
enum ItemColumn: Sendable {
  /// A share of right items.
  case right([Bool])
  /// Numbers whose mean is meant.
  case numbers([Double])
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
    case .mean: self = .numbers(values.map(\.double))
    case .sums(let width, let statistic):
      var items = AdditiveItems(width: width)
      for value in values {
        guard case .sums(let row) = value else { preconditionFailure("values of one case") }
        items.append(row)
      }
      self = .additive(items, statistic)
    }
  }

  /// As sums: a share is the mean of ones and zeros, a mean one of two sums.
  var additive: (items: AdditiveItems, statistic: @Sendable ([Double]) -> Double) {
    switch self {
    case .additive(let items, let statistic): return (items, statistic)
    case .right(let flags): return Self.mean(flags.map { $0 ? 1 : 0 })
    case .numbers(let values): return Self.mean(values)
    }
  }

  /// Whether all are from 0 to 1, as scores of overlap are: equal ones are then no certainty.
  static func areShares(_ values: [Double]) -> Bool { values.allSatisfy { (0...1).contains($0) } }

  private static func mean(_ values: [Double])
    -> (items: AdditiveItems, statistic: @Sendable ([Double]) -> Double)
  {
    var items = AdditiveItems(width: 2)
    for value in values { items.append([value, 1]) }
    return (items, { $0[1] == 0 ? 0 : $0[0] / $0[1] })
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
