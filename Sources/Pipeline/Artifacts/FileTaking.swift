private import Diagnostics
private import Foundation
private import Glibc
internal import Reproducibility
internal import StageKit

/// Copies one file of the workspace into the store, reading it once.
struct FileTaking {
  struct Found {
    var read: WorkspaceStore.Taken.File
    var size: Int
    var isExecutable: Bool
  }

  /// Longer files are copied piece by piece, and flushed at once.
  private static let smallBytesMax = 1 << 20

  private let store: ArtifactStore

  init(_ store: ArtifactStore) { self.store = store }

  func take(_ path: String) throws -> Found {
    let file = try DurableFile.openToRead(path)
    defer { close(file) }
    let before = try Self.info(file, path)
    let isSmall = before.st_size <= Self.smallBytesMax
    if !isSmall { Self.settle(before) }
    let recorded = Int64(Date().timeIntervalSince1970 * 1e9)
    let digest: Digest
    if isSmall {
      let bytes = try DurableFile.readAll(file, path: path, expecting: Int(before.st_size))
      digest = Digest(of: bytes)
      try keep(bytes, digest)
    } else {
      digest = try copy(file, path)
    }
    let after = try Self.info(file, path)
    let stamp = FileStamp(before)
    guard stamp == FileStamp(after) else {
      throw Diagnostic(
        "stage.out-changing",
        "'\(SafeText.escaped(path, limit: 300))' changed while it was taken into the store",
        fix: "the command must not leave a process behind that goes on writing"
      ).failure(.stageFailed)
    }
    return Found(
      read: .init(path: path, stamp: stamp, digest: digest, recorded: recorded),
      size: Int(before.st_size), isExecutable: before.st_mode & 0o111 != 0)
  }

  /// Makes the bytes an object unless they are one.
  func keep(_ bytes: [UInt8], _ digest: Digest) throws {
    if store.holds(digest, size: bytes.count) { return }
    let target = store.path(of: digest)
    let folder = DurableFile.parent(of: target)
    if access(folder, F_OK) != 0 { try DurableFile.makeFolder(folder) }
    let temporary = try DurableFile.writeTemporary(
      bytes, beside: target, mode: 0o444, flushes: false)
    try DurableFile.rename(temporary, to: target)
    store.note(digest)
    CrashPoint.objectPublished.reached()
  }

  private func copy(_ file: Int32, _ path: String) throws -> Digest {
    let temporary = store.project.attempts + "/" + DurableFile.temporaryPrefix + "take-\(getpid())"
    let digest = try DurableFile.copyAndDigest(file, path: path, to: temporary)
    let target = store.path(of: digest)
    let folder = DurableFile.parent(of: target)
    if access(folder, F_OK) != 0 { try DurableFile.makeFolder(folder) }
    chmod(temporary, 0o444)
    try DurableFile.rename(temporary, to: target)
    store.note(digest)
    CrashPoint.objectPublished.reached()
    return digest
  }

  private static func info(_ file: Int32, _ path: String) throws -> stat {
    var info = stat()
    guard fstat(file, &info) == 0 else { throw SystemError.failure("read", path) }
    return info
  }

  /// A long file is not read twice: waits, at most 20 ms, until its time stamps are older than the
  /// clock's tick, so that what is read can be trusted later.
  private static func settle(_ info: stat) {
    let newest = max(FileStamp(info).modified, FileStamp(info).changed)
    let left = newest + 20_000_000 - Int64(Date().timeIntervalSince1970 * 1e9)
    if left > 0, left <= 20_000_000 { usleep(UInt32(left / 1000 + 1000)) }
  }
}
