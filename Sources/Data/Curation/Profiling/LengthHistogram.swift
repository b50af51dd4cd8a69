/// Exact counts of whole-number lengths: quantiles without keeping the lengths.
///
/// Lengths below 65,536 take 8 bytes each, longer ones an entry for each different length.
package struct LengthHistogram: Sendable {
  private static let denseCount = 1 << 16

  private var dense: [Int] = []
  private var sparse: [Int: Int] = [:]
  package private(set) var count = 0
  package private(set) var sum = 0
  package private(set) var max = 0

  package init() {}

  package mutating func add(_ length: Int) {
    precondition(length >= 0, "lengths are not negative")
    count += 1
    sum += length
    max = Swift.max(max, length)
    if length < Self.denseCount {
      if dense.isEmpty { dense = Array(repeating: 0, count: Self.denseCount) }
      dense[length] += 1
    } else {
      sparse[length, default: 0] += 1
    }
  }

  package var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// The smallest length that at least `share` of all do not exceed (nearest rank); 0 when there
  /// are none.
  package func quantile(_ share: Double) -> Int {
    if count == 0 { return 0 }
    let rank = Swift.max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for (length, number) in entries {
      seen += number
      if seen >= rank { return length }
    }
    return max
  }

  /// How many are longer than `length`.
  package func countAbove(_ length: Int) -> Int {
    entries.reduce(0) { $0 + ($1.length > length ? $1.count : 0) }
  }

  /// Lengths with their counts, in ascending order.
  package var entries: [(length: Int, count: Int)] {
    var all: [(length: Int, count: Int)] = []
    for (length, number) in dense.enumerated() where number > 0 { all.append((length, number)) }
    return all + sparse.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Counts in bins that double: up to 1, 2, 4, 8, … from the first to the last that has any.
  package var bins: [(upTo: Int, count: Int)] {
    var bins: [(upTo: Int, count: Int)] = []
    var limit = 1
    for (length, number) in entries {
      while length > limit {
        if !bins.isEmpty { bins.append((2 * limit, 0)) }
        limit *= 2
      }
      if bins.isEmpty { bins.append((limit, 0)) }
      bins[bins.count - 1].count += number
    }
    return bins
  }

  /// The largest distance of the two distribution functions: the Kolmogorov–Smirnov statistic, 0
  /// for equal distributions and 1 for those that do not overlap.
  package func distance(_ other: LengthHistogram) -> Double {
    if count == 0 || other.count == 0 { return 0 }
    let (mine, its) = (entries, other.entries)
    var (i, j, a, b, most) = (0, 0, 0, 0, 0.0)
    while i < mine.count || j < its.count {
      let at = Swift.min(
        i < mine.count ? mine[i].length : .max, j < its.count ? its[j].length : .max)
      if i < mine.count, mine[i].length == at {
        a += mine[i].count
        i += 1
      }
      if j < its.count, its[j].length == at {
        b += its[j].count
        j += 1
      }
      most = Swift.max(
        most, abs(Double(a) / Double(count) - Double(b) / Double(other.count)))
    }
    return most
  }
}
