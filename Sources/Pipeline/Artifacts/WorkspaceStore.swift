private import Diagnostics
private import Glibc
package import Reproducibility
package import StageKit

/// Files of the pipeline's folder that stages write there: removed before a stage runs, copied into
/// the store after it, put back from the store when they are not what it holds.
package struct WorkspaceStore: Sendable {
  package let store: ArtifactStore
  /// Of the pipeline file, absolute.
  package let folder: String

  package init(_ store: ArtifactStore, folder: String) {
    self.store = store
    self.folder = folder
  }

  package func path(of path: WorkspacePath) -> String { folder + "/" + path.name }

  // MARK: - Before

  /// Removes what is at `path` and makes the folder that will hold it.
  ///
  /// - Throws: ``Failure`` of class `badInput` when the path leads out of the pipeline's folder by a
  ///   link, or the project's state lies in it.
  package func remove(_ path: WorkspacePath) throws {
    try check(path)
    try DurableFile.remove(self.path(of: path))
  }

  /// Makes the folder that holds `path`, which must lie in the pipeline's folder when links are
  /// followed.
  private func prepareFolder(of path: WorkspacePath) throws {
    let parent = DurableFile.parent(of: self.path(of: path))
    if parent == folder || isRealFolder(parent) { return }
    // The deepest folder that is there decides; what is made below it holds no links.
    var existing = parent
    var info = stat()
    while existing != folder, lstat(existing, &info) != 0 {
      existing = DurableFile.parent(of: existing)
    }
    guard let real = Self.real(existing), let root = Self.real(folder),
      real == root || real.hasPrefix(root + "/")
    else {
      throw problem(
        "workspace.outside", path,
        "leads out of the folder of the pipeline file by a link",
        "replace the link by a folder, or write to another path")
    }
    try DurableFile.makeFolder(parent)
  }

  /// Whether all between the pipeline's folder and one below it are folders, and none is a link.
  private func isRealFolder(_ path: String) -> Bool {
    var open = path
    while open.utf8.count > folder.utf8.count {
      var info = stat()
      guard lstat(open, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else { return false }
      open = DurableFile.parent(of: open)
    }
    return true
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private func problem(
    _ code: String, _ path: WorkspacePath, _ what: String, _ fix: String
  ) -> Failure {
    Diagnostic(code, "'\(SafeText.escaped(path.name, limit: 200))' \(what)", fix: fix)
      .failure(.badInput)
  }

  // MARK: - After

  /// What a stage has left at a path, in the store.
  package struct Taken: Sendable {
    package var manifest: ArtifactManifest
    package var manifestDigest: Digest
    /// The manifest and all files; renamed into place, not flushed.
    package var objects: [Entry]
    package var files: [File]

    package struct Entry: Sendable, Hashable {
      package var digest: Digest
      package var size: Int
    }

    /// A file of the workspace as it was read.
    package struct File: Sendable {
      package var path: String
      package var stamp: FileStamp
      package var digest: Digest
      /// When reading began, nanoseconds since 1970.
      package var recorded: Int64

      package init(path: String, stamp: FileStamp, digest: Digest, recorded: Int64) {
        self.path = path
        self.stamp = stamp
        self.digest = digest
        self.recorded = recorded
      }
    }
  }

  /// Copies what is at `path` into the store.
  ///
  /// - Throws: ``Failure`` of class `stageFailed` when there is nothing, or something that is neither
  ///   file nor folder.
  package func take(_ path: WorkspacePath, by stage: String) throws -> Taken {
    let root = self.path(of: path)
    let names = try writtenNames(path, by: stage)
    var taken: [ArtifactManifest.File] = []
    var files: [Taken.File] = []
    var objects: [Taken.Entry] = []
    for name in names {
      let file = try FileTaking(store).take(name.isEmpty ? root : root + "/" + name)
      taken.append(
        .init(
          name: name.isEmpty ? DurableFile.name(of: path.name) : name, size: file.size,
          digest: file.read.digest, isExecutable: file.isExecutable))
      files.append(file.read)
      objects.append(.init(digest: file.read.digest, size: file.size))
    }
    let manifest = ArtifactManifest(type: .files, files: taken)
    let bytes = manifest.canonicalBytes
    let digest = Digest(of: bytes)
    try FileTaking(store).keep(bytes, digest)
    objects.append(.init(digest: digest, size: bytes.count))
    return Taken(manifest: manifest, manifestDigest: digest, objects: objects, files: files)
  }

  /// Names of the files at `path`, `""` for a file; refuses what an output cannot be.
  private func writtenNames(_ path: WorkspacePath, by stage: String) throws -> [String] {
    let root = self.path(of: path)
    let names: [String]
    switch WorkspaceScan.kind(root) {
    case .file where !path.isFolder: names = [""]
    case .folder: names = try WorkspaceScan.names(below: root)
    case .file:
      throw failed(
        "stage.out-kind", path, stage, "made a file where '\(path.name)/' promises a folder",
        fix: "write the path without the slash")
    case .nothing:
      throw failed(
        "stage.out-missing", path, stage, "ended without writing '\(path.name)', which it promises",
        fix: "write it, or take it out of 'outs'; 'orchestrate logs \(stage)' shows what it printed"
      )
    case .other:
      throw failed(
        "stage.not-a-file", path, stage,
        "wrote '\(path.name)', which is neither a file nor a folder",
        fix: "write a regular file")
    }
    if names.isEmpty {
      throw failed(
        "stage.out-missing", path, stage, "left the folder '\(path.name)' without a file",
        fix: "an output holds at least one file; names that begin with a dot count")
    }
    if !path.isFolder, names != [""], names == [DurableFile.name(of: path.name)] {
      throw failed(
        "stage.out-kind", path, stage,
        "made a folder '\(path.name)' with one file of the same name",
        fix: "write the path with a slash at the end: '\(path.name)/'")
    }
    return names
  }

  /// Copies what is at `path` into a folder that will be sealed.
  package func stage(_ path: WorkspacePath, into folder: String, by stage: String) throws {
    let root = self.path(of: path)
    for name in try writtenNames(path, by: stage) {
      let target = folder + "/" + (name.isEmpty ? DurableFile.name(of: path.name) : name)
      try DurableFile.makeFolder(DurableFile.parent(of: target))
      try DurableFile.copy(name.isEmpty ? root : root + "/" + name, to: target)
    }
  }

  private func failed(
    _ code: String, _ path: WorkspacePath, _ stage: String, _ what: String, fix: String
  ) -> Failure {
    Diagnostic(code, "stage '\(stage)' \(SafeText.escaped(what, limit: 300))", fix: fix)
      .failure(.stageFailed)
  }

  // MARK: - Putting back

  /// Makes the workspace hold an artifact at `path`: files that differ are replaced by copies, files
  /// that do not belong there are removed.
  ///
  /// - Parameter isRight: whether the file at an absolute path has these bytes already.
  /// - Throws: ``Failure`` of class `io` when an object is gone.
  package func putBack(
    _ manifest: ArtifactManifest, at path: WorkspacePath,
    isRight: (String, ArtifactManifest.File) throws -> Bool
  ) throws {
    let root = self.path(of: path)
    let isFile =
      !path.isFolder && manifest.files.count == 1
      && manifest.files[0].name == DurableFile.name(of: path.name)
    try prepareFolder(of: path)
    if isFile {
      try putBack(manifest.files[0], to: root, isRight)
      return
    }
    if WorkspaceScan.kind(root) != .folder {
      try DurableFile.remove(root)
      try DurableFile.makeFolder(root)
    } else if WorkspaceScan.isLink(root) {
      try DurableFile.remove(root)
      try DurableFile.makeFolder(root)
    }
    let wanted = Set(manifest.files.map(\.name))
    for name in try WorkspaceScan.entries(below: root) where !wanted.contains(name) {
      try DurableFile.remove(root + "/" + name)
    }
    for file in manifest.files {
      let target = root + "/" + file.name
      try WorkspaceScan.makeRealFolder(DurableFile.parent(of: target), below: root)
      try putBack(file, to: target, isRight)
    }
  }

  private func putBack(
    _ file: ArtifactManifest.File, to target: String,
    _ isRight: (String, ArtifactManifest.File) throws -> Bool
  ) throws {
    if WorkspaceScan.kind(target) == .file, !WorkspaceScan.isLink(target),
      try isRight(target, file)
    {
      return
    }
    guard store.has(file.digest, size: file.size) else {
      throw Diagnostic(
        "store.missing-artifact",
        "the object \(file.digest.short) of '\(SafeText.escaped(target, limit: 300))' is gone",
        fix: "type 'orchestrate run': what made it runs again"
      ).failure(.io)
    }
    if WorkspaceScan.kind(target) == .folder { try DurableFile.remove(target) }
    try DurableFile.place(
      store.path(of: file.digest), at: target, mode: file.executable == true ? 0o755 : 0o644)
  }
}

extension WorkspaceStore {
  /// A file of an output as it is now.
  package struct Current: Sendable {
    /// In the artifact.
    package var name: String
    package var path: String
    package var stamp: FileStamp
    package var isExecutable = false

    package init(name: String, path: String, stamp: FileStamp) {
      self.name = name
      self.path = path
      self.stamp = stamp
    }
  }

  /// What is at `path` now, links followed; empty when there is nothing.
  package func current(_ path: WorkspacePath) throws -> [Current] {
    let root = self.path(of: path)
    var info = stat()
    guard stat(root, &info) == 0 else { return [] }
    if info.st_mode & S_IFMT == S_IFREG {
      var file = Current(
        name: DurableFile.name(of: path.name), path: root, stamp: FileStamp(info))
      file.isExecutable = info.st_mode & 0o111 != 0
      return path.isFolder ? [] : [file]
    }
    return try WorkspaceScan.names(below: root).compactMap { name in
      let path = root + "/" + name
      guard stat(path, &info) == 0 else { return nil }
      var file = Current(name: name, path: path, stamp: FileStamp(info))
      file.isExecutable = info.st_mode & 0o111 != 0
      return file
    }
  }

  /// Refuses a path that the stage must not write.
  ///
  /// - Throws: ``Failure`` of class `badInput`.
  package func check(_ path: WorkspacePath) throws {
    let target = self.path(of: path)
    let state = store.project.state
    if state == target || state.hasPrefix(target + "/") {
      throw problem(
        "workspace.reserved", path, "holds the project's state", "write to another path")
    }
    try prepareFolder(of: path)
  }
}
