private import CKernels

/// Every regular file below a folder with what `stat` says of it, as one value that can be digested:
/// a hundred thousand files cost their `stat` and little else.
///
/// Names that begin with a dot are left out; links to files are followed, links to folders are not.
package struct FolderListing {
  package let root: String
  /// Relative, folder by folder in order of their bytes.
  package private(set) var names: [String] = []
  /// Of all sizes.
  package private(set) var bytes = 0
  package private(set) var count = 0
  /// The latest change of bytes or of anything else, nanoseconds since 1970.
  package private(set) var newest: Int64 = 0
  /// Of the root's path, all names and stamps: equal digests mean equal bytes, unless a file is
  /// younger than the clock can tell.
  package private(set) var stamp = Digest(of: [])

  /// - Parameters:
  ///   - left: relative names of files and folders to leave out.
  ///   - keepsNames: false leaves ``names`` empty.
  /// - Throws: ``Failure`` of class `io` or `permission`.
  package init(_ root: String, leavingOut left: Set<String> = [], keepsNames: Bool = false) throws {
    self.root = root
    var tree = ck_tree()
    defer { ck_tree_free(&tree) }
    let number = ck_tree_list(root, &tree)
    guard number == 0 else { throw SystemError.failure("list", root, number) }
    var hasher = Digest.Hasher()
    hasher.update(Array("orchestrate.listing.1\0\(root)\0".utf8))
    if left.isEmpty, !keepsNames {
      take(tree)
      hasher.update(UnsafeRawBufferPointer(start: tree.names, count: tree.name_bytes))
      hasher.update(
        UnsafeRawBufferPointer(
          start: tree.stamps, count: tree.count * MemoryLayout<ck_stamp>.stride))
    } else {
      takeEach(tree, left, keepsNames, &hasher)
    }
    stamp = hasher.finish()
  }

  private mutating func take(_ tree: ck_tree) {
    count = tree.count
    for index in 0..<tree.count {
      let stamp = tree.stamps[index]
      bytes += Int(stamp.size)
      newest = max(newest, stamp.modified, stamp.changed)
    }
  }

  private mutating func takeEach(
    _ tree: ck_tree, _ left: Set<String>, _ keepsNames: Bool, _ hasher: inout Digest.Hasher
  ) {
    var nameBytes: [UInt8] = []
    var stamps: [ck_stamp] = []
    var at = tree.names
    for index in 0..<tree.count {
      guard let start = at else { break }
      let name = String(cString: start)
      at = start + name.utf8.count + 1
      if Self.isLeftOut(name, left) { continue }
      let stamp = tree.stamps[index]
      stamps.append(stamp)
      nameBytes.append(contentsOf: name.utf8)
      nameBytes.append(0)
      if keepsNames { names.append(name) }
      count += 1
      bytes += Int(stamp.size)
      newest = max(newest, stamp.modified, stamp.changed)
    }
    hasher.update(nameBytes)
    stamps.withUnsafeBytes { hasher.update($0) }
  }

  private static func isLeftOut(_ name: String, _ left: Set<String>) -> Bool {
    if left.isEmpty { return false }
    if left.contains(name) { return true }
    var rest = Substring(name)
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      if left.contains(String(rest)) { return true }
    }
    return false
  }
}
