package import Reproducibility

/// What a stage made of single chunks of an input. A result is a function of the chunk, the stage's
/// parameters and its other inputs, so it serves every later attempt, run and process that meets the
/// same chunk: appending rows costs the new chunks.
///
/// A result that was lost or damaged is made again; nothing depends on it being there.
package protocol ChunkResults: Sendable {
  /// The result kept for a chunk of this digest, or nil.
  func find(_ chunk: Digest) throws -> ChunkResult?

  /// Keeps a result; whole or not at all, from any thread or process.
  func keep(_ chunk: Digest, summary: [UInt8], files: [[UInt8]]) throws -> ChunkResult

  /// Told which chunks the input holds now, once all are done: results of others may be let go.
  func trim(to chunks: [Digest]) throws
}

/// A small summary, and files that may become files of an output.
package struct ChunkResult: Sendable {
  package struct File: Sendable {
    package enum Source: Sendable {
      case bytes([UInt8])
      /// Of the results; never changed in place.
      case path(String)
      /// Of the store, which has looked at its bytes.
      case object(String)
    }

    package var digest: Digest
    package var size: Int
    package var source: Source

    package init(digest: Digest, size: Int, source: Source) {
      self.digest = digest
      self.size = size
      self.source = source
    }
  }

  package var summary: [UInt8]
  package var files: [File]

  package init(summary: [UInt8], files: [File]) {
    self.summary = summary
    self.files = files
  }
}

/// Keeps nothing: for stages run in place, by tests and commands.
package struct NoChunkResults: ChunkResults {
  package init() {}
  package func find(_ chunk: Digest) -> ChunkResult? { nil }
  package func keep(_ chunk: Digest, summary: [UInt8], files: [[UInt8]]) -> ChunkResult {
    ChunkResult(
      summary: summary,
      files: files.map {
        ChunkResult.File(digest: Digest(of: $0), size: $0.count, source: .bytes($0))
      })
  }
  package func trim(to chunks: [Digest]) {}
}
