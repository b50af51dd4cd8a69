internal import Diagnostics
private import Foundation

/// Reads a file from front to back in blocks, so that memory does not grow with the file. The file
/// is not mapped: one that shrinks while it is read ends early instead of trapping.
package final class BlockReader {
  package let path: String
  private let descriptor: Int32

  /// - Throws: ``Failure`` of class `badInput` when the file is not there, `permission` when it
  ///   may not be read.
  package init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
  }

  deinit { close(descriptor) }

  /// Appends up to `count` bytes to `buffer`; returns how many, fewer only at the end of the file.
  package func read(_ count: Int, into buffer: inout [UInt8]) throws -> Int {
    let start = buffer.count
    var done = 0
    if start <= count {
      // A new buffer costs a copy of what is there; growing the old one would fill it with zeros.
      buffer = try [UInt8](unsafeUninitializedCapacity: start + count) { room, used in
        _ = room.initialize(from: buffer)
        done = try fill(
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[start...]))
        used = start + done
      }
    } else {
      buffer.append(contentsOf: repeatElement(0, count: count))
      done = try buffer.withUnsafeMutableBytes {
        try fill(UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
      }
      buffer.removeLast(count - done)
    }
    return done
  }

  /// Reads until `room` is full or the file ends; returns the bytes read.
  private func fill(_ room: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < room.count {
      let got = Foundation.read(
        descriptor, room.baseAddress?.advanced(by: done), room.count - done)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Self.failure(path, errno) }
      if got == 0 { break }
      done += got
    }
    return done
  }

  /// The whole file.
  package static func bytes(of path: String) throws -> [UInt8] {
    let reader = try BlockReader(path)
    var size = stat()
    let expected = fstat(reader.descriptor, &size) == 0 ? max(0, Int(size.st_size)) : 0
    var isWhole = false
    // One byte more than expected: where it stays empty, the end of the file is reached.
    var bytes = try [UInt8](unsafeUninitializedCapacity: expected + 1) { buffer, done in
      done = try reader.fill(UnsafeMutableRawBufferPointer(buffer))
      isWhole = done < buffer.count
    }
    if !isWhole { while try reader.read(1 << 20, into: &bytes) == 1 << 20 {} }
    return bytes
  }

  private static func failure(_ path: String, _ code: Int32) -> Failure {
    let name = SafeText.escaped(path, limit: 200)
    switch code {
    case ENOENT, ENOTDIR:
      return Diagnostic("io.no-file", "the file '\(name)' is not there").failure(.badInput)
    case EACCES, EPERM:
      return Diagnostic("io.no-permission", "the file '\(name)' may not be read")
        .failure(.permission)
    default:
      return Diagnostic(
        "io.cannot-read", "cannot read '\(name)': \(String(cString: strerror(code)))"
      ).failure(.io)
    }
  }
}
