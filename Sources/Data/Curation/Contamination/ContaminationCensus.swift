/// Counts windows of evaluation items in rows that do not hold the item: what many unrelated rows
/// say (licences, templates, greetings) is no sign of contamination.
package struct ContaminationCensus: Sendable {
  private var counts: [UInt64: Int] = [:]

  package init() {}

  /// - Parameters:
  ///   - texts: ``NormalWords/hashes(_:)`` of each text of one row.
  ///   - share: at which the row holds an item.
  package mutating func add(_ texts: [[UInt64]], _ index: ContaminationIndex, share: Double) {
    let matches = index.matches(texts)
    if matches.isEmpty { return }
    // A row that holds any item is related: its windows are not counted.
    if index.hits(matches).contains(where: { $0.share >= share }) { return }
    for key in matches { counts[key, default: 0] += 1 }
  }

  package mutating func add(_ other: ContaminationCensus) {
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  /// Windows in at least `rowsMin` unrelated rows.
  package func common(rowsMin: Int) -> Set<UInt64> {
    Set(counts.filter { $0.value >= rowsMin }.keys)
  }
}
