internal import Curation
internal import Diagnostics
internal import Documents
internal import Records
internal import StageKit

/// Verdicts and what follows from them; no contents.
struct ReviewReport {
  private let parameters: ReviewParameters
  private let sample: ReviewSample
  private let verdicts: ReviewVerdicts

  init(_ parameters: ReviewParameters, _ sample: ReviewSample, _ verdicts: ReviewVerdicts) {
    self.parameters = parameters
    self.sample = sample
    self.verdicts = verdicts
  }

  private var judged: Int { verdicts.decisions.count }
  private var accepted: Int { verdicts.rowCounts[.accept] ?? 0 }

  private enum Gate { case passed, inconclusive(String), refused(String) }

  /// `min_accept` against the interval of the share of accepted rows.
  private var gate: Gate {
    guard let least = parameters.acceptMin, judged > 0 else { return .passed }
    let interval = Agreement.wilson(accepted, of: judged)
    let share =
      "\(accepted) of \(judged) rows are accepted, \(Figures.percent(accepted, of: judged)) (95 % "
      + "interval \(Figures.decimal(100 * interval.lower, 1)) to "
      + "\(Figures.decimal(100 * interval.upper, 1)) %); min_accept is "
      + "\(ValueText.number(100 * least)) %"
    if interval.lower >= least { return .passed }
    if interval.upper < least { return .refused(share) }
    return .inconclusive("\(share): too few verdicts to tell; judge more rows")
  }

  /// A sentence for each reason not to go on.
  var refusals: [String] {
    if sample.rows.isEmpty { return [] }
    let isOpen =
      switch parameters.require {
      case .all: judged < sample.rows.count
      case .any: judged == 0
      case .none: false
      }
    if isOpen {
      let state =
        judged == 0
        ? "\(sample.rows.count) rows wait for verdicts"
        : "\(sample.rows.count - judged) of \(sample.rows.count) rows still wait for verdicts"
      return [
        "\(state): type 'orchestrate artifacts get STAGE.sample --to review' with this stage's name, "
          + "fill in 'verdict' (accept, reject or edit) in a copy of review/review.jsonl or "
          + "review.csv, or open review/review.html; then set 'verdicts: ./review/verdicts*.jsonl' "
          + "(or *.csv) and run again"
      ]
    }
    var refusals: [String] = []
    switch gate {
    case .passed: break
    case .refused(let sentence): refusals.append(sentence)
    case .inconclusive(let sentence):
      if parameters.onInconclusive == .fail { refusals.append(sentence) }
    }
    if let least = parameters.kappaMin {
      for pair in verdicts.agreements where pair.kappa < least {
        refusals.append(
          "two reviewers agree on \(pair.rows) rows with a kappa of "
            + "\(Figures.decimal(pair.kappa, 2)), below min_kappa \(ValueText.number(least))")
      }
    }
    return refusals
  }

  func warn(_ context: StageContext) {
    if sample.rows.isEmpty {
      context.warn(
        Diagnostic(
          "review.nothing", "no row fits 'only: \(parameters.only.rawValue)': nothing to review",
          severity: .warning))
    }
    if case .inconclusive(let sentence) = gate, parameters.onInconclusive == .warn {
      context.warn(Diagnostic("review.inconclusive", sentence, severity: .warning))
    }
    if verdicts.disputed > 0 {
      context.warn(
        Diagnostic(
          "review.disputed",
          "\(verdicts.disputed) rows have different verdicts; the strictest counts",
          severity: .warning))
    }
  }

  private func counts(_ counts: [ReviewVerdicts.Verdict: Int]) -> JSONValue {
    .object(
      ReviewVerdicts.Verdict.allCases.map {
        JSONMember($0.rawValue, .integer(Int64(counts[$0] ?? 0)))
      })
  }

  var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    let interval = judged > 0 ? Agreement.wilson(accepted, of: judged) : nil
    return .object([
      "formatVersion": 1,
      "candidates": number(sample.candidates), "sample": number(sample.rows.count),
      "judged": number(judged), "only": .string(parameters.only.rawValue),
      "seed": number(parameters.seed),
      "verdicts": counts(verdicts.counts), "rows": counts(verdicts.rowCounts),
      "disputed": number(verdicts.disputed),
      "accept_lower": interval.map { .number($0.lower) } ?? .null,
      "accept_upper": interval.map { .number($0.upper) } ?? .null,
      "min_accept": parameters.acceptMin.map { .number($0) } ?? .null,
      "reviewers": .array(
        verdicts.reviewers.map {
          .object(["reviewer": .string($0.name), "rows": number($0.rows)])
        }),
      "agreement": .array(
        verdicts.agreements.map {
          .object([
            "first": .string($0.first), "second": .string($0.second), "rows": number($0.rows),
            "kappa": .number($0.kappa),
          ])
        }),
      "refusals": .array(refusals.map { .string($0) }),
    ])
  }

  var markdown: [String] {
    var lines = [
      "# Review", "",
      "A sample of \(sample.rows.count) rows of \(sample.candidates) "
        + "(only: \(parameters.only.rawValue)); \(judged) have a verdict.",
      "", "| verdict | rows | judgements |", "|---|---:|---:|",
    ]
    lines += ReviewVerdicts.Verdict.allCases.map {
      "| \($0.rawValue) | \(verdicts.rowCounts[$0] ?? 0) | \(verdicts.counts[$0] ?? 0) |"
    }
    if judged > 0 {
      let interval = Agreement.wilson(accepted, of: judged)
      lines += [
        "",
        "Accepted: \(Figures.percent(accepted, of: judged)), 95 % interval "
          + "\(Figures.decimal(100 * interval.lower, 1)) to "
          + "\(Figures.decimal(100 * interval.upper, 1)) % (Wilson).",
      ]
    }
    if !verdicts.agreements.isEmpty {
      lines += ["", "| reviewers | rows | Cohen's kappa |", "|---|---:|---:|"]
      lines += verdicts.agreements.map {
        "| \(ReportFolder.cell($0.first)), \(ReportFolder.cell($0.second)) | \($0.rows) | "
          + "\(Figures.decimal($0.kappa, 2)) |"
      }
    }
    for refusal in refusals { lines += ["", refusal] }
    return lines
  }
}
