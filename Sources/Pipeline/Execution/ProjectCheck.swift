package import Artifacts
internal import Diagnostics
private import Glibc
internal import Planning
package import Reproducibility
internal import RunStore
private import StageKit

/// Looks at everything a project keeps and names each damage with whose it is.
package struct ProjectCheck {
  /// Whose an object is.
  package struct Owner: Sendable, Hashable {
    package var artifact: Digest
    package var stage: String
    package var port: String
    /// The newest run that asked for it.
    package var run: Int64?

    package init(artifact: Digest, stage: String, port: String, run: Int64?) {
      self.artifact = artifact
      self.stage = stage
      self.port = port
      self.run = run
    }
  }

  package struct Finding: Sendable {
    package var damage: StateDamage
    package var owners: [Owner]
  }

  package struct Report: Sendable {
    package var results = 0
    package var objects = 0
    package var checkpoints = 0
    package var chunks = 0
    package var answers = 0
    /// In order of path.
    package var findings: [Finding] = []
    /// Set: checkpoints and the journal were left out, since an engine is at work.
    package var engine: String?
  }

  private let project: ProjectFolder
  private let readingBytes: Bool
  private var report = Report()
  private var owners: [Digest: Set<Owner>] = [:]
  private var sizes: [Digest: Int?] = [:]

  private init(_ project: ProjectFolder, readingBytes: Bool) {
    self.project = project
    self.readingBytes = readingBytes
  }

  /// - Parameters:
  ///   - readingBytes: false checks listings, existence and sizes of files, and the database.
  ///   - isOwner: whether the caller holds the project's lock.
  package static func run(_ project: ProjectFolder, readingBytes: Bool, isOwner: Bool = false)
    throws
    -> Report
  {
    var check = ProjectCheck(project, readingBytes: readingBytes)
    if !isOwner { check.report.engine = ProjectOwnership.holder(of: project) }
    try check.checkDatabase()
    try check.checkObjects()
    try check.checkOthers()
    check.report.findings.sort {
      ($0.damage.path, $0.damage.finding) < ($1.damage.path, $1.damage.finding)
    }
    return check.report
  }

  // MARK: - The database

  private mutating func checkDatabase() throws {
    let path = project.database
    if report.engine == nil {
      for warning in RunStore.warnings(path) { add(.database, path, warning.message) }
    }
    guard access(path, F_OK) == 0 else { return }
    if RunStore.isAsLeft(path) == false {
      add(.database, path, "it is not what the last engine left")
    }
    do {
      guard let store = try RunStore.openToCheck(path) else { return }
      for finding in try store.integrityFindings() { add(.database, path, finding) }
      try readResults(store)
      _ = try store.runs(limit: readingBytes ? .max : 100)
      store.close()
    } catch let failure as Failure where [.io, .internal].contains(failure.failureClass) {
      add(.database, path, failure.diagnostics.first?.message ?? "it cannot be read")
    }
  }

  private mutating func readResults(_ store: RunStore) throws {
    let artifacts = ArtifactStore(project)
    let askers = try store.askers()
    for result in try store.results() {
      report.results += 1
      let asker = askers[result.fingerprint]
      let ports = Set(result.inputs.keys)
      guard ports == Set(result.request.inputs.keys),
        Fingerprint.of(result.request, inputs: result.inputs) == result.fingerprint
      else {
        add(
          .database, project.database,
          "the result \(result.fingerprint.short) is not that of its request")
        continue
      }
      for (port, digest) in result.outputs.sorted(by: { $0.key < $1.key }) {
        let owner = Owner(
          artifact: digest, stage: asker?.stage ?? result.request.stage, port: port,
          run: asker?.run)
        try note(digest, owner, artifacts)
      }
    }
  }

  /// Every object that the artifact needs, through references.
  private mutating func note(_ digest: Digest, _ owner: Owner, _ artifacts: ArtifactStore) throws {
    var open = [digest]
    var seen: Set<Digest> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      let manifest = try? artifacts.manifest(next)
      // An artifact may refer to a tree outside of the store.
      if manifest == nil, next != digest, try artifacts.external(next) != nil { continue }
      owners[next, default: []].insert(owner)
      sizes[next] = .some(nil)
      guard let manifest else { continue }
      for file in manifest.files {
        owners[file.digest, default: []].insert(owner)
        sizes[file.digest] = file.size
      }
      open += manifest.references
    }
  }

  // MARK: - Files

  private mutating func checkObjects() throws {
    let artifacts = ArtifactStore(project)
    for (digest, size) in sizes.sorted(by: { $0.key < $1.key }) {
      report.objects += 1
      // A manifest is small: its bytes are always read.
      let isManifest = size == nil
      guard
        let damage = artifacts.check(
          digest, size: size, readingBytes: readingBytes || isManifest)
      else { continue }
      add(.object, damage.path, damage.finding, digest: digest)
    }
    let files = StateFilesCheck(project, readingBytes: readingBytes)
    take(try files.objects(except: Set(sizes.keys)), \.objects)
  }

  private mutating func checkOthers() throws {
    let files = StateFilesCheck(project, readingBytes: readingBytes)
    if report.engine == nil { take(try files.checkpoints(), \.checkpoints) }
    take(try files.chunks(), \.chunks)
    take(try files.answers(), \.answers)
    report.findings += try files.externals().damages.map { Finding(damage: $0, owners: []) }
  }

  private mutating func take(
    _ found: StateFilesCheck.Found, _ count: WritableKeyPath<Report, Int>
  ) {
    report[keyPath: count] += found.count
    for damage in found.damages { add(damage) }
  }

  private mutating func add(
    _ kind: StateDamage.Kind, _ path: String, _ finding: String, digest: Digest? = nil
  ) {
    add(StateDamage(kind, path, finding, digest: digest))
  }

  private mutating func add(_ damage: StateDamage) {
    let whose = damage.digest.flatMap { owners[$0] } ?? []
    report.findings.append(
      Finding(
        damage: damage,
        owners: whose.sorted { ($0.stage, $0.port, $0.artifact) < ($1.stage, $1.port, $1.artifact) }
      ))
  }
}
