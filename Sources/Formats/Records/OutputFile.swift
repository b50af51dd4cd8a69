internal import Diagnostics
private import Foundation
package import Reproducibility

/// A file being written from front to back: buffered, digested on the way, every error a
/// diagnostic. The caller's folder is a staging folder; flushing to disk is the publisher's part.
package final class OutputFile {
  package let path: String
  /// Bytes appended so far.
  package private(set) var byteCount = 0

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var hasher: Digest.Hasher?
  private var isOpen = true

  /// Bytes gathered before a write call.
  private static let bufferBytes = 256 << 10

  /// Creates or empties the file at `path`, with the folders above it.
  ///
  /// - Throws: ``Failure`` of class `io`.
  package convenience init(_ path: String) throws { try self.init(path, hasher: Digest.Hasher()) }

  private init(_ path: String, hasher: Digest.Hasher?) throws {
    self.path = path
    self.hasher = hasher
    let folder = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Diagnostic(
        "io.no-folder", "cannot create the folder '\(SafeText.escaped(folder, limit: 200))'"
      ).failure(.io)
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure("create", path, errno) }
  }

  deinit { if isOpen { Foundation.close(descriptor) } }

  package func append(_ bytes: some Collection<UInt8>) throws {
    byteCount += bytes.count
    if bytes.count >= Self.bufferBytes {
      // Many bytes at once need no gathering.
      try drain()
      let isDone: Void? = try bytes.withContiguousStorageIfAvailable {
        try write(UnsafeRawBufferPointer($0))
      }
      if isDone != nil { return }
    }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try drain() }
  }

  package func append(_ text: String) throws { try append(text.utf8) }

  /// Writes what is left, closes the file and returns the digest of its bytes.
  @discardableResult
  package func finish() throws -> Digest {
    try drain()
    guard let hasher else { preconditionFailure("the digest was known before") }
    let digest = hasher.finish()
    try close(digest)
    return digest
  }

  private func close(_ digest: Digest) throws {
    precondition(isOpen, "the file is finished already")
    try drain()
    isOpen = false
    WrittenFiles.note(descriptor: descriptor, digest)
    DurableFile.beginFlush(descriptor, bytes: byteCount)
    guard Foundation.close(descriptor) == 0 else { throw Self.failure("write", path, errno) }
  }

  /// Writes a whole file at once.
  @discardableResult
  package static func write(_ bytes: [UInt8], to path: String) throws -> Digest {
    let file = try OutputFile(path)
    try file.append(bytes)
    return try file.finish()
  }

  /// The same for the rows of a chunk, of which the digest is known; returns the bytes written.
  static func write(_ pieces: [ClosedChunk.Piece], to path: String, digest: Digest) throws -> Int {
    let file = try OutputFile(path, hasher: nil)
    for piece in pieces {
      file.byteCount += try piece.withBytes {
        try file.write($0)
        return $0.count
      }
    }
    try file.close(digest)
    return file.byteCount
  }

  private func drain() throws {
    try buffer.withUnsafeBytes { try write($0) }
    buffer.removeAll(keepingCapacity: buffer.capacity <= 4 * Self.bufferBytes)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    hasher?.update(bytes)
    var done = 0
    while done < bytes.count {
      let written = Foundation.write(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.failure("write", path, written < 0 ? errno : EIO) }
      done += written
    }
  }

  private static func failure(_ verb: String, _ path: String, _ code: Int32) -> Failure {
    let isFull = code == ENOSPC || code == EDQUOT
    return Diagnostic(
      isFull ? "io.disk-full" : "io.cannot-write",
      "cannot \(verb) '\(SafeText.escaped(path, limit: 200))': \(String(cString: strerror(code)))",
      fix: isFull ? "free some space, then run 'orchestrate resume'" : nil
    ).failure(.io)
  }
}
