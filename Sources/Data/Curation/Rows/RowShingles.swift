package import Records

/// The set of shingles of one row after the other; keeps its buffers.
package struct RowShingles {
  private let shingler: Shingler
  private var scratch: [UInt8] = []
  private var buffer = ShingleBuffer()

  package init(_ shingler: Shingler) { self.shingler = shingler }

  /// In ascending order, without repeats.
  package mutating func set(of row: StoredRow) throws -> [UInt32] {
    try set(of: row) { _ in true } ?? []
  }

  /// The same where `isWanted` says so of the shingles in order of the text; else nil.
  package mutating func set(
    of row: StoredRow, where isWanted: (UnsafeBufferPointer<UInt32>) -> Bool
  ) throws -> [UInt32]? {
    buffer.reset()
    try row.forEachText(&scratch) { shingler.append($0, to: &buffer) }
    guard buffer.shingles.withUnsafeBufferPointer(isWanted) else { return nil }
    buffer.sort()
    return Array(buffer.shingles)
  }
}
