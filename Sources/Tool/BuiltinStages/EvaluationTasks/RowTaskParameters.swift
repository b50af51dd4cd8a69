internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Patterns
internal import Reproducibility
internal import Scoring
internal import StageKit

/// What an entry under `tasks:` says of a task on rows.
struct RowTaskParameters: Sendable {
  let metric: RowMetric
  let metrics: [RowMetric]
  let completion: CompletionSettings
  let by: [String]
  private let rules: AnswerRules
  private let schema: FilePattern

  init(_ read: inout ParameterReader) {
    let metric = read.choice(
      "metric", default: RowMetric.exactMatch,
      help: "The metric that a task on rows is about; rules may ask for others of its kind.")
    self.metric = metric
    metrics = Self.metrics(beside: metric, &read)
    completion = Self.completion(&read)
    rules = Self.rules(&read)
    schema = read.files(
      "json_schema", optional: true, help: "A file with the JSON Schema of 'json_schema'.")
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
      samples: read.integer(
        "samples", default: 1, in: 1...10_000, help: "Answers to each prompt, for pass_at_k."),
      constraint: read.flag(
        "json", default: false, help: "Whether the sampler keeps answers to one JSON value.")
        ? .json : .none)
  }

  private static func rules(_ read: inout ParameterReader) -> AnswerRules {
    var rules = AnswerRules()
    rules.exactMatch = exactMatch(&read)
    rules.tolerance.absolute = read.number(
      "tolerance", default: 1e-6, in: 0...Double.greatestFiniteMagnitude,
      help: "How far a number may be off in numeric_match.")
    rules.tolerance.relative = read.number(
      "relative_tolerance", default: 0, in: 0...1,
      help: "The same as a share of the expected number; either bound will do.")
    rules.stems = read.flag(
      "use_stemmer", default: false, help: "Whether ROUGE compares stems of English words.")
    rules.k = read.integer("k", default: 1, in: 1...10_000, help: "The k of pass_at_k.")
    if let source = read.optionalString(
      "pattern", help: "The regular expression of regex_match, in Python's syntax.")
    {
      do {
        rules.pattern = try Pattern(source)
      } catch let failure as Failure {
        read.problem(
          "pattern", failure.diagnostics.first?.message ?? "it is no regular expression",
          fix: failure.diagnostics.first?.fix)
      } catch {
        read.problem("pattern", "it is no regular expression")
      }
    }
    return rules
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

  /// - Parameters:
  ///   - asked: metrics that rules ask for.
  ///   - files: finds the files of a parameter.
  /// - Throws: ``Failure`` where the schema is none.
  func settings(name: String, limit: Int?, asked: [RowMetric], files: (String) -> [InputFile])
    throws -> RowTaskSettings
  {
    var rules = rules
    if schema.pattern != nil, let file = files(schema.parameter).first {
      rules.schema = try JSONSchema(
        JSONReader.parse(DurableFile.read(file.path), file: file.name))
    }
    return RowTaskSettings(
      name: name, metric: metric, others: metrics + asked, completion: completion, rules: rules,
      limit: limit, by: by)
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
