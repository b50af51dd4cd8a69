internal import Documents
internal import Evaluation
internal import Parallelism
internal import Scoring

/// What a judge found, for programs, by item, and for people.
struct JudgeReport {
  let task: String
  let items: [JudgeItem]
  let confidence: Double
  let seed: UInt64
  let judge: String
  let candidate: String
  let baseline: String?
  var notes: [String]

  /// A number of the task with its interval.
  private struct Score {
    var metric: String
    var rows: Int
    var candidate: ConfidenceInterval
    var baseline: ConfidenceInterval?
    var gain: ConfidenceInterval?
  }

  struct Pages {
    var scores: JSONValue
    var items: [JSONValue]
    var report: JSONValue
    var lines: [String]

    var hasNoScore: Bool { scores["scores"]?.arrayValue?.isEmpty ?? true }
  }

  // MARK: - Pairs

  func pages(_ comparisons: [Judge.Comparison]) -> Pages {
    let all = PairSummary(items, comparisons)
    var notes = notes
    if let ratio = all.lengthRatio, let wins = all.longerWins, ratio > 1.2, wins > 0.6 {
      notes.append(
        "the candidate's answers are \(Figures.decimal(ratio, 2)) times as long, and the longer "
          + "answer won \(Figures.decimal(100 * wins, 0)) % of the pairs: the judge may have paid "
          + "for length")
    }
    if let agreement = all.agreement, agreement < 0.6 {
      notes.append(
        "the two orders agree on \(Figures.decimal(100 * agreement, 0)) % of the pairs: this judge "
          + "is hardly better than chance on these answers")
    }
    if all.invalid > 0 {
      notes.append("\(all.invalid) of \(all.pairs) pairs had no verdict and were left out")
    }
    let scores =
      all.winRate(confidence: confidence).map {
        [Score(metric: "win_rate", rows: all.count, candidate: $0)]
      } ?? []
    let categories = byCategory(comparisons)
    return Pages(
      scores: scoresJSON(scores, notes),
      items: zip(items, comparisons).map { item, comparison in
        line(item, "win_rate", PairOutcome(comparison).points)
      },
      report: .object([
        "formatVersion": 1, "task": .string(task), "mode": "pairwise", "judge": .string(judge),
        "candidate": .string(candidate), "baseline": .string(baseline ?? ""),
        "scores": .array(scores.map(json)), "pairs": Self.json(all),
        "categories": .object(categories.map { JSONMember($0.name, Self.json($0.summary)) }),
        "notes": .array(notes.map { .string($0) }),
      ]),
      lines: pairLines(all, categories, notes))
  }

  private func byCategory(_ comparisons: [Judge.Comparison]) -> [(
    name: String, summary: PairSummary
  )] {
    let names = Set(items.map(\.category)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if names.count < 2 { return [] }
    return names.map { name in
      let own = items.indices.filter { items[$0].category == name }
      return (name, PairSummary(own.map { items[$0] }, own.map { comparisons[$0] }))
    }
  }

  static func json(_ summary: PairSummary) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    return .object([
      "pairs": count(summary.pairs), "wins": count(summary.wins), "ties": count(summary.ties),
      "losses": count(summary.losses), "inconsistent": count(summary.inconsistent),
      "invalid": count(summary.invalid), "retried": count(summary.retried),
      "agreement": number(summary.agreement), "invalid_rate": .number(summary.invalidRate),
      "first_chosen": count(summary.firstChosen), "second_chosen": count(summary.secondChosen),
      "neither_chosen": count(summary.neitherChosen), "first_share": number(summary.firstShare),
      "length_ratio": number(summary.lengthRatio), "longer_wins": number(summary.longerWins),
      "win_rate_when_longer": number(summary.longer.rate),
      "win_rate_when_shorter": number(summary.shorter.rate),
      "win_rate_length_balanced": number(summary.lengthBalancedRate),
    ])
  }

  private func pairLines(
    _ all: PairSummary, _ categories: [(name: String, summary: PairSummary)], _ notes: [String]
  ) -> [String] {
    func text(_ value: Double?) -> String { value.map { Figures.decimal($0, 3) } ?? "–" }
    var lines = [
      "# \(ReportFolder.cell(task)): \(ReportFolder.cell(candidate)) against "
        + ReportFolder.cell(baseline ?? ""), "",
    ]
    if let rate = all.winRate(confidence: confidence) {
      lines.append(
        "Win rate \(Evaluation.Figures.number(rate.estimate)) "
          + "(\(Evaluation.Figures.interval(rate)), \(all.count) pairs): \(all.wins) wins, "
          + "\(all.ties) ties, \(all.losses) losses, each judged in both orders.")
      if rate.lower > 0, rate.upper < 1 {
        lines.append(
          "That is an Elo difference of \(Figures.decimal(PairSummary.elo(rate.estimate), 0)) "
            + "(\(Figures.decimal(PairSummary.elo(rate.lower), 0)) to "
            + "\(Figures.decimal(PairSummary.elo(rate.upper), 0))).")
      }
    }
    lines += [
      "", "| how far it can be trusted | |", "|---|---:|",
      "| orders that agree | \(text(all.agreement)) |",
      "| pairs whose orders differ (ties by the rule) | \(all.inconsistent) |",
      "| verdicts for the answer shown first (½ is fair) | \(text(all.firstShare)) |",
      "| pairs without a verdict | \(all.invalid) |",
      "| replies asked for again | \(all.retried) |",
      "| length of the candidate's answers over the baseline's | \(text(all.lengthRatio)) |",
      "| pairs that the longer answer won | \(text(all.longerWins)) |",
      "| win rate where the candidate is longer, shorter | \(text(all.longer.rate)), "
        + "\(text(all.shorter.rate)) |",
      "| win rate with both weighed the same | \(text(all.lengthBalancedRate)) |",
    ]
    if !categories.isEmpty {
      lines += ["", "| category | wins | ties | losses | win rate |", "|---|---:|---:|---:|---:|"]
      for (name, summary) in categories {
        lines.append(
          "| \(ReportFolder.cell(name)) | \(summary.wins) | \(summary.ties) | \(summary.losses) | "
            + "\(text(summary.winRate(confidence: confidence)?.estimate)) |")
      }
    }
    return lines + noteLines(notes)
  }

  private func noteLines(_ notes: [String]) -> [String] {
    notes.isEmpty ? [] : [""] + notes.map { "- \(ReportFolder.cell($0))" }
  }

  // MARK: - Grades

  func pages(_ own: [Judge.Grade], _ other: [Judge.Grade]?, _ pool: ThreadPool) throws -> Pages {
    let summary = GradeSummary(own, other)
    var notes = notes
    if summary.invalid > 0 {
      notes.append("\(summary.invalid) of \(items.count) answers had no grade and were left out")
    }
    let scores = try self.scores(summary, hasBaseline: other != nil, pool)
    return Pages(
      scores: scoresJSON(scores, notes),
      items: items.indices.map { index in
        line(items[index], "judge_score", own[index].grade, other.map { $0[index].grade } ?? nil)
      },
      report: .object([
        "formatVersion": 1, "task": .string(task), "mode": "single", "judge": .string(judge),
        "candidate": .string(candidate), "baseline": baseline.map { .string($0) } ?? .null,
        "scores": .array(scores.map(json)), "wins": .integer(Int64(summary.wins)),
        "ties": .integer(Int64(summary.ties)), "losses": .integer(Int64(summary.losses)),
        "invalid": .integer(Int64(summary.invalid)), "retried": .integer(Int64(summary.retried)),
        "notes": .array(notes.map { .string($0) }),
      ]),
      lines: gradeLines(scores, summary) + noteLines(notes))
  }

  private func scores(_ summary: GradeSummary, hasBaseline: Bool, _ pool: ThreadPool) throws
    -> [Score]
  {
    guard summary.count > 0 else { return [] }
    var score = Score(
      metric: "judge_score", rows: summary.count, candidate: try mean(summary.candidate, pool))
    guard hasBaseline else { return [score] }
    score.baseline = try mean(summary.baseline, pool)
    score.gain = try mean(zip(summary.candidate, summary.baseline).map { $0 - $1 }, pool)
    let rate = (Double(summary.wins) + Double(summary.ties) / 2) / Double(summary.count)
    return [
      score,
      Score(
        metric: "win_rate", rows: summary.count,
        candidate: .wilson(mean: rate, of: summary.count, confidence: confidence)),
    ]
  }

  private func mean(_ values: [Double], _ pool: ThreadPool) throws -> ConfidenceInterval {
    var items = AdditiveItems(width: 2)
    for value in values { items.append([1, value]) }
    return try .bca(items, confidence: confidence, seed: seed, pool: pool) {
      $0[0] == 0 ? 0 : $0[1] / $0[0]
    }
  }

  private func gradeLines(_ scores: [Score], _ summary: GradeSummary) -> [String] {
    var lines = ["# \(ReportFolder.cell(task)): grades of \(ReportFolder.cell(candidate))", ""]
    lines += ["| metric | answers | candidate | baseline | gain |", "|---|---:|---|---|---|"]
    func cell(_ interval: ConfidenceInterval?) -> String {
      interval.map {
        "\(Evaluation.Figures.number($0.estimate)) (\(Evaluation.Figures.interval($0)))"
      } ?? ""
    }
    for score in scores {
      lines.append(
        "| \(score.metric) | \(score.rows) | \(cell(score.candidate)) | \(cell(score.baseline)) | "
          + "\(cell(score.gain)) |")
    }
    return lines
  }

  // MARK: - Forms

  private func scoresJSON(_ scores: [Score], _ notes: [String]) -> JSONValue {
    .object([
      "formatVersion": 1, "scores": .array(scores.map(json)),
      "notes": .array(notes.map { .string($0) }),
    ])
  }

  private func json(_ score: Score) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("task", .string(task)), JSONMember("metric", .string(score.metric)),
      JSONMember("rows", .integer(Int64(score.rows))), JSONMember("higher_is_better", true),
      JSONMember("candidate", Self.json(score.candidate)),
    ]
    if let baseline = score.baseline { members.append(JSONMember("baseline", Self.json(baseline))) }
    if let gain = score.gain { members.append(JSONMember("gain", Self.json(gain))) }
    return .object(members)
  }

  private static func json(_ interval: ConfidenceInterval) -> JSONValue {
    .object([
      "value": .number(interval.estimate), "lower": .number(interval.lower),
      "upper": .number(interval.upper), "confidence": .number(interval.confidence),
      "method": .string(interval.method),
    ])
  }

  private func line(
    _ item: JudgeItem, _ metric: String, _ own: Double?, _ other: Double? = nil
  ) -> JSONValue {
    var members: [JSONMember] = [
      JSONMember("row", .string(item.id)), JSONMember("task", .string(task)),
      JSONMember("metric", .string(metric)),
      JSONMember("candidate", own.map { .number($0) } ?? .null),
    ]
    if let other { members.append(JSONMember("baseline", .number(other))) }
    if item.turn > 1 { members.append(JSONMember("turn", .integer(Int64(item.turn)))) }
    return .object(members)
  }
}
