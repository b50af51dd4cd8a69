package import Artifacts
private import Glibc
internal import Reproducibility
package import RunStore
private import StageKit

/// Finds what no root reaches.
package struct GarbageSearch {
  private let project: ProjectFolder
  private let store: RunStore
  private let artifacts: ArtifactStore
  private let keepRuns: Int
  private let withAnswers: Bool
  private let withInputs: Bool
  private let kinds: Set<Garbage.Kind>
  private var kept = CollectionRoot.Kept()
  /// Objects that are reached, manifests among them.
  private var reached: Set<Digest> = []
  /// Artifacts all of whose objects are among them.
  private var walked: Set<Digest> = []
  private var garbage = Garbage()

  private init(
    _ project: ProjectFolder, _ store: RunStore, keepRuns: Int, withAnswers: Bool,
    withInputs: Bool, kinds: Set<Garbage.Kind>
  ) {
    self.project = project
    self.store = store
    self.keepRuns = keepRuns
    self.withAnswers = withAnswers
    self.withInputs = withInputs
    self.kinds = kinds
    artifacts = ArtifactStore(project)
  }

  /// - Parameters:
  ///   - keepRuns: logs of attempts of older runs are garbage.
  ///   - withAnswers: answers of endpoints, which were paid for, are garbage too.
  ///   - withInputs: what a kept result was made from is kept.
  ///   - kinds: nothing else is looked for.
  package static func run(
    _ project: ProjectFolder, _ store: RunStore, roots: [CollectionRoot], keepRuns: Int,
    withAnswers: Bool, withInputs: Bool = true,
    kinds: Set<Garbage.Kind> = Set(Garbage.Kind.allCases)
  ) throws -> Garbage {
    var search = GarbageSearch(
      project, store, keepRuns: keepRuns, withAnswers: withAnswers, withInputs: withInputs,
      kinds: kinds)
    for root in roots {
      let found = try root.find(store, project)
      search.kept.fingerprints.formUnion(found.fingerprints)
      search.kept.artifacts.formUnion(found.artifacts)
    }
    try search.findResults()
    try search.findObjects()
    try search.findOthers()
    return search.garbage
  }

  private mutating func findResults() throws {
    var unlisted: [Digest] = []
    for result in try store.keptResults() {
      guard kept.fingerprints.contains(result.fingerprint) else {
        garbage.results.append(result.fingerprint)
        continue
      }
      if let objects = result.objects {
        reached.formUnion(result.outputs)
        walked.formUnion(result.outputs)
        for object in objects { reached.insert(object.digest) }
      } else {
        unlisted += result.outputs
      }
      if withInputs { unlisted += result.inputs }
    }
    for digest in unlisted { try reach(digest) }
    // An artifact of a result that goes may be kept for its own sake.
    for digest in kept.artifacts { try reach(digest) }
    garbage.results.sort()
  }

  /// Also trees outside of the store, whose records are kept.
  private mutating func reach(_ digest: Digest) throws {
    var open = [digest]
    while let next = open.popLast() {
      guard walked.insert(next).inserted else { continue }
      reached.insert(next)
      guard let manifest = try? artifacts.manifest(next) ?? artifacts.external(next)?.manifest
      else { continue }
      for file in manifest.files { reached.insert(file.digest) }
      open += manifest.references
    }
  }

  private mutating func findObjects() throws {
    for prefix in try DurableFile.names(in: project.objects) {
      let folder = "\(project.objects)/\(prefix)"
      for name in try DurableFile.names(in: folder) {
        let path = "\(folder)/\(name)"
        if name.hasSuffix(ArtifactStore.damagedSuffix) {
          if kinds.contains(.damaged) { add(.damaged, path) }
        } else if let digest = Digest(hex: name), !reached.contains(digest) {
          let isManifest = (try? artifacts.manifest(digest)) != nil
          add(isManifest ? .manifests : .objects, path)
          garbage.objects.append(digest)
        }
      }
    }
  }

  private mutating func findOthers() throws {
    if kinds.contains(.damaged) {
      for name in try DurableFile.names(in: project.state)
      where name.hasSuffix(ArtifactStore.damagedSuffix) {
        add(.damaged, "\(project.state)/\(name)")
      }
    }
    if kinds.contains(.externals) {
      for name in try DurableFile.names(in: project.externals) where name.hasSuffix(".json") {
        guard let digest = Digest(hex: String(name.dropLast(5))), !reached.contains(digest) else {
          continue
        }
        add(.externals, "\(project.externals)/\(name)")
      }
    }
    if kinds.contains(.checkpoints) {
      for name in try DurableFile.names(in: project.checkpoints) {
        guard let fingerprint = Digest(hex: name), !kept.fingerprints.contains(fingerprint) else {
          continue
        }
        add(.checkpoints, project.checkpoints(of: fingerprint))
      }
    }
    if kinds.contains(.chunks) { try findChunks() }
    if withAnswers, kinds.contains(.answers) {
      for name in try DurableFile.names(in: project.answers) {
        add(.answers, "\(project.answers)/\(name)")
      }
    }
    if kinds.contains(.logs) { try findLogs() }
  }

  /// By the folder: attempts are many, and most of their logs are long gone.
  private mutating func findLogs() throws {
    let attempts = try store.attempts(ofLastRuns: keepRuns)
    for name in try DurableFile.names(in: project.logs).sorted() where name.hasSuffix(".log") {
      guard let attempt = Int64(name.dropLast(4)), attempt <= attempts.newest,
        !attempts.kept.contains(attempt), project.log(ofAttempt: attempt).hasSuffix("/" + name)
      else { continue }
      add(.logs, project.log(ofAttempt: attempt))
    }
  }

  /// Results of chunks are kept as long as a file of one of them is part of something that is kept,
  /// or a run that is kept has touched them.
  private mutating func findChunks() throws {
    let names = try DurableFile.names(in: project.chunks)
    if names.isEmpty { return }
    let oldest = try store.created(ofLastRuns: keepRuns) ?? .infinity
    for name in names {
      let folder = "\(project.chunks)/\(name)"
      var info = stat()
      guard lstat(folder, &info) == 0, Double(info.st_mtim.tv_sec) < oldest else { continue }
      let files = try FolderChunkResults(folder: folder, store: artifacts).fileDigests()
      if files.isDisjoint(with: reached) { add(.chunks, folder) }
    }
  }

  private mutating func add(_ kind: Garbage.Kind, _ path: String) {
    garbage.items[kind, default: []].append(.init(path: path, bytes: Self.bytes(path)))
  }

  private static func bytes(_ path: String) -> Int {
    var info = stat()
    guard lstat(path, &info) == 0 else { return 0 }
    guard info.st_mode & S_IFMT == S_IFDIR else { return Int(info.st_size) }
    return ((try? DurableFile.names(in: path)) ?? []).reduce(0) { $0 + bytes("\(path)/\($1)") }
  }
}
