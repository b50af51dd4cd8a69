internal import Diagnostics
package import Documents

/// The tasks of a group as one: its metrics are over all their items, each item told apart by its
/// task. A mean over all items is the harness' mean of the tasks weighted by size.
package struct JoinedTask: MeasuredTask {
  package let name: String
  package let items: [MeasuredItem]
  package let metrics: [TaskMetric]
  private let parts: [any MeasuredTask]
  /// By item: its task, and its place there.
  private let places: [(part: Int, item: Int)]

  /// The column that tells the tasks apart.
  package static let column = "task"

  /// - Throws: ``Failure`` of class `badInput` where the tasks do not measure the same.
  package init(_ name: String, _ parts: [any MeasuredTask]) throws {
    precondition(!parts.isEmpty, "a group of no task")
    self.name = name
    self.parts = parts
    metrics = parts[0].metrics
    for part in parts where part.metrics.map(\.key) != metrics.map(\.key) {
      throw Diagnostic(
        "task.group",
        "the tasks of group '\(SafeText.escaped(name))' do not measure the same: "
          + "'\(SafeText.escaped(parts[0].name))' has \(metrics.map(\.label).joined(separator: ", ")), "
          + "'\(SafeText.escaped(part.name))' \(part.metrics.map(\.label).joined(separator: ", "))",
        fix: "name the tasks one by one"
      ).failure(.badInput)
    }
    var items: [MeasuredItem] = []
    var places: [(part: Int, item: Int)] = []
    for (number, part) in parts.enumerated() {
      for (index, item) in part.items.enumerated() {
        var item = item
        if parts.count > 1 {
          item.id = "\(part.name)/\(item.id)"
          item.slices[Self.column] = part.name
        }
        items.append(item)
        places.append((number, index))
      }
    }
    self.items = items
    self.places = places
  }

  package var notes: [String] { parts.flatMap(\.notes) }
  package var fingerprint: JSONValue {
    .object(["kind": "group", "tasks": .array(parts.map(\.fingerprint))])
  }

  package func requests(for item: Int) -> [ModelRequest] {
    parts[places[item].part].requests(for: places[item].item)
  }

  package func values(for item: Int, _ answers: [ModelAnswer]) throws -> [ItemValue] {
    try parts[places[item].part].values(for: places[item].item, answers)
  }
}
