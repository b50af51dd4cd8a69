internal import Documents

/// The `README.md` of a model as the Hub reads it: metadata in YAML, then sections in Markdown.
///
/// Nothing in it is a date or a path of this machine, so that the same model has the same card.
package struct ModelCard: Sendable {
  /// A measurement, for the `model-index`.
  package struct Score: Sendable, Hashable {
    package var task: String
    package var metric: String
    package var value: Double

    package init(task: String, metric: String, value: Double) {
      self.task = task
      self.metric = metric
      self.value = value
    }
  }

  /// How a model came from its base, in the Hub's words.
  package enum Relation: String, Sendable { case finetune, adapter, merge, quantized }

  package var name: String
  /// `model_name/base` of the Hub, or nil when there is none.
  package var baseModel: String?
  package var relation: Relation
  package var license: String?
  package var library: String
  package var tags: [String]
  package var datasets: [String]
  package var languages: [String]
  package var scores: [Score]
  /// Heading and lines, in order.
  package var sections: [(title: String, lines: [String])]

  package init(name: String, relation: Relation, library: String) {
    self.name = name
    self.relation = relation
    self.library = library
    baseModel = nil
    license = nil
    tags = []
    datasets = []
    languages = []
    scores = []
    sections = []
  }

  package var text: String {
    var lines = ["---"]
    func list(_ key: String, _ values: [String]) {
      if values.isEmpty { return }
      lines.append("\(key):")
      lines += values.map { "- \(Self.scalar($0))" }
    }
    list("language", languages)
    if let license { lines.append("license: \(Self.scalar(license))") }
    lines.append("library_name: \(library)")
    lines.append("pipeline_tag: text-generation")
    if let baseModel {
      lines.append("base_model: \(Self.scalar(baseModel))")
      lines.append("base_model_relation: \(relation.rawValue)")
    }
    list("tags", tags)
    list("datasets", datasets)
    lines += modelIndex
    lines += ["---", "", "# \(name)"]
    for section in sections where !section.lines.isEmpty {
      lines += ["", "## \(section.title)", ""] + section.lines
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The results as the Hub lists them; a task's rows are the data set.
  private var modelIndex: [String] {
    if scores.isEmpty { return [] }
    var lines = ["model-index:", "- name: \(Self.scalar(name))", "  results:"]
    for score in scores {
      lines += [
        "  - task:", "      type: text-generation", "    dataset:",
        "      name: \(Self.scalar(score.task))", "      type: \(Self.scalar(score.task))",
        "    metrics:", "    - type: \(Self.scalar(score.metric))",
        "      name: \(Self.scalar(score.metric))", "      value: \(score.value)",
      ]
    }
    return lines
  }

  /// A YAML scalar that reads back as this text: plain where that is certain, else quoted.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy {
        $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x2F, 0x5F].contains($0)
      } && (text.utf8.first.map { ($0 | 0x20) &- 0x61 < 26 } ?? false)
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    if isPlain, !words.contains(text.lowercased()) { return text }
    return JSONWriter.compact(.string(text))
  }
}
