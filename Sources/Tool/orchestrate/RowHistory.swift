import Artifacts
import Diagnostics
import Documents
import Records
import Reproducibility
import RunStore
import StageKit

/// What became of one row in a run: where it came from, what changed it, and where it ended.
struct RowHistory {
  /// What one stage did with the row.
  struct Step {
    enum Event {
      /// Read from a place of a file.
      case read(file: String, line: Int)
      /// Goes on, perhaps with another id.
      case passed(RowID)
      case changed(RowID, rule: String, detail: JSONValue?)
      case dropped(rule: String, detail: JSONValue?)
      /// In none of the stage's outputs, and the stage's report does not say why.
      case lost
    }

    var stage: String
    var kind: String
    /// The output the row is in.
    var port: String?
    var event: Event
  }

  private(set) var steps: [Step] = []

  /// Ids that the row had on its way.
  var ids: Set<RowID> {
    Set(
      steps.compactMap { step in
        switch step.event {
        case .passed(let id), .changed(let id, _, _): id
        case .read, .dropped, .lost: nil
        }
      })
  }

  private let places: [Place]

  /// A stage of the run that has ended well, with its artifacts.
  private struct Place {
    var request: StageRequest
    var inputs: [(port: String, artifact: InputArtifact)]
    var outputs: [(port: String, artifact: InputArtifact)]

    var recordInputs: [InputArtifact] { inputs.map(\.artifact).filter { $0.type == .records } }
    var recordOutputs: [(port: String, artifact: InputArtifact)] {
      outputs.filter { $0.artifact.type == .records }
    }
  }

  /// - Throws: ``Failure`` of class `badInput` when no records of the run hold the row.
  init(of id: RowID, in finder: ArtifactFinder) throws {
    places = try Self.places(finder)
    guard let start = try firstPlace(of: id) else {
      throw Diagnostic(
        "row.unknown", "no records of run \(finder.run.id) hold the row \(id)",
        fix: "ids are in the lines of records: 'orchestrate artifacts get STAGE'"
      ).failure(.badInput)
    }
    try goBack(from: start.place, start.digest, id)
    try goOn(from: start.digest, id, after: start.place)
  }

  private static func places(_ finder: ArtifactFinder) throws -> [Place] {
    var places: [Place] = []
    for job in try finder.store.jobs(ofRun: finder.run.id) {
      guard let request = finder.run.spec.stage(job.stage), let fingerprint = job.fingerprint,
        let result = try finder.store.result(for: fingerprint)
      else { continue }
      var place = Place(request: request, inputs: [], outputs: [])
      for (port, digest) in result.inputs.sorted(by: { $0.key < $1.key }) {
        if let artifact = try finder.artifacts.artifact(digest) {
          place.inputs.append((port, artifact))
        }
      }
      for port in request.outputs {
        if let digest = result.outputs[port.name],
          let artifact = try finder.artifacts.artifact(digest)
        {
          place.outputs.append((port.name, artifact))
        }
      }
      places.append(place)
    }
    return places
  }

  /// The first stage in order of the plan whose output holds the row.
  private func firstPlace(of id: RowID) throws -> (place: Int, digest: Digest)? {
    for (index, place) in places.enumerated() {
      for (_, artifact) in place.recordOutputs where try RecordIDs(artifact).contains(id) {
        return (index, artifact.digest)
      }
    }
    for (index, place) in places.enumerated() {
      for artifact in place.recordInputs where try RecordIDs(artifact).contains(id) {
        return (index - 1, artifact.digest)
      }
    }
    return nil
  }

  // MARK: - Backwards

  /// Steps up to and with the stage `index`, whose output `digest` holds the row.
  private mutating func goBack(from index: Int, _ digest: Digest, _ id: RowID) throws {
    guard places.indices.contains(index) else { return }
    let place = places[index]
    let port = place.recordOutputs.first { $0.artifact.digest == digest }?.port
    guard !place.recordInputs.isEmpty else {
      let row = try place.recordOutputs.first { $0.artifact.digest == digest }
        .flatMap { try RecordIDs($0.artifact).position(of: id) }
      if let row, let (file, line) = try origin(of: row, place) {
        steps.append(step(place, port, .read(file: file, line: line)))
      }
      return
    }
    let changes = try StageChanges(place.outputs.map(\.artifact))
    let outputs = place.recordOutputs.map(\.artifact)
    for input in place.recordInputs {
      guard let before = try changes.earlier(of: id, in: input, outputs),
        try RecordIDs(input).contains(before.id)
      else { continue }
      try goBack(through: input, before.id)
      steps.append(step(place, port, event(id, before.change)))
      return
    }
  }

  /// Steps of the stage that made `input`, and of those before it.
  private mutating func goBack(through input: InputArtifact, _ id: RowID) throws {
    let source = places.indices.first { other in
      places[other].recordOutputs.contains { $0.artifact.digest == input.digest }
    }
    if let source { try goBack(from: source, input.digest, id) }
  }

  private func event(_ id: RowID, _ change: StageChanges.Change?) -> Step.Event {
    change.map { .changed(id, rule: $0.rule, detail: $0.detail) } ?? .passed(id)
  }

  private func step(_ place: Place, _ port: String?, _ event: Step.Event) -> Step {
    Step(stage: place.request.stage, kind: place.request.kind.name, port: port, event: event)
  }

  /// Where row `row` of ingest's records came from, by the origins in its report.
  private func origin(of row: Int, _ place: Place) throws -> (file: String, line: Int)? {
    for (_, artifact) in place.outputs {
      guard let path = artifact.tree["origins.jsonl"] else { continue }
      for line in try BlockReader.bytes(of: path).split(separator: UInt8(ascii: "\n")) {
        let json = try JSONReader.parse(Array(line), file: "origins.jsonl")
        guard let first = json["row"]?.integerValue, let rows = json["rows"]?.integerValue,
          let start = json["line"]?.integerValue, let file = json["file"]?.stringValue,
          (first..<first + max(0, rows)).contains(row)
        else { continue }
        return (file, start + row - first)
      }
    }
    return nil
  }

  // MARK: - Onwards

  private mutating func goOn(from digest: Digest, _ id: RowID, after index: Int) throws {
    for next in places.indices where next > index {
      let place = places[next]
      guard let input = place.recordInputs.first(where: { $0.digest == digest }),
        !place.recordOutputs.isEmpty
      else { continue }
      let changes = try StageChanges(place.outputs.map(\.artifact))
      let fates = try changes.fates(of: id, in: input, place.recordOutputs)
      if fates.isEmpty {
        let dropped = try changes.drop(of: id)
        steps.append(
          step(
            place, nil,
            dropped.map { .dropped(rule: $0.rule, detail: $0.detail) } ?? .lost))
      }
      for fate in fates {
        steps.append(step(place, fate.port, event(fate.id, fate.change)))
        try goOn(from: fate.digest, fate.id, after: next)
      }
    }
  }
}
