private import CKernels

/// What becomes of memory that this process frees.
package enum FreedMemory {
  /// Keeps up to `bytes` for the next use instead of giving them back to the system; for a process
  /// that fills and frees buffers round after round. Blocks beyond it still come and go.
  package static func keep(_ bytes: Int32) { ck_keep_freed_memory(bytes) }
}
