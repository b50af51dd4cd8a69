private import CKernels
private import Glibc

/// What a stage's process does when the engine that started it is gone.
package enum ParentDeath {
  /// Ends this process and its whole group as soon as the engine ends. The engine starts children
  /// from a thread that lives as long as itself, since the kernel watches the thread.
  ///
  /// - Parameter engine: the process that must be the parent; when it is gone already, this process
  ///   ends at once.
  package static func follow(engine: Int32) {
    // SIGHUP and not SIGKILL: a stage may have children of its own (a shell command), and only a
    // handler can end the group with it.
    signal(SIGHUP) { _ in
      if getpgrp() == getpid() { kill(0, SIGKILL) }
      _exit(129)
    }
    guard ck_set_parent_death_signal(SIGHUP) == 0, getppid() == engine else { _exit(129) }
  }
}
