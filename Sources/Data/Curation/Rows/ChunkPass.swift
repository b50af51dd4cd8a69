package import Parallelism
package import Records

/// Reads the chunks of a records artifact on all threads and takes what was made of them in order,
/// while the next ones are being made.
///
/// ```swift
/// try ChunkPass(reader, pool).run { index, rows in
///   rows.map(\.line.count)
/// } take: { index, lengths in
///   total += lengths.reduce(0, +)
/// }
/// ```
package struct ChunkPass {
  /// Chunks made at a time, beside as many that wait to be taken. Fixed, so that nothing depends
  /// on the number of threads; at least as many as cores that pay off.
  package static let chunksAtOnce = 16

  private let reader: RecordsReader
  private let pool: ThreadPool

  package init(_ reader: RecordsReader, _ pool: ThreadPool) {
    self.reader = reader
    self.pool = pool
  }

  /// Calls `make` for every chunk on any thread, `take` with the results in order, one at a time,
  /// on some thread. The first error ends the pass.
  ///
  /// - Parameter before: called before every batch of chunks, for cancelling and progress.
  package func run<Part: Sendable>(
    before: () throws -> Void = {},
    _ make: @Sendable (_ chunk: Int, _ rows: [StoredRow]) throws -> Part,
    take: (_ chunk: Int, _ part: Part) throws -> Void
  ) throws {
    let reader = self.reader
    try runUnread(before: before, { try make($0, try reader.stored($0)) }, take: take)
  }

  /// The same where `make` itself reads the rows of a chunk, if it needs them.
  package func runUnread<Part: Sendable>(
    before: () throws -> Void = {},
    _ make: @Sendable (_ chunk: Int) throws -> Part,
    take: (_ chunk: Int, _ part: Part) throws -> Void
  ) throws {
    var waiting: [(chunk: Int, part: Part)] = []
    var start = 0
    while start < reader.chunkCount || !waiting.isEmpty {
      try before()
      let chunks = start..<min(start + Self.chunksAtOnce, reader.chunkCount)
      start = chunks.upperBound
      let ready = waiting
      waiting = []
      let slots = Slots<Part>(chunks.count)
      var failure: (any Error)?
      // One task alone takes, and nothing else touches what it changes until all are done.
      withoutActuallyEscaping(take) { take in
        nonisolated(unsafe) let take = take
        nonisolated(unsafe) let failed = withUnsafeMutablePointer(to: &failure) { $0 }
        pool.forEach(chunks.count + 1) { task in
          if task == 0 {
            do { for item in ready { try take(item.chunk, item.part) } } catch {
              failed.pointee = error
            }
          } else {
            let chunk = chunks.lowerBound + task - 1
            slots.set(task - 1, Result { try make(chunk) })
          }
        }
      }
      if let failure { throw failure }
      waiting = try slots.values().enumerated().map { (chunks.lowerBound + $0, $1) }
    }
  }
}

/// Results of tasks, each written once by its own task.
private final class Slots<Part: Sendable>: @unchecked Sendable {
  private let results: UnsafeMutableBufferPointer<Result<Part, any Error>?>

  init(_ count: Int) {
    results = .allocate(capacity: count)
    results.initialize(repeating: nil)
  }

  deinit {
    results.deinitialize()
    results.deallocate()
  }

  func set(_ index: Int, _ result: Result<Part, any Error>) { results[index] = result }

  func values() throws -> [Part] { try results.compactMap { try $0?.get() } }
}
