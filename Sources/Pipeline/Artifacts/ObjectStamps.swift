package import Reproducibility
package import StageKit

/// What the file system said of objects when their bytes were last known to be right: an object
/// that still looks so is not read again, any other is before it counts.
package protocol ObjectStamps: Sendable {
  func stamp(of object: Digest) -> FileStamp?
  /// The object was just written or read, and had the bytes of its name.
  func note(_ object: Digest, _ stamp: FileStamp)
  /// The object was read and has other bytes.
  func report(_ damage: ArtifactStore.Damage)
}
