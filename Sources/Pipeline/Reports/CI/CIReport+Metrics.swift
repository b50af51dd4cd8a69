internal import StageKit

extension CIReport {
  /// OpenMetrics text, which GitLab compares between branches as strings: measured numbers only, no
  /// times, so that the same model gives the same file.
  package var metrics: String {
    var lines: [String] = []
    func family(_ name: String, _ help: String, _ samples: [(labels: String, value: Double)]) {
      let known = samples.filter { $0.value.isFinite }
      if known.isEmpty { return }
      lines += ["# TYPE \(name) gauge", "# HELP \(name) \(help)"]
      lines += known.map { "\(name){\($0.labels)} \(FigureText.number($0.value))" }
    }
    let scores = gates.flatMap { gate in gate.scores.map { (gate.stage, $0) } }
    var seen: Set<String> = []
    var values: [(labels: String, value: Double)] = []
    var lower: [(labels: String, value: Double)] = []
    var upper: [(labels: String, value: Double)] = []
    var gains: [(labels: String, value: Double)] = []
    func add(_ labels: String, _ interval: GateScore.Interval) {
      guard seen.insert(labels).inserted else { return }
      values.append((labels, interval.value))
      lower.append((labels, interval.lower))
      upper.append((labels, interval.upper))
    }
    for (stage, score) in scores {
      let common = Self.labels(stage, score)
      add(common + ",model=\"candidate\"", score.candidate)
      if let other = score.other, let versus = score.versus {
        add(common + ",model=\(Self.quoted(versus))", other)
        if let gain = score.gain {
          gains.append((common + ",versus=\(Self.quoted(versus))", gain.value))
        }
      }
    }
    family("orchestrate_score", "A metric of a gate on rows the model was not trained on.", values)
    family("orchestrate_score_lower", "Lower end of its confidence interval.", lower)
    family("orchestrate_score_upper", "Upper end of its confidence interval.", upper)
    family("orchestrate_gain", "The candidate less the other model.", gains)
    family(
      "orchestrate_gate_passed", "1: every rule of the gate passed.",
      gates.map { ("gate=\(Self.quoted($0.stage))", $0.verdict.decision == .pass ? 1 : 0) })
    family(
      "orchestrate_rules_refused", "Rules of the gate that did not pass.",
      gates.map { gate in
        (
          "gate=\(Self.quoted(gate.stage))",
          Double(gate.verdict.rules.count { $0.decision != .pass })
        )
      })
    return (lines + ["# EOF", ""]).joined(separator: "\n")
  }

  private static func labels(_ stage: String, _ score: GateScore) -> String {
    var labels =
      "gate=\(quoted(stage)),task=\(quoted(score.task)),metric=\(quoted(score.metric))"
    if let slice = score.slice { labels += ",slice=\(quoted(slice))" }
    return labels
  }

  /// A label's value: backslash, quote and line feed escaped.
  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\"": "\\\""
      case "\n", "\r": "\\n"
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
