internal import Documents
package import Reproducibility

/// `licenses.json` of an artifact of rows: under which licences its sources stand. Rows whose
/// sources say nothing have no such file.
package enum RowLicenses {
  package static let fileName = "licenses.json"
  private static let format = "orchestrate.licenses.1"

  package static func bytes(_ notes: [LicenseNote]) -> [UInt8] {
    JSONWriter.canonical(
      .object([
        "format": .string(format),
        "licenses": .array(LicenseNote.union(notes).map(\.json)),
      ]))
  }

  /// What an artifact of rows says, or one note that it says nothing.
  ///
  /// - Parameter name: of the rows; nil: their digest.
  /// - Throws: ``Failure`` when the file cannot be read.
  package static func notes(of rows: InputArtifact, named name: String? = nil) throws
    -> [LicenseNote]
  {
    try known(of: rows.tree)
      ?? [LicenseNote("rows \(name ?? rows.digest.short)", license: nil)]
  }

  /// Nil: it has no such file.
  package static func known(of tree: FileTree) throws -> [LicenseNote]? {
    guard let path = tree[fileName] else { return nil }
    let json = try JSONReader.parse(DurableFile.read(path), file: fileName)
    return (json["licenses"]?.arrayValue ?? []).compactMap(LicenseNote.init)
  }
}
