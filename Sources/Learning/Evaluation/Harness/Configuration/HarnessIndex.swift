internal import Diagnostics
internal import Documents
private import Foundation

/// Task files of folders, by what they name.
struct HarnessIndex {
  enum Entry {
    case task(HarnessFile)
    case group(HarnessFile)
  }

  private var entries: [String: Entry] = [:]
  /// Tasks of a tag, in the order of their files.
  private var tagged: [String: [String]] = [:]
  /// What could not be read; told when a name is not found.
  private var problems: [Diagnostic] = []

  /// - Throws: ``Failure`` for a folder that is not there.
  init(folders: [String]) throws {
    for folder in folders {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
        isFolder.boolValue, let files = FileManager.default.enumerator(atPath: folder)
      else {
        throw Diagnostic(
          "task.no-folder", "there is no folder '\(SafeText.escaped(folder, limit: 300))'",
          fix: "give the folder that holds the task files"
        ).failure(.badInput)
      }
      let names = files.compactMap { $0 as? String }.filter {
        $0.hasSuffix(".yaml") || $0.hasSuffix(".yml")
      }
      for name in names.sorted() { add("\(folder)/\(name)") }
    }
  }

  /// Files that name nothing are parts of others.
  private mutating func add(_ path: String) {
    do {
      let root = try HarnessFile.root(path: path)
      let isNamed = ["task", "group"].contains { root[$0] != nil }
      guard isNamed || root["include"] != nil else { return }
      try add(HarnessFile(path: path))
    } catch let failure as Failure {
      problems += failure.diagnostics
    } catch {
      problems.append(
        Diagnostic("task.no-file", "'\(SafeText.escaped(path, limit: 300))' cannot be read"))
    }
  }

  /// The name that a file gives.
  @discardableResult
  mutating func add(_ file: HarnessFile) throws -> String? {
    let group = file["group"]?.scalar?.text
    if let group,
      file["task"] == nil || file["task"]?.sequence != nil || file["task"]?.mapping != nil
    {
      entries[group] = .group(file)
      return group
    }
    guard let task = file["task"]?.scalar?.text, !task.isEmpty else { return nil }
    entries[task] = .task(file)
    let tags = file["tag"].map { ($0.sequence ?? [$0]).compactMap { $0.scalar?.text } } ?? []
    for tag in tags where !(tagged[tag] ?? []).contains(task) {
      tagged[tag, default: []].append(task)
    }
    return task
  }

  subscript(name: String) -> Entry? { entries[name] }

  func tasks(tagged tag: String) -> [String] { tagged[tag] ?? [] }

  /// Names that can be asked for.
  var names: [String] { (Array(entries.keys) + Array(tagged.keys)).sorted() }

  func unknown(_ name: String) -> Failure {
    let names = (self.names + BuiltinTasks.names).sorted()
    let nearest = NearestName.suggestion(for: name, among: names)
    let first = Diagnostic(
      "task.unknown", "there is no task '\(SafeText.escaped(name, limit: 120))'",
      fix: nearest.map { "did you mean '\($0)'?" }
        ?? "built in are \(BuiltinTasks.names.joined(separator: ", ")); others come from files: "
        + "--include-path DIR, or the path of a file as the name")
    return Failure([first] + problems, .badInput)
  }
}
