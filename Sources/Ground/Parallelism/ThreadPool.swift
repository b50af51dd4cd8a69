private import Dispatch

/// Runs numbered tasks on the threads a stage may use.
///
/// Work is cut by problem size, never by thread count, and results are put together in task order,
/// so that outputs do not depend on `threads`.
package struct ThreadPool: Sendable {
  /// At least 1.
  package let threads: Int

  package init(threads: Int) { self.threads = max(1, threads) }

  /// Calls `body(0)` … `body(count - 1)`, each once, in any order; returns when all are done.
  package func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if threads == 1 || count < 2 {
      for index in 0..<count { body(index) }
    } else {
      withoutActuallyEscaping(body) { body in
        DispatchQueue.concurrentPerform(iterations: count) { body($0) }
      }
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
