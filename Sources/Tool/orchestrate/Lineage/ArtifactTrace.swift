import Artifacts
import Diagnostics
import Documents
import Reproducibility
import RunStore
import StageKit

/// How an artifact came to be, by the record of a project: stage by stage back to files and models
/// from outside, with the runs that each was made or used in.
struct ArtifactTrace {
  struct Step {
    var result: ResultRecord
    /// The output that was asked for, or that a later step read.
    var ports: [String]
    var runs: [Int64]
  }

  /// The newest step first; each comes before what it read.
  private(set) var steps: [Step] = []
  /// Inputs that no result of the project made, in order.
  private(set) var outside: [Digest] = []
  private var models: Set<Digest> = []

  /// - Parameter digests: artifacts to explain.
  init(of digests: [Digest], in store: RunStore) throws {
    var makers: [Digest: (result: ResultRecord, port: String)] = [:]
    // Newest first: the last entry of a digest is its first maker.
    for result in try store.results() {
      for (port, digest) in result.outputs { makers[digest] = (result, port) }
    }
    var open = digests
    var places: [Digest: Int] = [:]
    var strange: Set<Digest> = []
    while !open.isEmpty {
      let digest = open.removeFirst()
      guard let (result, port) = makers[digest] else {
        strange.insert(digest)
        continue
      }
      let type = result.request.outputs.first { $0.name == port }?.types.first
      if type == .model { models.insert(digest) }
      if let place = places[result.fingerprint] {
        if !steps[place].ports.contains(port) { steps[place].ports.append(port) }
        continue
      }
      places[result.fingerprint] = steps.count
      steps.append(
        Step(
          result: result, ports: [port], runs: try store.runs(withFingerprint: result.fingerprint)))
      open += result.inputs.sorted { $0.key < $1.key }.map(\.value)
    }
    outside = strange.sorted()
  }

  /// Artifacts of the project that hold a file with these bytes.
  static func artifacts(holding file: Digest, _ store: RunStore, _ artifacts: ArtifactStore) throws
    -> [Digest]
  {
    let outputs = Set(try store.results().flatMap { $0.outputs.values }).sorted()
    return try outputs.filter { digest in
      try artifacts.manifest(digest)?.files.contains { $0.digest == file } ?? false
    }
  }

  /// Versions of the registry whose model is on the way.
  func versions(_ registry: ModelRegistry) -> [ModelRegistry.Version] {
    models.sorted().flatMap { registry.versions(ofModel: $0) }
      .sorted { ($0.manifest.name, $0.number) < ($1.manifest.name, $1.number) }
  }

  // MARK: - Shown

  var lines: [String] {
    let names = steps.map { step in
      step.ports.map { "\(step.result.request.stage).\($0)" }.joined(separator: ", ")
    }
    let width = names.map(\.count).max() ?? 0
    var lines: [String] = []
    for (name, step) in zip(names, steps) {
      let runs = step.runs.map(String.init).joined(separator: ", ")
      lines.append(
        "  \(name)\(String(repeating: " ", count: width - name.count))  "
          + "\(step.result.request.kind)  request \(step.result.fingerprint.short)"
          + (runs.isEmpty ? "" : ", \(step.runs.count == 1 ? "run" : "runs") \(runs)"))
      for (parameter, files) in step.result.request.files.sorted(by: { $0.key < $1.key }) {
        for file in files {
          lines.append(
            "    \(parameter): \(SafeText.escaped(file.name, limit: 120))  \(file.digest.short)")
        }
      }
    }
    lines += outside.map { "  from outside: \($0)" }
    return lines
  }

  var json: JSONValue {
    .object([
      "steps": .array(
        steps.map { step in
          .object([
            "stage": .string(step.result.request.stage),
            "kind": .string(step.result.request.kind.name),
            "ports": .array(step.ports.map { .string($0) }),
            "fingerprint": .string(step.result.fingerprint.hex),
            "runs": .array(step.runs.map { .integer($0) }),
            "inputs": .object(
              step.result.inputs.sorted { $0.key < $1.key }
                .map { JSONMember($0.key, .string($0.value.hex)) }),
            "outputs": .object(
              step.result.outputs.sorted { $0.key < $1.key }
                .map { JSONMember($0.key, .string($0.value.hex)) }),
            "files": .array(
              step.result.request.files.sorted { $0.key < $1.key }.flatMap { _, files in
                files.map {
                  .object(["name": .string($0.name), "digest": .string($0.digest.hex)])
                }
              }),
          ])
        }), "outside": .array(outside.map { .string($0.hex) }),
    ])
  }
}
