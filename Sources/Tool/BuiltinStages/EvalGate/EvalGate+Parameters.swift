internal import Diagnostics
internal import Evaluation
internal import Scoring
package import StageKit

extension EvalGate {
  /// What a gate does where the rows cannot tell.
  enum InconclusiveRule: String, Sendable, CaseIterable { case fail, warn, pass }

  package struct Parameters: StageParameters {
    let tasks: [EvaluationTask]
    let rules: [GateRule]
    let onInconclusive: InconclusiveRule
    let batchSize: Int
    let seed: UInt64

    package init(_ read: inout ParameterReader) {
      let tasks = read.list("tasks", help: "What is measured.") { Self.task(&$0) }
      let conditions = read.list("require", help: "What must hold for the model to pass.") {
        Condition(&$0)
      }
      onInconclusive = read.choice(
        "on_inconclusive", default: InconclusiveRule.fail,
        help: "What happens where the rows cannot tell: fail refuses the model, warn and pass let "
          + "it through.")
      batchSize = read.integer(
        "batch_size", default: 64, in: 1...4096,
        help: "Rows asked at once; results do not depend on it.")
      seed = UInt64(
        read.integer("seed", default: 1, in: 0...Int.max, help: "Seed of bootstrap intervals."))
      self.tasks = tasks
      rules = conditions.flatMap { $0.rules(for: tasks, &read) }
      Self.checkNames(tasks, &read)
      if conditions.isEmpty, !Self.isMissing("require", read) {
        read.problem(
          "require", "a gate without rules lets everything pass",
          fix: "add a rule such as { task: NAME, metric: exact_match, min: 0.8 }")
      }
    }

    private static func checkNames(_ tasks: [EvaluationTask], _ read: inout ParameterReader) {
      var seen: Set<String> = []
      for task in tasks where !seen.insert(task.name).inserted {
        read.problem("tasks", "two tasks are named '\(SafeText.escaped(task.name))'")
      }
      if tasks.isEmpty, !isMissing("tasks", read) {
        read.problem(
          "tasks", "nothing is measured", fix: "add { name: NAME, metric: exact_match }")
      }
    }

    /// Whether the reader has complained already that the list is not there.
    private static func isMissing(_ key: String, _ read: ParameterReader) -> Bool {
      read.diagnostics.contains {
        $0.code == "spec.missing-parameter" && $0.message.hasSuffix("'\(key)'")
      }
    }

    private static func task(_ read: inout ParameterReader) -> EvaluationTask {
      let name = read.string("name", help: "What rules and reports call the task.")
      let metric = read.choice(
        "metric", default: EvaluationMetric.exactMatch,
        help: "The metric that the task is about; rules may ask for others of its kind.")
      let maxNewTokens = read.integer(
        "max_new_tokens", default: 256, in: 1...1_000_000,
        help: "Tokens of a generated answer at most.")
      let stops = read.strings("until", default: [], help: "Texts that end an answer.")
      let patterns = read.strings(
        "regexes_to_ignore", default: [],
        help: "Removed before exact_match compares: a text, a text at the end (\\.$), everything "
          + "through a text ((?s).*#### ).")
      let exactMatch = ExactMatch(
        ignoreCase: read.flag(
          "ignore_case", default: false, help: "Whether exact_match overlooks case."),
        ignorePunctuation: read.flag(
          "ignore_punctuation", default: false, help: "Whether it overlooks punctuation."),
        ignoreNumbers: read.flag(
          "ignore_numbers", default: false, help: "Whether it overlooks digits."),
        patternsToIgnore: patterns.compactMap { pattern in
          let parsed = IgnoredPattern(regex: pattern)
          if parsed == nil {
            read.problem(
              "regexes_to_ignore",
              "'\(SafeText.escaped(pattern))' is more than a text, a text at the end ('\\.$') or "
                + "everything through a text ('(?s).*#### ')",
              fix: "escape special characters with '\\', or split the pattern")
          }
          return parsed
        })
      let limit = read.optionalInteger(
        "limit", in: 1...Int.max, help: "Rows at most, chosen by identity; default all.")
      return EvaluationTask(
        name: name, metric: metric, maxNewTokens: maxNewTokens, stops: stops,
        exactMatch: exactMatch, limit: limit)
    }
  }
}

/// An entry under `require:` as written.
private struct Condition: Sendable {
  let task: String
  let metric: String?
  let min: Double?
  let max: Double?
  let versus: String?
  let minGain: Double?
  let maxDrop: Double?
  let confidence: Double?

  private static let any = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

  init(_ read: inout ParameterReader) {
    task = read.string("task", help: "The name of a task.")
    metric = read.optionalString("metric", help: "A metric; default the task's.")
    min = read.optionalNumber("min", in: Self.any, help: "The metric is at least this.")
    max = read.optionalNumber("max", in: Self.any, help: "The metric is at most this.")
    versus = read.optionalString("versus", help: "'baseline': compare on the same rows.")
    minGain = read.optionalNumber(
      "min_gain", in: Self.any,
      help: "With versus: better than the baseline by more than this (in the metric's unit).")
    maxDrop = read.optionalNumber(
      "max_drop", in: 0...Double.greatestFiniteMagnitude,
      help: "With versus: not worse than the baseline by this or more.")
    confidence = read.optionalNumber(
      "confidence", in: 0.5...0.9999,
      help: "Confidence of the interval that decides; default 0.95 with versus, else the estimate "
        + "decides.")
    check(&read)
  }

  private func check(_ read: inout ParameterReader) {
    if let versus, versus != "baseline" {
      read.problem("versus", "'\(SafeText.escaped(versus))' is no input, expected 'baseline'")
    }
    if versus == nil, minGain != nil || maxDrop != nil {
      read.problem(
        "min_gain", "a gain is measured against something", fix: "add 'versus: baseline'")
    }
    if versus != nil, minGain == nil, maxDrop == nil {
      read.problem(
        "versus", "the comparison has no bound",
        fix: "add 'min_gain: 0.0' (better) or 'max_drop: 0.02' (hardly worse)")
    }
    if versus == nil, minGain == nil, maxDrop == nil, min == nil, max == nil {
      read.problem("task", "the rule has no bound", fix: "add 'min:', 'max:' or 'versus: baseline'")
    }
  }

  /// One rule per bound; problems with names go to the reader.
  func rules(for tasks: [EvaluationTask], _ read: inout ParameterReader) -> [GateRule] {
    guard let known = tasks.first(where: { $0.name == task }) else {
      let nearest = NearestName.suggestion(for: task, among: tasks.map(\.name))
      read.problem(
        "require", "there is no task '\(SafeText.escaped(task))'",
        fix: nearest.map { "did you mean '\($0)'?" }
          ?? "the tasks are \(tasks.map(\.name).joined(separator: ", "))")
      return []
    }
    guard let measured = metric(of: known, &read) else { return [] }
    if measured.comparesModels, versus != nil {
      read.problem(
        "require", "'\(measured.rawValue)' compares the candidate with the baseline already",
        fix: measured.higherIsBetter ? "use 'min:' alone" : "use 'max:' alone")
      return []
    }
    var rules: [GateRule] = []
    func add(_ bound: GateRule.Bound, _ confidence: Double?) {
      rules.append(GateRule(task: task, metric: measured, bound: bound, confidence: confidence))
    }
    if let min { add(.min(min), confidence) }
    if let max { add(.max(max), confidence) }
    if let minGain { add(.minGain(minGain), confidence ?? 0.95) }
    if let maxDrop { add(.minGain(-maxDrop), confidence ?? 0.95) }
    return rules
  }

  private func metric(of known: EvaluationTask, _ read: inout ParameterReader)
    -> EvaluationMetric?
  {
    guard let metric else { return known.metric }
    let names = EvaluationMetric.allCases.filter { $0.kind == known.metric.kind }.map(\.rawValue)
    guard let found = EvaluationMetric(rawValue: metric), found.kind == known.metric.kind else {
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
