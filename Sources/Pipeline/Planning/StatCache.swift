package import Reproducibility
private import Synchronization

/// What the file system says of a file's identity and age; equal keys mean equal bytes unless the
/// file is younger than the clock can tell (``StatCacheEntry/isTrusted(for:)``).
package struct StatKey: Sendable, Hashable, Codable {
  package var device: UInt64
  package var inode: UInt64
  package var size: Int64
  /// Nanoseconds since 1970.
  package var modified: Int64
  /// Nanoseconds since 1970; every write and every rename moves it, whatever a user sets as mtime.
  package var changed: Int64

  package init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
  }
}

package struct StatCacheEntry: Sendable, Hashable, Codable {
  package var digest: Digest
  /// When reading the file began, nanoseconds since 1970.
  package var recorded: Int64

  package init(digest: Digest, recorded: Int64) {
    self.digest = digest
    self.recorded = recorded
  }

  /// The racily-clean rule of git (Documentation/technical/racy-git.txt): a file touched within one
  /// tick of the moment it was read may have been written again without moving its time stamps.
  ///
  /// - Parameter tick: of the file's file system, nanoseconds (``FileSystem/stampTick(of:)``).
  package func isTrusted(for key: StatKey, tick: Int64) -> Bool {
    max(key.modified, key.changed) + tick < recorded
  }
}

/// Remembers digests of files by what `stat` says of them.
package protocol StatCache: Sendable {
  func entry(for key: StatKey) throws -> StatCacheEntry?
  /// The same for many at once, in their order.
  func entries(for keys: [StatKey]) throws -> [StatCacheEntry?]
  /// Remembers digests; called once per plan with all that were computed.
  func record(_ entries: [(key: StatKey, entry: StatCacheEntry)]) throws
  /// What is remembered of the folder at an absolute path.
  func folder(_ path: String) throws -> FolderCacheEntry?
  func record(folder path: String, _ entry: FolderCacheEntry) throws
}

extension StatCache {
  package func entries(for keys: [StatKey]) throws -> [StatCacheEntry?] {
    try keys.map { try entry(for: $0) }
  }
  package func folder(_ path: String) throws -> FolderCacheEntry? { nil }
  package func record(folder path: String, _ entry: FolderCacheEntry) throws {}
}

/// A stat cache that ends with the process.
package final class MemoryStatCache: StatCache {
  private let known = Mutex<[StatKey: StatCacheEntry]>([:])

  package init() {}

  package func entry(for key: StatKey) -> StatCacheEntry? { known.withLock { $0[key] } }

  package func record(_ new: [(key: StatKey, entry: StatCacheEntry)]) {
    known.withLock { known in for item in new { known[item.key] = item.entry } }
  }
}
