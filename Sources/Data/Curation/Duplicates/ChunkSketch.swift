package import Records

/// What duplicate search keeps of the rows of one chunk: a pure function of the chunk and the rules,
/// so that it can be stored by the chunk's digest, or be made elsewhere (``encoded()``).
package struct ChunkSketch: Sendable, Hashable {
  package internal(set) var ids: [RowKey] = []
  /// Of the texts compared, byte for byte, in their order.
  var digests: [Digest128] = []
  /// Of the texts as normalised; 0 for a row that has nothing to compare.
  var sequences: [UInt64] = []
  /// Shingles of each row; 0 for a row without words.
  var counts: [UInt32] = []
  /// Bytes of text of each row.
  var textBytes: [UInt32] = []
  /// The number of ``DedupRules/scoreColumn``, the lowest possible where a row has none; empty
  /// unless the rules ask for it.
  var scores: [Double] = []
  /// Names of sources in order of appearance; "" for rows that name none.
  var sources: [String] = []
  /// The source of each row, as an index into ``sources``.
  var sourceOf: [UInt32] = []
  /// Band keys, band after band; 0 for a row without words. Empty for the exact method.
  var keys: [UInt32] = []
  /// The shingles of the rows one after the other, in order of their texts, repeats included.
  var shingles: [UInt32] = []

  package var rowCount: Int { ids.count }

  init() {}
}
