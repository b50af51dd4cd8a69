package import Diagnostics
private import Processes
package import Reproducibility

/// What is remembered of a folder: equal stamps of its listing mean equal bytes.
package struct FolderCacheEntry: Sendable, Hashable {
  package var stamp: Digest
  /// Of the names and digests of its files.
  package var digest: Digest

  package init(stamp: Digest, digest: Digest) {
    self.stamp = stamp
    self.digest = digest
  }
}

/// A folder outside the store whose files are read where they lie.
package struct FoundFolder: Sendable, Hashable {
  /// As written, with a slash at the end.
  package var name: String
  /// Absolute.
  package var path: String
  /// Relative names of files and folders in it that stages write.
  package var left: Set<String>
  /// A stage writes some of it: no file need be there yet.
  var mayBeEmpty: Bool
  var span: SourceSpan?

  package init(
    name: String, path: String, left: Set<String>, mayBeEmpty: Bool = true,
    span: SourceSpan? = nil
  ) {
    self.mayBeEmpty = mayBeEmpty
    self.name = name
    self.path = path
    self.left = left
    self.span = span
  }
}

extension FileDigester {
  /// The digest of all files below a folder, by name and content. Unchanged, it costs the listing
  /// with its stamps; otherwise each file is looked up, and read where it is new.
  ///
  /// - Throws: ``Failure`` when it cannot be listed, or a file not be read.
  package func digest(of folder: FoundFolder) throws -> Digested {
    let started = now()
    let listing = try FolderListing(folder.path, leavingOut: folder.left)
    if let entry = try cache.folder(folder.path), entry.stamp == listing.stamp {
      return Digested(digest: entry.digest, size: listing.bytes, count: listing.count)
    }
    let named = try FolderListing(folder.path, leavingOut: folder.left, keepsNames: true)
    let files = named.names.map {
      FoundFile(
        name: $0, path: folder.path + "/" + $0,
        span: folder.span ?? SourceSpan(file: folder.path, line: 1))
    }
    let digests = try digests(of: files)
    var hasher = Digest.Hasher()
    for file in files {
      guard let digest = digests[file.path]?.digest else { continue }
      hasher.update(Array("\(file.name)\0\(digest.hex)\n".utf8))
    }
    let digest = hasher.finish()
    let tick = FileSystem.stampTick(of: folder.path)
    if listing.newest + tick < started, named.stamp == listing.stamp {
      try cache.record(folder: folder.path, .init(stamp: listing.stamp, digest: digest))
    }
    return Digested(digest: digest, size: named.bytes, count: named.count)
  }
}
