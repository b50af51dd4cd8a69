internal import Records
internal import Reproducibility

/// The chunks before one, in order, as one digest: what the ids of its rows depend on beside the
/// chunk itself. Where it is the same as when a chunk was mapped, so are the ids.
struct ChunkChain {
  private(set) var digest = Digest(of: [] as [UInt8])

  mutating func append(_ chunk: Digest) {
    digest = Digest(of: Array(digest.hex.utf8) + Array(chunk.hex.utf8))
  }
}

/// Gives rows their ids like ``RowIdentity``, but looks at rows whose ids are known already only when
/// others ask how many equals came before them.
///
/// An append asks for a few rows after very many: those are then looked for among the known ones, in
/// one pass, and no table of all rows is made. Memory: 24 bytes a known row, or what ``RowIdentity``
/// takes once a table is made.
struct ContinuedIdentity {
  /// Rows that are in no table yet.
  private var known: [[RowKey]] = []
  private var knownCount = 0
  private var identity = RowIdentity()
  private var hasTable = false
  private var passes = 0

  /// Passes over known rows that cost as much as their table.
  private static let passesMax = 16
  /// A pass is made for rows of which there are this many times fewer than known ones.
  private static let passFactor = 8

  /// The next rows, whose ids are known.
  mutating func pass(_ ids: [RowKey]) {
    if hasTable {
      for id in ids { _ = identity.next(id) }
    } else {
      known.append(ids)
      knownCount += ids.count
    }
  }

  /// The ids of the next rows, which are known by their hashes alone.
  mutating func next(_ rows: [[RowKey]]) -> [[RowKey]] {
    let count = rows.reduce(0) { $0 + $1.count }
    if !hasTable, passes == Self.passesMax || knownCount < Self.passFactor * count {
      for ids in known { for id in ids { _ = identity.next(id) } }
      known = []
      hasTable = true
    }
    if hasTable { return rows.map { $0.map { identity.next($0) } } }
    passes += 1
    var counts = Self.counts(of: rows, in: known)
    let ids = rows.map { chunk in
      chunk.map { row in
        let key = RowKey(high: row.high, low: row.low, ordinal: 0)
        let ordinal = counts[key, default: 0]
        counts[key] = ordinal + 1
        return RowKey(high: row.high, low: row.low, ordinal: ordinal)
      }
    }
    known += ids
    knownCount += count
    return ids
  }

  /// How often each of `rows` is among `known`, whatever its ordinal.
  private static func counts(of rows: [[RowKey]], in known: [[RowKey]]) -> [RowKey: UInt32] {
    // Bit n: the lowest 16 bits of some row's hash are n.
    var filter = [UInt64](repeating: 0, count: 1024)
    var counts: [RowKey: UInt32] = [:]
    for row in rows.joined() {
      filter[Int(row.low >> 6 & 1023)] |= 1 << (row.low & 63)
      counts[RowKey(high: row.high, low: row.low, ordinal: 0)] = 0
    }
    for ids in known {
      for id in ids where filter[Int(id.low >> 6 & 1023)] >> (id.low & 63) & 1 == 1 {
        let key = RowKey(high: id.high, low: id.low, ordinal: 0)
        if let count = counts[key] { counts[key] = count + 1 }
      }
    }
    return counts
  }
}
