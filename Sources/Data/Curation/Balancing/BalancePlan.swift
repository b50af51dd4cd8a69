internal import Reproducibility

/// How many times each row goes on so that no class outweighs another.
package struct BalancePlan: Sendable {
  package enum Method: String, Sendable, CaseIterable {
    /// Large classes lose rows.
    case undersample
    /// Small classes get copies.
    case oversample
  }

  package enum Reference: String, Sendable, CaseIterable { case smallest, median }

  /// Rows of each class that are wanted.
  ///
  /// - Parameters:
  ///   - counts: rows of each class now; classes without rows are left aside.
  ///   - ratio: the most that a class may be of the reference (undersample), or the largest class
  ///     of any (oversample).
  ///   - explicit: rows wanted by the user, by class; they come before the rule.
  package static func targets(
    _ counts: [Int], _ method: Method, ratio: Double, _ reference: Reference,
    explicit: [Int: Int] = [:]
  ) -> [Int] {
    let sizes = counts.filter { $0 > 0 }.sorted()
    guard let smallest = sizes.first, let largest = sizes.last else { return counts }
    let base = reference == .smallest ? smallest : sizes[(sizes.count - 1) / 2]
    let most = max(1, Int(min(ratio * Double(base), 1e15).rounded(.down)))
    let least = Int((Double(largest) / ratio).rounded(.up))
    return counts.enumerated().map { index, count in
      if let wanted = explicit[index] { return wanted }
      if count == 0 { return 0 }
      return method == .undersample ? min(count, most) : max(count, least)
    }
  }

  /// How many times each row goes on.
  ///
  /// Rows of a class are ordered by a keyed hash of their identity: the first ones stay, or get the
  /// copies. The choice depends on the set of rows and the seed, not on their order.
  ///
  /// - Parameters:
  ///   - classes: the class of each row, or `UInt32.max` for rows that are in none: they go on.
  ///   - targets: by class; a class gets less where `copiesMax` does not allow more.
  package static func times(
    _ classes: [UInt32], bits: [UInt64], targets: [Int], copiesMax: Int, seed: UInt64
  ) -> [UInt8] {
    precondition((1...255).contains(copiesMax), "1 to 255 copies")
    let random = CounterRandom(seed: seed, stream: "balance")
    var entries: [(order: UInt64, row: UInt32)] = []
    var counts = [Int](repeating: 0, count: targets.count)
    for number in classes where number != .max { counts[Int(number)] += 1 }
    var times = [UInt8](repeating: 1, count: classes.count)
    // Only rows of classes that change need an order.
    for (row, number) in classes.enumerated() where number != .max {
      if counts[Int(number)] != targets[Int(number)] {
        entries.append((random.bits(bits[row]), UInt32(row)))
      }
    }
    entries.sort { ($0.order, bits[Int($0.row)]) < ($1.order, bits[Int($1.row)]) }
    var rank = [Int](repeating: 0, count: targets.count)
    for (_, row) in entries {
      let number = Int(classes[Int(row)])
      let (whole, rest) = targets[number].quotientAndRemainder(dividingBy: counts[number])
      let wanted = whole + (rank[number] < rest ? 1 : 0)
      rank[number] += 1
      times[Int(row)] = UInt8(min(wanted, copiesMax))
    }
    return times
  }
}
