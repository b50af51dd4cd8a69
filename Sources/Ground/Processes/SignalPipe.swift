private import Glibc
private import Synchronization

/// Turns SIGINT and SIGTERM into bytes that `poll` sees.
package enum SignalPipe {
  private static let writeEnd = Atomic<Int32>(-1)

  /// Installs the handlers and ignores SIGPIPE; returns the descriptor to poll and read. Each byte
  /// read is the number of a signal. Call once, before any other thread runs.
  package static func install() -> Int32 {
    guard let ends = Pipe.make() else { preconditionFailure("no descriptor for a signal pipe") }
    Pipe.setNonBlocking(ends.read)
    Pipe.setNonBlocking(ends.write)
    writeEnd.store(ends.write, ordering: .sequentiallyConsistent)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: signal)
        _ = write(SignalPipe.writeEnd.load(ordering: .relaxed), &byte, 1)
        errno = saved
      }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
    signal(SIGPIPE, SIG_IGN)
    // Whoever started this program may have had them blocked.
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    return ends.read
  }

  /// The signals that came since the last call.
  package static func drain(_ descriptor: Int32) -> [Int32] {
    var signals: [Int32] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1 { signals.append(Int32(byte)) }
    return signals
  }
}
