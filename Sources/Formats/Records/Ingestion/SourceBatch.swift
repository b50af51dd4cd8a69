/// Some whole raw rows of a source file, not yet looked into.
package struct SourceBatch: Sendable {
  /// Where a raw row lies in ``SourceBatch/bytes``, and in the file.
  package struct Record: Sendable, Hashable {
    package var start: Int
    package var end: Int
    /// The line of the file it begins on, from 1.
    package var line: Int
  }

  package var bytes: [UInt8]
  package var records: [Record]

  /// Bytes of raw rows that are parsed together.
  private static let sliceBytes = 256 << 10

  /// Ranges of records of about ``sliceBytes``, cut by the batch alone.
  package func slices() -> [Range<Int>] {
    var slices: [Range<Int>] = []
    var start = 0
    for index in records.indices
    where records[index].end - records[start].start >= Self.sliceBytes {
      slices.append(start..<(index + 1))
      start = index + 1
      if start == records.count { return slices }
    }
    slices.append(start..<records.count)
    return slices
  }
}

/// Finds the borders of raw rows in a stream of bytes.
protocol RecordSplitter {
  /// Appends the whole records in `bytes`, which begins where the last call said that the next
  /// record begins, and returns that place for this call. What was scanned of an unfinished record
  /// is remembered, so that a long one is not scanned again.
  ///
  /// - Parameter isEnd: the file ends after `bytes`.
  /// - Throws: ``Failure`` of class `badInput` for what makes the rest of the file meaningless.
  mutating func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into records: inout [SourceBatch.Record]
  ) throws -> Int
}
