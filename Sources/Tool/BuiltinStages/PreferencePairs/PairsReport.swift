internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Records
internal import StageKit

/// What became of prompts.
struct PairsReport {
  let prompts: Int
  let unfit: Int
  let plans: [PairPlan]
  let ranking: String
  let asked: AskedModel
  let judge: AskedModel?

  private var margins: [Double] { plans.flatMap { $0.pairs.map(\.margin) }.sorted() }
  private var misses: [String: Int] {
    plans.reduce(into: [:]) { if let miss = $1.miss { $0[miss.rawValue, default: 0] += 1 } }
  }

  func write(_ context: StageContext) throws {
    let margins = margins
    let used = plans.count { !$0.pairs.isEmpty }
    let middle: JSONValue = margins.isEmpty ? .null : .number(margins[margins.count / 2])
    let longer = plans.flatMap(\.pairs).count {
      $0.chosen.text.unicodeScalars.count > $0.rejected.text.unicodeScalars.count
    }
    let json = JSONValue.object([
      "formatVersion": 1, "prompts": .integer(Int64(prompts)),
      "rows_without_prompt": .integer(Int64(unfit)), "pairs": .integer(Int64(margins.count)),
      "prompts_with_a_pair": .integer(Int64(used)),
      "accept_rate": .number(Double(used) / Double(max(1, prompts))),
      "median_margin": middle, "chosen_longer": .integer(Int64(longer)),
      "rank_by": .string(ranking), "without_pair": ReportFolder.counts(misses),
      "model": asked.model.identity, "judge": judge?.model.identity ?? .null,
    ])
    var lines = [
      "# Preference pairs", "",
      "\(prompts) prompts, \(used) with a pair (\(Figures.percent(used, of: prompts))), "
        + "\(margins.count) pairs ranked by \(ranking); the chosen answer is longer in "
        + "\(Figures.percent(longer, of: margins.count)).", "", asked.line,
    ]
    if let judge { lines += ["", "Judge. \(judge.line)"] }
    if unfit > 0 { lines += ["", "\(unfit) rows hold no prompt and were left out."] }
    lines += ReportFolder.table("no pair because", misses)
    try ReportFolder.write(json, lines, to: context.output("report"))
    var ledger: [JSONMember] = [JSONMember("formatVersion", 1), JSONMember("model", asked.ledger)]
    if let judge { ledger.append(JSONMember("judge", judge.ledger)) }
    try OutputFile.write(
      Array((JSONWriter.compact(.object(ledger)) + "\n").utf8),
      to: context.output("ledger") + "/ledger.json")
    context.count("rows_in", prompts + unfit)
    context.count("rows_out", margins.count)
    for (miss, count) in misses.sorted(by: { $0.key < $1.key }) { context.count(miss, count) }
  }

  /// What a stage without any pair says.
  var nothing: Failure {
    let reasons = misses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return Diagnostic(
      "preference_pairs.nothing",
      "none of \(prompts) prompts gives a pair (\(reasons.joined(separator: ", ")))",
      fix: "raise 'temperature' or 'num_samples', or lower 'min_margin'"
    ).failure(.stageFailed)
  }
}
