private import CKernels
private import Glibc

/// Copies of objects that are known to have the right bytes.
package enum CheckedCopy {
  /// Copies a file, by reference where the file system can, and reads the copy: false, and no copy,
  /// when its bytes are not those of `digest`. Flushed on return, with mode 0444.
  ///
  /// - Throws: ``Failure`` of class `io` or `permission`; nothing is left then either.
  package static func copy(_ source: String, to target: String, expecting digest: Digest) throws
    -> Bool
  {
    do {
      try duplicate(source, target)
      guard try Digest(file: target) == digest else {
        unlink(target)
        return false
      }
      try DurableFile.flush(path: target)
    } catch {
      unlink(target)
      throw error
    }
    return true
  }

  private static func duplicate(_ source: String, _ target: String) throws {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw SystemError.failure("open", source) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
    guard output >= 0 else { throw SystemError.failure("open", target) }
    defer { close(output) }
    var isFirst = true
    while true {
      let count = ck_copy_file_range(input, output, 1 << 30)
      if count == 0 { return }
      if count > 0 {
        isFirst = false
      } else if isFirst, [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EPERM].contains(errno) {
        return try copyPieces(input, source, output, target)
      } else if errno != EINTR {
        throw SystemError.failure("write", target)
      }
    }
  }

  private static func copyPieces(
    _ input: Int32, _ source: String, _ output: Int32, _ target: String
  )
    throws
  {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(input, buffer.baseAddress, buffer.count)
      if count == 0 { return }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw SystemError.failure("read", source)
      }
      var done = 0
      while done < count {
        let written = write(output, buffer.baseAddress?.advanced(by: done), count - done)
        if written > 0 {
          done += written
        } else if errno != EINTR {
          throw SystemError.failure("write", target)
        }
      }
    }
  }
}
