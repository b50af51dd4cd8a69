private import Diagnostics
private import Glibc
internal import Reproducibility

/// A file that only grows; what a crash leaves at its end is for the reader to skip, so nothing is
/// flushed.
final class TrackedFile {
  private let descriptor: Int32
  private let path: String

  /// - Throws: ``Failure`` when it cannot be opened.
  init(_ path: String, replacing: Bool = false) throws {
    try DurableFile.makeFolder(DurableFile.parent(of: path))
    self.path = path
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (replacing ? O_TRUNC : 0)
    descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { throw SystemError.failure("open", path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var isEmpty: Bool { lseek(descriptor, 0, SEEK_END) == 0 }

  func append(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw SystemError.failure("write", path)
      }
    }
  }
}
