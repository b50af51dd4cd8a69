private import CKernels
private import Glibc

/// A process beside this one that kills the groups it was told of once this process is gone, however
/// it went. A parent-death signal reaches a child alone; this reaches what the child has started.
package final class GroupGuard {
  let descriptor: Int32
  private let pid: Int32

  /// Nil when no process can be started: the parent-death signal and the sweep of the next start
  /// have to do.
  package init?() {
    var pid: Int32 = 0
    descriptor = ck_guard_start(&pid)
    if descriptor < 0 { return nil }
    self.pid = pid
  }

  deinit {
    close(descriptor)
    while waitpid(pid, nil, 0) < 0, errno == EINTR {}
  }

  /// The group has ended; its number may become another one's.
  package func forget(_ group: Int32) {
    var number = -group
    _ = write(descriptor, &number, MemoryLayout<Int32>.size)
  }
}
