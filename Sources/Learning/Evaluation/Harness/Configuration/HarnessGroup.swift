internal import Diagnostics
package import Documents

/// Tasks that are measured together, with a number of their own where it says so.
package struct HarnessGroup: Sendable, Hashable {
  /// A metric of the group: the mean of its tasks'.
  package struct Aggregate: Sendable, Hashable {
    package var metric: String
    /// Nil: every filter that a task has.
    package var filters: [String]?
    /// Whether a task counts by its documents.
    package var weighsBySize = true

    package init(metric: String) { self.metric = metric }
  }

  package var name: String
  package var alias: String?
  /// Names of tasks, groups and tags.
  package var members: [String]
  package var metrics: [Aggregate] = []
  package var version: JSONValue = .null

  package init(name: String, members: [String]) {
    self.name = name
    self.members = members
  }

  static let keys = ["group", "group_alias", "task", "aggregate_metric_list", "metadata"]

  /// Reads a group of a file. Entries of `task` that are mappings are members with settings of their
  /// own, which `overrides` tells by name; other keys of the group are settings of all.
  ///
  /// - Throws: ``Failure`` with every problem and its place.
  init(_ file: HarnessFile, overrides: inout [String: [Node.Entry]]) throws {
    var fields = HarnessFields(file.entries, at: SourceSpan(file: file.path, line: 1))
    self.init(name: fields.string("group") ?? "", members: [])
    alias = fields.string("group_alias")
    version = fields.node("metadata")?["version"]?.pythonValue ?? .null
    let shared = file.entries.filter { !Self.keys.contains($0.name) && $0.name != "tag" }
    for node in fields.node("task").map({ $0.sequence ?? [$0] }) ?? [] {
      var name = ""
      var own: [Node.Entry] = []
      if let entries = node.mapping {
        var inner = HarnessFields(node)
        name = inner.string("task") ?? ""
        own = entries.filter { $0.name != "task" }
        if name.isEmpty {
          inner.problem(node, "a member has no 'task'", fix: "write '- task: NAME'")
        }
        fields.add(inner.problems)
      } else {
        name = fields.text(node, "task") ?? ""
      }
      members.append(name)
      let settings = shared + own
      if !settings.isEmpty { overrides[name] = settings }
    }
    for node in fields.mappings("aggregate_metric_list") ?? [] {
      var inner = HarnessFields(node)
      inner.refuseOthers(
        than: ["metric", "filter_list", "aggregation", "weight_by_size"],
        in: "'aggregate_metric_list'")
      if let metric = inner.string("metric") {
        var aggregate = Aggregate(metric: metric)
        aggregate.filters = inner.strings("filter_list")
        aggregate.weighsBySize = inner.flag("weight_by_size") ?? true
        metrics.append(aggregate)
      } else {
        inner.problem(node, "the entry has no key 'metric'")
      }
      if let aggregation = inner.string("aggregation"), aggregation != "mean",
        let node = inner.node("aggregation")
      {
        inner.problem(node, "groups are aggregated by 'mean' alone")
      }
      fields.add(inner.problems)
    }
    guard fields.problems.isEmpty else { throw Failure(fields.problems, .badInput) }
  }
}
