internal import Diagnostics
private import Glibc
private import Parallelism
package import Reproducibility

extension TarArchive {
  /// Writes entries one after the other.
  package final class Writer {
    private let descriptor: Int32
    private let path: String
    /// Small entries, until they are worth a call.
    private var waiting: [UInt8] = []
    private var written = 0

    private static let pieceBytes = 2 << 20

    /// - Parameter path: must not exist.
    package init(_ path: String) throws {
      self.path = path
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw SystemError.failure("create", path) }
    }

    deinit { close(descriptor) }

    package func add(_ name: String, _ bytes: [UInt8]) throws {
      waiting += TarArchive.header(name, size: bytes.count)
      waiting += bytes
      pad(bytes.count)
      if waiting.count >= Self.pieceBytes { try flush() }
    }

    /// Returns the digest of what was added.
    package func add(_ name: String, file source: String) throws -> Digest {
      let input = open(source, O_RDONLY | O_CLOEXEC)
      guard input >= 0 else { throw SystemError.failure("open", source) }
      defer { close(input) }
      guard let size = StagedFolder.size(source) else { throw SystemError.failure("read", source) }
      return try add(name, input, from: source, size: size)
    }

    /// Adds `size` bytes of an open file from its start on, whose first ones are to be `beginning`.
    package func add(
      _ name: String, _ input: Int32, from source: String, size: Int, beginning: [UInt8] = []
    ) throws -> Digest {
      waiting += TarArchive.header(name, size: size)
      var hasher = Digest.Hasher()
      if size < Self.pieceBytes {
        let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
          try fill(UnsafeMutableRawBufferPointer(buffer), input, source, at: 0)
          count = size
        }
        let changed = beginning.prefix(size) + bytes.dropFirst(beginning.count)
        hasher.update(Array(changed))
        waiting += changed
        if waiting.count >= Self.pieceBytes { try flush() }
      } else {
        try flush()
        try copy(input, source, size, beginning, &hasher)
      }
      pad(size)
      return hasher.finish()
    }

    /// Digests a piece while the same bytes are written and the next ones are read.
    private func copy(
      _ input: Int32, _ source: String, _ size: Int, _ beginning: [UInt8],
      _ hasher: inout Digest.Hasher
    ) throws {
      let buffers = (0..<2).map { _ in
        UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 64)
      }
      defer { for buffer in buffers { buffer.deallocate() } }
      func piece(_ offset: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
          rebasing: buffers[offset / Self.pieceBytes % 2][
            ..<min(Self.pieceBytes, max(0, size - offset))])
      }
      try fill(piece(0), input, source, at: 0)
      piece(0).copyBytes(from: beginning)
      // Unsafe, as two threads see them: each is one task's alone until forEach returns, after both.
      nonisolated(unsafe) var digesting = hasher
      nonisolated(unsafe) var failure: (any Error)?
      nonisolated(unsafe) let this = self
      for offset in stride(from: 0, to: size, by: Self.pieceBytes) {
        nonisolated(unsafe) let now = UnsafeRawBufferPointer(piece(offset))
        let next = offset + Self.pieceBytes
        nonisolated(unsafe) let later = piece(next)
        ThreadPool(threads: 2).forEach(2) { task in
          if task == 0 {
            digesting.update(now)
          } else {
            do {
              try this.write(now)
              try this.fill(later, input, source, at: next)
            } catch { failure = error }
          }
        }
        if let failure { throw failure }
      }
      hasher = digesting
    }

    /// Ends the archive; durable on return.
    package func finish() throws {
      waiting += [UInt8](repeating: 0, count: 2 * TarArchive.blockBytes)
      try flush()
      guard fsync(descriptor) == 0 else { throw SystemError.failure("flush", path) }
    }

    private func pad(_ size: Int) {
      let rest = size % TarArchive.blockBytes
      if rest > 0 { waiting += repeatElement(0, count: TarArchive.blockBytes - rest) }
    }

    private func fill(
      _ buffer: UnsafeMutableRawBufferPointer, _ input: Int32, _ source: String, at offset: Int
    ) throws {
      var filled = 0
      while filled < buffer.count {
        let got = pread(
          input, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, offset + filled)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          throw Diagnostic(
            "io.changed",
            "'\(SafeText.escaped(source, limit: 300))' became shorter while it was read"
          ).failure(.io)
        }
        filled += got
      }
    }

    private func flush() throws {
      try waiting.withUnsafeBytes { try write($0) }
      waiting.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count > 0 {
          done += count
        } else if errno != EINTR {
          throw SystemError.failure("write", path)
        }
      }
      // Starts what the flush at the end would wait for.
      if bytes.count >= Self.pieceBytes {
        posix_fadvise(descriptor, off_t(written), off_t(bytes.count), POSIX_FADV_DONTNEED)
      }
      written += bytes.count
    }
  }
}
