package import Documents
internal import Reproducibility
package import Scoring

/// The outcome of an evaluation in its three forms: for programs, per item, for people.
package struct EvaluationReport: Sendable {
  package var scores: [MetricScore]
  package var verdicts: [RuleVerdict]
  /// Things a reader must know to judge the numbers: rows left out, prompts cut.
  package var notes: [String]

  package init(scores: [MetricScore], verdicts: [RuleVerdict], notes: [String]) {
    self.scores = scores
    self.verdicts = verdicts
    self.notes = notes
  }

  package var decision: GateDecision { .worst(verdicts.map(\.decision)) }

  /// `scores.json`.
  package var scoresJSON: JSONValue {
    .object([
      "formatVersion": 1, "scores": .array(scores.map(Self.json)),
      "notes": .array(notes.map { .string($0) }),
    ])
  }

  /// `report.json`: the scores with the rules.
  package var json: JSONValue {
    let rules = verdicts.map { verdict in
      JSONValue.object([
        "rule": .string(verdict.rule), "decision": .string(verdict.decision.rawValue),
        "sentence": .string(verdict.sentence),
      ])
    }
    return .object([
      "formatVersion": 1, "decision": .string(decision.rawValue),
      "summary": .array(summary.map { .string($0) }), "rules": .array(rules),
      "scores": .array(scores.map(Self.json)), "notes": .array(notes.map { .string($0) }),
    ])
  }

  /// `report.md`.
  package var markdown: String {
    var text = verdicts.isEmpty ? "# Evaluation\n\n" : "# Gate: \(decision.rawValue)\n\n"
    for sentence in summary { text += "\(sentence).\n" }
    if !verdicts.isEmpty {
      text += "\n| decision | rule | what was measured |\n|---|---|---|\n"
      for verdict in verdicts {
        text += "| \(verdict.decision.rawValue) | \(Self.cell(verdict.rule)) | "
        text += "\(Self.cell(verdict.sentence)) |\n"
      }
    }
    text += "\n| task | metric | rows | candidate | against | gain | method | gained, lost, p |\n"
    text += "|---|---|---:|---|---|---|---|---|\n"
    for score in scores { text += Self.line(score) }
    if !notes.isEmpty {
      text += "\n"
      for note in notes { text += "- \(note)\n" }
    }
    return text
  }

  /// For each metric with a baseline, whether the candidate beats it.
  package var summary: [String] {
    scores.filter { $0.slice == nil }.compactMap { score in
      guard let gain = score.gain, let baseline = score.baseline else { return nil }
      let other = score.versus == "champion" ? "the champion" : "its baseline"
      let verb =
        gain.lower > 0
        ? "The candidate beats \(other)"
        : gain.upper < 0
          ? "The candidate is worse than \(other)"
          : "The candidate cannot be told from \(other)"
      return "\(verb) on \(score.task): \(score.metric) "
        + "\(Figures.number(score.candidate.estimate)) against "
        + "\(Figures.number(baseline.estimate)), a gain of \(Figures.signed(gain.estimate)) "
        + "(\(Figures.interval(gain))) on \(Figures.rows(score.count))"
    }
  }

  private static func line(_ score: MetricScore) -> String {
    func column(_ interval: ConfidenceInterval?) -> String {
      guard let interval else { return "" }
      return "\(Figures.number(interval.estimate)) "
        + "(\(Figures.number(interval.lower)) to \(Figures.number(interval.upper)))"
    }
    var paired = ""
    if let gained = score.gained, let lost = score.lost, let p = score.pValue {
      paired = "\(gained), \(lost), \(p < 0.001 ? "< 0.001" : Figures.number(p))"
    }
    let method = [score.candidate.method, score.gain?.method].compactMap { $0 }
    let task = score.task + (score.slice.map { ", \($0.column) \($0.value)" } ?? "")
    let other = score.baseline == nil ? "" : "\(score.versus ?? "baseline") "
    return "| \(cell(task)) | \(score.metric) | \(score.count) | "
      + "\(column(score.candidate)) | \(other)\(column(score.baseline)) | "
      + "\(column(score.gain)) | "
      + "\(method.count == 2 && method[0] == method[1] ? method[0] : method.joined(separator: ", "))"
      + " | \(paired) |\n"
  }

  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }

  private static func json(_ score: MetricScore) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("task", .string(score.task)), JSONMember("metric", .string(score.metric)),
      JSONMember("rows", .integer(Int64(score.count))),
      JSONMember("higher_is_better", .bool(score.higherIsBetter)),
      JSONMember("candidate", json(score.candidate)),
    ]
    if let slice = score.slice {
      members.append(JSONMember("slice", .object([slice.column: .string(slice.value)])))
    }
    if let error = score.standardError { members.append(JSONMember("stderr", .number(error))) }
    if let versus = score.versus { members.append(JSONMember("versus", .string(versus))) }
    if let baseline = score.baseline { members.append(JSONMember("baseline", json(baseline))) }
    if let gain = score.gain { members.append(JSONMember("gain", json(gain))) }
    if let gained = score.gained, let lost = score.lost {
      members.append(JSONMember("gained", .integer(Int64(gained))))
      members.append(JSONMember("lost", .integer(Int64(lost))))
    }
    if let p = score.pValue { members.append(JSONMember("mcnemar_p", .number(p))) }
    if let print = score.fingerprint {
      members.append(JSONMember("fingerprint", .string(print.hex)))
    }
    return .object(members)
  }

  private static func json(_ interval: ConfidenceInterval) -> JSONValue {
    .object([
      "value": number(interval.estimate), "lower": number(interval.lower),
      "upper": number(interval.upper), "confidence": .number(interval.confidence),
      "method": .string(interval.method),
    ])
  }

  /// JSON has no infinity: an overflowing perplexity is null.
  private static func number(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value) : .null
  }
}
