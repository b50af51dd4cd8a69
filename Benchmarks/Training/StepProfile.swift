import Foundation

/// Where the time of some steps went.
struct StepProfile {
  let tallies: [OperationKind: OperationTally]
  let steps: Int
  /// Of all steps.
  let wallSeconds: Double
  let processorSeconds: Double
  let threads: Int
  /// GFLOP/s taken as the whole; 0: not known.
  let peak: Double

  /// What no operation took: the model's own code between them.
  private var outside: OperationTally {
    let inside = sum(tallies.values)
    return OperationTally(
      seconds: wallSeconds - inside.seconds,
      processorSeconds: processorSeconds - inside.processorSeconds)
  }

  /// A line for each kind, by a step's mean. `busy`: the share of the threads' time that processors
  /// worked; `by cpu`: the rate by that time, which other programs on the machine disturb less.
  var table: String {
    var lines = [
      Self.row([
        "kind", "calls", "s/step", "share", "busy", "GFLOP/s", "by cpu", peak > 0 ? "of peak" : "",
      ])
    ]
    for kind in OperationKind.allCases {
      if let tally = tallies[kind] { lines.append(line(kind.rawValue, tally)) }
    }
    lines.append(line("outside operations", outside))
    return lines.joined(separator: "\n")
  }

  /// Groups of kinds with half a percent or more, the largest first.
  var summary: String {
    var groups = Dictionary(grouping: tallies, by: { $0.key.summary })
      .mapValues { sum($0.map(\.value)) }
    groups["outside"] = outside
    return groups.filter { $0.value.seconds >= 0.005 * wallSeconds }
      .sorted { ($0.value.seconds, $0.key) > ($1.value.seconds, $1.key) }
      .map { name, tally in
        let share = "\(name) \(percent(tally.seconds / wallSeconds))"
        if tally.operations == 0 { return share }
        return share + String(format: " at %.0f GFLOP/s", rate(tally.operations, tally.seconds))
      }
      .joined(separator: ", ")
  }

  private func line(_ name: String, _ tally: OperationTally) -> String {
    let seconds = tally.seconds / Double(steps)
    let counted = tally.operations > 0
    return Self.row([
      name, tally.calls > 0 ? "\(tally.calls / steps)" : "", String(format: "%.4f", seconds),
      percent(tally.seconds / wallSeconds, places: 1),
      percent(tally.processorSeconds / max(1e-9, tally.seconds) / Double(threads)),
      counted ? String(format: "%.1f", rate(tally.operations, tally.seconds)) : "",
      counted ? String(format: "%.1f", rate(tally.operations, tally.processorSeconds)) : "",
      counted && peak > 0 ? percent(rate(tally.operations, tally.seconds) / peak) : "",
    ])
  }

  private func sum(_ tallies: some Sequence<OperationTally>) -> OperationTally {
    tallies.reduce(into: OperationTally()) { $0 += $1 }
  }

  /// In GFLOP/s.
  private func rate(_ operations: Double, _ seconds: Double) -> Double {
    operations * 1e-9 / max(1e-9, seconds)
  }

  private func percent(_ share: Double, places: Int = 0) -> String {
    String(format: "%.\(places)f %%", 100 * share)
  }

  private static func row(_ cells: [String]) -> String {
    let name = cells[0].padding(toLength: 22, withPad: " ", startingAt: 0)
    let rest = cells.dropFirst().map { cell in
      String(repeating: " ", count: max(1, 10 - cell.count)) + cell
    }
    let line = name + rest.joined()
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
