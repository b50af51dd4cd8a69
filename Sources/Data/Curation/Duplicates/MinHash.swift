internal import CKernels
private import Foundation
internal import Reproducibility

/// MinHash signatures cut into bands: rows whose keys of one band are equal are candidates.
///
/// P(candidate at similarity s) = 1 - (1 - s^rows)^bands (Leskovec, Rajaraman, Ullman: Mining of
/// Massive Datasets, §3.4). Candidates are verified exactly afterwards, so bands are chosen for
/// recall: the most rows a band for which a pair at the threshold is missed at most one time in
/// 2,000.
package struct MinHash: Sendable {
  /// Pairs at the threshold that may be missed.
  package static let missedMax = 0.0005

  package let threshold: Double
  package let permutations: Int
  package let bands: Int
  package let rows: Int
  private let multipliers: [UInt32]
  private let offsets: [UInt32]

  /// - Parameter permutations: a multiple of 32.
  package init(threshold: Double, permutations: Int, seed: UInt64) {
    precondition(permutations > 0 && permutations % 32 == 0, "permutations come in blocks of 32")
    self.threshold = threshold
    self.permutations = permutations
    (bands, rows) = Self.banding(threshold, permutations)
    let random = CounterRandom(seed: seed, stream: "minhash")
    multipliers = (0..<permutations).map {
      UInt32(truncatingIfNeeded: random.bits(UInt64(2 * $0))) | 1
    }
    offsets = (0..<permutations).map {
      UInt32(truncatingIfNeeded: random.bits(UInt64(2 * $0 + 1)))
    }
  }

  /// The chance that a pair of similarity `s` becomes a candidate.
  package func candidateProbability(_ s: Double) -> Double {
    Self.probability(s, bands, rows)
  }

  static func probability(_ s: Double, _ bands: Int, _ rows: Int) -> Double {
    1 - pow(1 - pow(s, Double(rows)), Double(bands))
  }

  static func banding(_ threshold: Double, _ permutations: Int) -> (bands: Int, rows: Int) {
    for rows in stride(from: min(16, permutations), to: 1, by: -1) {
      let bands = permutations / rows
      if probability(threshold, bands, rows) >= 1 - missedMax { return (bands, rows) }
    }
    return (permutations, 1)
  }

  /// Writes the ``bands`` keys of a non-empty set of shingles.
  package func keys(of shingles: [UInt32], into keys: inout [UInt32]) {
    precondition(!shingles.isEmpty, "an empty set has no signature")
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: permutations) { signature in
      guard let base = signature.baseAddress else { return }
      orc_minhash_signature(
        base, shingles, shingles.count, multipliers, offsets, permutations)
      for band in 0..<bands {
        // FNV-1a over the rows of the band, mixed once more so that all bits count.
        var key: UInt64 = 0xCBF2_9CE4_8422_2325
        for row in 0..<rows { key = (key ^ UInt64(base[band * rows + row])) &* 0x100_0000_01B3 }
        key = (key ^ (key >> 32)) &* 0x9E37_79B9_7F4A_7C15
        keys.append(UInt32(truncatingIfNeeded: key >> 32))
      }
    }
  }
}
