private import CKernels
private import CSandbox
private import Glibc

/// A pipe whose ends children do not inherit.
package enum Pipe {
  /// Nil when no descriptor is left; errno says why.
  package static func make() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    // At once: another thread may be starting a child.
    guard ck_pipe(&ends) == 0 else { return nil }
    return (ends[0], ends[1])
  }

  /// Two stream sockets that talk to each other; children do not inherit them. Nil when no
  /// descriptor is left; errno says why.
  package static func connected() -> (Int32, Int32)? {
    var ends: [Int32] = [-1, -1]
    return orc_sandbox_link(&ends) == 0 ? (ends[0], ends[1]) : nil
  }

  package static func setNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }
}
