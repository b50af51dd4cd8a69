internal import Diagnostics
internal import Documents
internal import StageKit

/// `executor:` and `slurm:`, of the whole pipeline or of a stage.
extension SpecReader {
  static let executorKeys = ["executor", "slurm"]

  /// Keys of `slurm:` that are options of `sbatch` of the same name.
  static let slurmNames = ["partition", "account", "qos", "constraint", "reservation", "gres"]

  /// - Parameter standard: what holds where nothing is said.
  mutating func executor(_ owner: Node, standard: ExecutorRequest) -> ExecutorRequest {
    var request = standard
    if let node = owner["executor"] {
      let names = ExecutorRequest.Kind.allCases.map(\.rawValue)
      if let kind = node.scalar.flatMap({ ExecutorRequest.Kind(rawValue: $0.text) }) {
        request.kind = kind
      } else {
        let nearest = node.scalar.flatMap { NearestName.suggestion(for: $0.text, among: names) }
        report(
          "spec.unknown-executor",
          "'executor' is \(node.scalar.map { "'\(SafeText.escaped($0.text))'" } ?? node.kindName),"
            + " expected \(names.joined(separator: " or "))", node.span,
          fix: nearest.map { "did you mean '\($0)'?" })
      }
    }
    guard let node = owner["slurm"], !node.isNull, let entries = mapping(node, "'slurm'") else {
      return request
    }
    check(entries, of: "'slurm'", known: Self.slurmNames + ["time", "options"])
    for entry in entries { option(entry, &request.options) }
    return request
  }

  private mutating func option(_ entry: Node.Entry, _ options: inout [String]) {
    switch entry.name {
    case "time":
      guard let seconds = duration(entry.value, "slurm.time") else { return }
      // Slurm counts in minutes.
      set("time", String(max(1, Int((seconds / 60).rounded(.up)))), &options)
    case "options":
      for item in entry.value.sequence ?? [entry.value] {
        guard let text = text(item, "slurm.options") else { continue }
        if text.hasPrefix("--"), !text.contains("\n") {
          options.append(text)
        } else {
          report(
            "spec.wrong-type", "an option of sbatch starts with '--' and is one line", item.span,
            fix: "write '--nice=100'")
        }
      }
    default:
      guard Self.slurmNames.contains(entry.name), let text = text(entry.value, entry.name) else {
        return
      }
      if text.contains("\n") {
        report("spec.wrong-type", "'slurm.\(entry.name)' holds a line break", entry.value.span)
      } else {
        set(entry.name, text, &options)
      }
    }
  }

  /// A stage's own value replaces that of the pipeline.
  private func set(_ name: String, _ value: String, _ options: inout [String]) {
    options.removeAll { $0.hasPrefix("--\(name)=") }
    options.append("--\(name)=\(value)")
  }
}
