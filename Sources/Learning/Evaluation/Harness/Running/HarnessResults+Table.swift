private import Foundation

extension HarnessResults {
  /// The table that the harness prints, as lines: task, version, filter, examples, metric, value,
  /// standard error.
  package var table: [String] {
    var rows = [["task", "version", "filter", "n-shot", "metric", "value", "stderr"]]
    for result in tasks {
      for (index, metric) in result.task.metrics.enumerated() {
        rows.append([
          result.task.name, PythonText.string(result.task.configuration.version), metric.filter,
          String(result.task.exampleCount), metric.name, Self.text(result.values[index]),
          result.errors[index].map(Self.text) ?? "N/A",
        ])
      }
    }
    for group in groups {
      for value in values(of: group) {
        rows.append([
          group.group.name, PythonText.string(group.group.version), value.filter, "",
          value.metric, Self.text(value.value), value.error.map(Self.text) ?? "N/A",
        ])
      }
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
    return lines + tasks.flatMap(\.task.notes).map { "note: \($0)" }
  }

  private static func text(_ value: Double) -> String { String(format: "%.4f", value) }
}
