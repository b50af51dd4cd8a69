internal import Reproducibility

/// Deals rows to train, validation and test so that rows that belong together stay together and
/// every stratum has its share on every side.
///
/// Units are the connected components of rows with a key in common. Within a stratum units are
/// ordered by a keyed hash of their smallest row identity and dealt to test, then validation, as
/// long as they fit the stratum's quota; the rest is train. The plan depends on the set of rows and
/// the seed, not on the order of rows; a row more or less moves few others.
///
/// With times, units are ordered by their latest row instead: the newest are test, those before
/// them validation, so that nothing is trained on that happened after what it is measured on.
package struct SplitPlan: Sendable {
  package enum Side: Int, Sendable, CaseIterable { case train, validation, test }

  /// The side of each row, in the order given.
  package let sides: [Side]
  /// Rows that stay together; 1 for a row alone.
  package let unitCount: Int
  /// With folds: the fold each row of train is validated in, 0 for the others.
  package let folds: [UInt8]

  /// - Parameters:
  ///   - test: rows wanted in test, gold rows included.
  ///   - validation: rows wanted in validation; with `test` at most as many as there are.
  ///   - folds: 2 to 255 parts that train is dealt to, or nil.
  package init(
    _ rows: SplitRows, test: Int, validation: Int, folds: Int? = nil, seed: UInt64
  ) {
    precondition(test >= 0 && validation >= 0 && test + validation <= rows.count)
    let ranks = Self.ranks(rows.strataNames)
    var units = SplitUnits(rows, ranks: ranks)
    unitCount = units.list.count
    let random = CounterRandom(seed: seed, stream: "split")
    for index in units.list.indices {
      units.list[index].order = random.bits(units.list[index].smallest)
    }
    var sideOf = [Side](repeating: .train, count: rows.count)
    for unit in units.list where unit.isGold { sideOf[Int(unit.root)] = .test }
    let gold = units.list.reduce(0) { $0 + ($1.isGold ? Int($1.rows) : 0) }
    units.list.removeAll { $0.isGold }
    let left = max(0, test - gold)
    if rows.times.isEmpty {
      Self.deal(&units.list, rows.strataNames.count, left, validation, &sideOf)
    } else {
      Self.dealByTime(&units.list, left, validation, &sideOf)
    }
    self.folds = folds.map { Self.folds($0, units, sideOf) } ?? []
    sides = units.roots.map { sideOf[Int($0)] }
  }

  private static func ranks(_ names: ByteNames) -> [UInt32] {
    let order = names.names.indices.sorted {
      names.names[$0].lexicographicallyPrecedes(names.names[$1])
    }
    var ranks = [UInt32](repeating: 0, count: max(1, order.count))
    for (rank, index) in order.enumerated() { ranks[index] = UInt32(rank) }
    return ranks
  }

  private static func deal(
    _ units: inout [SplitUnits.Unit], _ strata: Int, _ test: Int, _ validation: Int,
    _ sideOf: inout [Side]
  ) {
    units.sort { ($0.stratum, $0.order, $0.smallest) < ($1.stratum, $1.order, $1.smallest) }
    var sizes = [Int](repeating: 0, count: max(1, strata))
    for unit in units { sizes[Int(unit.stratum)] += Int(unit.rows) }
    var testLeft = shares(of: min(test, sizes.reduce(0, +)), sizes)
    let rest = zip(sizes, testLeft).map { $0 - $1 }
    var validationLeft = shares(of: min(validation, rest.reduce(0, +)), rest)
    for unit in units {
      let (stratum, count) = (Int(unit.stratum), Int(unit.rows))
      if count <= testLeft[stratum] {
        testLeft[stratum] -= count
        sideOf[Int(unit.root)] = .test
      } else if count <= validationLeft[stratum] {
        validationLeft[stratum] -= count
        sideOf[Int(unit.root)] = .validation
      }
    }
  }

  /// A side takes whole units until it has at least what was wanted: skipping one that does not
  /// fit would train on what is newer than the test.
  private static func dealByTime(
    _ units: inout [SplitUnits.Unit], _ test: Int, _ validation: Int, _ sideOf: inout [Side]
  ) {
    units.sort { ($1.time, $0.order, $0.smallest) < ($0.time, $1.order, $1.smallest) }
    var (testLeft, validationLeft) = (test, validation)
    for unit in units {
      if testLeft > 0 {
        testLeft -= Int(unit.rows)
        sideOf[Int(unit.root)] = .test
      } else if validationLeft > 0 {
        validationLeft -= Int(unit.rows)
        sideOf[Int(unit.root)] = .validation
      } else {
        return
      }
    }
  }

  /// Deals the units of train to folds, each to the one with the fewest rows of its stratum, then
  /// the fewest rows, then the first.
  private static func folds(_ count: Int, _ units: SplitUnits, _ sideOf: [Side]) -> [UInt8] {
    var all = [Int](repeating: 0, count: count)
    var here = all
    var foldOf = [UInt8](repeating: 0, count: units.roots.count)
    var stratum = UInt32.max
    for unit in units.list where sideOf[Int(unit.root)] == .train {
      if unit.stratum != stratum {
        stratum = unit.stratum
        here = [Int](repeating: 0, count: count)
      }
      var best = 0
      for fold in 1..<count where (here[fold], all[fold]) < (here[best], all[best]) { best = fold }
      here[best] += Int(unit.rows)
      all[best] += Int(unit.rows)
      foldOf[Int(unit.root)] = UInt8(best)
    }
    return units.roots.map { foldOf[Int($0)] }
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
