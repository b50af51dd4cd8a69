/// Items that share a value of a column, as results are told apart (`by: language`).
package struct Slice: Sendable, Hashable {
  /// Nil: items without the column.
  package var value: String?
  /// Places of the items, in order.
  package var items: [Int]

  package init(_ value: String?, items: [Int]) {
    self.value = value
    self.items = items
  }

  /// The slices of items by one column of theirs, in the order of their values' bytes, items
  /// without it last. Every item is in one.
  package static func group(_ columns: [[String: String]], by column: String) -> [Slice] {
    group(columns.map { $0[column] })
  }

  /// The same from the values of the column.
  package static func group(_ values: [String?]) -> [Slice] {
    var places: [String: [Int]] = [:]
    var others: [Int] = []
    for (index, value) in values.enumerated() {
      if let value { places[value, default: []].append(index) } else { others.append(index) }
    }
    let named = places.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { Slice($0.key, items: $0.value) }
    return others.isEmpty ? named : named + [Slice(nil, items: others)]
  }

  /// The values at the slice's items.
  package func select<Value>(_ values: [Value]) -> [Value] { items.map { values[$0] } }
}
