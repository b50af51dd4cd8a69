private import Artifacts
private import Glibc
private import Reproducibility
private import RunStore

extension Garbage {
  /// Removes it: first what says that something is there (rows of results, then manifests), then
  /// what was there. A kill at any point leaves nothing that counts as whole and is not, only
  /// garbage for the next collection.
  ///
  /// - Parameter willRemove: called before each step, for tests that stop there.
  package func remove(
    from session: ProjectSession, willRemove: (String) throws -> Void = { _ in }
  ) throws {
    if !results.isEmpty {
      try willRemove("results")
      try session.store.remove(results: results)
    }
    try remove(.manifests, willRemove)
    for kind in Kind.allCases where kind != .manifests { try remove(kind, willRemove) }
    try willRemove("stamps")
    try session.store.forget(objects: objects)
  }

  /// Flushes the folders: the files of a manifest go only after it is gone for good.
  private func remove(_ kind: Kind, _ willRemove: (String) throws -> Void) throws {
    var folders: Set<String> = []
    for item in items[kind] ?? [] {
      try willRemove(item.path)
      try DurableFile.remove(item.path)
      folders.insert(DurableFile.parent(of: item.path))
    }
    for folder in folders.sorted() { try DurableFile.flushFolder(folder) }
  }
}
