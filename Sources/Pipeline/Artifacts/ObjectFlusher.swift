private import Foundation
private import Glibc
package import Reproducibility
private import Synchronization

/// Brings objects to the disk beside the engine, many at a time.
package final class ObjectFlusher: Sendable {
  private struct State {
    var waiting: [Digest] = []
    var running: [Digest] = []
    /// Their bytes are on the disk; their folders may not be.
    var written: Set<Digest> = []
    var done: [Digest] = []
    var failure: (any Error)?
  }

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
      try ManyFlushes.files(objects.map { store.path(of: $0) })
      done = state.withLock { state in
        state.written.formUnion(objects)
        return isLast || state.written.count >= Self.folderShare ? state.written : []
      }
      let folders = Set(done.map { DurableFile.parent(of: store.path(of: $0)) })
      let all = folders.isEmpty ? [] : folders.sorted() + [store.project.objects]
      try ManyFlushes.folders(all)
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
}
