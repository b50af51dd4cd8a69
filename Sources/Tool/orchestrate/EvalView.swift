import Evaluation
import Scoring

/// An evaluation as a table for people.
struct EvalView {
  private let report: EvaluationReport

  init(_ report: EvaluationReport) { self.report = report }

  var lines: [String] {
    let hasBaseline = report.scores.contains { $0.baseline != nil }
    var table = [["metric", "rows", "model"] + (hasBaseline ? ["baseline", "gain"] : [])]
    for score in report.scores {
      let row = [score.metric, String(score.count), Self.text(score.candidate)]
      let more = [score.baseline, score.gain].map { $0.map(Self.text) ?? "" }
      table.append(row + (hasBaseline ? more : []))
    }
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    let rows = table.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return rows + report.notes
  }

  private static func text(_ interval: ConfidenceInterval) -> String {
    "\(Figures.number(interval.estimate)) "
      + "(\(Figures.number(interval.lower)) to \(Figures.number(interval.upper)))"
  }
}
