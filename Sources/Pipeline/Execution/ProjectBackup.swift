package import Artifacts
internal import Diagnostics
private import Documents
private import Glibc
private import Reproducibility
package import RunStore
private import StageKit

/// A project's record in one file, while a run may go on: the database as it was at one instant,
/// and the manifests of all its results; with everything they consist of where that is asked for.
///
/// The file is a tar archive: `backup.json`, `state.sqlite`, `externals/`, `objects/`, and last
/// `SHA256SUMS` of all of them, which `sha256sum -c` reads.
package enum ProjectBackup {
  static let format = "orchestrate.backup.1"
  static let listing = "SHA256SUMS"

  package struct Summary: Sendable {
    package var results = 0
    package var objects = 0
    package var bytes = 0
  }

  /// Writes the backup; the file appears whole or not at all.
  ///
  /// - Throws: ``Failure`` of class `io` when it cannot be written, or when an object that belongs
  ///   into it is damaged.
  package static func write(
    _ project: ProjectFolder, _ store: RunStore, to path: String, withObjects: Bool
  ) throws -> Summary {
    let folder = DurableFile.parent(of: path)
    let temporary =
      "\(folder)/\(DurableFile.temporaryPrefix)\(DurableFile.name(of: path))-\(getpid())"
    let database = temporary + ".sqlite"
    defer {
      unlink(temporary)
      unlink(database)
    }
    unlink(temporary)
    unlink(database)
    let archive = try TarArchive.Writer(temporary)
    var sums: [(Digest, String)] = []
    let head = JSONWriter.canonical(
      .object(["format": .string(format), "objects": .bool(withObjects)]))
    try archive.add("backup.json", head)
    sums.append((Digest(of: head), "backup.json"))
    let (sum, results) = try addDatabase(of: store, to: archive, copyingTo: database)
    sums.append((sum, "state.sqlite"))
    var summary = Summary(results: results.count)
    let (objects, externals) = try contents(of: results, project, withFiles: withObjects)
    for digest in externals {
      let name = "externals/\(digest.hex).json"
      sums.append((try archive.add(name, file: "\(project.state)/\(name)"), name))
    }
    for digest in objects {
      let name = "objects/\(digest.hex.prefix(2))/\(digest.hex)"
      let sum = try archive.add(name, file: "\(project.state)/\(name)")
      guard sum == digest else { throw damaged("\(project.state)/\(name)") }
      sums.append((sum, name))
      summary.objects += 1
    }
    let lines = sums.map { "\($0.hex)  \($1)\n" }.joined()
    try archive.add(listing, Array(lines.utf8))
    try archive.finish()
    try DurableFile.rename(temporary, to: path)
    try DurableFile.flushFolder(folder)
    var info = stat()
    if stat(path, &info) == 0 { summary.bytes = Int(info.st_size) }
    return summary
  }

  /// The database as it is at one instant, with what its results hold: straight from its file where
  /// that stands still, else by SQLite's own copy.
  private static func addDatabase(
    of store: RunStore, to archive: TarArchive.Writer, copyingTo path: String
  ) throws -> (Digest, [KeptResult]) {
    let name = "state.sqlite"
    let still = try store.whileStill { file in
      let sum = try archive.add(
        name, file.descriptor, from: file.path, size: file.bytes, beginning: file.beginning)
      return (sum, try store.keptResults())
    }
    if let still { return still }
    try store.copy(to: path)
    guard let copy = try RunStore.openToCheck(path) else {
      preconditionFailure("a copy has the tables of what it was copied from")
    }
    let results = try copy.keptResults()
    copy.close()
    return (try archive.add(name, file: path), results)
  }

  /// What belongs to results: manifests, and files where they are wanted; what is gone already
  /// cannot be kept.
  private static func contents(
    of results: [KeptResult], _ project: ProjectFolder, withFiles: Bool
  ) throws -> (objects: [Digest], externals: [Digest]) {
    let artifacts = ArtifactStore(project)
    var objects: Set<Digest> = []
    var externals: Set<Digest> = []
    var seen: Set<Digest> = []
    var open = results.flatMap { $0.outputs + $0.inputs }
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      if let manifest = try artifacts.manifest(next) {
        objects.insert(next)
        open += manifest.references
        for file in manifest.files
        where withFiles && artifacts.holds(file.digest, size: file.size) {
          objects.insert(file.digest)
        }
      } else if try artifacts.external(next) != nil {
        externals.insert(next)
      }
    }
    return (objects.sorted(), externals.sorted())
  }

  private static func damaged(_ path: String) -> Failure {
    Diagnostic(
      "store.damaged-object",
      "'\(SafeText.escaped(path, limit: 300))' has other bytes than its name says; no backup was written",
      fix: "'orchestrate verify --all --repair' sets it aside"
    ).failure(.io)
  }
}
