/// How often each of some names occurs.
package struct NameCounts: Sendable {
  package private(set) var names = ByteNames()
  package private(set) var counts: [Int] = []

  package init() {}

  package var total: Int { counts.reduce(0, +) }

  package mutating func add(_ name: [UInt8], _ number: Int = 1) {
    add(Int(names.number(name)), number)
  }

  package mutating func add(_ row: RowBytes, _ range: Range<Int>) {
    let isText = row.line[range.lowerBound] == UInt8(ascii: "\"")
    let number = isText ? names.number(row, range) : names.number(row.canonical(range))
    add(Int(number), 1)
  }

  private mutating func add(_ index: Int, _ number: Int) {
    if index == counts.count { counts.append(0) }
    counts[index] += number
  }

  package mutating func merge(_ other: NameCounts) {
    for (name, number) in zip(other.names.names, other.counts) { add(name, number) }
  }

  /// The most frequent first, then by name.
  package var sorted: [(name: [UInt8], count: Int)] {
    zip(names.names, counts).map { ($0, $1) }.sorted { a, b in
      a.1 != b.1 ? a.1 > b.1 : a.0.lexicographicallyPrecedes(b.0)
    }
  }

  /// Half the sum of the differences of shares: the total variation distance, 0 for equal shares
  /// and 1 where nothing is in common.
  package func distance(_ other: NameCounts) -> Double {
    if total == 0 || other.total == 0 { return 0 }
    var shares: [[UInt8]: (Int, Int)] = [:]
    for (name, count) in zip(names.names, counts) { shares[name, default: (0, 0)].0 = count }
    for (name, count) in zip(other.names.names, other.counts) {
      shares[name, default: (0, 0)].1 = count
    }
    // In order of name, so that the sum has the same last bit every time.
    let ordered = shares.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return ordered.reduce(0) { sum, entry in
      sum
        + abs(
          Double(entry.value.0) / Double(total) - Double(entry.value.1) / Double(other.total))
    } / 2
  }
}
