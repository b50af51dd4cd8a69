internal import Diagnostics
internal import Documents
private import Foundation

/// Tasks of the harness that are measured together, and the groups they stand in.
///
/// ```swift
/// let data = try HarnessDataFiles(["arc_easy=arc_easy_test.jsonl"])
/// let suite = try HarnessSuite(["arc_easy"], data: data)
/// ```
package struct HarnessSuite: Sendable {
  /// In the order they were asked for, each once.
  package private(set) var tasks: [HarnessTask] = []
  /// Inner groups before the ones that hold them.
  package private(set) var groups: [Resolved] = []

  /// A group with all tasks below it.
  package struct Resolved: Sendable {
    package var group: HarnessGroup
    /// Names of tasks and groups right below it.
    package var members: [String]
    package var tasks: [String]
  }

  private struct Plan {
    var configuration: HarnessConfiguration
    var groups: [String]
  }

  /// - Parameters:
  ///   - names: tasks, groups and tags, or paths of task files.
  ///   - folders: where task files are looked up: `--include_path`.
  ///   - data: files of documents; those of a group's name are for all its tasks.
  /// - Throws: ``Failure`` for a name that is unknown, a file that is wrong or missing, a document
  ///   that does not fit its task.
  package init(
    _ names: [String], folders: [String] = [], data: HarnessDataFiles,
    options: HarnessOptions = HarnessOptions()
  ) throws {
    var index = try HarnessIndex(folders: folders)
    let asked = try names.map { try Self.name(of: $0, &index) }
    var resolver = Resolver(index: index)
    for name in asked { _ = try resolver.resolve(name, in: [], settings: []) }
    for name in data.names where !resolver.used.contains(name) {
      throw Diagnostic(
        "task.wrong-data",
        "data is named for '\(SafeText.escaped(name, limit: 120))', which is not measured",
        fix: NearestName.suggestion(for: name, among: resolver.used.sorted()).map {
          "did you mean '\($0)'?"
        } ?? "measured are \(resolver.used.sorted().prefix(8).joined(separator: ", "))"
      ).failure(.badInput)
    }
    groups = resolver.groups
    let reader = HarnessDocuments()
    for name in resolver.order {
      guard let plan = resolver.plans[name] else { continue }
      let documents = HarnessData(
        configuration: plan.configuration, groups: plan.groups, files: data, reader: reader)
      tasks.append(try HarnessTask(plan.configuration, documents, options))
    }
  }

  /// A name, or the one that a file gives.
  private static func name(of asked: String, _ index: inout HarnessIndex) throws -> String {
    guard asked.hasSuffix(".yaml") || asked.hasSuffix(".yml") else { return asked }
    let file = try HarnessFile(path: asked)
    guard let name = try index.add(file) else {
      throw Diagnostic(
        "task.missing-key", "the file names no task",
        at: SourceSpan(file: asked, line: 1), fix: "add 'task: NAME'"
      ).failure(.badInput)
    }
    return name
  }

  private struct Resolver {
    let index: HarnessIndex
    var plans: [String: Plan] = [:]
    var order: [String] = []
    var groups: [Resolved] = []
    /// Names that stand for something measured.
    var used: Set<String> = []

    /// - Returns: names of the tasks that `name` stands for.
    mutating func resolve(_ name: String, in outer: [String], settings: [Node.Entry]) throws
      -> [String]
    {
      guard !outer.contains(name) else {
        throw Diagnostic(
          "task.unknown", "group '\(SafeText.escaped(name))' is a member of itself"
        ).failure(.badInput)
      }
      used.insert(name)
      switch index[name] {
      case .task(var file):
        file.entries += settings
        add(try HarnessConfiguration(file), outer)
        return [name]
      case .group(let file):
        var own: [String: [Node.Entry]] = [:]
        let group = try HarnessGroup(file, overrides: &own)
        return try add(group, outer) { own[$0].map { settings + $0 } ?? settings }
      case nil: break
      }
      if var configuration = BuiltinTasks.configurations.first(where: { $0.task == name }) {
        try configuration.apply(settings)
        add(configuration, outer)
        return [name]
      }
      if let group = BuiltinTasks.groups.first(where: { $0.name == name }) {
        return try add(group, outer) { _ in settings }
      }
      let tagged =
        index.tasks(tagged: name)
        + BuiltinTasks.configurations.filter { $0.tags.contains(name) }.map(\.task)
      guard !tagged.isEmpty else { throw index.unknown(name) }
      var seen: Set<String> = []
      return try tagged.filter { seen.insert($0).inserted }.flatMap {
        try resolve($0, in: outer, settings: settings)
      }
    }

    private mutating func add(_ configuration: HarnessConfiguration, _ outer: [String]) {
      if plans[configuration.task] == nil { order.append(configuration.task) }
      plans[configuration.task] = Plan(configuration: configuration, groups: outer.reversed())
    }

    private mutating func add(
      _ group: HarnessGroup, _ outer: [String], settings: (String) -> [Node.Entry]
    ) throws -> [String] {
      var (tasks, members): ([String], [String]) = ([], [])
      for member in group.members {
        let found = try resolve(member, in: outer + [group.name], settings: settings(member))
        tasks += found
        let isTag =
          index[member] == nil && plans[member] == nil
          && !groups.contains { $0.group.name == member }
        members += isTag ? found : [member]
      }
      var seen: Set<String> = []
      tasks = tasks.filter { seen.insert($0).inserted }
      if !groups.contains(where: { $0.group.name == group.name }) {
        groups.append(Resolved(group: group, members: members, tasks: tasks))
      }
      return tasks
    }
  }
}

extension HarnessConfiguration {
  /// What a group may change of a built-in task.
  fileprivate mutating func apply(_ settings: [Node.Entry]) throws {
    var fields = HarnessFields(settings, at: SourceSpan(file: task, line: 1))
    fields.refuseOthers(than: ["num_fewshot", "task_alias"], in: "built-in task '\(task)'")
    if let count = fields.integer("num_fewshot", in: 0...10_000) { exampleCount = count }
    if let name = fields.string("task_alias") { alias = name }
    guard fields.problems.isEmpty else { throw Failure(fields.problems, .badInput) }
  }
}
