private import Glibc
private import Synchronization

/// A request to stop, set by SIGTERM.
package enum StopFlag {
  private static let raised = Atomic<Bool>(false)

  package static var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// SIGTERM raises the flag from now on; SIGINT is ignored, since the engine decides.
  package static func install() {
    // The first access creates the flag; a handler must not.
    raised.store(false, ordering: .sequentiallyConsistent)
    signal(SIGTERM) { _ in StopFlag.raised.store(true, ordering: .relaxed) }
    signal(SIGINT, SIG_IGN)
  }
}
