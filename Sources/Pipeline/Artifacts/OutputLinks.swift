internal import Glibc
internal import Reproducibility

/// The outputs of one attempt, whose files may have several names among them (a file that is both a
/// download and a model): such a file is digested once and becomes one object.
///
/// A file that has a name outside of them could change behind the store's back; it is copied, unless
/// the other name is one of the store's own (``WrittenFiles`` knows it).
package struct OutputLinks {
  struct Key: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  private let names: [Key: Int]
  private var digests: [Key: Digest] = [:]

  /// - Parameter folders: of all output ports.
  package init(folders: [String]) throws {
    var names: [Key: Int] = [:]
    for folder in folders { try Self.count(folder, &names) }
    self.names = names
  }

  /// Whether all names of the file are within the outputs.
  func holdsAllNames(of info: stat) -> Bool {
    names[Self.key(info)] == Int(info.st_nlink) || WrittenFiles.digest(of: info) != nil
  }

  /// The digest of the file at `path`, worked out once for all its names.
  mutating func digest(of path: String) throws -> Digest {
    var info = stat()
    guard lstat(path, &info) == 0 else { return try Digest(file: path) }
    if let written = WrittenFiles.digest(of: info) { return written }
    let key = Self.key(info)
    if let known = digests[key] { return known }
    let digest = try Digest(file: path)
    digests[key] = digest
    return digest
  }

  private static func key(_ info: stat) -> Key {
    Key(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
  }

  private static func count(_ folder: String, _ names: inout [Key: Int]) throws {
    for name in try DurableFile.names(in: folder) {
      let path = folder + "/" + name
      var info = stat()
      guard lstat(path, &info) == 0 else { continue }
      switch info.st_mode & S_IFMT {
      case S_IFDIR: try count(path, &names)
      case S_IFREG: names[key(info), default: 0] += 1
      default: break
      }
    }
  }
}
