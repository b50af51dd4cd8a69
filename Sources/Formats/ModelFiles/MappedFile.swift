import Diagnostics
private import Glibc

/// A file's bytes, mapped read-only.
///
/// The caller promises that the file does not shrink while it is open; artifacts are immutable.
final class MappedFile: @unchecked Sendable {
  // Unchecked: the memory is mapped read-only and private, the properties never change, and the
  // mapping ends only when the last reference does.
  let path: String
  let bytes: UnsafeRawBufferPointer

  init(path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, "open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, "read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic("io.not-a-file", "'\(SafeText.path(path))' is not a regular file")
        .failure(.badInput)
    }
    let count = Int(status.st_size)
    if count == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw Self.failure(path, "map") }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// Runs `body` over all bytes; the mapping stays while it runs.
  func withAllBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  /// Runs `body` over the bytes of `range` and then lets the system have their pages back: without
  /// it a model that is streamed tensor by tensor would stay in memory as a whole.
  func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    defer { giveBack(range) }
    return try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  /// The whole pages inside `range`, when there are enough of them to matter. Another reader of the
  /// same bytes gets them from the file again, since the mapping is never written to.
  private func giveBack(_ range: Range<Int>) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard end - start >= Self.giveBackMin, let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }

  /// 256 KiB: 64 pages for one call; what threads stream by is read in such pieces.
  private static let giveBackMin = 1 << 18

  private static func failure(_ path: String, _ what: String) -> Failure {
    let code = errno
    let reason = String(cString: strerror(code))
    let failureClass: FailureClass =
      code == ENOENT ? .badInput : code == EACCES || code == EPERM ? .permission : .io
    return Diagnostic(
      "io.\(what)", "cannot \(what) '\(SafeText.path(path))': \(reason)"
    ).failure(failureClass)
  }
}
