import Reproducibility

/// Sets values of a difference to zero and, where asked, scales the rest so that the sum of
/// magnitudes stays.
///
/// Which are kept follows mergekit 0.1.5 (`sparsify.py`); draws are counter-based, so that they are
/// others than torch's and the same for any order of work.
struct Sparsifier {
  let kind: MergeMethod.Sparsification
  /// The share of values that stay.
  let density: Double
  let rescales: Bool
  let random: CounterRandom

  init(
    _ kind: MergeMethod.Sparsification, density: Double, rescales: Bool, random: CounterRandom
  ) {
    self.kind = kind
    self.density = density
    self.rescales = rescales
    self.random = random
  }

  /// - Parameters:
  ///   - gamma: for outliers: the share of the largest that is left out.
  ///   - epsilon: for ranked draws: how far chances go above and below the density.
  ///   - columns: values of a row; ranks are by row.
  func apply(to values: inout [Float], gamma: Double, epsilon: Double, columns: Int) {
    if density >= 1 || values.isEmpty { return }
    let before = rescales ? Self.sumOfMagnitudes(values) : 0
    if density <= 0 {
      values = [Float](repeating: 0, count: values.count)
    } else {
      switch kind {
      case .magnitude: keepLargest(&values)
      case .outliers: keepMiddle(&values, gamma: gamma)
      case .random: draw(&values)
      case .rankedRandom: drawByRank(&values, epsilon: epsilon, columns: columns)
      }
    }
    if rescales { rescale(&values, before) }
  }

  // MARK: - Kinds

  /// The k largest magnitudes, of equal ones the first.
  private func keepLargest(_ values: inout [Float]) {
    let kept = max(1, Int(density * Double(values.count)))
    let cut = MagnitudeOrder(values).rank(values.count - kept)
    // Values above the cut all stay, of those at it as many as are missing.
    var room = kept - (values.count - cut.below - cut.equal)
    for index in values.indices {
      let bits = values[index].magnitude.bitPattern
      if bits > cut.bits { continue }
      if bits == cut.bits, room > 0 {
        room -= 1
      } else {
        values[index] = 0
      }
    }
  }

  /// Leaves out the gamma largest, then the smallest, so that the density stays; of equal ones the
  /// first count as smaller.
  private func keepMiddle(_ values: inout [Float], gamma: Double) {
    let count = values.count
    let kept = Int(density * Double(count))
    let first = max(0, count - kept - Int(gamma * Double(count)))
    let last = min(count, first + kept)  // ranks first..<last stay
    guard kept > 0 else {
      values = [Float](repeating: 0, count: count)
      return
    }
    let order = MagnitudeOrder(values)
    let (low, high) = (order.rank(first), order.rank(last - 1))
    var (lowRank, highRank) = (low.below, high.below)
    for index in values.indices {
      let bits = values[index].magnitude.bitPattern
      var isKept = bits > low.bits && bits < high.bits
      if bits == low.bits {
        isKept = lowRank >= first && lowRank < last
        lowRank += 1
      } else if bits == high.bits {
        isKept = highRank >= first && highRank < last
        highRank += 1
      }
      if !isKept { values[index] = 0 }
    }
  }

  private func draw(_ values: inout [Float]) {
    for index in values.indices where random.uniform(UInt64(index)) >= density {
      values[index] = 0
    }
  }

  /// Chances rise with the rank of the magnitude in its row, from density - ε to density + ε.
  private func drawByRank(_ values: inout [Float], epsilon: Double, columns: Int) {
    for start in stride(from: 0, to: values.count, by: max(1, columns)) {
      let row = start..<min(values.count, start + max(1, columns))
      let order = row.sorted {
        let (a, b) = (values[$0].magnitude, values[$1].magnitude)
        return a != b ? a < b : $0 < $1
      }
      for (rank, index) in order.enumerated() {
        let place = row.count > 1 ? Double(rank) / Double(row.count - 1) : 0
        let chance = density - epsilon + place * 2 * epsilon
        if random.uniform(UInt64(index)) >= chance { values[index] = 0 }
      }
    }
  }

  // MARK: - Scale

  private func rescale(_ values: inout [Float], _ before: Double) {
    let after = Self.sumOfMagnitudes(values)
    if before < Self.sumMin || after < Self.sumMin { return }
    let factor = Float(before / after)
    for index in values.indices { values[index] *= factor }
  }

  private static let sumMin = 1e-7

  private static func sumOfMagnitudes(_ values: [Float]) -> Double {
    values.reduce(0.0) { $0 + Double($1.magnitude) }
  }
}

/// The order of values by magnitude, without sorting them: the bits of a magnitude are in its order,
/// so that two counts, of the upper and then of the lower 16 bits, find any rank.
private struct MagnitudeOrder {
  struct Cut {
    /// Of the magnitude at the rank.
    var bits: UInt32
    /// Values with smaller magnitudes, and with the same.
    var below: Int
    var equal: Int
  }

  private let values: [Float]

  init(_ values: [Float]) { self.values = values }

  /// - Parameter rank: from 0, the smallest.
  func rank(_ rank: Int) -> Cut {
    var upper = [Int](repeating: 0, count: 1 << 16)
    for value in values { upper[Int(value.magnitude.bitPattern >> 16)] += 1 }
    let (high, below) = Self.find(rank, in: upper)
    var lower = [Int](repeating: 0, count: 1 << 16)
    for value in values where value.magnitude.bitPattern >> 16 == UInt32(high) {
      lower[Int(value.magnitude.bitPattern & 0xFFFF)] += 1
    }
    let (low, within) = Self.find(rank - below, in: lower)
    return Cut(
      bits: UInt32(high) << 16 | UInt32(low), below: below + within, equal: lower[low])
  }

  /// The bucket that holds `rank`, and how many are in those before.
  private static func find(_ rank: Int, in buckets: [Int]) -> (bucket: Int, below: Int) {
    var below = 0
    for (bucket, count) in buckets.enumerated() {
      if below + count > rank { return (bucket, below) }
      below += count
    }
    preconditionFailure("a rank is below the number of values")
  }
}
