internal import Curation
internal import Documents
internal import StageKit

/// All that a data report says, as numbers; the page, the card and the JSON are made of it.
struct DataFacts {
  /// How far another set of rows is from the one reported.
  struct Drift {
    var name: String
    var rows: Int
    /// Kolmogorov–Smirnov statistic of the lengths, in tokens where they are known.
    var lengths: Double
    /// Total variation distance of the labels, by column.
    var labels: [Double]
    var languages: Double?
    /// What chance alone makes of two samples of these sizes 1 time in 20: 1.36·√((n+m)/(n·m))
    /// (Kolmogorov–Smirnov, large samples).
    var noise: Double
  }

  let parameters: DataReportParameters
  let profile: DataProfile
  let funnel: [FunnelStep]
  let drifts: [Drift]

  init(
    _ parameters: DataReportParameters, _ profile: DataProfile, _ funnel: [FunnelStep],
    _ others: [(name: String, profile: DataProfile)]
  ) {
    self.parameters = parameters
    self.profile = profile
    self.funnel = funnel
    drifts = others.map { Self.drift($0, $1, profile) }
  }

  private static func drift(_ name: String, _ other: DataProfile, _ mine: DataProfile) -> Drift {
    let hasTokens = mine.tokens.count > 0 && other.tokens.count > 0
    let (n, m) = (Double(max(1, mine.rows)), Double(max(1, other.rows)))
    func languages(_ profile: DataProfile) -> NameCounts {
      var counts = NameCounts()
      for (name, sums) in zip(profile.languageNames.names, profile.languages) {
        counts.add(name, sums.rows)
      }
      return counts
    }
    let (first, second) = (languages(mine), languages(other))
    return Drift(
      name: name, rows: other.rows,
      lengths: hasTokens
        ? mine.tokens.distance(other.tokens) : mine.characters.distance(other.characters),
      labels: zip(mine.labels, other.labels).map { $0.distance($1) },
      languages: first.total > 0 && second.total > 0 ? first.distance(second) : nil,
      noise: 1.36 * ((n + m) / (n * m)).squareRoot())
  }

  /// The 95th percentile of token lengths, rounded up to a multiple of 64 (D22).
  var sequenceLength: Int? {
    if profile.tokens.count == 0 { return nil }
    return max(64, (profile.tokens.quantile(0.95) + 63) / 64 * 64)
  }

  /// Languages by rows, the most frequent first, then by name.
  var languages: [(code: String, sums: DataProfile.LanguageSums)] {
    zip(profile.languageNames.names, profile.languages)
      .map { (String(decoding: $0, as: UTF8.self), $1) }
      .sorted { a, b in
        a.1.rows != b.1.rows
          ? a.1.rows > b.1.rows : a.0.utf8.lexicographicallyPrecedes(b.0.utf8)
      }
  }

  /// What should make one think before training.
  var warnings: [String] {
    var out: [String] = []
    let rows = profile.rows
    if rows < 50 {
      out.append("\(rows) rows: with under 50 nothing can be measured, and tuning is refused")
    } else if rows < 200 {
      out.append("\(rows) rows: under 200 a model learns them by heart")
    } else if rows < 500 {
      out.append("\(rows) rows: under 500 tuning seldom pays")
    }
    if let usual = parameters.task.rows, rows < usual.lowerBound {
      out.append(
        "\(rows) rows for the task \(parameters.task.rawValue), where "
          + "\(Figures.grouped(usual.lowerBound)) to \(Figures.grouped(usual.upperBound)) are usual"
      )
    }
    if profile.untrainedRows > 0 {
      out.append("\(profile.untrainedRows) rows have no token to train on")
    }
    if let limit = parameters.sequenceLength, profile.tokens.count > 0 {
      let long = profile.tokens.countAbove(limit)
      if long > 0 {
        out.append(
          "\(long) rows (\(Figures.percent(long, of: rows))) have more than sequence_len "
            + "\(limit) tokens")
      }
    }
    for (column, counts) in zip(parameters.labels, profile.labels) {
      guard let most = counts.counts.max(), let least = counts.counts.min(),
        counts.counts.count > 1,
        most > 5 * least
      else { continue }
      out.append(
        "the largest class of '\(column)' has \(Figures.decimal(Double(most) / Double(least), 1)) "
          + "times the rows of the smallest; more than 5 is seldom good: see the stage balance")
    }
    return out
  }

  // MARK: - JSON

  var json: JSONValue {
    .object(
      [
        JSONMember("formatVersion", 1), JSONMember("rows", .integer(Int64(profile.rows))),
        JSONMember("types", counts(profile.types)),
        JSONMember("characters", lengths(profile.characters)),
        JSONMember("words", .integer(Int64(profile.text.words))),
      ] + tokenMembers + [
        JSONMember("repeated_rows", .integer(Int64(profile.repeatedRows))),
        JSONMember("repeated_contents", .integer(Int64(profile.repeatedContents))),
        JSONMember("labels", labelCounts),
        JSONMember("languages", .array(languages.map { language($0.code, $0.sums) })),
        JSONMember("columns", columnCounts), JSONMember("funnel", .array(funnel.map(step))),
        JSONMember("drift", .array(drifts.map(drift))),
        JSONMember("warnings", .array(warnings.map { .string($0) })),
      ])
  }

  private var tokenMembers: [JSONMember] {
    let names = [
      "tokens", "trained_tokens", "untrained_rows", "sequence_len", "rows_above_sequence_len",
    ]
    guard let length = sequenceLength else { return names.map { JSONMember($0, .null) } }
    let values: [JSONValue] = [
      lengths(profile.tokens), .integer(Int64(profile.trainedTokens)),
      .integer(Int64(profile.untrainedRows)), .integer(Int64(length)),
      .integer(Int64(profile.tokens.countAbove(length))),
    ]
    return zip(names, values).map { JSONMember($0, $1) }
  }

  private var labelCounts: JSONValue {
    .object(
      zip(parameters.labels, profile.labels).filter { $1.total > 0 }
        .map { JSONMember($0, counts($1, labels: true)) })
  }

  private var columnCounts: JSONValue {
    .object(
      zip(profile.columnNames.names, profile.columns)
        .map { JSONMember(TagText.text($0), .integer(Int64($1.rows))) }
        .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
  }

  private func language(_ code: String, _ sums: DataProfile.LanguageSums) -> JSONValue {
    .object([
      "language": .string(code), "rows": .integer(Int64(sums.rows)),
      "characters": .integer(Int64(sums.text.characters)),
      "words": .integer(Int64(sums.text.words)), "tokens": .integer(Int64(sums.tokens)),
    ])
  }

  private func drift(_ drift: Drift) -> JSONValue {
    .object([
      "with": .string(drift.name), "rows": .integer(Int64(drift.rows)),
      "lengths": .number(drift.lengths), "noise": .number(drift.noise),
      "labels": .object(zip(parameters.labels, drift.labels).map { JSONMember($0, .number($1)) }),
      "languages": drift.languages.map { .number($0) } ?? .null,
    ])
  }

  private func counts(_ counts: NameCounts, labels: Bool = false) -> JSONValue {
    .object(
      counts.sorted.map {
        JSONMember(
          labels ? TagText.text($0.name) : String(decoding: $0.name, as: UTF8.self),
          .integer(Int64($0.count)))
      })
  }

  private func lengths(_ lengths: LengthHistogram) -> JSONValue {
    .object([
      "total": .integer(Int64(lengths.sum)), "mean": .number(lengths.mean),
      "p50": .integer(Int64(lengths.quantile(0.5))),
      "p95": .integer(Int64(lengths.quantile(0.95))),
      "p99": .integer(Int64(lengths.quantile(0.99))), "max": .integer(Int64(lengths.max)),
      "bins": .array(
        lengths.bins.map {
          .object(["up_to": .integer(Int64($0.upTo)), "rows": .integer(Int64($0.count))])
        }),
    ])
  }

  private func step(_ step: FunnelStep) -> JSONValue {
    func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    return .object([
      "stage": .string(step.name), "rows_in": number(step.rowsIn), "rows_out": number(step.rowsOut),
      "changed": number(step.changed),
      "dropped": .object(step.dropped.map { JSONMember($0.reason, .integer(Int64($0.rows))) }),
      "entities": .object(step.entities.map { JSONMember($0.entity, .integer(Int64($0.count))) }),
    ])
  }
}
