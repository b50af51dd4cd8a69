internal import Diagnostics
internal import Evaluation
internal import Scoring
internal import StageKit

/// What an entry under `tasks:` says of a task on rows.
struct RowTaskParameters: Sendable {
  let metric: RowMetric
  let metrics: [RowMetric]
  let completion: CompletionSettings
  let exactMatch: ExactMatch
  let by: [String]

  init(_ read: inout ParameterReader) {
    let metric = read.choice(
      "metric", default: RowMetric.exactMatch,
      help: "The metric that a task on rows is about; rules may ask for others of its kind.")
    self.metric = metric
    metrics = Self.metrics(beside: metric, &read)
    completion = Self.completion(&read)
    exactMatch = Self.exactMatch(&read)
    by = read.strings(
      "by", default: [], help: "Columns by whose values results are also told apart.")
  }

  private static func metrics(beside metric: RowMetric, _ read: inout ParameterReader)
    -> [RowMetric]
  {
    let names = RowMetric.all(of: metric.kind).map(\.rawValue)
    return read.strings("metrics", default: [], help: "Further metrics of the same kind.")
      .compactMap { name in
        if let found = RowMetric(rawValue: name), found.kind == metric.kind { return found }
        let nearest = NearestName.suggestion(for: name, among: names)
        read.problem(
          "metrics",
          "'\(SafeText.escaped(name))' is not measured with '\(metric.rawValue)', expected one of "
            + names.joined(separator: ", "), fix: nearest.map { "did you mean '\($0)'?" })
        return nil
      }
  }

  private static func completion(_ read: inout ParameterReader) -> CompletionSettings {
    CompletionSettings(
      maxNewTokens: read.integer(
        "max_new_tokens", default: 256, in: 1...1_000_000,
        help: "Tokens of a generated answer at most."),
      stops: read.strings("until", default: [], help: "Texts that end an answer."),
      temperature: read.number(
        "temperature", default: 0, in: 0...100, help: "0: always the likeliest token."),
      topP: read.number(
        "top_p", default: 1, in: 0.0001...1,
        help: "Only the likeliest tokens that together have this probability."),
      seed: UInt64(
        read.integer("sampling_seed", default: 0, in: 0...Int.max, help: "Seed of sampling.")),
      constraint: read.flag(
        "json", default: false, help: "Whether the sampler keeps answers to one JSON value.")
        ? .json : .none)
  }

  private static func exactMatch(_ read: inout ParameterReader) -> ExactMatch {
    let patterns = read.strings(
      "regexes_to_ignore", default: [],
      help: "Removed before exact_match compares: a text, a text at the end (\\.$), everything "
        + "through a text ((?s).*#### ).")
    return ExactMatch(
      ignoreCase: read.flag(
        "ignore_case", default: false, help: "Whether exact_match overlooks case."),
      ignorePunctuation: read.flag(
        "ignore_punctuation", default: false, help: "Whether it overlooks punctuation."),
      ignoreNumbers: read.flag(
        "ignore_numbers", default: false, help: "Whether it overlooks digits."),
      patternsToIgnore: patterns.compactMap { pattern in
        let parsed = IgnoredPattern(regex: pattern)
        if parsed == nil {
          read.problem(
            "regexes_to_ignore",
            "'\(SafeText.escaped(pattern))' is more than a text, a text at the end ('\\.$') or "
              + "everything through a text ('(?s).*#### ')",
            fix: "escape special characters with '\\', or split the pattern")
        }
        return parsed
      })
  }

  /// - Parameter asked: metrics that rules ask for.
  func settings(name: String, limit: Int?, asked: [RowMetric]) -> RowTaskSettings {
    RowTaskSettings(
      name: name, metric: metric, others: metrics + asked, completion: completion,
      exactMatch: exactMatch, limit: limit, by: by)
  }
}

extension ParameterReader {
  /// Whether the reader has complained already that `key` is not there.
  func lacks(_ key: String) -> Bool {
    diagnostics.contains {
      $0.code == "spec.missing-parameter" && $0.message.hasSuffix("'\(key)'")
    }
  }
}
