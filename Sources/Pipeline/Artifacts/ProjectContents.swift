private import Glibc
private import Parallelism
package import Reproducibility

/// Every file of a project's state that can hold contents of rows, and the removal of single ones.
package struct ProjectContents: Sendable {
  package let project: ProjectFolder

  package init(_ project: ProjectFolder) { self.project = project }

  /// Objects whose bytes match, by digest.
  package func objects(_ search: ContentSearch) throws -> [Digest] {
    let pool = ThreadPool(threads: ThreadPool.allowedCPUs)
    return try pool.map(DurableFile.names(in: project.objects)) { prefix -> [Digest] in
      let folder = "\(project.objects)/\(prefix)"
      return try DurableFile.names(in: folder).compactMap { name -> Digest? in
        guard let digest = Digest(hex: name) else { return nil }
        return try search.matches(file: "\(folder)/\(name)") ? digest : nil
      }
    }.flatMap { $0 }
  }

  /// Files beside the store that match: results of chunks, checkpoints, answers, logs, leftovers.
  package func others(_ search: ContentSearch) throws -> [String] {
    var found: [String] = []
    for folder in [
      project.chunks, project.checkpoints, project.answers, project.attempts, project.logs,
    ] {
      for path in try files(below: folder) where try search.matches(file: path) {
        found.append(path)
      }
    }
    return found
  }

  /// Removes objects and files. Artifacts that held one are whole no longer: what made them runs
  /// again when it is next asked for. Only the holder of the lock may call this.
  package func remove(objects: [Digest], files: [String]) throws {
    let store = ArtifactStore(project)
    var folders: Set<String> = []
    for path in objects.map({ store.path(of: $0) }) + files {
      guard unlink(path) == 0 || errno == ENOENT else { throw SystemError.failure("remove", path) }
      folders.insert(DurableFile.parent(of: path))
    }
    for folder in folders.sorted() { try DurableFile.flushFolder(folder) }
  }

  private func files(below folder: String) throws -> [String] {
    var found: [String] = []
    for name in try DurableFile.names(in: folder).sorted() {
      let path = folder + "/" + name
      var info = stat()
      guard lstat(path, &info) == 0 else { continue }
      switch info.st_mode & S_IFMT {
      case S_IFDIR: found += try files(below: path)
      case S_IFREG: found.append(path)
      default: break
      }
    }
    return found
  }
}
