/// Groups rows of the same input and finds those whose outputs differ.
///
/// Memory: 32 bytes for each row with an output, and as much again while groups are made.
package struct LabelNoise: Sendable {
  package enum Action: String, Sendable, CaseIterable {
    /// Every row of a group goes.
    case drop_all
    /// Rows with the most frequent output stay; with several of those, the one that came first.
    case keep_majority
    /// Rows with the output that came first stay.
    case keep_first
    /// All stay and are marked.
    case mark
  }

  /// Rows of one input with more than one output.
  package struct Group: Sendable {
    /// Indices of its rows, ascending.
    package var rows: [Int]
    /// Rows of each output, in order of appearance.
    package var counts: [Int]
    /// For each of ``rows`` the index of its output in ``counts``.
    package var outputs: [Int]

    /// The output that stays under `action`; nil when none does, or all do.
    package func kept(_ action: Action) -> Int? {
      switch action {
      case .drop_all, .mark: return nil
      case .keep_first: return 0
      case .keep_majority:
        let most = counts.max() ?? 0
        return counts.firstIndex(of: most)
      }
    }
  }

  private struct Item: Sendable {
    var input: Digest128
    var output: UInt64
    var row: Int
  }

  private var items: [Item] = []
  /// Rows added so far, those without input or output included.
  package private(set) var rowCount = 0

  package init() {}

  /// - Parameter row: nil for a row that has no input or no output: it is in no group.
  package mutating func add(_ row: LabeledRow?) {
    if let row { items.append(Item(input: row.input, output: row.output, row: rowCount)) }
    rowCount += 1
  }

  /// Inputs of rows in the same near-duplicate cluster are taken for the same.
  package mutating func join(_ clusterOf: (Int) -> Int?) {
    for index in items.indices {
      if let cluster = clusterOf(items[index].row) {
        items[index].input = Digest128(high: .max, low: UInt64(cluster))
      }
    }
  }

  /// Rows that have an input and an output.
  package var labeledCount: Int { items.count }

  /// Every group, in order of its first row.
  package func groups() -> [Group] {
    let sorted = items.sorted {
      ($0.input.high, $0.input.low, UInt64($0.row)) < ($1.input.high, $1.input.low, UInt64($1.row))
    }
    var groups: [Group] = []
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].input == sorted[start].input { end += 1 }
      if end - start > 1 {
        var number: [UInt64: Int] = [:]
        var group = Group(rows: [], counts: [], outputs: [])
        for item in sorted[start..<end] {
          let output = number[item.output] ?? group.counts.count
          if output == group.counts.count {
            number[item.output] = output
            group.counts.append(0)
          }
          group.counts[output] += 1
          group.rows.append(item.row)
          group.outputs.append(output)
        }
        if group.counts.count > 1 { groups.append(group) }
      }
      start = end
    }
    return groups.sorted { $0.rows[0] < $1.rows[0] }
  }
}
