internal import Diagnostics
internal import Evaluation
internal import Records
internal import StageKit

/// An entry under `tasks:` of the stages that evaluate.
struct TaskParameters: Sendable {
  /// What a task is for; the rules that nobody wrote go by it.
  enum Tier: String, Sendable, CaseIterable {
    /// Rows like those that the model was trained for.
    case heldOut = "held_out"
    /// The same work on rows of another kind.
    case outOfDistribution = "ood"
    /// What any model can do, to see what was forgotten.
    case general
    /// A small set that every version must keep.
    case canary
  }

  let name: String
  let rows: RowTaskParameters
  /// Of lm-evaluation-harness; nil for a task on rows.
  let harness: HarnessTaskParameters?
  let limit: Int?
  let tier: Tier
  /// Rows or documents of its own; the input `test` otherwise.
  let data: FilePattern?

  init(_ read: inout ParameterReader) {
    let given = read.optionalString(
      "name", help: "What rules and reports call the task; default the name under 'task'.")
    harness = HarnessTaskParameters(&read)
    rows = RowTaskParameters(&read)
    limit = read.optionalInteger(
      "limit", in: 1...Int.max, smoke: .atMost(20),
      help: "Rows at most, chosen by identity, or documents of a harness task, from the first; "
        + "default all.")
    let tiers = Tier.allCases.map(\.rawValue)
    let tier = read.optionalString(
      "tier",
      help: "What the rows are: like those trained for (held_out, the default), another kind "
        + "(ood), general knowledge (general, the default of built-in tasks), or a small set that "
        + "every version must keep (canary).")
    if let tier, Tier(rawValue: tier) == nil {
      read.problem(
        "tier",
        "'\(SafeText.escaped(tier))' is none of \(tiers.joined(separator: ", "))",
        fix: NearestName.suggestion(for: tier, among: tiers).map { "did you mean '\($0)'?" })
    }
    self.tier =
      tier.flatMap { Tier(rawValue: $0) } ?? (harness?.isBuiltin == true ? .general : .heldOut)
    let data = read.files(
      "data", optional: true,
      help: "JSON Lines or JSON files with the task's own rows, or a harness task's documents; "
        + "default the input 'test'.")
    self.data = data.pattern == nil ? nil : data
    name = given ?? harness?.task ?? ""
    if name.isEmpty {
      read.problem("name", "the task has no name", fix: "add 'name: NAME', or 'task: hellaswag'")
    }
    if harness != nil, self.data == nil {
      read.problem(
        "data", "task '\(SafeText.escaped(name))' needs its documents, which are not downloaded",
        fix: "add 'data: ./FILE.jsonl'; 'orchestrate eval --tasks \(SafeText.escaped(name))' says "
          + "where they come from")
    }
  }

  /// Whether its numbers are about two models.
  var comparesModels: Bool {
    harness == nil && ([rows.metric] + rows.metrics).contains(where: \.comparesModels)
  }

  /// Problems between the entries of a list.
  static func check(_ tasks: [TaskParameters], _ read: inout ParameterReader) {
    var seen: Set<String> = []
    for task in tasks where !seen.insert(task.name).inserted {
      read.problem("tasks", "two tasks are named '\(SafeText.escaped(task.name))'")
    }
    if tasks.isEmpty, !read.lacks("tasks") {
      read.problem("tasks", "nothing is measured", fix: "add { name: NAME, metric: exact_match }")
    }
  }

  /// The task with its rows or documents.
  ///
  /// - Parameters:
  ///   - asked: metrics that rules ask for, of a task on rows.
  ///   - files: finds the files of a parameter.
  ///   - test: the rows of the input `test`.
  ///   - threads: of programs that are tested.
  /// - Throws: ``Failure`` for files that are wrong, or rows that none of its metrics fit.
  func task(
    asked: [RowMetric], files: (String) -> [InputFile], test: [Row], threads: Int
  ) throws -> any MeasuredTask {
    let own = data.map { files($0.parameter) }
    if let harness {
      return try harness.measured(
        name: name, documents: own ?? [], files: files, limit: limit, threads: threads)
    }
    let measured = try own.map { try TaskRows.read($0, task: name) } ?? test
    return try RowTask(
      rows.settings(name: name, limit: limit, asked: asked, files: files), measured)
  }
}
