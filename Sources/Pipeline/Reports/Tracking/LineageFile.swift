internal import Documents
private import Foundation
internal import Reproducibility
package import RunStore
package import StageKit

/// Runs and stages as OpenLineage events, one JSON object a line (spec/OpenLineage.json, 2-0-2): a
/// run has one START and one of COMPLETE, FAIL or ABORT, and is the parent of its stages' runs.
package final class LineageFile: Tracker {
  package let name = "openlineage"

  private static let producer = "https://github.com/orchestrate/orchestrate"
  private static let schema = "https://openlineage.io/spec/2-0-2/OpenLineage.json"

  private let file: TrackedFile
  private let spec: RunSpec
  private let project: String
  private let run: Int64
  private var tries: [String: Int] = [:]

  /// - Parameters:
  ///   - project: the folder: a run is named by it and its number.
  ///   - tries: of each stage before now, in all engines of the run: each try is named by its number.
  /// - Throws: ``Failure`` when the file cannot be opened.
  package init(
    path: String, spec: RunSpec, project: String, run: Int64, tries: [String: Int] = [:]
  ) throws {
    self.tries = tries
    file = try TrackedFile(path)
    self.spec = spec
    self.project = project
    self.run = run
  }

  package func take(_ events: [RunEvent]) throws {
    var text = ""
    for event in events {
      guard let json = json(event) else { continue }
      text += JSONWriter.compact(json) + "\n"
    }
    if !text.isEmpty { try file.append(Array(text.utf8)) }
  }

  package func finish() {}

  // MARK: - Events

  private func json(_ event: RunEvent) -> JSONValue? {
    switch event.body {
    case .runStarted(_, _, _, let isResumed):
      return runEvent(isResumed ? "RUNNING" : "START", event.time, nil, inputs: [], outputs: [])
    case .runFinished(let state, _, _):
      let types: [RunState: String] = [.succeeded: "COMPLETE", .failed: "FAIL", .refused: "FAIL"]
      return runEvent(types[state] ?? "ABORT", event.time, nil, inputs: [], outputs: [])
    case .job(let move, _, let detail):
      guard let stage = event.stage else { return nil }
      if move == .started { tries[stage, default: 0] += 1 }
      guard let type = Self.types[move] else { return nil }
      return runEvent(
        type, event.time, stage, inputs: inputs(of: stage), outputs: outputs(of: stage, detail))
    case .stage, .hook: return nil
    }
  }

  private static let types: [JobEvent: String] = [
    .started: "START", .finished: "COMPLETE", .gateRefused: "COMPLETE", .tryFailed: "FAIL",
    .gaveUp: "FAIL", .stopped: "ABORT", .engineLost: "ABORT",
  ]

  private func runEvent(
    _ type: String, _ time: Double, _ stage: String?, inputs: [JSONValue], outputs: [JSONValue]
  ) -> JSONValue {
    var facets: [JSONMember] = []
    if stage != nil {
      let parent: JSONValue = .object([
        "run": .object(["runId": .string(id(of: nil))]), "job": .object(job(nil)),
      ])
      facets.append(JSONMember("parent", facet("ParentRunFacet", "1-1-0", parent)))
    }
    return .object([
      "eventType": .string(type), "eventTime": .string(Self.text(time)),
      "producer": .string(Self.producer), "schemaURL": .string(Self.schema + "#/$defs/RunEvent"),
      "run": .object(["runId": .string(id(of: stage)), "facets": .object(facets)]),
      "job": .object(job(stage) + [JSONMember("facets", .object([]))]), "inputs": .array(inputs),
      "outputs": .array(outputs),
    ])
  }

  private func job(_ stage: String?) -> [JSONMember] {
    [
      JSONMember("namespace", "orchestrate"),
      JSONMember(
        "name", .string(stage.map { "\(spec.pipelineName).\($0)" } ?? spec.pipelineName)),
    ]
  }

  private func facet(_ name: String, _ version: String, _ value: JSONValue) -> JSONValue {
    let url = "https://openlineage.io/spec/facets/\(version)/\(name).json#/$defs/\(name)"
    return .object(
      [
        JSONMember("_producer", .string(Self.producer)), JSONMember("_schemaURL", .string(url)),
      ] + (value.objectValue ?? []))
  }

  private func inputs(of stage: String) -> [JSONValue] {
    guard let request = spec.stage(stage) else { return [] }
    let ports = request.inputs.sorted { $0.key < $1.key }.map { port, binding in
      switch binding {
      case .stage(let name, let output): dataset("\(name).\(output)", nil)
      case .artifact(let digest): dataset("\(stage).\(port)", digest.hex)
      }
    }
    let files = request.files.sorted { $0.key < $1.key }.flatMap(\.value)
    return ports + files.map { dataset($0.name, $0.digest.hex) }
  }

  private func outputs(of stage: String, _ detail: [JSONMember]) -> [JSONValue] {
    let made = detail.first { $0.key == "outputs" }?.value.objectValue ?? []
    return made.map { dataset("\(stage).\($0.key)", $0.value.stringValue) }
  }

  private func dataset(_ name: String, _ digest: String?) -> JSONValue {
    let facets = digest.map {
      [
        JSONMember(
          "version",
          facet("DatasetVersionDatasetFacet", "1-0-1", .object(["datasetVersion": .string($0)])))
      ]
    }
    return .object([
      "namespace": "orchestrate", "name": .string("\(spec.pipelineName)/\(name)"),
      "facets": .object(facets ?? []),
    ])
  }

  /// The same for every event of a try: a UUID (version 8, RFC 9562) of what names it.
  private func id(of stage: String?) -> String {
    let subject = "\(project)\n\(run)\n\(stage ?? "")\n\(stage.map { tries[$0] ?? 0 } ?? 0)"
    var digits = Array(Digest(of: Array(subject.utf8)).hex.prefix(32))
    digits[12] = "8"
    digits[16] = "a"
    let text = String(digits)
    let cuts = [0, 8, 12, 16, 20, 32].map { text.index(text.startIndex, offsetBy: $0) }
    return zip(cuts, cuts.dropFirst()).map { String(text[$0..<$1]) }.joined(separator: "-")
  }

  private static func text(_ time: Double) -> String {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    return formatter.string(from: Date(timeIntervalSince1970: time))
  }
}
