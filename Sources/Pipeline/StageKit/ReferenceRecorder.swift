package import Reproducibility
private import Synchronization

/// Collects which artifacts each output refers to.
package final class ReferenceRecorder: Sendable {
  private let recorded = Mutex<[String: Set<Digest>]>([:])

  package init() {}

  package func add(_ digest: Digest, port: String) {
    _ = recorded.withLock { $0[port, default: []].insert(digest) }
  }

  /// Digests in order.
  package func references(of port: String) -> [Digest] {
    recorded.withLock { $0[port, default: []].sorted() }
  }
}
