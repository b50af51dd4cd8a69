internal import Diagnostics
internal import Documents
package import Reproducibility

/// What an artifact consists of. Its canonical JSON is an object of the store, and the SHA-256 of
/// those bytes is the artifact's name.
package struct ArtifactManifest: Sendable, Hashable, Codable {
  package struct File: Sendable, Hashable, Codable {
    /// Relative, with `/`.
    package var name: String
    package var size: Int
    package var digest: Digest
    /// True, or nil: it is put back as a program. Only files of the workspace say so.
    package var executable: Bool?

    package init(name: String, size: Int, digest: Digest, isExecutable: Bool = false) {
      self.name = name
      self.size = size
      self.digest = digest
      executable = isExecutable ? true : nil
    }
  }

  package var type: ArtifactType
  /// Sorted by the bytes of their names.
  package private(set) var files: [File]
  /// Artifacts this one needs, sorted.
  package private(set) var references: [Digest]

  package init(type: ArtifactType, files: [File], references: [Digest] = []) {
    self.type = type
    self.files = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.references = references.sorted()
  }

  package var totalBytes: Int { files.reduce(0) { $0 + $1.size } }

  /// The bytes of the manifest object.
  package var canonicalBytes: [UInt8] {
    JSONWriter.canonical(
      .object([
        "files": .array(
          files.map { file in
            var members = [
              JSONMember("name", .string(file.name)),
              JSONMember("sha256", .string(file.digest.hex)),
              JSONMember("size", .integer(Int64(file.size))),
            ]
            if file.executable == true { members.append(JSONMember("executable", true)) }
            return .object(members)
          }),
        "format": .string(Self.format),
        "references": .array(references.map { .string($0.hex) }),
        "type": .string(type.rawValue),
      ]))
  }

  package var digest: Digest { Digest(of: canonicalBytes) }

  /// Reads the bytes of a manifest object.
  ///
  /// - Throws: ``Failure`` of class `io` when they are not a manifest: the store is damaged.
  package init(bytes: [UInt8], path: String) throws {
    guard let json = try? JSONReader.parse(bytes, file: path),
      json["format"]?.stringValue == Self.format,
      let type = json["type"]?.stringValue.flatMap(ArtifactType.init(rawValue:)),
      let files = json["files"]?.arrayValue, let references = json["references"]?.arrayValue
    else { throw Self.damaged(path) }
    self.init(
      type: type,
      files: try files.map { file in
        guard let name = file["name"]?.stringValue, let size = file["size"]?.integerValue,
          let digest = file["sha256"]?.stringValue.flatMap(Digest.init(hex:)), size >= 0
        else { throw Self.damaged(path) }
        return File(
          name: name, size: size, digest: digest,
          isExecutable: file["executable"]?.boolValue ?? false)
      },
      references: try references.map { item in
        guard let digest = item.stringValue.flatMap(Digest.init(hex:)) else {
          throw Self.damaged(path)
        }
        return digest
      })
  }

  private static let format = "orchestrate.artifact.1"

  private static func damaged(_ path: String) -> Failure {
    Diagnostic(
      "store.damaged-manifest",
      "'\(SafeText.escaped(path, limit: 300))' is not an artifact manifest",
      fix: "type 'orchestrate artifacts verify'; a damaged result is made again by the next run"
    ).failure(.io)
  }
}
