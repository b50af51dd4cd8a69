package import Reproducibility

/// An immutable artifact that a stage reads.
package struct InputArtifact: Sendable, Hashable, Codable {
  package var type: ArtifactType
  /// The digest of its manifest.
  package var digest: Digest
  package var tree: FileTree
  /// Artifacts this one refers to instead of copying them (an adapter's base), by digest.
  package var references: [String: ReferencedArtifact]

  package init(
    type: ArtifactType, digest: Digest, tree: FileTree,
    references: [String: ReferencedArtifact] = [:]
  ) {
    self.type = type
    self.digest = digest
    self.tree = tree
    self.references = references
  }

  /// The files of a referenced artifact, or nil.
  package func reference(_ digest: Digest) -> FileTree? { references[digest.hex]?.tree }
}

/// An artifact known through another one; references of references are listed flat.
package struct ReferencedArtifact: Sendable, Hashable, Codable {
  package var type: ArtifactType
  package var tree: FileTree

  package init(type: ArtifactType, tree: FileTree) {
    self.type = type
    self.tree = tree
  }
}

/// A file outside the store that a parameter names, digested when the run was planned.
package struct InputFile: Sendable, Hashable, Codable {
  /// The path as written or found by the glob, relative to the pipeline file.
  package var name: String
  /// Absolute.
  package var path: String
  package var digest: Digest
  package var bytes: Int
  /// Of the file when it was seen to have that digest; nil where it was not settled enough to tell
  /// later changes. A reader that finds this stamp before and after has read what was planned.
  package var stamp: FileStamp?
  /// Of a folder that stands for all files below it, whose name ends with a slash: names in it that
  /// stages write, which do not belong to it.
  package var leftOut: [String]?

  package var isFolder: Bool { name.hasSuffix("/") }
  package var left: Set<String> { Set(leftOut ?? []) }

  package init(
    name: String, path: String, digest: Digest, bytes: Int, stamp: FileStamp? = nil,
    leftOut: [String]? = nil
  ) {
    self.leftOut = leftOut
    self.name = name
    self.path = path
    self.digest = digest
    self.bytes = bytes
    self.stamp = stamp
  }
}
