internal import Diagnostics
private import Glibc
internal import Reproducibility

/// What the planner asks of the file system.
package enum HostFile {
  package enum Kind: Sendable { case file, folder, other }

  package struct Info: Sendable {
    package var kind: Kind
    package var key: StatKey
  }

  /// What is at `path`, links followed; nil when there is nothing or it cannot be looked at.
  package static func info(_ path: String) -> Info? {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else { return nil }
    return info(status)
  }

  /// All bytes of a file.
  ///
  /// - Parameter limit: longer files are refused before they are read.
  /// - Throws: ``Failure``: `badInput` when there is no such file or it is too long, `permission`, `io`.
  package static func bytes(_ path: String, limit: Int) throws -> [UInt8] {
    let descriptor = try open(path, at: nil)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    try read(descriptor, path) { chunk in
      bytes.append(contentsOf: chunk)
      guard bytes.count <= limit else {
        throw Diagnostic(
          "io.too-long", "'\(SafeText.escaped(path, limit: 300))' is longer than \(limit) bytes"
        ).failure(.badInput)
      }
    }
    return bytes
  }

  /// The digest of a file, and what `stat` said of it before and after reading.
  ///
  /// - Throws: ``Failure`` when it cannot be read, or changed meanwhile.
  static func digest(_ path: String, at span: SourceSpan?) throws -> (key: StatKey, digest: Digest)
  {
    let descriptor = try open(path, at: span)
    defer { close(descriptor) }
    let before = try key(descriptor, path)
    var hasher = Digest.Hasher()
    try read(descriptor, path) { hasher.update($0) }
    guard try key(descriptor, path) == before else {
      throw Diagnostic(
        "io.changing", "'\(SafeText.escaped(path, limit: 300))' changed while it was read",
        at: span,
        fix: "wait until nothing writes to it"
      ).failure(.badInput)
    }
    return (before, hasher.finish())
  }

  // MARK: - Private

  private static func info(_ status: stat) -> Info {
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      default: .other
      }
    func nanoseconds(_ time: timespec) -> Int64 {
      Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
    return Info(
      kind: kind,
      key: StatKey(
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
        modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim)))
  }

  private static func key(_ descriptor: Int32, _ path: String) throws -> StatKey {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(errno, path, nil) }
    return info(status).key
  }

  private static func open(_ path: String, at span: SourceSpan?) throws -> Int32 {
    guard !path.utf8.contains(0) else { throw failure(ENOENT, path, span) }
    // A pipe would block here for ever.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(errno, path, span) }
    return descriptor
  }

  private static func read(
    _ descriptor: Int32, _ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw failure(errno, path, nil)
      }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private static func failure(_ code: Int32, _ path: String, _ span: SourceSpan?) -> Failure {
    let shown = SafeText.escaped(path, limit: 300)
    switch code {
    case ENOENT, ENOTDIR:
      return Diagnostic("io.no-file", "there is no file '\(shown)'", at: span).failure(.badInput)
    case EACCES, EPERM:
      return Diagnostic("io.permission", "'\(shown)' may not be read", at: span).failure(
        .permission)
    case EISDIR:
      return Diagnostic("io.not-a-file", "'\(shown)' is a folder, expected a file", at: span)
        .failure(.badInput)
    default:
      let cause = "\(String(cString: strerror(code)).lowercased()) (\(SystemError.name(code)))"
      return Diagnostic("io.unreadable", "'\(shown)' cannot be read: \(cause)", at: span)
        .failure(.io)
    }
  }
}
