internal import CKernels
private import Foundation
internal import Reproducibility

/// MinHash signatures cut into bands: rows whose keys of one band are equal are candidates.
///
/// P(candidate at similarity s) = 1 - (1 - s^rows)^bands (Leskovec, Rajaraman, Ullman: Mining of
/// Massive Datasets, §3.4). Candidates are verified exactly afterwards, so bands are chosen for
/// recall: the most rows a band, and just enough bands, for which a pair at the threshold is missed
/// at most one time in 2,000.
package struct MinHash: Sendable {
  /// Pairs at the threshold that may be missed.
  package static let missedMax = 0.0005
  /// Permutations that a signature may have unless the user says otherwise.
  package static let permutationsDefault = 192

  package let threshold: Double
  package let bands: Int
  package let rows: Int
  private let multipliers: [UInt32]
  private let offsets: [UInt32]

  /// Values of a signature that are used.
  package var permutations: Int { bands * rows }

  /// - Parameter permutations: the most that bands times rows may be.
  package init(threshold: Double, permutations: Int = permutationsDefault, seed: UInt64) {
    let (bands, rows) = Self.banding(threshold, permutations)
    self.init(threshold: threshold, bands: bands, rows: rows, seed: seed)
  }

  package init(threshold: Double, bands: Int, rows: Int, seed: UInt64) {
    precondition(bands > 0 && rows > 0, "a signature has at least one value")
    self.threshold = threshold
    self.bands = bands
    self.rows = rows
    // The kernel takes 32 permutations at a time.
    let length = (bands * rows + 31) / 32 * 32
    let random = CounterRandom(seed: seed, stream: "minhash")
    multipliers = (0..<length).map { UInt32(truncatingIfNeeded: random.bits(UInt64(2 * $0))) | 1 }
    offsets = (0..<length).map { UInt32(truncatingIfNeeded: random.bits(UInt64(2 * $0 + 1))) }
  }

  /// The chance that a pair of similarity `s` becomes a candidate.
  package func candidateProbability(_ s: Double) -> Double {
    1 - pow(1 - pow(s, Double(rows)), Double(bands))
  }

  static func banding(_ threshold: Double, _ permutations: Int) -> (bands: Int, rows: Int) {
    for rows in stride(from: min(16, permutations), to: 1, by: -1) {
      let shared = pow(threshold, Double(rows))
      let bands = shared >= 1 ? 1 : max(1, (log(missedMax) / log(1 - shared)).rounded(.up))
      if bands * Double(rows) <= Double(permutations) { return (Int(bands), rows) }
    }
    return (permutations, 1)
  }

  /// Writes the key of each band of a non-empty set of shingles, `stride` apart from `keys` on.
  func keys(
    of shingles: UnsafeBufferPointer<UInt32>, to keys: UnsafeMutablePointer<UInt32>, stride: Int
  ) {
    guard let from = shingles.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: multipliers.count) { signature in
      guard let base = signature.baseAddress else { return }
      orc_minhash_signature(base, from, shingles.count, multipliers, offsets, multipliers.count)
      orc_minhash_keys(keys, stride, base, bands, rows)
    }
  }

  /// The keys of a non-empty set of shingles, band after band.
  package func keys(of shingles: [UInt32]) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: bands) { keys, count in
      guard let base = keys.baseAddress else { return }
      shingles.withUnsafeBufferPointer { self.keys(of: $0, to: base, stride: 1) }
      count = bands
    }
  }
}
