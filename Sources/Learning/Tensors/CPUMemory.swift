internal import Diagnostics
private import Glibc

/// Memory of this process or of a file that only it has, aligned to 64 bytes. Pages are taken when
/// first touched.
package final class CPUMemory: DeviceMemory, @unchecked Sendable {
  package let address: UnsafeMutablePointer<Float>
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

  /// Cells in a file of `folder`, which is removed from the folder at once: nothing is left of it
  /// after the process, however it ends. Its room on the disk is taken here, so that a full disk is
  /// an error now and not a fault later.
  package init(count: Int, pagedIn folder: String) throws {
    byteCount = max(64, (count * 4 + 63) / 64 * 64)
    let file = try Self.unlinkedFile(in: folder, byteCount)
    let raw = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    let status = errno
    close(file)
    guard let raw, raw != MAP_FAILED else { throw Self.problem(byteCount, folder, status) }
    address = raw.bindMemory(to: Float.self, capacity: byteCount / 4)
    super.init(count: count, hostAddress: address)
  }

  private static func unlinkedFile(in folder: String, _ byteCount: Int) throws -> Int32 {
    var path = Array((folder + "/paged-XXXXXX").utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { throw problem(byteCount, folder, errno) }
    unlink(path)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    let status = posix_fallocate(file, 0, byteCount)
    guard status == 0 else {
      close(file)
      throw problem(byteCount, folder, status)
    }
    return file
  }

  private static func problem(_ byteCount: Int, _ folder: String, _ status: Int32) -> Failure {
    Diagnostic(
      "io.paged-memory",
      "cannot keep \(byteCount) bytes of optimizer state in '\(SafeText.escaped(folder))': "
        + String(cString: strerror(status)),
      fix: "make room on the disk, or use optimizer: adamw_8bit"
    ).failure(.io)
  }

  deinit { munmap(address, byteCount) }

  public override func read(_ offset: Int, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(offset >= 0 && offset + target.count <= count, "cells lie inside the memory")
    guard let to = target.baseAddress else { return }
    memcpy(to, address + offset, target.count * 4)
  }

  public override func write(_ offset: Int, from source: UnsafeBufferPointer<Float>) {
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
