internal import Documents
internal import ModelFiles
internal import Reproducibility
internal import StageKit

/// What other stages say of a model, for its card.
struct HFFacts {
  /// Of the `scores` artifact.
  let scores: [ModelCard.Score]
  /// Lines of the table of measurements.
  let scoreLines: [String]
  /// A gate's decision and its sentences.
  let verdict: (decision: String, sentences: [String])?
  /// `report.json` of a training stage.
  let training: JSONValue?
  /// What the model was made of, for the metadata of its weights; empty when not asked for.
  let metadata: [String: String]
  /// Licences of what it was made of.
  let licenses: [LicenseNote]

  init(_ parameters: ExportHF.Parameters, _ context: StageContext, _ folder: ModelFolder) throws {
    func json(_ port: String, _ name: String) throws -> JSONValue? {
      try context.optionalInput(port).map { try JSONFile.read($0.tree.path(name)) }
    }
    let entries = try json("scores", "scores.json")?["scores"]?.arrayValue ?? []
    var scores: [ModelCard.Score] = []
    var lines: [String] = []
    for entry in entries {
      guard let task = entry["task"]?.stringValue, let metric = entry["metric"]?.stringValue,
        let value = Self.number(entry["candidate"]?["value"])
      else { continue }
      if entry["slice"] != nil { continue }
      scores.append(ModelCard.Score(task: task, metric: metric, value: value))
      let rows = entry["rows"]?.integerValue.map { "\($0)" } ?? ""
      let baseline = Self.interval(entry["baseline"])
      lines.append(
        "| \(ReportFolder.cell(task)) | \(ReportFolder.cell(metric)) | \(rows) "
          + "| \(Self.interval(entry["candidate"])) | \(baseline) |")
    }
    self.scores = scores
    scoreLines = lines
    verdict = try json("verdict", "verdict.json").map { verdict in
      (
        verdict["decision"]?.stringValue ?? "unknown",
        (verdict["rules"]?.arrayValue ?? []).compactMap { $0["sentence"]?.stringValue }
      )
    }
    training = try json("training", "report.json")
    let input = context.input("model")
    var made = try Lineage(of: input)
    if let verdict = context.optionalInput("verdict") {
      var lineage = made ?? Lineage()
      lineage.gates = Set(lineage.gates + [verdict.digest]).sorted()
      made = lineage
    }
    licenses = made?.licenses ?? []
    var metadata: [String: String] = [:]
    if let made, parameters.metadata == .full {
      metadata["orchestrate.input.model"] = input.digest.hex
      for (key, values) in made.metadata { metadata[key] = values.joined(separator: "\n") }
    }
    self.metadata = metadata
  }

  private static func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .number(let number): number.isFinite ? number : nil
    case .integer(let integer): Double(integer)
    default: nil
    }
  }

  private static func interval(_ value: JSONValue?) -> String {
    guard let value, let estimate = number(value["value"]) else { return "" }
    guard let lower = number(value["lower"]), let upper = number(value["upper"]) else {
      return figure(estimate)
    }
    return "\(figure(estimate)) (\(figure(lower)) to \(figure(upper)))"
  }

  static func figure(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
}
