internal import Diagnostics
private import Foundation

/// A file that the program alone knows: unlinked as soon as it is open, so that nothing is left
/// behind however the process ends.
final class SpillFile: Sendable {
  private let descriptor: Int32
  private let folder: String

  /// - Throws: ``Failure`` of class `io`.
  init(folder: String) throws {
    self.folder = folder
    let path = folder + "/.dedup-\(UUID().uuidString)"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("create", folder, errno) }
    unlink(path)
  }

  deinit { close(descriptor) }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
        off_t(offset + done))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.failure("write", folder, written < 0 ? errno : EIO) }
      done += written
    }
  }

  /// Fills `bytes` from `offset` on.
  func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let got = pread(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
        off_t(offset + done))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw Self.failure("read", folder, got < 0 ? errno : EIO) }
      done += got
    }
  }

  private static func failure(_ verb: String, _ folder: String, _ code: Int32) -> Failure {
    let isFull = code == ENOSPC || code == EDQUOT
    return Diagnostic(
      isFull ? "io.disk-full" : "io.cannot-write",
      "cannot \(verb) a temporary file in '\(SafeText.escaped(folder, limit: 200))': "
        + String(cString: strerror(code)),
      fix: isFull ? "free some space or raise 'memory', then run 'orchestrate resume'" : nil
    ).failure(.io)
  }
}
