internal import Reproducibility
internal import StageKit

/// What a plan knows of licences: of the sources of all stages behind a port, and of models from
/// outside. A stage may say otherwise in the files it writes.
extension PlanBuilder {
  func licenses(of request: StageRequest, at port: String) -> [LicenseNote] {
    var seen: Set<String> = []
    return LicenseNote.union(licenses(request.inputs[port], &seen))
  }

  private func licenses(_ binding: InputBinding?, _ seen: inout Set<String>) -> [LicenseNote] {
    switch binding {
    case nil: return []
    case .artifact(let digest)?:
      guard seen.insert(digest.hex).inserted else { return [] }
      // A plan only warns: what cannot be read is told by the stage that reads it.
      return (try? licenses(of: digest)) ?? []
    case .stage(let name, let port)?:
      guard let stage = stages.first(where: { $0.name == name }),
        let made = stage.parameters.ports.outputs.first(where: { $0.name == port })?.types.first,
        [.model, .records].contains(made), seen.insert(name).inserted,
        let request = requests.first(where: { $0.stage == name })
      else { return [] }
      return stage.parameters.licenses
        + request.inputs.sorted { $0.key < $1.key }.flatMap { licenses($0.value, &seen) }
    }
  }

  /// Of a tree from outside, or of a model of the registry.
  private func licenses(of digest: Digest) throws -> [LicenseNote] {
    if let external = externals[digest] {
      var paths: [String: String] = [:]
      for file in external.manifest.files { paths[file.name] = external.folder + "/" + file.name }
      let artifact = InputArtifact(
        type: external.type, digest: digest, tree: FileTree(paths: paths))
      return try licenses(of: artifact, named: external.folder)
    }
    return try results.artifact(digest).map { try licenses(of: $0, named: nil) } ?? []
  }

  private func licenses(of artifact: InputArtifact, named name: String?) throws -> [LicenseNote] {
    switch artifact.type {
    case .records: try RowLicenses.notes(of: artifact, named: name)
    case .model: try BaseLicense.notes(of: artifact, named: name)
    default: []
    }
  }
}
