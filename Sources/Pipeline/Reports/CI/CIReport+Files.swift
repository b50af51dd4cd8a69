package import Documents
internal import Reproducibility
internal import StageKit

extension CIReport {
  /// Writes everything that a CI system picks up into `folder`: `report.md` with pictures beside
  /// it, `junit.xml`, `metrics.txt`, `outputs.env`, `report.json`.
  ///
  /// - Throws: ``Failure`` of class `io` or `permission`.
  package func write(to folder: String, mask: SecretMask) throws {
    try DurableFile.makeFolder(folder)
    func write(_ text: String, _ name: String) throws {
      try DurableFile.write(Array(mask.masked(text).utf8), to: folder + "/" + name)
    }
    // Pictures of an earlier run that this one does not have.
    for name in try DurableFile.names(in: folder) where name.hasSuffix(".svg") {
      try DurableFile.remove(folder + "/" + name)
    }
    var pictures: [(title: String, file: String)] = []
    for (title, name, svg) in drawings {
      try write(svg, name)
      pictures.append((title, name))
    }
    try write(markdown(pictures: pictures), "report.md")
    try write(junit, "junit.xml")
    try write(metrics, "metrics.txt")
    try write(WorkflowCommands.outputs(outputs), "outputs.env")
    try write(JSONWriter.pretty(json), "report.json")
  }

  private var drawings: [(title: String, name: String, svg: String)] {
    var drawings: [(title: String, name: String, svg: String)] = []
    for gate in gates {
      let rows = gate.scores.compactMap { score in
        score.gain.map {
          IntervalChart.Row(
            label: "\(score.label) against the \(score.versus ?? "baseline")", interval: $0)
        }
      }
      let title = "\(gate.stage): gains with their confidence intervals"
      if let svg = IntervalChart(title: title, rows: rows).svg {
        drawings.append((title, "gate-\(gate.stage).svg", svg))
      }
    }
    for (stage, chart) in curves {
      if let svg = chart.svg { drawings.append((chart.title, "loss-\(stage).svg", svg)) }
    }
    return drawings
  }

  /// The same for programs.
  package var json: JSONValue {
    .object([
      "formatVersion": 1, "pipeline": .string(pipeline), "result": .string(ending.rawValue),
      "exit_status": .integer(Int64(exitStatus)), "reason": .string(sentence),
      "run": run.map { .integer($0) } ?? .null,
      "model": model.map { model in
        .object([
          "name": .string(model.name), "version": .integer(Int64(model.version)),
          "new": .bool(model.isNew), "digest": .string(model.digest.hex),
          "alias": .string(model.alias),
          "was": model.was.map { .integer(Int64($0)) } ?? .null,
          "now": model.now.map { .integer(Int64($0)) } ?? .null, "lineage": model.lineage.json,
        ])
      } ?? .null,
      "stages": .array(
        stages.map { stage in
          .object([
            "stage": .string(stage.name), "plan": .string(stage.planned),
            "reason": .string(stage.reason), "state": stage.state.map { .string($0) } ?? .null,
            "reused": .bool(stage.isReused),
          ])
        }),
      "gates": .array(
        gates.map { gate in
          .object([
            "stage": .string(gate.stage), "decision": .string(gate.verdict.decision.rawValue),
            "rules": .array(
              gate.verdict.rules.map {
                .object([
                  "rule": .string($0.rule), "decision": .string($0.decision.rawValue),
                  "sentence": .string($0.sentence),
                ])
              }),
          ])
        }),
    ])
  }
}
