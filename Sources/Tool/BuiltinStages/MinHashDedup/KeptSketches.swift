internal import Curation
internal import Parallelism
internal import Records
internal import StageKit

/// Sketches of chunks from run to run: an append costs the sketches of the new chunks, and parts of a
/// sharded stage make each other's. About 5 bytes on disk for each shingle and band of a row.
struct KeptSketches: Sendable {
  private let reader: RecordsReader
  private let results: any ChunkResults

  /// Chunks made between two looks at whether to stop.
  private static let chunksAtOnce = 16

  init(_ reader: RecordsReader, _ results: any ChunkResults) {
    self.reader = reader
    self.results = results
  }

  func find(_ chunk: Int) throws -> ChunkSketch? {
    let entry = reader.manifest.chunks[chunk]
    guard let found = try results.find(entry.digest),
      let sketch = try? ChunkSketch(encoded: found.summary), sketch.rowCount == entry.rows
    else { return nil }
    return sketch
  }

  func keep(_ chunk: Int, _ sketch: ChunkSketch) throws {
    _ = try results.keep(
      reader.manifest.chunks[chunk].digest, summary: sketch.encoded(), files: [])
  }

  /// The sketches of the chunks that are this process's part.
  func makeMissing(_ sketcher: ChunkSketcher, _ context: StageContext) throws {
    let mine = (0..<reader.chunkCount).filter { context.shard.does($0) }
    for start in stride(from: 0, to: mine.count, by: Self.chunksAtOnce) {
      try context.checkCancelled()
      _ = try context.pool.map(Array(mine[start..<min(start + Self.chunksAtOnce, mine.count)])) {
        if try find($0) == nil { try keep($0, try sketcher.sketch(try reader.stored($0))) }
      }
    }
  }

  func trim() throws { try results.trim(to: reader.manifest.chunks.map(\.digest)) }
}
