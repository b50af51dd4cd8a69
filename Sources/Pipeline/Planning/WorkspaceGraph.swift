internal import Diagnostics
internal import StageKit

/// What a stage reads of the workspace beside what other stages write there: files to be found and
/// digested when the run is planned.
struct WorkspaceRead: Sendable {
  var read: WorkspaceFiles.Read
  /// Whether another stage writes some of it, so that no file need be there yet.
  var hasWriters: Bool
  /// Paths of stages, which are no files of the user; by name.
  var left: Set<String>
}

/// Which stage writes which path of the workspace, and who reads it: edges that come from paths.
struct WorkspaceGraph {
  struct Owner {
    var stage: String
    var path: WorkspacePath
    var span: SourceSpan
  }

  private(set) var diagnostics: [Diagnostic] = []
  private var owners: [Owner] = []
  private var byName: [String: Int] = [:]
  /// Owners below a folder, by the folder's name.
  private var below: [String: [Int]] = [:]

  /// - Parameters:
  ///   - stages: in the order of the file.
  ///   - file: the name of the pipeline file.
  init(_ stages: [BoundStage], file: String) {
    for stage in stages {
      for write in stage.parameters.workspace.writes { add(stage.name, write, file) }
    }
  }

  private mutating func add(_ stage: String, _ write: WorkspaceFiles.Write, _ file: String) {
    let path = write.path
    let shown = SafeText.escaped(path.name, limit: 200)
    if path.name == file || path.name.split(separator: "/").first == ".orchestrate" {
      diagnostics.append(
        Diagnostic(
          "workspace.reserved",
          "stage '\(stage)' writes '\(shown)', which is "
            + (path.name == file ? "the pipeline file" : "where the project keeps its state"),
          at: write.span, fix: "write to another path"))
      return
    }
    if let other = conflict(path) {
      diagnostics.append(
        Diagnostic(
          "workspace.two-writers",
          other.path.name == path.name
            ? "stages '\(other.stage)' and '\(stage)' both write '\(shown)'"
            : "stage '\(stage)' writes '\(shown)', which overlaps "
              + "'\(SafeText.escaped(other.path.name, limit: 200))' of stage '\(other.stage)'",
          at: write.span, fix: "give each stage paths of its own",
          related: [.init("'\(other.stage)' writes it here", at: other.span)]))
      return
    }
    let index = owners.count
    owners.append(Owner(stage: stage, path: path, span: write.span))
    byName[path.name] = index
    for folder in Self.ancestors(of: path.name) { below[folder, default: []].append(index) }
  }

  private func conflict(_ path: WorkspacePath) -> Owner? {
    if let owner = owner(of: path.name) { return owner }
    return below[path.name]?.first.map { owners[$0] }
  }

  /// Who writes `name` or a folder that holds it.
  private func owner(of name: String) -> Owner? {
    if let index = byName[name] { return owners[index] }
    for folder in Self.ancestors(of: name) {
      if let index = byName[folder] { return owners[index] }
    }
    return nil
  }

  /// `a/b/c` → `a/b`, `a`
  private static func ancestors(of name: String) -> [String] {
    var found: [String] = []
    var rest = Substring(name)
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      found.append(String(rest))
    }
    return found
  }

  // MARK: - Reads

  /// What other stages write of what `read` names, in the order of the file; and what is left for
  /// the file system, nil when nothing is.
  mutating func resolve(_ read: WorkspaceFiles.Read, of stage: String) -> (
    writers: [Owner], files: WorkspaceRead?
  ) {
    let whole = WorkspaceRead(read: read, hasWriters: false, left: [])
    // Most deps are written as the path they name.
    if let index = byName[read.pattern], owners[index].stage != stage {
      return ([owners[index]], nil)
    }
    guard !owners.isEmpty, !read.pattern.hasPrefix("/") else { return ([], whole) }
    let parts = read.pattern.split(separator: "/").map(String.init).filter { $0 != "." }
    if parts.contains("..") { return ([], whole) }
    let found: [Owner]
    if parts.contains(where: FileFinder.isWild) {
      found = owners.filter { Self.mayHold($0.path, parts[...]) }
    } else {
      let name = parts.joined(separator: "/")
      if let owner = owner(of: name) {
        if owner.stage == stage {
          diagnostics.append(Self.ownPath(stage, read, owner))
          return ([], nil)
        }
        return ([owner], nil)
      }
      found = name.isEmpty ? owners : (below[name] ?? []).map { owners[$0] }
    }
    let left = Set(found.map(\.path.name))
    let writers = found.filter { $0.stage != stage }
    return (writers, WorkspaceRead(read: read, hasWriters: !writers.isEmpty, left: left))
  }

  /// A file that is digested when the run is planned cannot be one that the run makes.
  mutating func refuse(_ input: FileInput, of stage: String) {
    guard !owners.isEmpty, let parts = WorkspacePath(input.pattern),
      let owner = owner(of: parts.name)
    else { return }
    diagnostics.append(
      Diagnostic(
        "workspace.read-at-plan",
        "'\(SafeText.escaped(input.pattern, limit: 200))' is written by stage '\(owner.stage)', but "
          + "stage '\(stage)' reads it when the run is planned", at: input.span,
        fix: "'deps' of a shell stage takes paths that other stages write",
        related: [.init("'\(owner.stage)' writes it here", at: owner.span)]))
  }

  private static func ownPath(_ stage: String, _ read: WorkspaceFiles.Read, _ owner: Owner)
    -> Diagnostic
  {
    Diagnostic(
      "workspace.own-path",
      "stage '\(stage)' reads '\(SafeText.escaped(read.pattern, limit: 200))', which it writes "
        + "itself", at: read.span,
      fix: "what a stage writes is removed before it runs: take the path out of one of the lists",
      related: [.init("written here", at: owner.span)])
  }

  /// Whether a pattern may name the path, or something in it.
  private static func mayHold(_ path: WorkspacePath, _ pattern: ArraySlice<String>) -> Bool {
    holds(path.name.split(separator: "/").map(String.init)[...], pattern)
  }

  private static func holds(_ name: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
    guard let part = name.first else { return true }
    guard let wanted = pattern.first else { return false }
    if wanted == "**" {
      return holds(name, pattern.dropFirst()) || holds(name.dropFirst(), pattern)
    }
    guard wanted == part || FileFinder.matches(part, wanted) else { return false }
    return holds(name.dropFirst(), pattern.dropFirst())
  }
}
