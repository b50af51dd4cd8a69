internal import Reproducibility

/// A sample of rows that depends on the set of rows and the seed, not on their order.
package enum SamplePlan {
  /// Numbers of the rows in the sample, in order. Each stratum gives its share by the method of the
  /// largest remainder, and at least one row while there is room.
  ///
  /// - Parameter strata: the stratum of each row, numbered from 0.
  package static func rows(
    _ strata: [UInt32], bits: [UInt64], size: Int, seed: UInt64
  ) -> [Int] {
    let count = Int(strata.max() ?? 0) + 1
    var sizes = [Int](repeating: 0, count: count)
    for stratum in strata { sizes[Int(stratum)] += 1 }
    let total = min(size, strata.count)
    // One row each first, to the largest ones where not all fit.
    var quotas = [Int](repeating: 0, count: count)
    let byName = sizes.indices.filter { sizes[$0] > 0 }
    for index in byName.sorted(by: { (sizes[$1], $0) < (sizes[$0], $1) }).prefix(total) {
      quotas[index] = 1
    }
    let left = total - quotas.reduce(0, +)
    let shares = SplitPlan.shares(of: left, zip(sizes, quotas).map { $0 - $1 })
    for index in quotas.indices where left > 0 { quotas[index] += shares[index] }
    let random = CounterRandom(seed: seed, stream: "review")
    var order = strata.indices.map { (key: random.bits(bits[$0]), row: $0) }
    order.sort { ($0.key, bits[$0.row]) < ($1.key, bits[$1.row]) }
    var chosen: [Int] = []
    for (_, row) in order where quotas[Int(strata[row])] > 0 {
      quotas[Int(strata[row])] -= 1
      chosen.append(row)
    }
    return chosen.sorted()
  }
}
