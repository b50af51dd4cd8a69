internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Records
internal import StageKit

/// Accept rates of a rejection sampling.
struct RejectionReport {
  let prompts: [RowID]
  let results: [RejectionSample.Result]
  let samples: Int
  /// Rows without a prompt.
  let unfit: Int
  let rows: Int

  private var accepted: Int { results.reduce(0) { $0 + $1.accepted } }
  private var solved: Int { results.count { $0.accepted > 0 } }
  private var reasons: [String: Int] {
    results.reduce(into: [:]) { $0.merge($1.reasons, uniquingKeysWith: +) }
  }

  func write(_ asked: AskedModel, _ context: StageContext) throws {
    let total = prompts.count * samples
    let json = JSONValue.object([
      "formatVersion": 1, "prompts": .integer(Int64(prompts.count)),
      "rows_without_prompt": .integer(Int64(unfit)), "answers": .integer(Int64(total)),
      "accepted": .integer(Int64(accepted)),
      "accept_rate": .number(Double(accepted) / Double(max(1, total))),
      "prompts_with_an_accepted_answer": .integer(Int64(solved)),
      "rows": .integer(Int64(rows)), "reasons": ReportFolder.counts(reasons),
      "model": asked.model.identity,
    ])
    var lines = [
      "# Rejection sampling", "",
      "\(prompts.count) prompts, \(samples) answers each: \(accepted) of \(total) accepted "
        + "(\(Figures.percent(accepted, of: total))); \(solved) prompts have an accepted answer; "
        + "\(rows) rows.", "", asked.line,
    ]
    if unfit > 0 { lines += ["", "\(unfit) rows hold no prompt and were left out."] }
    lines += ReportFolder.table("refused because", reasons)
    try ReportFolder.write(json, lines, to: context.output("report"))
    let byPrompt = zip(prompts, results).map { row, result in
      JSONWriter.compact(
        .object([
          "row": .string(row.description), "answers": .integer(Int64(samples)),
          "accepted": .integer(Int64(result.accepted)),
          "accept_rate": .number(Double(result.accepted) / Double(samples)),
          "kept": .integer(Int64(result.kept.count)),
        ])) + "\n"
    }
    try OutputFile.write(
      Array(byPrompt.joined().utf8), to: context.output("report") + "/prompts.jsonl")
    try OutputFile.write(
      Array((JSONWriter.compact(asked.ledger) + "\n").utf8),
      to: context.output("ledger") + "/ledger.json")
    context.count("rows_in", prompts.count + unfit)
    context.count("rows_out", rows)
    context.count("answers", total)
    context.count("accepted", accepted)
  }

  /// What a stage without any row says.
  var nothing: Failure {
    let most = reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return Diagnostic(
      "rejection_sample.nothing",
      "none of \(prompts.count * samples) answers was accepted"
        + (most.map { " (most often: \($0.key), \($0.value) times)" } ?? ""),
      fix: "lower 'min_score', raise 'num_samples', or use a model that can do the task"
    ).failure(.stageFailed)
  }
}
