internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Records
internal import StageKit

/// What a teacher's replies came to.
struct SynthesizeReport {
  let run: SynthesizeRun
  let replies: Int
  let seeds: Int
  /// Seed rows without a prompt.
  let unfit: Int
  let rows: Int

  private var refused: Int { run.rejected.count }
  private var objects: Int { run.accepted + refused }

  /// Rows that people wrote, of seeds and made rows together.
  private var humanShare: Double {
    Double(run.humanRows) / Double(max(1, seeds + run.accepted))
  }

  func write(
    _ asked: AskedModel, _ parameters: SynthesizeParameters, _ context: StageContext
  ) throws {
    let json = JSONValue.object([
      "formatVersion": 1, "seeds": .integer(Int64(seeds)),
      "rows_without_prompt": .integer(Int64(unfit)), "replies": .integer(Int64(replies)),
      "objects": .integer(Int64(objects)), "accepted": .integer(Int64(run.accepted)),
      "accept_rate": .number(Double(run.accepted) / Double(max(1, objects))),
      "reasons": ReportFolder.counts(run.reasons), "human_share": .number(humanShare),
      "rows": .integer(Int64(rows)), "teacher": asked.model.identity,
    ])
    var lines = [
      "# Synthetic rows", "",
      "\(seeds) seeds, \(replies) replies with \(objects) objects: \(run.accepted) accepted "
        + "(\(Figures.percent(run.accepted, of: objects))). Of seeds and made rows together people "
        + "wrote \(Figures.decimal(100 * humanShare, 1)) %.", "", asked.line,
    ]
    if unfit > 0 { lines += ["", "\(unfit) seed rows hold no prompt and were left out."] }
    lines += ReportFolder.table("refused because", run.reasons)
    try ReportFolder.write(json, lines, to: context.output("report"))
    let rejected = run.rejected.map { JSONWriter.compact($0) + "\n" }.joined()
    try OutputFile.write(
      Array(rejected.utf8), to: context.output("report") + "/rejected.jsonl")
    try OutputFile.write(
      Array((JSONWriter.compact(asked.ledger) + "\n").utf8),
      to: context.output("ledger") + "/ledger.json")
    context.count("rows_in", seeds)
    context.count("rows_out", rows)
    context.count("accepted", run.accepted)
    for (reason, count) in run.reasons.sorted(by: { $0.key < $1.key }) {
      context.count("refused.\(reason)", count)
    }
    if humanShare < parameters.humanShareMin {
      context.warn(
        Diagnostic(
          "synthesize.human-share",
          "people wrote \(Figures.decimal(100 * humanShare, 1)) % of seeds and made rows together, "
            + "less than 'min_human_share' \(Figures.decimal(100 * parameters.humanShareMin, 1)) %",
          fix: "add rows that people wrote, or make fewer; a model trained on its teacher's words "
            + "inherits its mistakes", severity: .warning))
    }
  }

  /// What a stage without any row says.
  var nothing: Failure {
    let most = run.reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return Diagnostic(
      "synthesize.nothing",
      "none of \(replies) replies made a row"
        + (most.map { " (most often: \($0.key), \($0.value) times)" } ?? ""),
      fix: "look at 'prompt' and 'max_new_tokens'; a reply must be JSON with 'prompt' and 'answer'"
    ).failure(.stageFailed)
  }
}
