private import Glibc
private import Reproducibility

extension ChunkResult.File {
  /// Makes the file appear at `path` in an output folder: an object by being named in `placed`, a
  /// kept file by another name where the file system allows, else by a copy.
  ///
  /// - Throws: ``Failure`` of class `io`.
  package func place(at path: String, among placed: PlacedObjects) throws {
    switch source {
    case .bytes(let bytes): try DurableFile.writeFleeting(bytes, to: path)
    case .object: return placed.add(digest, size: size, at: path)
    case .path(let source):
      unlink(path)
      if link(source, path) != 0 { try DurableFile.copy(source, to: path) }
    }
    WrittenFiles.note(path: path, digest)
  }

  /// The bytes of the file.
  package func bytes() throws -> [UInt8] {
    switch source {
    case .bytes(let bytes): bytes
    case .path(let path), .object(let path): try DurableFile.read(path)
    }
  }
}
