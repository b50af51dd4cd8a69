package import Reproducibility
private import Synchronization

/// Files of a stage's outputs that are objects of the store already. They are named here and written
/// nowhere: another name in the file system would change what it says of the object, which would then
/// be read again before it counts (``FileStamp``).
package final class PlacedObjects: Sendable {
  private let placed = Mutex<[String: ArtifactManifest.File]>([:])

  package init() {}

  /// - Parameters:
  ///   - path: of the file that is not written, in an output folder.
  ///   - size: bytes.
  package func add(_ digest: Digest, size: Int, at path: String) {
    placed.withLock { $0[path] = ArtifactManifest.File(name: path, size: size, digest: digest) }
  }

  /// Those below `folder`, by their names there; in no order.
  package func files(in folder: String) -> [ArtifactManifest.File] {
    let prefix = folder + "/"
    return placed.withLock { placed in
      placed.values.filter { $0.name.hasPrefix(prefix) }.map { file in
        var file = file
        file.name.removeFirst(prefix.count)
        return file
      }
    }
  }
}
