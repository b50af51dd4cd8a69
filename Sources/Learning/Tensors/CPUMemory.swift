private import Glibc

/// Anonymous memory of this process, aligned to 64 bytes. Pages are taken when first touched.
package final class CPUMemory: DeviceMemory, @unchecked Sendable {
  let address: UnsafeMutablePointer<Float>
  private let byteCount: Int

  package init(count: Int) {
    byteCount = max(64, (count * 4 + 63) / 64 * 64)
    let raw = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let raw, raw != MAP_FAILED else {
      fatalError("cannot allocate \(byteCount) bytes of memory")
    }
    // Products walk over whole matrices: fewer, larger pages. A hint; its failure costs time only.
    if byteCount >= 1 << 22 { _ = madvise(raw, byteCount, MADV_HUGEPAGE) }
    address = raw.bindMemory(to: Float.self, capacity: byteCount / 4)
    super.init(count: count, hostAddress: address)
  }

  deinit { munmap(address, byteCount) }

  package override func read(_ offset: Int, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(offset >= 0 && offset + target.count <= count, "cells lie inside the memory")
    guard let to = target.baseAddress else { return }
    memcpy(to, address + offset, target.count * 4)
  }

  package override func write(_ offset: Int, from source: UnsafeBufferPointer<Float>) {
    precondition(offset >= 0 && offset + source.count <= count, "cells lie inside the memory")
    guard let from = source.baseAddress else { return }
    memcpy(address + offset, from, source.count * 4)
  }
}

extension DeviceMemory {
  /// Where a CPU backend finds it: memory of another backend is a programmer's mistake.
  var cpuAddress: UnsafeMutablePointer<Float> {
    guard let hostAddress else { preconditionFailure("a CPU backend works on its own memory") }
    return hostAddress
  }
}
