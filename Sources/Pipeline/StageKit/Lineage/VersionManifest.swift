package import Documents
package import Reproducibility

/// What a version of a registered model is: `version.json` of an artifact of type version. The
/// engine registers it when the stage that made it has succeeded.
package struct VersionManifest: Sendable, Hashable {
  package static let fileName = "version.json"
  private static let format = "orchestrate.version.1"

  /// A measurement of the model on rows it was not trained on.
  package struct Score: Sendable, Hashable {
    package var task: String
    package var metric: String
    package var rows: Int
    package var value: Double
    package var lower: Double?
    package var upper: Double?

    package init(
      task: String, metric: String, rows: Int, value: Double, lower: Double?, upper: Double?
    ) {
      self.task = task
      self.metric = metric
      self.rows = rows
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }

  /// The name it is registered under.
  package var name: String
  /// Aliases that point to it from its registration on.
  package var aliases: [String]
  package var model: Digest
  package var lineage: Lineage
  /// The artifact that holds the gate's decision.
  package var verdictArtifact: Digest
  package var verdict: Verdict
  package var scores: [Score]

  package init(
    name: String, aliases: [String], model: Digest, lineage: Lineage, verdictArtifact: Digest,
    verdict: Verdict, scores: [Score]
  ) {
    self.name = name
    self.aliases = aliases
    self.model = model
    self.lineage = lineage
    self.verdictArtifact = verdictArtifact
    self.verdict = verdict
    self.scores = scores
  }

  /// Nil when the value is none.
  package init?(_ json: JSONValue) {
    guard json["format"]?.stringValue == Self.format, let name = json["name"]?.stringValue,
      let model = json["model"]?.stringValue.flatMap(Digest.init(hex:)),
      let artifact = json["verdict"]?["artifact"]?.stringValue.flatMap(Digest.init(hex:)),
      let decision = json["verdict"]?["decision"]?.stringValue
        .flatMap(Verdict.Decision.init(rawValue:))
    else { return nil }
    let rules = (json["verdict"]?["rules"]?.arrayValue ?? []).compactMap { rule -> Verdict.Rule? in
      guard let text = rule["rule"]?.stringValue,
        let decision = rule["decision"]?.stringValue.flatMap(Verdict.Decision.init(rawValue:))
      else { return nil }
      return Verdict.Rule(
        rule: text, decision: decision, sentence: rule["sentence"]?.stringValue ?? "")
    }
    self.init(
      name: name, aliases: (json["aliases"]?.arrayValue ?? []).compactMap(\.stringValue),
      model: model, lineage: Lineage(json["lineage"] ?? .null), verdictArtifact: artifact,
      verdict: Verdict(decision: decision, rules: rules),
      scores: (json["scores"]?.arrayValue ?? []).compactMap(Self.score))
  }

  private static func score(_ json: JSONValue) -> Score? {
    guard let task = json["task"]?.stringValue, let metric = json["metric"]?.stringValue,
      let value = json["value"]?.doubleValue
    else { return nil }
    return Score(
      task: task, metric: metric, rows: json["rows"]?.integerValue ?? 0, value: value,
      lower: json["lower"]?.doubleValue, upper: json["upper"]?.doubleValue)
  }

  package var json: JSONValue {
    .object([
      "aliases": .array(aliases.map { .string($0) }), "format": .string(Self.format),
      "lineage": lineage.json, "model": .string(model.hex), "name": .string(name),
      "scores": .array(
        scores.map { score in
          .object([
            "task": .string(score.task), "metric": .string(score.metric),
            "rows": .integer(Int64(score.rows)), "value": .number(score.value),
            "lower": score.lower.map { .number($0) } ?? .null,
            "upper": score.upper.map { .number($0) } ?? .null,
          ])
        }),
      "verdict": .object([
        "artifact": .string(verdictArtifact.hex), "decision": .string(verdict.decision.rawValue),
        "rules": .array(
          verdict.rules.map { rule in
            .object([
              "rule": .string(rule.rule), "decision": .string(rule.decision.rawValue),
              "sentence": .string(rule.sentence),
            ])
          }),
      ]),
    ])
  }

  /// Whether both are the same model of the same making under the same name; gates may differ.
  package func isSameModel(as other: VersionManifest) -> Bool {
    name == other.name && model == other.model && lineage.recipe == other.lineage.recipe
  }

  /// Whether `name` can name a model or an alias: as file names go everywhere.
  package static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 64 else { return false }
    return name.utf8.allSatisfy {
      $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x5F].contains($0)
    } && ![0x2D, 0x2E, 0x5F].contains(first)
  }
}
