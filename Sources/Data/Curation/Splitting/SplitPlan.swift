package import Records
internal import Reproducibility

/// Deals rows to train, validation and test so that rows that belong together stay together and
/// every stratum has its share on every side.
///
/// Units are the connected components of rows with a key in common. Within a stratum units are
/// ordered by a keyed hash of their smallest row id and dealt to test, then validation, as long as
/// they fit the stratum's quota; the rest is train. The plan depends on the set of rows and the
/// seed, not on the order of rows; a row more or less moves few others.
package struct SplitPlan: Sendable {
  package enum Side: Int, Sendable, CaseIterable { case train, validation, test }

  /// A row as the plan sees it.
  package struct Item: Sendable {
    package var id: RowID
    package var stratum: String
    /// Rows with a key in common stay on one side: clusters, groups, equal contents.
    package var keys: [String]

    package init(id: RowID, stratum: String, keys: [String]) {
      self.id = id
      self.stratum = stratum
      self.keys = keys
    }
  }

  /// The side of each row, in the order given.
  package let sides: [Side]
  /// Rows that stay together; 1 for a row alone.
  package let unitCount: Int

  /// - Parameters:
  ///   - test: rows wanted in test.
  ///   - validation: rows wanted in validation; with `test` at most as many as there are.
  package init(_ items: [Item], test: Int, validation: Int, seed: UInt64) {
    precondition(test >= 0 && validation >= 0 && test + validation <= items.count)
    let units = Self.units(items)
    unitCount = units.count
    var strata: [String: [Unit]] = [:]
    for unit in units { strata[unit.stratum, default: []].append(unit) }
    let names = strata.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let sizes = names.map { name in (strata[name] ?? []).reduce(0) { $0 + $1.rows.count } }
    let testQuota = Self.shares(of: test, sizes)
    let left = zip(sizes, testQuota).map { $0 - $1 }
    let validationQuota = Self.shares(of: validation, left)
    let random = CounterRandom(seed: seed, stream: "split")
    var sides = [Side](repeating: .train, count: items.count)
    for (index, name) in names.enumerated() {
      var testLeft = testQuota[index]
      var validationLeft = validationQuota[index]
      let keyed = (strata[name] ?? []).map { (key: random.bits($0.smallest.bits), unit: $0) }
        .sorted { ($0.key, $0.unit.smallest) < ($1.key, $1.unit.smallest) }
      for (_, unit) in keyed {
        let count = unit.rows.count
        if count <= testLeft {
          testLeft -= count
          for row in unit.rows { sides[row] = .test }
        } else if count <= validationLeft {
          validationLeft -= count
          for row in unit.rows { sides[row] = .validation }
        }
      }
    }
    self.sides = sides
  }

  private struct Unit {
    var rows: [Int]
    var smallest: RowID
    /// The stratum of most of its rows; of equally frequent ones the first by name.
    var stratum: String
  }

  private static func units(_ items: [Item]) -> [Unit] {
    var sets = UnionFind(items.count)
    var first: [String: Int] = [:]
    for (index, item) in items.enumerated() {
      for key in item.keys {
        if let other = first[key] { sets.join(other, index) } else { first[key] = index }
      }
    }
    var members: [Int: [Int]] = [:]
    for index in items.indices { members[sets.find(index), default: []].append(index) }
    return members.values.map { rows in
      var counts: [String: Int] = [:]
      for row in rows { counts[items[row].stratum, default: 0] += 1 }
      let stratum = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
      let smallest = rows.map { items[$0].id }.min() ?? items[rows[0]].id
      return Unit(rows: rows, smallest: smallest, stratum: stratum)
    }.sorted { $0.smallest < $1.smallest }
  }

  /// Shares `total` among parts of these sizes by the method of the largest remainder; of equal
  /// remainders the earlier part comes first.
  static func shares(of total: Int, _ sizes: [Int]) -> [Int] {
    let all = sizes.reduce(0, +)
    if all == 0 { return sizes }
    let exact = sizes.map { $0.multipliedFullWidth(by: total) }
    var shares: [Int] = []
    var remainders: [(remainder: Int, index: Int)] = []
    for (index, product) in exact.enumerated() {
      let (quotient, remainder) = all.dividingFullWidth(product)
      shares.append(quotient)
      remainders.append((remainder, index))
    }
    let missing = total - shares.reduce(0, +)
    for (_, index) in remainders.sorted(by: { ($1.remainder, $0.index) < ($0.remainder, $1.index) })
      .prefix(missing)
    {
      shares[index] += 1
    }
    return shares
  }
}
