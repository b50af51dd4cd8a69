package import Glibc
private import Synchronization

/// Digests of files that this process wrote itself, so that nobody reads them again to know them.
///
/// A file is known as long as it has the inode, size and time of change of its bytes that it had
/// when its writer was done; new names for it and other permissions change none of these.
package enum WrittenFiles {
  private struct Key: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  private struct Entry {
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
    var digest: Digest
  }

  private static let known = Mutex<[Key: Entry]>([:])

  /// Remembers that the open file `descriptor` holds the bytes of `digest`; call when all are
  /// written.
  package static func note(descriptor: Int32, _ digest: Digest) {
    var info = stat()
    if fstat(descriptor, &info) == 0 { note(info, digest) }
  }

  /// The same for the file at `path`, whose bytes were just checked.
  package static func note(path: String, _ digest: Digest) {
    var info = stat()
    if lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG { note(info, digest) }
  }

  /// The digest of the file that `info` describes, when it is known.
  package static func digest(of info: stat) -> Digest? {
    guard let entry = known.withLock({ $0[key(info)] }), entry.size == Int64(info.st_size),
      entry.seconds == info.st_mtim.tv_sec, entry.nanoseconds == info.st_mtim.tv_nsec
    else { return nil }
    return entry.digest
  }

  private static func note(_ info: stat, _ digest: Digest) {
    let entry = Entry(
      size: Int64(info.st_size), seconds: info.st_mtim.tv_sec,
      nanoseconds: info.st_mtim.tv_nsec, digest: digest)
    known.withLock { $0[key(info)] = entry }
  }

  private static func key(_ info: stat) -> Key {
    Key(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
  }
}
