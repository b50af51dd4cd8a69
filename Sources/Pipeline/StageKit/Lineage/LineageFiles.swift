package import Documents
package import Reproducibility

/// Writes what outputs were made of beside what the stage wrote.
package enum LineageFiles {
  /// `lineage.json` into every output of type model that holds files, `licenses.json` into every one
  /// of rows when an input of rows has it; a file that the stage wrote itself stays.
  ///
  /// - Parameter folders: by output port.
  /// - Throws: ``Failure`` when an input's file cannot be read or a file cannot be written.
  package static func write(
    kind: StageKind, version: Int, parameters: JSONValue, files: [String: [Digest]],
    inputs: [String: InputArtifact], outputs: [Port], folders: [String: String]
  ) throws {
    var licenses: [LicenseNote]?
    for port in outputs {
      guard let folder = folders[port.name], let type = port.types.first else { continue }
      switch type {
      case .model:
        let names = try DurableFile.names(in: folder)
        if names.isEmpty || names.contains(Lineage.fileName) { continue }
        let lineage = try Lineage(
          kind: kind, version: version, parameters: parameters, files: files, inputs: inputs)
        try DurableFile.writeFleeting(
          JSONWriter.canonical(lineage.json), to: folder + "/" + Lineage.fileName)
      case .records:
        let names = try DurableFile.names(in: folder)
        if names.isEmpty || names.contains(RowLicenses.fileName) { continue }
        let notes = try licenses ?? known(inputs)
        licenses = notes
        if notes.isEmpty { continue }
        try DurableFile.writeFleeting(
          RowLicenses.bytes(notes), to: folder + "/" + RowLicenses.fileName)
      case .clusters, .report, .scores, .verdict, .files, .version: continue
      }
    }
  }

  /// Of all inputs of rows; empty when none says anything.
  private static func known(_ inputs: [String: InputArtifact]) throws -> [LicenseNote] {
    let rows = inputs.sorted { $0.key < $1.key }.map(\.value).filter { $0.type == .records }
    guard try rows.contains(where: { try RowLicenses.known(of: $0.tree) != nil }) else { return [] }
    return LicenseNote.union(try rows.flatMap { try RowLicenses.notes(of: $0) })
  }
}
