private import Glibc

extension Digest {
  /// The digest of a file's bytes, read in pieces.
  ///
  /// - Throws: ``Failure`` of class `io` or `permission`.
  package init(file path: String) throws {
    let file = try DurableFile.open(path, O_RDONLY)
    defer { close(file) }
    var hasher = Hasher()
    try DurableFile.readPieces(file, path: path) { hasher.update($0) }
    self = hasher.finish()
  }
}
