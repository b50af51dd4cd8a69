package import Reproducibility
package import StageKit
private import Synchronization

/// Results of chunks in memory, for tests of stages that share their work.
package final class MemoryChunkResults: ChunkResults {
  private let kept = Mutex<[Digest: [UInt8]]>([:])
  private let hits = Mutex(0)

  package init() {}

  package var count: Int { kept.withLock { $0.count } }
  /// How often something was found.
  package var found: Int { hits.withLock { $0 } }

  package func find(_ chunk: Digest) -> ChunkResult? {
    guard let summary = kept.withLock({ $0[chunk] }) else { return nil }
    hits.withLock { $0 += 1 }
    return ChunkResult(summary: summary, files: [])
  }

  package func keep(_ chunk: Digest, summary: [UInt8], files: [[UInt8]]) -> ChunkResult {
    precondition(files.isEmpty, "summaries alone are kept here")
    kept.withLock { $0[chunk] = summary }
    return ChunkResult(summary: summary, files: [])
  }

  package func trim(to chunks: [Digest]) {}
}
