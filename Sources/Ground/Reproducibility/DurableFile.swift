private import CKernels
private import Diagnostics
private import Glibc

/// The one routine that writes files which must survive a crash: temporary file with a known prefix
/// in the same folder, full write, flush, rename, flush of the folder.
///
/// Whatever instant a crash picks, the file has its old bytes or its new ones; what may be left
/// behind has ``temporaryPrefix`` and is swept at the next start.
package enum DurableFile {
  /// Begins the name of every file that is not whole yet.
  package static let temporaryPrefix = ".tmp-orchestrate-"

  /// Replaces the file at `path`; durable on return. The folder must exist.
  ///
  /// - Parameter mode: nil keeps the mode of the file that is replaced, `rw-r--r--` for a new one.
  /// - Throws: ``Failure`` of class `io` or `permission` that names the path and the errno.
  package static func write(_ bytes: [UInt8], to path: String, mode: UInt32? = nil) throws {
    let temporary = try writeTemporary(bytes, beside: path, mode: mode)
    do {
      try rename(temporary, to: path)
    } catch {
      unlink(temporary)
      throw error
    }
    try flushFolder(parent(of: path))
  }

  /// Writes and flushes a temporary file in the folder of `path` and returns its path; the caller
  /// renames it.
  ///
  /// - Parameter flushes: false leaves the flush to the caller.
  package static func writeTemporary(
    _ bytes: [UInt8], beside path: String, mode: UInt32? = nil, flushes: Bool = true
  ) throws -> String {
    let temporary =
      parent(of: path) + "/" + temporaryPrefix + name(of: path)
      + "-\(getpid())"
    let kept = mode ?? self.mode(of: path)
    let file = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: kept ?? 0o644)
    do {
      defer { close(file) }
      if let kept, fchmod(file, kept) != 0 { throw SystemError.failure("set the mode of", path) }
      try writeAll(bytes, to: file, path: temporary)
      if flushes { try flush(file, path: temporary) }
    } catch {
      unlink(temporary)
      throw error
    }
    return temporary
  }

  /// The permissions of the regular file at `path`; nil when there is none.
  private static func mode(of path: String) -> UInt32? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return info.st_mode & 0o7777
  }

  /// Writes a file that need not survive a crash of the machine, such as a ticket.
  ///
  /// - Parameter willBeFlushed: somebody makes it durable later: see ``beginFlush(_:bytes:)``.
  package static func writeFleeting(
    _ bytes: [UInt8], to path: String, willBeFlushed: Bool = false
  ) throws {
    let file = try open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
    defer { close(file) }
    try writeAll(bytes, to: file, path: path)
    if willBeFlushed { beginFlush(file, bytes: bytes.count) }
  }

  /// Bytes from which the disk is told early.
  private static let earlyBytes = 64 << 10

  /// Has the system begin to write what was written to an open file, and does not wait for it: the
  /// disk works while the stage does, and the flush at the end finds little to do. Promises nothing.
  package static func beginFlush(_ file: Int32, bytes: Int) {
    if bytes >= earlyBytes { ck_begin_flush(file) }
  }

  /// Flushes the bytes of an existing file.
  package static func flush(path: String) throws {
    let file = try open(path, O_RDONLY)
    defer { close(file) }
    try flush(file, path: path)
  }

  /// Makes the entries of a folder durable.
  package static func flushFolder(_ path: String) throws {
    let folder = try open(path, O_RDONLY | O_DIRECTORY)
    defer { close(folder) }
    try flush(folder, path: path)
  }

  package static func rename(_ old: String, to new: String) throws {
    if Glibc.rename(old, new) != 0 { throw SystemError.failure("rename to", new) }
  }

  /// Creates a folder and those above it that are missing; nothing when it exists.
  package static func makeFolder(_ path: String) throws {
    if mkdir(path, 0o755) == 0 { return }
    if errno == ENOENT, parent(of: path) != path {
      try makeFolder(parent(of: path))
      if mkdir(path, 0o755) == 0 { return }
    }
    let number = errno
    var info = stat()
    if number == EEXIST, stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR { return }
    throw SystemError.failure("create the folder", path, number)
  }

  /// Removes a file or a folder with all it holds; nothing when it is not there. Links are removed,
  /// never followed.
  package static func remove(_ path: String) throws {
    if unlink(path) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else { throw SystemError.failure("remove", path) }
    for name in try names(in: path) { try remove(path + "/" + name) }
    if rmdir(path) != 0, errno != ENOENT { throw SystemError.failure("remove", path) }
  }

  /// Names in a folder, sorted by their bytes, without `.` and `..`; empty when there is no folder.
  package static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw SystemError.failure("list", folder)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 { throw SystemError.failure("list", folder) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes what crashes left in a folder: every entry with ``temporaryPrefix``.
  package static func sweep(_ folder: String) throws {
    for name in try names(in: folder) where name.hasPrefix(temporaryPrefix) {
      try remove(folder + "/" + name)
    }
  }

  /// All bytes of a file.
  package static func read(_ path: String) throws -> [UInt8] {
    let file = try open(path, O_RDONLY)
    defer { close(file) }
    let size = size(of: file)
    var bytes = try readAll(file, path: path, expecting: size)
    // It grew, or its size says nothing (/proc).
    if bytes.count > size { try readPieces(file, path: path) { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// What stands before the last slash; `.` when there is none, `/` for entries of the root.
  /// (Foundation's `deletingLastPathComponent` traps on a name of one letter.)
  package static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What stands after the last slash.
  package static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  // MARK: - Calls that a signal may interrupt

  static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) throws -> Int32 {
    while true {
      let file = Glibc.open(path, flags | O_CLOEXEC, mode)
      if file >= 0 { return file }
      if errno != EINTR { throw SystemError.failure("open", path) }
    }
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32, path: String) throws {
    try bytes.withUnsafeBytes { try writeAll($0, to: file, path: path) }
  }

  private static func writeAll(_ buffer: UnsafeRawBufferPointer, to file: Int32, path: String)
    throws
  {
    var done = 0
    while done < buffer.count {
      let count = Glibc.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      if count > 0 {
        done += count
      } else if count < 0, errno != EINTR {
        throw SystemError.failure("write", path)
      }
    }
  }

  private static func flush(_ file: Int32, path: String) throws {
    while fsync(file) != 0 {
      if errno != EINTR { throw SystemError.failure("flush", path) }
    }
  }

  /// What the file system says now; 0 where it says nothing.
  static func size(of file: Int32) -> Int {
    var info = stat()
    return fstat(file, &info) == 0 ? max(0, Int(info.st_size)) : 0
  }

  /// Calls `body` with successive pieces of at most 1 MiB.
  static func readPieces(
    _ file: Int32, path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    // A small file is read at once, and its end seen by one more call.
    let piece = min(max(size(of: file), 1 << 12), 1 << 20)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(file, buffer.baseAddress, buffer.count)
      if count == 0 { return }
      if count > 0 {
        try body(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
      } else if errno != EINTR {
        throw SystemError.failure("read", path)
      }
    }
  }
}

extension DurableFile {
  /// Replaces `target` with a copy of a file's bytes; durable on return.
  package static func copy(_ source: String, to target: String) throws {
    let temporary =
      parent(of: target) + "/" + temporaryPrefix + name(of: target)
      + "-\(getpid())"
    let input = try open(source, O_RDONLY)
    defer { close(input) }
    let kept = mode(of: target)
    let output = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: kept ?? 0o644)
    do {
      defer { close(output) }
      if let kept, fchmod(output, kept) != 0 {
        throw SystemError.failure("set the mode of", target)
      }
      try readPieces(input, path: source) { try writeAll($0, to: output, path: temporary) }
      try flush(output, path: temporary)
      try rename(temporary, to: target)
    } catch {
      unlink(temporary)
      throw error
    }
    try flushFolder(parent(of: target))
  }
}

// MARK: - Files of the workspace

extension DurableFile {
  /// Opens a regular file; never waits for a writer of a pipe.
  package static func openToRead(_ path: String) throws -> Int32 {
    try open(path, O_RDONLY | O_NONBLOCK)
  }

  package static func readAll(_ file: Int32, path: String, expecting size: Int) throws -> [UInt8] {
    var failure: (any Error)?
    let bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      count = 0
      while count < buffer.count {
        let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
        if got == 0 { return }
        if got > 0 {
          count += got
        } else if errno != EINTR {
          failure = SystemError.failure("read", path)
          return
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Copies an open file into a new one, flushed, and digests it on the way.
  package static func copyAndDigest(_ file: Int32, path: String, to target: String) throws
    -> Digest
  {
    let output = try open(target, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
    do {
      defer { close(output) }
      var hasher = Digest.Hasher()
      try readPieces(file, path: path) {
        hasher.update($0)
        try writeAll($0, to: output, path: target)
      }
      try flush(output, path: target)
      return hasher.finish()
    } catch {
      unlink(target)
      throw error
    }
  }

  /// Puts a copy of a file's bytes at `target` in one step. A loss of power may take it.
  package static func place(_ source: String, at target: String, mode: UInt32) throws {
    let temporary = parent(of: target) + "/" + temporaryPrefix + name(of: target) + "-\(getpid())"
    let input = try open(source, O_RDONLY)
    defer { close(input) }
    let output = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
    do {
      defer { close(output) }
      try readPieces(input, path: source) { try writeAll($0, to: output, path: temporary) }
      try rename(temporary, to: target)
    } catch {
      unlink(temporary)
      throw error
    }
  }
}
