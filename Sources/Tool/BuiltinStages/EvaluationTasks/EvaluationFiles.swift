internal import Documents
internal import Evaluation
internal import Records
internal import Reproducibility
internal import Scoring
internal import StageKit

/// Writes an evaluation to the ports of a stage.
struct EvaluationFiles {
  let report: EvaluationReport

  init(_ report: EvaluationReport) { self.report = report }

  /// Scores, items and report, and the verdict where the stage gives one.
  func write(_ items: [JSONValue], _ context: StageContext, verdict hasVerdict: Bool = true) throws
  {
    func write(_ text: String, _ port: String, _ name: String) throws {
      try OutputFile.write(Array(text.utf8), to: context.output(port) + "/" + name)
    }
    if hasVerdict {
      let rules = report.verdicts.map { verdict in
        JSONValue.object([
          "decision": .string(verdict.decision.rawValue), "rule": .string(verdict.rule),
          "sentence": .string(verdict.sentence),
        ])
      }
      let verdict = JSONValue.object([
        "decision": .string(report.decision.rawValue), "formatVersion": 1, "rules": .array(rules),
      ])
      try write(JSONWriter.compact(verdict) + "\n", "verdict", "verdict.json")
    }
    try write(JSONWriter.compact(report.scoresJSON) + "\n", "scores", "scores.json")
    let lines = items.map { JSONWriter.compact($0) + "\n" }.joined()
    try write(lines, "scores", "items.jsonl")
    try write(JSONWriter.compact(report.json) + "\n", "report", "report.json")
    try write(report.markdown, "report", "report.md")
  }
}
