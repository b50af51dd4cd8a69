private import CKernels

/// Runs numbered tasks on the threads a stage may use.
///
/// Work is cut by problem size, never by thread count, and results are put together in task order,
/// so that outputs do not depend on `threads`.
package struct ThreadPool: Sendable {
  /// At least 1.
  package let threads: Int

  package init(threads: Int) { self.threads = max(1, threads) }

  /// The CPUs this process may run on.
  package static var allowedCPUs: Int { Int(orc_pool_allowed_cpus()) }

  /// Calls `body(0)` … `body(count - 1)`, each once, in any order; returns when all are done.
  ///
  /// Runs on the caller and on workers that the process keeps. A call from inside a task, or while
  /// another thread uses the workers, runs on its caller alone.
  package func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if threads == 1 || count < 2 {
      for index in 0..<count { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var region = Region(body: body)
      withUnsafeMutablePointer(to: &region) { region in
        orc_pool_run(
          { context, index in
            guard let context else { return }
            context.assumingMemoryBound(to: Region.self).pointee.body(index)
          }, region, count, Int32(min(threads, 255)))
      }
    }
  }

  private struct Region {
    let body: @Sendable (Int) -> Void
  }

  /// Cuts `count` items into blocks of `block` (the last one shorter) and calls `body` with each
  /// range.
  package func forEachBlock(
    of count: Int, by block: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    forEach((count + block - 1) / block) { index in
      body(index * block..<min(count, (index + 1) * block))
    }
  }

  /// `transform` over `items`, results in the order of `items`; the first error by index is thrown.
  package func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) throws -> Result
  ) throws -> [Result] {
    nonisolated(unsafe) let results = UnsafeMutableBufferPointer<Swift.Result<Result, any Error>?>
      .allocate(capacity: items.count)
    results.initialize(repeating: nil)
    // Each task writes its own slot and forEach returns after all of them: no two threads share one.
    defer {
      results.deinitialize()
      results.deallocate()
    }
    forEach(items.count) { index in
      results[index] = Swift.Result { try transform(items[index]) }
    }
    return try results.map { try $0!.get() }
  }
}
