import Artifacts
import Diagnostics
import Documents
import Records
import Reproducibility
import RunStore
import StageKit

/// The models that learned from a row, over all runs of a project, and the versions that they are.
struct RowModels {
  struct Found {
    var stage: String
    var port: String
    var digest: Digest
    var runs: [Int64]
    var versions: [ModelRegistry.Version]
  }

  private(set) var models: [Found] = []

  /// - Parameter ids: of the row on its way through the stages.
  init(of ids: Set<RowID>, in finder: ArtifactFinder, _ registry: ModelRegistry) throws {
    var holds: [Digest: Bool] = [:]
    func holdsRow(_ rows: Digest) throws -> Bool {
      if let known = holds[rows] { return known }
      var answer = false
      if let artifact = try finder.artifacts.artifact(rows), artifact.type == .records {
        let known = try RecordIDs(artifact)
        answer = try ids.contains { try known.contains($0) }
      }
      holds[rows] = answer
      return answer
    }
    var seen: Set<Digest> = []
    for result in try finder.store.results().reversed() {
      for port in result.request.outputs where port.types == [.model] {
        guard let digest = result.outputs[port.name], seen.insert(digest).inserted,
          let artifact = try finder.artifacts.artifact(digest)
        else { continue }
        let lineage = try Lineage(of: artifact)
        let trained = artifact.references.filter { $0.value.type == .records }.keys
          .compactMap { Digest(hex: $0) }
        let rows = Set(trained).union(lineage?.data ?? []).sorted()
        guard try rows.contains(where: holdsRow) else { continue }
        models.append(
          Found(
            stage: result.request.stage, port: port.name, digest: digest,
            runs: try finder.store.runs(withFingerprint: result.fingerprint),
            versions: registry.versions(ofModel: digest)))
      }
    }
  }

  var lines: [String] {
    if models.isEmpty { return ["no model of this project read the row"] }
    let names = models.map { "\($0.stage).\($0.port)" }
    let width = names.map(\.count).max() ?? 0
    return ["models that read it"]
      + zip(names, models).map { name, model in
        let runs = model.runs.map(String.init).joined(separator: ", ")
        let versions = model.versions.map { "\($0.manifest.name)/\($0.number)" }
        return "  \(name)\(String(repeating: " ", count: width - name.count))  "
          + "\(model.digest.short)  \(model.runs.count == 1 ? "run" : "runs") \(runs)"
          + (versions.isEmpty ? "" : "  registered as \(versions.joined(separator: ", "))")
      }
  }

  var json: JSONValue {
    .array(
      models.map { model in
        .object([
          "stage": .string(model.stage), "port": .string(model.port),
          "digest": .string(model.digest.hex),
          "runs": .array(model.runs.map { .integer($0) }),
          "versions": .array(
            model.versions.map { .string("\($0.manifest.name)/\($0.number)") }),
        ])
      })
  }
}
