import Diagnostics
private import Glibc
import Reproducibility

/// Writes one new file from front to back, flushes it, and knows the digest of what it wrote.
///
/// Errors of the device (disk full) are ``Failure``s of class `io`. A file that was not finished is
/// removed.
final class OutputFile {
  private let path: String
  private var descriptor: Int32
  private var hasher = Digest.Hasher()
  private var pending: [UInt8] = []
  /// Bytes given so far.
  private(set) var count = 0

  /// Pieces below this are gathered before they are written: 1 MiB, some hundred pages.
  private static let pendingMax = 1 << 20

  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw Self.failure(path) }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(path)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    count += bytes.count
    if pending.count + bytes.count < Self.pendingMax {
      pending.append(contentsOf: bytes)
    } else {
      try flush()
      try writeThrough(bytes)
    }
  }

  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  /// The two halves of a ``write(_:)`` of bytes that are not gathered, so that different threads can
  /// digest and write the same bytes at once; after ``flush()`` only, each half once for all bytes.
  func digest(_ bytes: UnsafeRawBufferPointer) { hasher.update(bytes) }

  func put(_ bytes: UnsafeRawBufferPointer) throws {
    precondition(pending.isEmpty, "gathered bytes come first")
    count += bytes.count
    try writeOut(bytes)
  }

  /// Appends zero bytes up to the next multiple of `alignment`.
  func pad(to alignment: Int) throws {
    let surplus = count % alignment
    if surplus > 0 { try write([UInt8](repeating: 0, count: alignment - surplus)) }
  }

  /// Flushes to the device and closes.
  func finish() throws -> Digest {
    try flush()
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    let closed = close(descriptor)
    descriptor = -1
    if closed != 0 { throw Self.failure(path) }
    return hasher.finish()
  }

  /// Writes what was gathered.
  func flush() throws {
    try pending.withUnsafeBytes { try writeThrough($0) }
    pending.removeAll(keepingCapacity: true)
  }

  private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws {
    hasher.update(bytes)
    try writeOut(bytes)
  }

  private func writeOut(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path)
      }
      rest = rest.dropFirst(written)
    }
  }

  private static func failure(_ path: String) -> Failure {
    let code = errno
    let isFull = code == ENOSPC || code == EDQUOT
    return Diagnostic(
      isFull ? "io.disk-full" : "io.write",
      "cannot write '\(SafeText.path(path))': \(String(cString: strerror(code)))",
      fix: isFull ? "free some space, then 'orchestrate resume'" : nil
    ).failure(code == EACCES || code == EPERM ? .permission : .io)
  }
}
