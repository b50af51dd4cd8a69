private import CKernels

/// A descriptor that `poll` finds readable once a child has ended.
package enum ProcessEnd {
  /// - Returns: nil where the kernel has none (before Linux 5.3).
  package static func descriptor(of child: ChildProcess) -> Int32? {
    let descriptor = ck_process_end(child.pid)
    return descriptor < 0 ? nil : descriptor
  }
}
