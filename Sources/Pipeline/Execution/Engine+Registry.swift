internal import Artifacts
internal import Diagnostics
private import Documents
private import Foundation
internal import Reproducibility
internal import RunStore
internal import StageKit

extension Engine {
  /// Registers what a stage made, when it made a version of a model; called before its success is
  /// recorded, so that a crash in between registers the same once more, which changes nothing.
  ///
  /// - Throws: ``Failure`` when the registry cannot be written.
  func register(_ stage: String, _ made: [String: Digest], fingerprint: Digest) throws {
    guard let request = run.spec.stage(stage),
      let port = request.outputs.first(where: { $0.types == [.version] }),
      let digest = made[port.name],
      let artifact = try session.artifacts.artifact(digest)
    else { return }
    let name = VersionManifest.fileName
    let json = try JSONReader.parse(DurableFile.read(artifact.tree.path(name)), file: name)
    guard let manifest = VersionManifest(json) else {
      throw Diagnostic(
        "registry.bad-version", "'\(name)' of stage '\(stage)' is no version of a model"
      ).failure(.stageFailed)
    }
    let environment = ProcessInfo.processInfo.environment
    let folder = RegistryFolder(state: session.project.state, environment: environment)
    let time = Self.now()
    let (version, isNew) = try folder.register(
      manifest, artifact: digest, code: code(upTo: stage), origin: origin(of: stage, environment),
      at: time)
    try session.store.insert(
      RegisteredRecord(
        registry: folder.path, name: manifest.name, version: version.number, artifact: digest,
        model: manifest.model, fingerprint: fingerprint, run: run.id), at: time)
    take(
      .message(
        Diagnostic(
          "registry.registered",
          isNew
            ? "registered as version \(version.number) of '\(manifest.name)'"
              + Self.words(manifest.aliases)
            : "is version \(version.number) of '\(manifest.name)' already", severity: .note)),
      of: stage)
  }

  private static func words(_ aliases: [String]) -> String {
    aliases.isEmpty ? "" : ", \(aliases.joined(separator: ", "))"
  }

  /// Stages that `stage` waits for by data, itself included.
  private func chain(upTo stage: String) -> [StageRequest] {
    var wanted: Set<String> = [stage]
    var chain: [StageRequest] = []
    for request in run.spec.stages.reversed() where wanted.contains(request.stage) {
      chain.append(request)
      for case .stage(let name, _) in request.inputs.values { wanted.insert(name) }
    }
    return chain
  }

  private func code(upTo stage: String) -> CodeIdentity {
    CodeIdentity(
      tool: options.toolVersion,
      stages: Dictionary(
        chain(upTo: stage).map { ($0.kind.name, $0.version) }, uniquingKeysWith: { a, _ in a }))
  }

  private func origin(of stage: String, _ environment: [String: String]) -> VersionOrigin {
    var requests: [String: Digest] = [:]
    for request in chain(upTo: stage) {
      requests[request.stage] = jobs[request.stage]?.fingerprint
    }
    let commit = ["GITHUB_SHA", "CI_COMMIT_SHA"].lazy.compactMap { environment[$0] }.first {
      (40...64).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 &- 48 < 10 || $0 &- 97 < 6 }
    }
    return VersionOrigin(
      pipeline: run.spec.pipelineName, run: run.id, requests: requests, commit: commit)
  }
}
