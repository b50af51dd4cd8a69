private import Diagnostics
private import Foundation
private import Glibc
package import Reproducibility
package import StageKit

/// Immutable artifacts by content. Files and manifests are objects named by the SHA-256 of their
/// bytes, so that `sha256sum` verifies them; nothing here ever deletes one.
///
/// ```swift
/// let manifest = try ArtifactStore.seal(folder: staged, type: .records, references: [])
/// try store.publish([(manifest, staged)])
/// let artifact = try store.artifact(manifest.digest)
/// ```
package struct ArtifactStore: Sendable {
  package let project: ProjectFolder
  /// Nil: objects count by their sizes alone.
  private let stamps: (any ObjectStamps)?
  /// Its folder, with a slash: asked for at every object.
  private let objects: String

  package init(_ project: ProjectFolder, stamps: (any ObjectStamps)? = nil) {
    self.project = project
    self.stamps = stamps
    objects = project.objects + "/"
  }

  package func path(of object: Digest) -> String {
    var path = objects
    path.reserveCapacity(objects.utf8.count + object.hex.utf8.count + 3)
    path += object.hex.prefix(2)
    path += "/"
    path += object.hex
    return path
  }

  // MARK: - Writing

  /// Digests and flushes every file of a staged folder. Links become copies, since an object must
  /// not change when the file it points to does.
  ///
  /// - Throws: ``Failure`` when a file cannot be read or flushed, or is no regular file.
  package static func seal(folder: String, type: ArtifactType, references: [Digest]) throws
    -> ArtifactManifest
  {
    var links = try OutputLinks(folders: [folder])
    return try seal(folder: folder, type: type, references: references, links: &links)
  }

  /// The same for one of several outputs of an attempt, which may share files.
  ///
  /// - Parameter store: where the output will be published: a file whose bytes are an object there
  ///   is not flushed, since the object is, and stays.
  /// - Parameter placed: files of the folder that are objects there, and nowhere else.
  /// - Parameter flushes: false leaves the flush to the caller, after the publishing.
  package static func seal(
    folder: String, type: ArtifactType, references: [Digest], links: inout OutputLinks,
    into store: ArtifactStore? = nil, placed: PlacedObjects? = nil, flushes: Bool = true
  ) throws -> ArtifactManifest {
    var files: [ArtifactManifest.File] = []
    var unflushed: [String] = []
    for name in try StagedFolder.files(in: folder, links) {
      let path = folder + "/" + name
      let digest = try links.digest(of: path)
      guard let size = StagedFolder.size(path) else { throw SystemError.failure("read", path) }
      if flushes, store?.has(digest, size: size) != true { unflushed.append(path) }
      files.append(ArtifactManifest.File(name: name, size: size, digest: digest))
    }
    try ManyFlushes.files(unflushed)
    if let placed = placed?.files(in: folder), !placed.isEmpty {
      files = (files + placed).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
    return ArtifactManifest(type: type, files: files, references: references)
  }

  /// Moves sealed folders into the store: renames, then one flush per folder touched. Durable on
  /// return; may be repeated after a crash at any point of it.
  ///
  /// - Parameter flushes: false leaves the flushes to the caller.
  package func publish(
    _ outputs: [(manifest: ArtifactManifest, folder: String)], flushes: Bool = true
  ) throws {
    var touched: Set<String> = []
    for (manifest, folder) in outputs {
      for file in manifest.files where !holds(file.digest, size: file.size) {
        let staged = folder + "/" + file.name
        guard access(staged, F_OK) == 0 else { throw Self.lost(file) }
        // Whoever sealed it took a damaged object of this name and size for a whole one.
        if has(file.digest, size: file.size) { try DurableFile.flush(path: staged) }
        chmod(staged, 0o444)
        try move(staged, to: file.digest, &touched)
      }
      let bytes = manifest.canonicalBytes
      if try self.manifest(manifest.digest) == nil {
        let target = path(of: manifest.digest)
        try prepare(target, &touched)
        let temporary = try DurableFile.writeTemporary(
          bytes, beside: target, mode: 0o444, flushes: flushes)
        try move(temporary, to: manifest.digest, &touched)
      }
    }
    if flushes { try ManyFlushes.folders(touched.sorted()) }
  }

  /// An output named an object that was whole then and is not now.
  private static func lost(_ file: ArtifactManifest.File) -> Failure {
    Diagnostic(
      "store.lost-object",
      "the object \(file.digest.short) of the output file '\(SafeText.escaped(file.name))' was changed "
        + "or removed while the stage ran",
      fix: "type 'orchestrate resume': it is made again"
    ).failure(.io)
  }

  func move(_ source: String, to object: Digest, _ touched: inout Set<String>) throws {
    let target = path(of: object)
    try prepare(target, &touched)
    try DurableFile.rename(source, to: target)
    note(object)
    CrashPoint.objectPublished.reached()
  }

  /// The object was just written with the bytes of its name.
  func note(_ object: Digest) {
    guard let stamps, let stamp = FileStamp(ofFile: path(of: object)) else { return }
    stamps.note(object, stamp)
  }

  private func prepare(_ target: String, _ touched: inout Set<String>) throws {
    let folder = DurableFile.parent(of: target)
    if access(folder, F_OK) != 0 {
      try DurableFile.makeFolder(folder)
      touched.insert(project.objects)
    }
    touched.insert(folder)
  }

  /// Takes a file from elsewhere as the object of its name; false when it has other bytes. The
  /// caller flushes the folders.
  func adopt(_ object: Digest, from source: String, _ touched: inout Set<String>) throws -> Bool {
    let target = path(of: object)
    try prepare(target, &touched)
    let temporary =
      "\(DurableFile.parent(of: target))/\(DurableFile.temporaryPrefix)\(object.hex)-\(getpid())"
    unlink(temporary)
    guard try CheckedCopy.copy(source, to: temporary, expecting: object) else { return false }
    try move(temporary, to: object, &touched)
    return true
  }

  /// Remembers where the files of an external tree lie, so that its digest resolves.
  package func record(_ external: ExternalTree) throws {
    let path = "\(project.externals)/\(external.digest.hex).json"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = Array(try encoder.encode(external))
    if let old = try? DurableFile.read(path), old == bytes { return }
    try DurableFile.write(bytes, to: path)
  }

  // MARK: - Reading

  /// The manifest of an artifact of the store, or nil when there is none, or one whose bytes are
  /// not what its name says.
  package func manifest(_ digest: Digest) throws -> ArtifactManifest? {
    let path = path(of: digest)
    guard access(path, F_OK) == 0 else { return nil }
    let bytes = try DurableFile.read(path)
    return Digest(of: bytes) == digest ? try ArtifactManifest(bytes: bytes, path: path) : nil
  }

  /// Whether the manifest and every file of the artifact, and of all it refers to, are there with
  /// their sizes.
  package func isWhole(_ digest: Digest) throws -> Bool { try artifact(digest) != nil }

  /// The artifact with the paths of its files, references resolved to any depth; nil when it, a
  /// file of it or a reference is not there. Looks in the store first, then among externals.
  package func artifact(_ digest: Digest) throws -> InputArtifact? {
    guard let (manifest, tree) = try tree(digest) else { return nil }
    var references: [String: ReferencedArtifact] = [:]
    var open = manifest.references
    while let next = open.popLast() {
      if references[next.hex] != nil { continue }
      guard let (other, otherTree) = try self.tree(next) else { return nil }
      references[next.hex] = ReferencedArtifact(type: other.type, tree: otherTree)
      open += other.references
    }
    return InputArtifact(
      type: manifest.type, digest: digest, tree: tree, references: references)
  }

  /// Every object that these artifacts and all they refer to consist of, manifests included, each
  /// once; nil when one is not in the store, or some of them lie outside of it.
  package func objects(of artifacts: [Digest]) throws -> [(digest: Digest, size: Int)]? {
    var sizes: [Digest: Int] = [:]
    var open = artifacts
    while let next = open.popLast() {
      if sizes[next] != nil { continue }
      guard let manifest = try manifest(next) else { return nil }
      sizes[next] = manifest.canonicalBytes.count
      for file in manifest.files { sizes[file.digest] = file.size }
      open += manifest.references
    }
    for (digest, size) in sizes where !holds(digest, size: size) { return nil }
    return sizes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func tree(_ digest: Digest) throws -> (ArtifactManifest, FileTree)? {
    var folder: String?
    var found = try manifest(digest)
    if found == nil, let external = try external(digest) {
      found = external.manifest
      folder = external.folder
    }
    guard let manifest = found else { return nil }
    var paths: [String: String] = [:]
    for file in manifest.files {
      if holds(file.digest, size: file.size) {
        paths[file.name] = path(of: file.digest)
      } else if let folder, StagedFolder.size("\(folder)/\(file.name)") == file.size {
        paths[file.name] = "\(folder)/\(file.name)"
      } else {
        return nil
      }
    }
    return (manifest, FileTree(paths: paths))
  }

  /// The record of an external tree, or nil.
  package func external(_ digest: Digest) throws -> ExternalTree? {
    let path = "\(project.externals)/\(digest.hex).json"
    guard access(path, F_OK) == 0 else { return nil }
    return try? JSONDecoder().decode(ExternalTree.self, from: Data(DurableFile.read(path)))
  }

  /// Whether an object is there, with its size.
  package func has(_ object: Digest, size: Int) -> Bool {
    StagedFolder.size(path(of: object)) == size
  }

  /// Whether the object is there with the bytes of its name: by its stamp where that is known, else
  /// by reading it.
  package func holds(_ object: Digest, size: Int) -> Bool {
    let path = path(of: object)
    var info = Glibc.stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, Int(info.st_size) == size
    else { return false }
    guard let stamps else { return true }
    let stamp = FileStamp(info)
    if stamps.stamp(of: object) == stamp { return true }
    guard let found = try? Digest(file: path), found == object else {
      stamps.report(Damage(digest: object, path: path, finding: "different bytes"))
      return false
    }
    stamps.note(object, stamp)
    return true
  }

  // MARK: - Checking

  /// A file of the store whose bytes are not what its name says.
  package struct Damage: Sendable, Hashable {
    package var digest: Digest
    package var path: String
    /// `missing`, `different bytes`, `3 bytes instead of 5`.
    package var finding: String

    package init(digest: Digest, path: String, finding: String) {
      self.digest = digest
      self.path = path
      self.finding = finding
    }
  }

  /// What is wrong with an object, or nil.
  ///
  /// - Parameters:
  ///   - size: nil where nobody has written it down.
  ///   - readingBytes: false looks at existence and size only.
  package func check(_ object: Digest, size: Int?, readingBytes: Bool) -> Damage? {
    let path = path(of: object)
    func damage(_ finding: String) -> Damage {
      Damage(digest: object, path: path, finding: finding)
    }
    guard access(path, F_OK) == 0 else { return damage("missing") }
    guard let found = StagedFolder.size(path) else { return damage("not a file") }
    if let size, found != size { return damage("\(found) bytes instead of \(size)") }
    guard readingBytes else { return nil }
    guard let sum = try? Digest(file: path) else { return damage("unreadable") }
    return sum == object ? nil : damage("different bytes")
  }

  /// Reads every object of an artifact again.
  package func verify(_ digest: Digest) throws -> [Damage] {
    if let damage = check(digest, size: nil, readingBytes: true) { return [damage] }
    return (try manifest(digest)?.files ?? []).compactMap {
      check($0.digest, size: nil, readingBytes: true)
    }
  }

  /// Ends the name of a file that was damaged and set aside.
  package static let damagedSuffix = ".damaged"

  /// Moves a damaged object out of the way, so that the next run makes it again. Only the holder
  /// of the lock may call this.
  package func setAside(_ damage: Damage) throws {
    if access(damage.path, F_OK) != 0 { return }
    try DurableFile.rename(damage.path, to: damage.path + Self.damagedSuffix)
    try DurableFile.flushFolder(DurableFile.parent(of: damage.path))
  }
}
