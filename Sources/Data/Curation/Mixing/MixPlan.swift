internal import Reproducibility

/// Which rows of several sources are mixed, and in what order.
///
/// How much each source gives follows from the shares and the rule of stopping, named as by
/// `datasets.interleave_datasets`. A source that gives less than it has gives a sample by a keyed
/// hash of row identities, in its own order; one that must give more begins again.
///
/// Sources follow each other by low discrepancy: next is always the one that is furthest behind its
/// share, so that every stretch of the mixture has nearly the shares of the whole.
package struct MixPlan: Sendable {
  package enum Stop: String, Sendable, CaseIterable {
    /// As soon as one source has given all its rows.
    case firstExhausted = "first_exhausted"
    /// When all have given all their rows; smaller ones are repeated.
    case allExhausted = "all_exhausted"
    /// All rows of all sources once; shares are those of their sizes.
    case withoutReplacement = "all_exhausted_without_replacement"
  }

  /// A source as the plan sees it.
  package struct Source: Sendable {
    /// Shares of all sources are normalised to 1.
    package var ratio: Double
    /// ``RowID/bits`` of each row.
    package var bits: [UInt64]
    /// Size of each row in the unit that shares are measured by, or empty: every row is 1.
    package var lengths: [UInt32]
    /// How many times each row counts, or empty: once.
    package var times: [UInt8]

    package init(
      ratio: Double, bits: [UInt64], lengths: [UInt32] = [], times: [UInt8] = []
    ) {
      self.ratio = ratio
      self.bits = bits
      self.lengths = lengths
      self.times = times
    }

    func length(_ row: Int) -> Int { lengths.isEmpty ? 1 : Int(lengths[row]) }
    func times(_ row: Int) -> Int { times.isEmpty ? 1 : Int(times[row]) }

    /// Units of one round of all rows.
    var available: Int {
      bits.indices.reduce(0) { $0 + length($1) * times($1) }
    }
  }

  /// The source of each row of the mixture.
  package let order: [UInt8]
  /// For each source the numbers of its rows in the order they are taken.
  package let rows: [[UInt32]]

  /// - Parameter rowsMax: at most so many rows, or nil.
  package init(_ sources: [Source], stop: Stop, rowsMax: Int? = nil, seed: UInt64) {
    precondition(sources.count <= 255, "at most 255 sources")
    let quotas = Self.quotas(sources, stop, rowsMax)
    var rows: [[UInt32]] = []
    for (index, source) in sources.enumerated() {
      let random = CounterRandom(seed: seed, stream: "mix", UInt64(index))
      rows.append(Self.take(quotas[index], of: source, random))
    }
    self.rows = rows
    order = Self.interleave(sources, rows, rowsMax)
  }

  /// Units that each source gives.
  static func quotas(_ sources: [Source], _ stop: Stop, _ rowsMax: Int?) -> [Double] {
    let total = sources.reduce(0) { $0 + $1.ratio }
    let available = sources.map { Double($0.available) }
    var quotas = available
    if stop != .withoutReplacement {
      let reach = zip(sources, available).filter { $0.0.ratio > 0 }
        .map { $0.1 * total / $0.0.ratio }
      let units = (stop == .firstExhausted ? reach.min() : reach.max()) ?? 0
      // A source without rows cannot be repeated.
      quotas = zip(sources, available).map { $0.1 == 0 ? 0 : units * $0.0.ratio / total }
    }
    guard let rowsMax else { return quotas }
    let rows = zip(sources, zip(quotas, available)).reduce(0.0) { sum, item in
      let (source, (quota, units)) = item
      let rows =
        source.times.isEmpty
        ? source.bits.count : source.times.reduce(0) { $0 + Int($1) }
      return sum + (units == 0 ? 0 : quota / units * Double(rows))
    }
    return rows > Double(rowsMax) ? quotas.map { $0 * Double(rowsMax) / rows } : quotas
  }

  /// Whole rounds, then a sample of the rest.
  static func take(_ quota: Double, of source: Source, _ random: CounterRandom) -> [UInt32] {
    let available = source.available
    if available == 0 { return [] }
    let rounds = Int((quota / Double(available) + 1e-9).rounded(.down))
    var taken: [UInt32] = []
    for _ in 0..<rounds {
      for row in source.bits.indices {
        for _ in 0..<source.times(row) { taken.append(UInt32(row)) }
      }
    }
    var left = quota - Double(rounds) * Double(available)
    if left < 0.5 { return taken }
    var order = source.bits.indices.map { (key: random.bits(source.bits[$0]), row: $0) }
    order.sort { ($0.key, source.bits[$0.row]) < ($1.key, source.bits[$1.row]) }
    var chosen = [UInt8](repeating: 0, count: source.bits.count)
    for (_, row) in order {
      let length = Double(source.length(row))
      for _ in 0..<source.times(row) where left >= length / 2 {
        chosen[row] += 1
        left -= length
      }
      if left < 0.5 { break }
    }
    for (row, count) in chosen.enumerated() {
      for _ in 0..<count { taken.append(UInt32(row)) }
    }
    return taken
  }

  /// Next is the source whose middle of the next row comes first on its way from 0 to 1; of equal
  /// ones the earlier source.
  static func interleave(_ sources: [Source], _ rows: [[UInt32]], _ rowsMax: Int?) -> [UInt8] {
    let totals = zip(sources, rows).map { source, rows in
      rows.reduce(0) { $0 + Double(max(1, source.length(Int($1)))) }
    }
    var next = [Int](repeating: 0, count: sources.count)
    var done = [Double](repeating: 0, count: sources.count)
    func place(_ index: Int) -> Double {
      if next[index] == rows[index].count { return .infinity }
      let length = Double(max(1, sources[index].length(Int(rows[index][next[index]]))))
      return (done[index] + length / 2) / totals[index]
    }
    var places = sources.indices.map(place)
    let count = min(rows.reduce(0) { $0 + $1.count }, rowsMax ?? .max)
    var order: [UInt8] = []
    order.reserveCapacity(count)
    while order.count < count {
      var best = 0
      for index in places.indices where places[index] < places[best] { best = index }
      order.append(UInt8(best))
      done[best] += Double(max(1, sources[best].length(Int(rows[best][next[best]]))))
      next[best] += 1
      places[best] = place(best)
    }
    return order
  }
}
