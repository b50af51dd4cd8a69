private import Foundation
internal import Parallelism

/// Compares pairs of rows by their sets of shingles, a batch at a time on the pool.
struct PairVerifier {
  /// A pair as one number: the first row above the second.
  static func pair(_ a: UInt32, _ b: UInt32) -> UInt64 { UInt64(a) << 32 | UInt64(b) }
  static func rows(_ pair: UInt64) -> (UInt32, UInt32) {
    (UInt32(truncatingIfNeeded: pair >> 32), UInt32(truncatingIfNeeded: pair))
  }

  enum Question {
    /// Whether the sets are the same.
    case equal
    /// Whether the similarity is at least the threshold.
    case similar(Double)
  }

  private let store: ShingleStore
  private let pool: ThreadPool

  /// Pairs that one task of the pool compares.
  private static let block = 512

  init(_ store: ShingleStore, _ pool: ThreadPool) {
    self.store = store
    self.pool = pool
  }

  /// The answer for each pair, in their order.
  func answers(_ pairs: [UInt64], _ question: Question) throws -> [Bool] {
    if pairs.isEmpty { return [] }
    let rows: [UInt32]
    let form: ShingleStore.Form
    switch question {
    case .equal: form = .asAppended
    case .similar: form = .sets
    }
    if store.isInMemory {
      rows = form == .sets ? pairs.flatMap { [Self.rows($0).0, Self.rows($0).1] } : []
    } else {
      rows = Self.rows(in: pairs)
    }
    let sets = try store.sets(of: rows, form, pool)
    return [Bool](unsafeUninitializedCapacity: pairs.count) { answers, count in
      nonisolated(unsafe) let answers = answers
      // Each task writes its own range.
      pool.forEachBlock(of: pairs.count, by: Self.block) { range in
        for index in range {
          let (a, b) = Self.rows(pairs[index])
          let answer = Self.answer(sets.set(of: a), sets.set(of: b), question)
          answers.initializeElement(at: index, to: answer)
        }
      }
      count = pairs.count
    }
  }

  private static func answer(
    _ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>, _ question: Question
  ) -> Bool {
    switch question {
    case .equal:
      guard let x = a.baseAddress, let y = b.baseAddress else { return a.count == b.count }
      return a.count == b.count && memcmp(x, y, 4 * a.count) == 0
    case .similar(let threshold):
      // |A ∩ B| / |A ∪ B| is at most the smaller size over the larger.
      let bound = Double(min(a.count, b.count)) / Double(max(a.count, b.count))
      return bound >= threshold && Shingler.isSimilar(a, b, threshold)
    }
  }

  /// The rows of pairs in ascending order, each once.
  static func rows(in pairs: [UInt64]) -> [UInt32] {
    var rows: [UInt32] = []
    rows.reserveCapacity(2 * pairs.count)
    for pair in pairs {
      let (a, b) = Self.rows(pair)
      rows.append(a)
      rows.append(b)
    }
    rows.sort()
    var kept = 0
    for row in rows where kept == 0 || rows[kept - 1] != row {
      rows[kept] = row
      kept += 1
    }
    rows.removeLast(rows.count - kept)
    return rows
  }
}
