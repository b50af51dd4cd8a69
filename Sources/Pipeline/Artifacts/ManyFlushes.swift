private import Foundation
internal import Reproducibility
private import Synchronization

/// Flushes many files or folders: one alone takes a disk's time, sixteen at once take hardly longer.
package enum ManyFlushes {
  /// Flushes at the same time, at most.
  private static let width = 16
  /// Files for a thread to be worth its start.
  private static let share = 8

  /// - Throws: what kept one of them from the disk; the others have been tried.
  package static func files(_ paths: [String]) throws {
    try atOnce(paths) { try DurableFile.flush(path: $0) }
  }

  /// The entries of folders, likewise.
  package static func folders(_ paths: [String]) throws {
    try atOnce(paths) { try DurableFile.flushFolder($0) }
  }

  private static func atOnce(
    _ paths: [String], _ body: @escaping @Sendable (String) throws -> Void
  ) throws {
    let shared = Shared(paths: paths)
    let threads = min(width, (paths.count + share - 1) / share)
    let others = DispatchGroup()
    for _ in 1..<max(1, threads) {
      others.enter()
      Thread.detachNewThread {
        shared.work(body)
        others.leave()
      }
    }
    shared.work(body)
    others.wait()
    if let failure = shared.failure.withLock({ $0 }) { throw failure }
  }

  private final class Shared: Sendable {
    let paths: [String]
    let next = Atomic<Int>(0)
    let failure = Mutex<(any Error)?>(nil)

    init(paths: [String]) { self.paths = paths }

    func work(_ body: (String) throws -> Void) {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < paths.count else { return }
        do { try body(paths[index]) } catch { failure.withLock { $0 = error } }
      }
    }
  }
}
