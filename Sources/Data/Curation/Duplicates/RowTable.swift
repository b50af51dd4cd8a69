package import Records

/// What duplicate search keeps of every row for its whole length.
///
/// Memory: see ``bytesPerRow(_:)``; shingles and band keys are elsewhere (``ShingleStore``,
/// ``BandKeys``), in memory or in files.
package struct RowTable: Sendable {
  package private(set) var ids: [RowKey] = []
  private(set) var digests: [Digest128] = []
  private(set) var sequences: [UInt64] = []
  private(set) var counts: [UInt32] = []
  private(set) var textBytes: [UInt32] = []
  private(set) var scores: [Double] = []
  /// Names of sources in order of appearance; "" for rows that name none.
  package private(set) var sources: [String] = []
  /// The source of each row, as an index into ``sources``.
  package private(set) var sourceOf: [UInt32] = []
  private var sourceNumbers: [String: UInt32] = [:]

  package var rowCount: Int { ids.count }

  init(rows: Int, _ rules: DedupRules) {
    ids.reserveCapacity(rows)
    digests.reserveCapacity(rows)
    sequences.reserveCapacity(rows)
    counts.reserveCapacity(rows)
    if rules.keep == .longest { textBytes.reserveCapacity(rows) }
    if rules.keep == .best { scores.reserveCapacity(rows) }
    sourceOf.reserveCapacity(rows)
  }

  mutating func append(_ sketch: ChunkSketch, _ rules: DedupRules) {
    ids += sketch.ids
    digests += sketch.digests
    sequences += sketch.sequences
    counts += sketch.counts
    if rules.keep == .longest { textBytes += sketch.textBytes }
    scores += sketch.scores
    let numbers = sketch.sources.map { number(of: $0) }
    for source in sketch.sourceOf { sourceOf.append(numbers[Int(source)]) }
  }

  private mutating func number(of source: String) -> UInt32 {
    if let number = sourceNumbers[source] { return number }
    let number = UInt32(sources.count)
    sourceNumbers[source] = number
    sources.append(source)
    return number
  }

  /// Bytes that the search holds for each row, whatever its length: id 24, digest 16, sequence 8,
  /// count 4, source 4, place of its shingles 8, representative 4, set 4, row of a cluster 16,
  /// sorting 16, failed pairs 8, and a score of 8 or a length of 4 where `keep` needs one.
  package static func bytesPerRow(_ rules: DedupRules) -> Int {
    24 + 16 + 8 + 4 + 4 + 8 + 4 + 4 + 16 + 16 + 8
      + (rules.keep == .best ? 8 : rules.keep == .longest ? 4 : 0)
  }

  /// Whether the rules let two rows be compared.
  func mayCompare(_ a: UInt32, _ b: UInt32, _ scope: DedupRules.Scope) -> Bool {
    scope == .all || (sourceOf[Int(a)] == sourceOf[Int(b)]) == (scope == .within)
  }
}
