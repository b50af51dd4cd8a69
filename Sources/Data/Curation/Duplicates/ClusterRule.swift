/// Decides which rows of a set of joined rows stay, and which stands for each of the others.
struct ClusterRule: Sendable {
  let table: RowTable
  let representative: [UInt32]
  let rules: DedupRules

  /// Sets of at most this many different rows have all their pairs compared for the diameter.
  private static let exactDiameterMax = 24

  /// - Parameter members: rows in ascending order.
  func clusters(_ members: [UInt32], _ sets: ShingleStore.Sets) -> DuplicateClusters {
    var kept: [UInt32] = []
    var standsFor = [(kept: UInt32, similarity: Double)](
      repeating: (0, 1), count: members.count)
    for place in Ranking(table: table, keep: rules.keep).ranked(members) {
      if let best = best(members[place], kept, sets) {
        standsFor[place] = best
      } else {
        kept.append(members[place])
        standsFor[place] = (members[place], 1)
      }
    }
    var out = DuplicateClusters()
    if kept.count == 1 {
      append(members, standsFor, &out, sets)
      return out
    }
    // Members grouped by the row that stands for them, in order of that row.
    let order = members.indices.sorted {
      (standsFor[$0].kept, $0) < (standsFor[$1].kept, $1)
    }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, standsFor[order[end]].kept == standsFor[order[start]].kept {
        end += 1
      }
      if end - start > 1 {
        let own = order[start..<end]
        append(own.map { members[$0] }, own.map { standsFor[$0] }, &out, sets)
      }
      start = end
    }
    return out
  }

  private func append(
    _ members: [UInt32], _ standsFor: [(kept: UInt32, similarity: Double)],
    _ out: inout DuplicateClusters, _ sets: ShingleStore.Sets
  ) {
    for (member, stand) in zip(members, standsFor) {
      out.members.append(
        DuplicateClusters.Member(row: member, kept: stand.kept, similarity: stand.similarity))
    }
    let kept = standsFor[0].kept
    let (diameter, isExact) = diameter(members, kept, sets)
    out.clusters.append(
      DuplicateClusters.Cluster(
        kept: kept, rows: members.count, diameter: diameter, isDiameterExact: isExact))
  }

  /// The row among `kept` that stands for `row`: for components the first one, for greedy the most
  /// similar one at or above the threshold; nil where the row stays.
  private func best(_ row: UInt32, _ kept: [UInt32], _ sets: ShingleStore.Sets) -> (
    kept: UInt32, similarity: Double
  )? {
    if rules.clustering == .components {
      guard let first = kept.first,
        rules.scope != .across || table.mayCompare(first, row, .across)
      else { return nil }
      return (first, similarity(first, row, sets))
    }
    var best: (kept: UInt32, similarity: Double)?
    for other in kept where table.mayCompare(other, row, rules.scope) {
      let similarity = similarity(other, row, sets)
      if similarity >= rules.threshold, best.map({ similarity > $0.similarity }) ?? true {
        best = (other, similarity)
        if similarity == 1 { break }
      }
    }
    return best
  }

  /// 1 for rows that say the same.
  private func similarity(_ a: UInt32, _ b: UInt32, _ sets: ShingleStore.Sets) -> Double {
    let (x, y) = (representative[Int(a)], representative[Int(b)])
    if x == y { return 1 }
    if table.counts[Int(x)] == 0 || table.counts[Int(y)] == 0 {
      return table.digests[Int(x)] == table.digests[Int(y)] ? 1 : 0
    }
    return Shingler.jaccard(sets.set(of: x), sets.set(of: y))
  }

  private func diameter(_ members: [UInt32], _ kept: UInt32, _ sets: ShingleStore.Sets) -> (
    diameter: Double, isExact: Bool
  ) {
    var different = members.map { representative[Int($0)] }.sorted()
    different = different.indices.filter { $0 == 0 || different[$0] != different[$0 - 1] }
      .map { different[$0] }
    var lowest = 1.0
    if different.count <= Self.exactDiameterMax {
      for (index, a) in different.enumerated() {
        for b in different[..<index] { lowest = min(lowest, similarity(a, b, sets)) }
      }
      return (1 - lowest, true)
    }
    var from = kept
    for _ in 0..<2 {
      var farthest = (row: from, similarity: 2.0)
      for row in different {
        let similarity = similarity(from, row, sets)
        if similarity < farthest.similarity { farthest = (row, similarity) }
      }
      lowest = min(lowest, farthest.similarity)
      from = farthest.row
    }
    return (1 - lowest, false)
  }
}

/// Places of rows in the order in which they may stay; equal ones in their own.
private struct Ranking {
  let table: RowTable
  let keep: DedupRules.Keep

  func ranked(_ rows: [UInt32]) -> [Int] {
    switch keep {
    case .first: Array(rows.indices)
    case .longest: sorted(rows) { Double(table.textBytes[Int($0)]) }
    case .best: sorted(rows) { table.scores[Int($0)] }
    }
  }

  private func sorted(_ rows: [UInt32], _ value: (UInt32) -> Double) -> [Int] {
    let values = rows.map(value)
    return rows.indices.sorted { (values[$1], $0) < (values[$0], $1) }
  }
}
