/// Collects what objectives say of micro-batches, in the order in which names first appear.
struct StatisticMeans {
  private var names: [String] = []
  private var sums: [Double] = []
  private var weights: [Double] = []

  /// - Parameters:
  ///   - rows: of the micro-batch.
  ///   - weight: of the micro-batch in the means: 1, so that a step's values are means over its
  ///     micro-batches as TRL's are, or its rows.
  mutating func add(_ value: ObjectiveValue, rows: Int, weight: Double) {
    for statistic in value.statistics {
      add(statistic.name, statistic.sum / Double(max(1, rows)), weight)
    }
    for mean in value.means { add(mean.name, mean.value, weight) }
  }

  private mutating func add(_ name: String, _ value: Double, _ weight: Double) {
    if let index = names.firstIndex(of: name) {
      sums[index] += value * weight
      weights[index] += weight
    } else {
      names.append(name)
      sums.append(value * weight)
      weights.append(weight)
    }
  }

  var values: [NamedValue] {
    names.indices.map { NamedValue(names[$0], sums[$0] / weights[$0]) }
  }
}
