package import Diagnostics
private import Dispatch
private import Documents
private import Foundation
private import Glibc
package import Reproducibility
package import StageKit
private import Synchronization

/// Results and objects in a folder that projects share, so that a fresh clone finds what another
/// one has made (`ORCHESTRATE_CACHE`).
///
/// ```
/// results/ab/ab12…   what a request came to, by fingerprint
/// shapes/cd/cd34…/   empty files: the fingerprints of results of one shape
/// objects/ab/ab12…   files and manifests, by the SHA-256 of their bytes
/// ```
///
/// Any number of processes on any number of hosts may read and write: each file is written under a
/// name of its own, flushed and renamed, objects before the result that names them. Every byte is
/// checked when it is read. Nothing that goes wrong here fails a run: it is told once, and the run
/// goes on without.
package final class SharedStore: Sendable {
  package let root: String
  private let state = Mutex(State())
  private let uploads = DispatchQueue(label: "orchestrate.shared-store")

  private struct State {
    var isUsable = true
    var isWritable = true
    var hasWarned = false
    var warnings: [Diagnostic] = []
    /// Objects found to be damaged: written anew by the next one that has them.
    var damaged: Set<Digest> = []
    /// Inputs of the results that were found: what an artifact refers to and is not here is one of
    /// them, a tree outside of any store.
    var inputs: Set<Digest> = []
  }

  /// - Parameter root: absolute; made when something is written.
  package init(root: String) { self.root = root }

  /// The folder that `ORCHESTRATE_CACHE` names; nil when it names none.
  package static func ofEnvironment(_ environment: [String: String]) -> SharedStore? {
    guard let path = environment["ORCHESTRATE_CACHE"], !path.isEmpty else { return nil }
    return SharedStore(root: URL(fileURLWithPath: path).standardizedFileURL.path)
  }

  package func path(of object: Digest) -> String {
    "\(root)/objects/\(object.hex.prefix(2))/\(object.hex)"
  }

  func path(ofResult fingerprint: Digest) -> String {
    "\(root)/results/\(fingerprint.hex.prefix(2))/\(fingerprint.hex)"
  }

  func folder(ofShape shape: Digest) -> String {
    "\(root)/shapes/\(shape.hex.prefix(2))/\(shape.hex)"
  }

  /// What there was to tell since the last call.
  package func takeWarnings() -> [Diagnostic] {
    state.withLock { state in
      defer { state.warnings.removeAll() }
      return state.warnings
    }
  }

  // MARK: - Reading

  /// The result of a request, when all its objects are in the folder or in `local`.
  package func find(_ fingerprint: Digest, local: ArtifactStore) -> SharedResult? {
    reading {
      guard let result = try record(fingerprint) else { return nil }
      let inputs = (result.request["inputs"]?.objectValue ?? []).compactMap {
        $0.value.stringValue.flatMap(Digest.init(hex:))
      }
      state.withLock { $0.inputs.formUnion(inputs) }
      for digest in result.outputs.values {
        guard try isComplete(digest, local) else { return nil }
      }
      return result
    }
  }

  /// Whether a result of a request of this shape is here that was asked for with these inputs, and
  /// whatever others: by port.
  package func hasResult(ofShape shape: Digest, inputs: [String: Digest]) -> Bool {
    reading {
      // Of a shape that nobody has asked for there is no folder.
      for name in (try? DurableFile.names(in: folder(ofShape: shape)).sorted()) ?? [] {
        guard let fingerprint = Digest(hex: name), let result = try record(fingerprint),
          result.shape == shape
        else { continue }
        let own = result.request["inputs"]
        if inputs.allSatisfy({ own?[$0.key]?.stringValue == $0.value.hex }) { return true }
      }
      return nil
    } ?? false
  }

  private func record(_ fingerprint: Digest) throws -> SharedResult? {
    let path = path(ofResult: fingerprint)
    guard let bytes = try bytes(path) else { return nil }
    if let result = SharedResult(bytes: bytes, of: fingerprint) { return result }
    tellDamage(path, fingerprint)
    return nil
  }

  private func isComplete(_ digest: Digest, _ local: ArtifactStore) throws -> Bool {
    if try local.isWhole(digest) { return true }
    guard let manifest = try manifest(digest) else {
      return state.withLock { $0.inputs.contains(digest) }
    }
    for file in manifest.files {
      let isHere = StagedFolder.size(path(of: file.digest)) == file.size
      guard isHere || local.holds(file.digest, size: file.size) else { return false }
    }
    return try manifest.references.allSatisfy { try isComplete($0, local) }
  }

  /// The artifact with its files where they lie here, and all it refers to, here or in the project's
  /// store; nil when one of them is in neither. For checks before a run, not for its work.
  package func artifact(_ digest: Digest, beside local: ArtifactStore) -> InputArtifact? {
    reading {
      guard let manifest = try manifest(digest) else { return nil }
      var artifact = InputArtifact(type: manifest.type, digest: digest, tree: tree(of: manifest))
      var open = manifest.references
      while let next = open.popLast() {
        if artifact.references[next.hex] != nil { continue }
        if let other = try self.manifest(next) {
          artifact.references[next.hex] = ReferencedArtifact(
            type: other.type, tree: tree(of: other))
          open += other.references
        } else if let other = try local.artifact(next) {
          artifact.references[next.hex] = ReferencedArtifact(type: other.type, tree: other.tree)
          artifact.references.merge(other.references) { first, _ in first }
        } else {
          return nil
        }
      }
      return artifact
    }
  }

  private func tree(of manifest: ArtifactManifest) -> FileTree {
    let paths = manifest.files.map { ($0.name, path(of: $0.digest)) }
    return FileTree(paths: Dictionary(paths) { first, _ in first })
  }

  private func manifest(_ digest: Digest) throws -> ArtifactManifest? {
    let path = path(of: digest)
    guard let bytes = try bytes(path) else { return nil }
    guard Digest(of: bytes) == digest,
      let manifest = try? ArtifactManifest(bytes: bytes, path: path)
    else {
      tellDamage(path, digest)
      return nil
    }
    return manifest
  }

  /// Copies all that the outputs of a result consist of into a project; durable on return. False
  /// when something is missing or damaged: the stage has to run.
  package func fetch(_ result: SharedResult, into local: ArtifactStore) -> Bool {
    reading {
      var touched: Set<String> = []
      for digest in result.outputs.values.sorted() {
        guard try fetch(digest, into: local, &touched) else { return nil }
      }
      for folder in touched.sorted() { try DurableFile.flushFolder(folder) }
      return true
    } ?? false
  }

  /// The same for one artifact that a request names.
  package func fetch(_ digest: Digest, into local: ArtifactStore) -> Bool {
    reading {
      var touched: Set<String> = []
      guard try fetch(digest, into: local, &touched) else { return nil }
      for folder in touched.sorted() { try DurableFile.flushFolder(folder) }
      return true
    } ?? false
  }

  private func fetch(_ digest: Digest, into local: ArtifactStore, _ touched: inout Set<String>)
    throws
    -> Bool
  {
    if try local.isWhole(digest) { return true }
    guard let manifest = try manifest(digest) else { return false }
    for reference in manifest.references {
      guard try fetch(reference, into: local, &touched) else { return false }
    }
    for file in manifest.files where !local.holds(file.digest, size: file.size) {
      let source = path(of: file.digest)
      guard StagedFolder.size(source) == file.size else { return false }
      guard try local.adopt(file.digest, from: source, &touched) else {
        tellDamage(source, file.digest)
        return false
      }
    }
    return try local.adopt(digest, from: path(of: digest), &touched)
  }

  // MARK: - Writing

  /// Copies a result of a project here, in the background; nothing when it is here already.
  package func offer(_ result: SharedResult, from local: ArtifactStore) {
    guard state.withLock({ $0.isUsable && $0.isWritable }) else { return }
    uploads.async { self.write(result, from: local) }
  }

  /// Waits until everything offered is here, or is known not to get here.
  package func finish() { uploads.sync {} }

  private func write(_ result: SharedResult, from local: ArtifactStore) {
    guard state.withLock({ $0.isUsable && $0.isWritable }) else { return }
    let path = path(ofResult: result.fingerprint)
    let isDamaged = state.withLock { $0.damaged.contains(result.fingerprint) }
    do {
      let held = try bytes(path).flatMap { SharedResult(bytes: $0, of: result.fingerprint) }
      if !isDamaged, let held, held.outputs == result.outputs,
        state.withLock({ $0.damaged.isEmpty })
      {
        return try note(result)
      }
      for digest in result.outputs.values.sorted() {
        // Something of it lies outside of the project, or is damaged: nobody else could use it.
        guard try put(digest, from: local) else { return }
      }
      try write(result.bytes, to: path)
      try note(result)
    } catch {
      stopWriting(error)
    }
  }

  /// Lets the result be found by its shape. A note that is lost only makes a plan less certain.
  private func note(_ result: SharedResult) throws {
    guard let shape = result.shape else { return }
    let folder = self.folder(ofShape: shape)
    let path = folder + "/" + result.fingerprint.hex
    if access(path, F_OK) == 0 { return }
    try DurableFile.makeFolder(folder)
    try DurableFile.writeFleeting([], to: path)
  }

  private func put(_ digest: Digest, from local: ArtifactStore) throws -> Bool {
    // An external tree is found by whoever names it as an input.
    guard let manifest = try local.manifest(digest) else {
      return try local.external(digest) != nil
    }
    for reference in manifest.references {
      guard try put(reference, from: local) else { return false }
    }
    for file in manifest.files {
      guard try put(file.digest, size: file.size, from: local) else { return false }
    }
    return try put(digest, size: manifest.canonicalBytes.count, from: local)
  }

  private func put(_ object: Digest, size: Int, from local: ArtifactStore) throws -> Bool {
    let target = path(of: object)
    let isDamaged = state.withLock { $0.damaged.contains(object) }
    if !isDamaged, StagedFolder.size(target) == size { return true }
    let temporary = try Self.temporary(beside: target)
    guard try CheckedCopy.copy(local.path(of: object), to: temporary, expecting: object) else {
      return false
    }
    try publish(temporary, as: target)
    _ = state.withLock { $0.damaged.remove(object) }
    return true
  }

  private func write(_ bytes: [UInt8], to target: String) throws {
    let temporary = try Self.temporary(beside: target)
    try DurableFile.writeFleeting(bytes, to: temporary)
    try DurableFile.flush(path: temporary)
    try publish(temporary, as: target)
  }

  private func publish(_ temporary: String, as target: String) throws {
    do {
      try DurableFile.rename(temporary, to: target)
    } catch {
      unlink(temporary)
      throw error
    }
    try DurableFile.flushFolder(DurableFile.parent(of: target))
  }

  /// A name that no other process on any host uses, in a folder that is made when it is missing.
  private static func temporary(beside target: String) throws -> String {
    let folder = DurableFile.parent(of: target)
    try DurableFile.makeFolder(folder)
    return "\(folder)/\(DurableFile.temporaryPrefix)\(UUID().uuidString)"
  }

  // MARK: - Trouble

  private func bytes(_ path: String) throws -> [UInt8]? {
    guard access(path, F_OK) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SystemError.failure("read", path)
    }
    return try DurableFile.read(path)
  }

  private func reading<Value>(_ body: () throws -> Value?) -> Value? {
    guard state.withLock({ $0.isUsable }) else { return nil }
    do {
      return try body()
    } catch {
      warn("cannot be used", error) { $0.isUsable = false }
      return nil
    }
  }

  private func stopWriting(_ error: any Error) {
    let code = (error as? Failure)?.diagnostics.first?.code ?? ""
    // A cache that only others may write to is an ordinary one.
    if ["io.erofs", "io.eacces", "io.eperm"].contains(code) {
      state.withLock { $0.isWritable = false }
    } else {
      warn("cannot be written to", error) { $0.isWritable = false }
    }
  }

  private func warn(_ what: String, _ error: any Error, _ change: (inout State) -> Void) {
    let cause = (error as? Failure)?.diagnostics.first?.message ?? "an unknown error"
    let name = SafeText.escaped(root, limit: 300)
    state.withLock { state in
      change(&state)
      if state.hasWarned { return }
      state.hasWarned = true
      state.warnings.append(
        Diagnostic(
          "shared.unusable", "the shared cache '\(name)' \(what): \(cause)",
          fix: "the run goes on without it; check the folder that ORCHESTRATE_CACHE names",
          severity: .warning))
    }
  }

  private func tellDamage(_ path: String, _ digest: Digest) {
    state.withLock { state in
      guard state.damaged.insert(digest).inserted else { return }
      state.warnings.append(
        Diagnostic(
          "shared.damaged-object",
          "'\(SafeText.escaped(path, limit: 300))' in the shared cache does not have the bytes of its name",
          fix: "it is not used; what was to be taken from it is made here, and written there anew",
          severity: .warning))
    }
  }
}
