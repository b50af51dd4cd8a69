internal import Reproducibility

/// A chunk of a records artifact that is whole and not yet written; any thread may write it.
package struct ClosedChunk: Sendable {
  /// Relative to the artifact's folder.
  let file: String
  let rows: Int
  let bytes: [UInt8]

  /// Writes chunks below `folder`. Two together take less time than one after the other.
  ///
  /// - Throws: ``Failure`` of class `io`.
  package static func write(_ chunks: [ClosedChunk], to folder: String) throws
    -> [RecordsManifest.Chunk]
  {
    return try zip(chunks, digests(chunks[...], [])).map { chunk, digest in
      try OutputFile.write(chunk.bytes, to: folder + "/" + chunk.file, digest: digest)
      return RecordsManifest.Chunk(
        file: chunk.file, rows: chunk.rows, bytes: chunk.bytes.count, digest: digest)
    }
  }

  /// The digests of all chunks, with the memory of each borrowed in turn.
  private static func digests(
    _ chunks: ArraySlice<ClosedChunk>, _ borrowed: [UnsafeRawBufferPointer]
  ) -> [Digest] {
    guard let first = chunks.first else { return Digest.many(borrowed) }
    return first.bytes.withUnsafeBytes { digests(chunks.dropFirst(), borrowed + [$0]) }
  }
}
