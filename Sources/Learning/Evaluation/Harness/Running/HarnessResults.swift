package import Documents

/// Results in the layout of the harness' `results_*.json` and `samples_*.jsonl`.
package struct HarnessResults: Sendable {
  package let tasks: [HarnessTaskResult]
  let groups: [HarnessSuite.Resolved]

  /// A metric of a group.
  package struct GroupValue: Sendable, Hashable {
    package var metric: String
    package var filter: String
    package var value: Double
    /// Nil where a task has none.
    package var error: Double?
  }

  /// The group's metrics: means of its tasks', by size or alike.
  package func values(of group: HarnessSuite.Resolved) -> [GroupValue] {
    let members = tasks.filter { group.tasks.contains($0.task.name) }
    return group.group.metrics.flatMap { aggregate -> [GroupValue] in
      let found = members.flatMap { result in
        result.task.metrics.filter { $0.name == aggregate.metric }.map(\.filter)
      }
      return (aggregate.filters ?? Set(found).sorted()).compactMap { filter in
        value(aggregate, filter, members)
      }
    }
  }

  private func value(
    _ aggregate: HarnessGroup.Aggregate, _ filter: String, _ members: [HarnessTaskResult]
  ) -> GroupValue? {
    let parts = members.compactMap { result in
      result.value("\(aggregate.metric),\(filter)").map { (result.items.count, $0.value, $0.error) }
    }
    guard !parts.isEmpty else { return nil }
    let sizes = parts.map(\.0)
    let weights = aggregate.weighsBySize ? sizes.map(Double.init) : sizes.map { _ in 1 }
    let sum = zip(parts, weights).reduce(0.0) { $0 + $1.0.1 * $1.1 }
    let errors = parts.compactMap(\.2)
    var error: Double?
    if errors.count == parts.count {
      error =
        aggregate.weighsBySize
        ? HarnessStandardError.pooled(errors, sizes: sizes)
        : HarnessStandardError.unweighted(errors)
    }
    return GroupValue(
      metric: aggregate.metric, filter: filter, value: sum / weights.reduce(0, +), error: error)
  }

  /// `results_*.json`: no times, no machine.
  package var json: JSONValue {
    var results = tasks.map { JSONMember($0.task.name, Self.json($0)) }
    var groupResults: [JSONMember] = []
    for group in groups {
      let member = JSONMember(group.group.name, json(group))
      results.append(member)
      if !group.group.metrics.isEmpty { groupResults.append(member) }
    }
    var members = [JSONMember("results", .object(results))]
    if !groupResults.isEmpty { members.append(JSONMember("groups", .object(groupResults))) }
    if !groups.isEmpty {
      members.append(
        JSONMember(
          "group_subtasks",
          .object(
            groups.map {
              JSONMember($0.group.name, .array($0.members.map { .string($0) }))
            })))
    }
    return .object(
      members + [
        byTask("versions") { $0.task.configuration.version },
        byTask("n-shot") { .integer(Int64($0.task.exampleCount)) },
        byTask("higher_is_better") { result in
          .object(
            result.task.configuration.metrics.map {
              JSONMember($0.name, .bool($0.higherIsBetter))
            })
        },
        byTask("n-samples") {
          [
            "original": .integer(Int64($0.task.documentCount)),
            "effective": .integer(Int64($0.items.count)),
          ]
        },
        byTask("fingerprints") { $0.task.fingerprint },
        JSONMember("notes", .array(tasks.flatMap(\.task.notes).map { .string($0) })),
      ])
  }

  private func byTask(_ key: String, _ value: (HarnessTaskResult) -> JSONValue) -> JSONMember {
    JSONMember(key, .object(tasks.map { JSONMember($0.task.name, value($0)) }))
  }

  private static func json(_ result: HarnessTaskResult) -> JSONValue {
    var members = [
      JSONMember("alias", .string(result.task.configuration.alias ?? result.task.name)),
      JSONMember("sample_len", .integer(Int64(result.items.count))),
    ]
    for (index, metric) in result.task.metrics.enumerated() {
      members.append(JSONMember(metric.key, number(result.values[index])))
      members.append(
        JSONMember(
          "\(metric.name)_stderr,\(metric.filter)", result.errors[index].map(number) ?? "N/A"))
    }
    return .object(members)
  }

  private func json(_ group: HarnessSuite.Resolved) -> JSONValue {
    let count = tasks.filter { group.tasks.contains($0.task.name) }.reduce(0) {
      $0 + $1.items.count
    }
    var members = [JSONMember("alias", .string(group.group.alias ?? group.group.name))]
    if !group.group.metrics.isEmpty {
      members.append(JSONMember("sample_len", .integer(Int64(count))))
    }
    for value in values(of: group) {
      members.append(JSONMember("\(value.metric),\(value.filter)", Self.number(value.value)))
      members.append(
        JSONMember(
          "\(value.metric)_stderr,\(value.filter)", value.error.map(Self.number) ?? "N/A"))
    }
    return .object(members)
  }

  /// JSON has no infinity and no NaN.
  static func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
}
