package import Artifacts
private import Glibc
private import Reproducibility
private import RunStore

/// Sets what is damaged aside, so that the next run makes it again.
package enum ProjectRepair {
  /// - Parameter ownership: only the holder of the project may do this.
  /// - Returns: what was done, a sentence per damage, in their order.
  package static func repair(
    _ findings: [ProjectCheck.Finding], of project: ProjectFolder, _ ownership: ProjectOwnership
  ) throws -> [String] {
    let store = ArtifactStore(project)
    var done: [String] = []
    var hasHandledDatabase = false
    for damage in findings.map(\.damage) {
      switch damage.kind {
      case .object:
        if let digest = damage.digest {
          try store.setAside(.init(digest: digest, path: damage.path, finding: damage.finding))
        }
        done.append("the next run makes it again")
      case .checkpoint:
        // The whole checkpoint goes, whichever of its files is damaged.
        try DurableFile.remove(checkpoint(damage.path, project))
        done.append("removed; a resume goes on from the one before, or from the start")
      case .chunk, .answer, .external:
        try DurableFile.remove(damage.path)
        done.append("removed; it is made again when it is next asked for")
      case .database:
        if !hasHandledDatabase { try repairDatabase(project) }
        hasHandledDatabase = true
        done.append(
          access(project.database, F_OK) == 0
            ? "taken as it is, since its structure is whole"
            : "set aside; every run and result is forgotten, objects are found again by their bytes"
        )
      }
    }
    withExtendedLifetime(ownership) {}
    return done
  }

  /// `checkpoints/F/step-00000004` of a file in it.
  private static func checkpoint(_ path: String, _ project: ProjectFolder) -> String {
    let parts = path.dropFirst(project.checkpoints.count + 1).split(separator: "/")
    return project.checkpoints + "/" + parts.prefix(2).joined(separator: "/")
  }

  private static func repairDatabase(_ project: ProjectFolder) throws {
    let path = project.database
    RunStore.acceptAsLeft(path)
    if access(path, F_OK) != 0 { return }
    if let store = try? RunStore.open(path) {
      // Opening has recovered the journal; closing notes what the file is now.
      store.close()
      return
    }
    for end in ["", "-wal", "-shm", "-journal"] where access(path + end, F_OK) == 0 {
      try DurableFile.rename(path + end, to: path + end + ArtifactStore.damagedSuffix)
    }
    try DurableFile.flushFolder(project.state)
  }
}
