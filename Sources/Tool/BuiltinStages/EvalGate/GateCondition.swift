internal import Diagnostics
internal import Evaluation
internal import StageKit

/// An entry under `require:` as written.
struct GateCondition: Sendable {
  let task: String
  let metric: String?
  private let min: Double?
  private let max: Double?
  private let versus: String?
  private let minGain: Double?
  private let maxDrop: Double?
  private let maxRelativeDrop: Double?
  private let confidence: Double?
  private let slices: [MetricScore.Slice]

  /// Models that a candidate may be compared with.
  static let opponents = ["baseline", "champion"]
  private static let any = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

  init(_ read: inout ParameterReader) {
    task = read.string("task", help: "The name of a task.")
    metric = read.optionalString("metric", help: "A metric; default the task's.")
    slices = read.pairs(
      "where", help: "Rows that the rule is about, as { language: de }; of columns under 'by'."
    ).map { MetricScore.Slice(column: $0.key, value: $0.value) }
    min = read.optionalNumber("min", in: Self.any, help: "The metric is at least this.")
    max = read.optionalNumber("max", in: Self.any, help: "The metric is at most this.")
    versus = read.optionalString(
      "versus", help: "'baseline' or 'champion': compare on the same rows.")
    minGain = read.optionalNumber(
      "min_gain", in: Self.any,
      help: "With versus: better than that model by more than this (in the metric's unit).")
    maxDrop = read.optionalNumber(
      "max_drop", in: 0...Double.greatestFiniteMagnitude,
      help: "With versus: not worse than that model by this or more (non-inferiority).")
    maxRelativeDrop = read.optionalNumber(
      "max_relative_drop", in: 0...1,
      help: "With versus: loses less than this share of that model's number (0.05: 5 %).")
    confidence = read.optionalNumber(
      "confidence", in: 0.5...0.9999,
      help: "Confidence of the interval that decides; default 0.95 with versus, else the estimate "
        + "decides.")
    check(&read)
  }

  private var isComparison: Bool { minGain != nil || maxDrop != nil || maxRelativeDrop != nil }

  private func check(_ read: inout ParameterReader) {
    if let versus, !Self.opponents.contains(versus) {
      read.problem(
        "versus",
        "'\(SafeText.escaped(versus))' is no input, expected 'baseline' or 'champion'")
    }
    if versus == nil, isComparison {
      read.problem(
        "min_gain", "a gain is measured against something", fix: "add 'versus: baseline'")
    }
    if versus != nil, !isComparison {
      read.problem(
        "versus", "the comparison has no bound",
        fix: "add 'min_gain: 0.0' (better), 'max_drop: 0.02' (hardly worse) or "
          + "'max_relative_drop: 0.05'")
    }
    if versus == nil, !isComparison, min == nil, max == nil {
      read.problem("task", "the rule has no bound", fix: "add 'min:', 'max:' or 'versus: baseline'")
    }
    if slices.count > 1 {
      read.problem("where", "a rule is about one value of one column", fix: "write several rules")
    }
  }

  /// One rule per bound; problems with names go to the reader.
  func rules(for tasks: [TaskParameters], _ read: inout ParameterReader) -> [GateRule] {
    guard let known = tasks.first(where: { $0.name == task }) else {
      let nearest = NearestName.suggestion(for: task, among: tasks.map(\.name))
      read.problem(
        "require", "there is no task '\(SafeText.escaped(task))'",
        fix: nearest.map { "did you mean '\($0)'?" }
          ?? "the tasks are \(tasks.map(\.name).joined(separator: ", "))")
      return []
    }
    guard checkSlice(known, &read) else { return [] }
    // Metrics of the harness are known once its task files are read.
    if known.harness != nil { return rules(metric ?? "") }
    guard let measured = metric(of: known, &read) else { return [] }
    if measured.comparesModels, versus != nil {
      read.problem(
        "require", "'\(measured.rawValue)' compares the candidate with the baseline already",
        fix: measured.higherIsBetter ? "use 'min:' alone" : "use 'max:' alone")
      return []
    }
    return rules(measured.rawValue)
  }

  private func rules(_ metric: String) -> [GateRule] {
    var rules: [GateRule] = []
    func add(_ bound: GateRule.Bound, _ confidence: Double?) {
      rules.append(
        GateRule(
          task: task, metric: metric, bound: bound, confidence: confidence,
          versus: versus, slice: slices.first))
    }
    if let min { add(.min(min), confidence) }
    if let max { add(.max(max), confidence) }
    if let minGain { add(.minGain(minGain), confidence ?? 0.95) }
    if let maxDrop { add(.minGain(-maxDrop), confidence ?? 0.95) }
    if let maxRelativeDrop { add(.maxRelativeDrop(maxRelativeDrop), confidence ?? 0.95) }
    return rules
  }

  private func checkSlice(_ known: TaskParameters, _ read: inout ParameterReader) -> Bool {
    let columns = known.harness == nil ? known.rows.by : [JoinedTask.column]
    guard let slice = slices.first, !columns.contains(slice.column) else { return true }
    read.problem(
      "require",
      "task '\(SafeText.escaped(task))' is not told apart by '\(SafeText.escaped(slice.column))'",
      fix: "add 'by: [\(SafeText.escaped(slice.column))]' to the task")
    return false
  }

  private func metric(of known: TaskParameters, _ read: inout ParameterReader) -> RowMetric? {
    guard let metric else { return known.rows.metric }
    let names = RowMetric.all(of: known.rows.metric.kind).map(\.rawValue)
    guard let found = RowMetric(rawValue: metric), found.kind == known.rows.metric.kind else {
      let nearest = NearestName.suggestion(for: metric, among: names)
      read.problem(
        "require",
        "task '\(SafeText.escaped(task))' does not measure '\(SafeText.escaped(metric))', "
          + "expected one of \(names.joined(separator: ", "))",
        fix: nearest.map { "did you mean '\($0)'?" })
      return nil
    }
    return found
  }
}
