internal import Documents
internal import Training

/// `report.json` and `report.md` of a training stage: what it was given, what it did, and the
/// validation rows before and after.
struct TrainingReport {
  let title: String
  let summary: TrainingSummary
  let counts: [(port: String, counts: TrainingRows.Counts)]

  func write(to folder: String) throws {
    try ReportFolder.write(json, lines, to: folder)
  }

  private var json: JSONValue {
    .object([
      "stage": .string(title),
      "steps": .integer(Int64(summary.steps)),
      "planned_steps": .integer(Int64(summary.totalSteps)),
      "kept_step": .integer(Int64(summary.keptStep)),
      "stopped_early": .bool(summary.stoppedEarly),
      "tokens": .integer(Int64(summary.tokens)),
      "rows": .object(counts.map { JSONMember($0.port, Self.json($0.counts)) }),
      "before": Self.json(summary.before),
      "after": Self.json(summary.after),
    ])
  }

  private static func json(_ counts: TrainingRows.Counts) -> JSONValue {
    .object([
      "rows_in": .integer(Int64(counts.rows)), "rows_used": .integer(Int64(counts.kept)),
      "dropped_too_long": .integer(Int64(counts.tooLong)), "cut": .integer(Int64(counts.cut)),
      "dropped_nothing_trained": .integer(Int64(counts.untrained)),
      "dropped_equal_answers": .integer(Int64(counts.equalAnswers)),
      "tokens": .integer(Int64(counts.tokens)),
      "trained_tokens": .integer(Int64(counts.trainedTokens)),
    ])
  }

  private static func json(_ values: [NamedValue]) -> JSONValue {
    .object(values.map { JSONMember($0.name, .number($0.value)) })
  }

  private var lines: [String] {
    var lines = [
      "# \(title)", "",
      "\(summary.steps) optimizer steps over \(summary.tokens) tokens; the weights are those "
        + "after step \(summary.keptStep).",
    ]
    if summary.stoppedEarly {
      lines.append("Stopped early: \(summary.totalSteps) steps were planned.")
    }
    lines += ["", "| rows | given | used | tokens | trained tokens |", "|---|---:|---:|---:|---:|"]
    lines += counts.map {
      "| \($0.port) | \($0.counts.rows) | \($0.counts.kept) | \($0.counts.tokens) "
        + "| \($0.counts.trainedTokens) |"
    }
    if !summary.before.isEmpty {
      lines += ["", "| validation rows | before | after |", "|---|---:|---:|"]
      lines += zip(summary.before, summary.after).map {
        "| \($0.name) | \($0.value) | \($1.value) |"
      }
    }
    return lines
  }
}
