package import Artifacts
internal import Diagnostics
private import Glibc
private import Parallelism
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
  private let artifacts: ArtifactStore
  private let pool = ThreadPool(threads: ThreadPool.allowedCPUs)
  private var report = Report()
  /// What the database said of its results; nil when it cannot be read.
  private var store: RunStore?
  private var results: [KeptResult] = []
  /// Of every object that a result needs: its size, where a manifest says it.
  private var sizes: [Digest: Int?] = [:]
  /// Manifests that were read and have the bytes of their names.
  private var whole: Set<Digest> = []

  private init(_ project: ProjectFolder, readingBytes: Bool) {
    self.project = project
    self.readingBytes = readingBytes
    artifacts = ArtifactStore(project)
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
    try check.gather()
    try check.checkObjects()
    try check.checkOthers()
    try check.nameOwners()
    check.store?.close()
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
    let mark = RunStore.mark(path)
    let isAsLeft = RunStore.isAsLeft(path)
    if isAsLeft == false { add(.database, path, "it is not what the last engine left") }
    do {
      guard let store = try RunStore.openToCheck(path) else { return }
      // Bytes whose structure was looked at before.
      let sum = isAsLeft == true && mark != nil ? RunStore.sumAsLeft(path) : nil
      if let sum, !readingBytes, try store.wasFoundWhole(sum) {
        try take(store.keptResults(), of: store)
      } else {
        let count = report.findings.count
        for finding in try store.integrityFindings() { add(.database, path, finding) }
        let strange = try strangeResults(store)
        try take(store.keptResults().filter { !strange.contains($0.fingerprint) }, of: store)
        report.results += strange.count
        _ = try store.runs(limit: readingBytes ? .max : 100)
        if let sum, report.findings.count == count, RunStore.mark(path) == mark {
          try store.noteWhole(sum)
        }
      }
    } catch let failure as Failure where [.io, .internal].contains(failure.failureClass) {
      add(.database, path, failure.diagnostics.first?.message ?? "it cannot be read")
    }
  }

  private mutating func take(_ results: [KeptResult], of store: RunStore) {
    self.store = store
    self.results = results
    report.results = results.count
  }

  /// Results that are not of their requests.
  private mutating func strangeResults(_ store: RunStore) throws -> Set<Digest> {
    let strange = try store.results().filter { result in
      Set(result.inputs.keys) != Set(result.request.inputs.keys)
        || Fingerprint.of(result.request, inputs: result.inputs) != result.fingerprint
    }.map(\.fingerprint)
    for fingerprint in strange {
      add(
        .database, project.database,
        "the result \(fingerprint.short) is not that of its request")
    }
    return Set(strange)
  }

  // MARK: - Files

  /// Every object that results need, through references.
  private mutating func gather() throws {
    var seen: Set<Digest> = []
    var open = Set(results.flatMap(\.outputs)).sorted()
    var isOutput = true
    while !open.isEmpty {
      seen.formUnion(open)
      let artifacts = artifacts
      let manifests = try pool.map(open) { try? artifacts.manifest($0) }
      var next: Set<Digest> = []
      for (digest, manifest) in zip(open, manifests) {
        // An artifact may refer to a tree outside of the store.
        if manifest == nil, !isOutput, try artifacts.external(digest) != nil { continue }
        sizes[digest] = .some(nil)
        guard let manifest else { continue }
        whole.insert(digest)
        for file in manifest.files { sizes[file.digest] = file.size }
        next.formUnion(manifest.references)
      }
      open = next.subtracting(seen).sorted()
      isOutput = false
    }
  }

  private mutating func checkObjects() throws {
    let items = sizes.filter { $0.value != nil || !whole.contains($0.key) }
      .sorted { $0.key < $1.key }
    let (artifacts, readingBytes) = (artifacts, readingBytes)
    let damages = try pool.map(items) { digest, size in
      // A manifest is small: its bytes are always read.
      artifacts.check(digest, size: size, readingBytes: readingBytes || size == nil)
    }
    report.objects += sizes.count
    for damage in damages {
      guard let damage else { continue }
      add(StateDamage(.object, damage.path, damage.finding, digest: damage.digest))
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

  private mutating func add(_ kind: StateDamage.Kind, _ path: String, _ finding: String) {
    add(StateDamage(kind, path, finding, digest: nil))
  }

  private mutating func add(_ damage: StateDamage) {
    report.findings.append(Finding(damage: damage, owners: []))
  }
}

// MARK: - Owners

extension ProjectCheck {
  /// Says whose the damaged objects are.
  private mutating func nameOwners() throws {
    let damaged = Set(report.findings.compactMap(\.damage.digest))
    guard let store, !damaged.isEmpty else { return }
    let wanted = Set(results.map(\.fingerprint))
    var owners: [Digest: Set<Owner>] = [:]
    var needs: [Digest: Set<Digest>] = [:]
    // A record that cannot be read is a finding already; objects are then named without their owners.
    for result in (try? store.results()) ?? [] where wanted.contains(result.fingerprint) {
      for (port, artifact) in result.outputs.sorted(by: { $0.key < $1.key }) {
        let all = try needs[artifact] ?? self.objects(of: artifact)
        needs[artifact] = all
        let hit = damaged.intersection(all)
        if hit.isEmpty { continue }
        let asker = try store.asker(of: result.fingerprint)
        let owner = Owner(
          artifact: artifact, stage: asker?.stage ?? result.request.stage, port: port,
          run: asker?.run)
        for digest in hit { owners[digest, default: []].insert(owner) }
      }
    }
    for index in report.findings.indices {
      let whose = report.findings[index].damage.digest.flatMap { owners[$0] } ?? []
      report.findings[index].owners = whose.sorted {
        ($0.stage, $0.port, $0.artifact) < ($1.stage, $1.port, $1.artifact)
      }
    }
  }

  /// The artifact, all it refers to, and every file of them.
  private func objects(of artifact: Digest) throws -> Set<Digest> {
    var open = [artifact]
    var seen: Set<Digest> = []
    var objects: Set<Digest> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      let manifest = try? artifacts.manifest(next)
      if manifest == nil, next != artifact, try artifacts.external(next) != nil { continue }
      objects.insert(next)
      for file in manifest?.files ?? [] { objects.insert(file.digest) }
      open += manifest?.references ?? []
    }
    return objects
  }
}
