package import Records
internal import Reproducibility

/// What duplicate search keeps of some rows: about 4 bytes for each shingle and each band.
package struct RowSketches: Sendable {
  /// A digest of what each row says, its other columns left out.
  package private(set) var contents: [ContentHash] = []
  private(set) var shingles: [UInt32] = []
  /// The shingles of row i are ``shingles``[starts[i] ..< starts[i + 1]].
  private(set) var starts: [Int] = [0]
  /// ``MinHash/bands`` keys a row; zeros for a row without shingles.
  private(set) var keys: [UInt32] = []

  package struct ContentHash: Sendable, Hashable {
    var high: UInt64
    var low: UInt64
  }

  package var count: Int { contents.count }

  package init() {}

  /// Sketches rows on the calling thread.
  package init(_ rows: [RowContent], _ shingler: Shingler, _ minHash: MinHash) {
    keys.reserveCapacity(rows.count * minHash.bands)
    for content in rows {
      contents.append(Self.hash(content))
      let set = shingler.set(of: content.texts)
      shingles += set
      starts.append(shingles.count)
      if set.isEmpty {
        keys += repeatElement(0, count: minHash.bands)
      } else {
        minHash.keys(of: set, into: &keys)
      }
    }
  }

  package mutating func append(_ other: RowSketches) {
    contents += other.contents
    let base = shingles.count
    shingles += other.shingles
    starts += other.starts.dropFirst().map { $0 + base }
    keys += other.keys
  }

  /// The bytes that the sketches of all rows take.
  package var byteCount: Int {
    16 * contents.count + 4 * shingles.count + 8 * starts.count + 4 * keys.count
  }

  private static func hash(_ content: RowContent) -> ContentHash {
    var halves: (UInt64, UInt64) = (0, 0)
    for (index, byte) in RowIdentity.hash(content, []).utf8.enumerated() {
      let digit = UInt64(byte < 58 ? byte &- 48 : byte &- 87) & 15
      if index < 16 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
    }
    return ContentHash(high: halves.0, low: halves.1)
  }
}
