import Artifacts
import Diagnostics
import Documents
import Execution
import Records
import Reproducibility
import RunStore
import StageKit

/// Everything of a project that holds a text: what `forget` removes, and what it can only name.
struct ForgetPlan {
  /// An artifact that holds the text.
  struct Holder {
    var stage: String
    var port: String
    var digest: Digest
    var type: ArtifactType
    /// Files of it that match.
    var files: Int
    /// Lines of records, or of other JSON lines, that match.
    var lines: Int
  }

  /// A model that saw the text, directly or through the model it was made from.
  struct Model {
    var stage: String
    var port: String
    var digest: Digest
  }

  /// A file outside of the project's state that still holds it.
  struct Source {
    var file: String
    var lines: [Int]
  }

  private(set) var objects: [Digest] = []
  private(set) var others: [String] = []
  private(set) var holders: [Holder] = []
  private(set) var models: [Model] = []
  private(set) var sources: [Source] = []

  init(_ texts: [String], _ store: RunStore, _ project: ProjectFolder) throws {
    let contents = ProjectContents(project)
    let artifacts = ArtifactStore(project)
    let results = try store.results()
    let plain = ContentSearch(texts)
    let rows = try Self.rows(plain, results, artifacts)
    let search = ContentSearch(texts, rows: rows)
    objects = try contents.objects(search)
    others = try contents.others(search)
    try findHolders(results, search, artifacts)
    findModels(results)
    try findSources(results, plain, artifacts)
  }

  /// Hashes of all rows that hold a text, and of what became of them: a row that was scrubbed holds
  /// it no longer, and still is that person's.
  private static func rows(
    _ search: ContentSearch, _ results: [ResultRecord], _ store: ArtifactStore
  ) throws -> Set<String> {
    var hashes: Set<String> = []
    var changes: [StageChanges] = []
    var seen: Set<Digest> = []
    for result in results {
      for port in result.request.outputs where port.types.contains(where: Self.tellsOfRows) {
        guard let digest = result.outputs[port.name], seen.insert(digest).inserted,
          let artifact = try store.artifact(digest)
        else { continue }
        if artifact.type == .report { changes.append(try StageChanges([artifact])) }
        guard artifact.type == .records, let reader = try? RecordsReader(artifact.tree) else {
          continue
        }
        for index in 0..<reader.chunkCount {
          for row in try reader.stored(index) where search.matches(row.line) {
            hashes.insert(row.id.hash)
          }
        }
      }
    }
    var count = -1
    while count != hashes.count {
      count = hashes.count
      for change in changes { hashes.formUnion(try change.hashes(after: hashes)) }
    }
    return hashes
  }

  /// Whether an output of this type holds rows, or says what became of some.
  private static func tellsOfRows(_ type: ArtifactType) -> Bool {
    type == .records || type == .report
  }

  var isEmpty: Bool { objects.isEmpty && others.isEmpty && sources.isEmpty }

  private mutating func findHolders(
    _ results: [ResultRecord], _ search: ContentSearch, _ artifacts: ArtifactStore
  ) throws {
    if objects.isEmpty { return }
    let hit = Set(objects)
    var seen: Set<Digest> = []
    for result in results {
      if let all = result.objects, !all.contains(where: { hit.contains($0.digest) }) { continue }
      for (port, digest) in result.outputs.sorted(by: { $0.key < $1.key }) {
        guard seen.insert(digest).inserted, let manifest = try artifacts.manifest(digest) else {
          continue
        }
        let files = manifest.files.filter { hit.contains($0.digest) }
        if files.isEmpty { continue }
        var lines = 0
        for file in files where file.name.hasSuffix(".jsonl") {
          lines += try Self.lines(of: artifacts.path(of: file.digest), search).count
        }
        holders.append(
          Holder(
            stage: result.request.stage, port: port, digest: digest, type: manifest.type,
            files: files.count, lines: lines))
      }
    }
  }

  /// Follows artifacts from those that hold the text to the models made from them.
  private mutating func findModels(_ results: [ResultRecord]) {
    let rows: Set<ArtifactType> = [.records, .files, .clusters]
    var tainted = Set(holders.filter { rows.contains($0.type) }.map(\.digest))
    var found: [Digest: Model] = [:]
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for result in results where result.inputs.values.contains(where: { tainted.contains($0) }) {
        for port in result.request.outputs where port.types.contains(where: Self.carries) {
          guard let digest = result.outputs[port.name], tainted.insert(digest).inserted else {
            continue
          }
          isGrowing = true
          found[digest] = Model(stage: result.request.stage, port: port.name, digest: digest)
        }
      }
    }
    models = found.values.sorted { ($0.stage, $0.port, $0.digest) < ($1.stage, $1.port, $1.digest) }
  }

  /// Whether an output of this type is made by learning from its inputs, or holds what was.
  private static func carries(_ type: ArtifactType) -> Bool { type == .model || type == .files }

  private mutating func findSources(
    _ results: [ResultRecord], _ search: ContentSearch, _ artifacts: ArtifactStore
  ) throws {
    var paths: Set<String> = []
    for result in results {
      for file in result.request.files.values.joined() { paths.insert(file.path) }
      for digest in result.inputs.values {
        guard let external = try artifacts.external(digest), external.type != .model else {
          continue
        }
        for file in external.manifest.files { paths.insert(external.folder + "/" + file.name) }
      }
    }
    for path in paths.sorted() where (try? search.matches(file: path)) == true {
      sources.append(Source(file: path, lines: (try? Self.lines(of: path, search)) ?? []))
    }
  }

  /// Numbers of the lines that match.
  private static func lines(of path: String, _ search: ContentSearch) throws -> [Int] {
    var numbers: [Int] = []
    let bytes = try DurableFile.read(path)
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where search.matches(line) { numbers.append(index + 1) }
    return numbers
  }
}
