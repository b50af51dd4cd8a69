package import Parallelism
package import Records

/// What chunks add to a profile, kept from run to run: parts of a sharded report make each other's,
/// and rows that are appended cost the chunks they fall into.
package struct KeptProfiles: Sendable {
  /// The bytes kept for a chunk, or nil.
  package var find: @Sendable (_ chunk: Int) throws -> [UInt8]? = { _ in nil }
  /// Called from any thread with the bytes of each chunk that was looked at.
  package var keep: @Sendable (_ chunk: Int, _ bytes: [UInt8]) throws -> Void = { _, _ in }

  package init() {}

  func profile(
    _ chunk: Int, _ reader: RecordsReader, _ settings: DataProfile.Settings
  ) throws -> ChunkProfile {
    if let bytes = try find(chunk), let kept = ChunkProfile(bytes, settings),
      kept.characters.count == reader.manifest.chunks[chunk].rows
    {
      return kept
    }
    let made = try ChunkProfile(try reader.stored(chunk), settings)
    try keep(chunk, made.bytes)
    return made
  }

  /// Looks at those of `chunks` that nothing is kept for.
  ///
  /// - Parameter before: called before every batch; throws to stop.
  package func make(
    _ chunks: [Int], _ reader: RecordsReader, _ settings: DataProfile.Settings,
    _ pool: ThreadPool, before: () throws -> Void
  ) throws {
    for start in stride(from: 0, to: chunks.count, by: ChunkPass.chunksAtOnce) {
      try before()
      let batch = Array(chunks[start..<min(start + ChunkPass.chunksAtOnce, chunks.count)])
      _ = try pool.map(batch) { _ = try profile($0, reader, settings) }
    }
  }
}
