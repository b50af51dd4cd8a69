private import Foundation
private import Glibc
package import Reproducibility
private import Synchronization

/// Brings objects to the disk beside the engine, many at a time: a flush alone takes milliseconds,
/// sixteen at once take hardly longer.
package final class ObjectFlusher: Sendable {
  private struct State {
    var waiting: [Digest] = []
    var running: [Digest] = []
    /// Their bytes are on the disk; their folders may not be.
    var written: Set<Digest> = []
    var done: [Digest] = []
    var failure: (any Error)?
  }

  /// Flushes at the same time, at most.
  private static let width = 16
  /// Files for a thread to be worth its start.
  private static let share = 8
  /// There are 256 folders: to flush them after every few objects would be most of the work.
  private static let folderShare = 1024

  private let store: ArtifactStore
  private let state = Mutex(State())

  package init(_ store: ArtifactStore) { self.store = store }

  /// Objects that wait for a flush.
  package var waitingCount: Int { state.withLock { $0.waiting.count } }

  package func add(_ objects: [Digest]) { state.withLock { $0.waiting += objects } }

  /// Starts on what waits, unless it is at work.
  package func start() {
    let work = state.withLock { state -> [Digest] in
      guard state.running.isEmpty, !state.waiting.isEmpty else { return [] }
      swap(&state.running, &state.waiting)
      return state.running
    }
    if work.isEmpty { return }
    Thread.detachNewThread { [self] in finish(work, isLast: false) }
  }

  /// Objects that are on the disk now, each told once.
  ///
  /// - Throws: what kept one from it.
  package func takeDone() throws -> [Digest] {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      defer { state.done.removeAll() }
      return state.done
    }
  }

  /// Flushes all that waits and returns when everything is done.
  package func drain() throws -> [Digest] {
    while state.withLock({ !$0.running.isEmpty }) { usleep(500) }
    let (rest, isOpen) = state.withLock { state -> ([Digest], Bool) in
      swap(&state.running, &state.waiting)
      return (state.running, !state.running.isEmpty || !state.written.isEmpty)
    }
    if isOpen { finish(rest, isLast: true) }
    return try takeDone()
  }

  private func finish(_ work: [Digest], isLast: Bool) {
    let objects = Array(Set(work))
    var done: Set<Digest> = []
    var failure: (any Error)?
    do {
      try Self.atOnce(objects.map { store.path(of: $0) }) { try DurableFile.flush(path: $0) }
      done = state.withLock { state in
        state.written.formUnion(objects)
        return isLast || state.written.count >= Self.folderShare ? state.written : []
      }
      let folders = Set(done.map { DurableFile.parent(of: store.path(of: $0)) })
      let all = folders.isEmpty ? [] : folders.sorted() + [store.project.objects]
      try Self.atOnce(all) { try DurableFile.flushFolder($0) }
    } catch { failure = error }
    state.withLock { state in
      state.running.removeAll()
      if let failure {
        state.failure = failure
      } else {
        state.written.subtract(done)
        state.done += done
      }
    }
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
