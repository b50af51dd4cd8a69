internal import Diagnostics
internal import Documents
private import Foundation
package import Parallelism
internal import Reproducibility
internal import StageKit

extension LoadedPipeline {
  /// Digests what the pipeline names, compares every request with the past and runs the preflight
  /// checks.
  ///
  /// - Parameters:
  ///   - pool: for hashing.
  ///   - now: nanoseconds since 1970, for the stat cache.
  /// - Throws: ``Failure`` of class `badInput` with every missing file or failed check; nothing was
  ///   started.
  package func plan(
    results: any RecordedResults, statCache: any StatCache, checkpoints: any RecordedCheckpoints,
    pool: ThreadPool = ThreadPool(threads: 2),
    now: @escaping @Sendable () -> Int64 = LoadedPipeline.clock
  ) throws -> Plan {
    let found = try findFiles()
    let digester = FileDigester(cache: statCache, pool: pool, now: now)
    let digests = try digester.digests(of: found.all)
    let skipped = skippedStages()
    var externals: [ExternalTree] = []
    var requests: [StageRequest] = []
    for stage in stages where skipped[stage.name] == nil {
      requests.append(request(stage, found, digests, skipped, &externals))
    }
    var builder = PlanBuilder(
      stages: stages, requests: requests, externals: externals, skipped: skipped, results: results,
      checkpoints: checkpoints)
    try builder.build()
    let spec = RunSpec(
      pipelineName: spec.name, pipelinePath: path, pipelineDigest: digest,
      parameters: Dictionary(
        uniqueKeysWithValues: self.spec.parameters.map { ($0.name, Self.text($0.value)) }),
      stages: requests, externals: externals, hooks: self.spec.hooks,
      tracking: self.spec.tracking)
    return Plan(spec: spec, verdicts: builder.verdicts, warnings: warnings + builder.warnings)
  }

  /// Nanoseconds since 1970.
  package static let clock: @Sendable () -> Int64 = {
    Int64(Date().timeIntervalSince1970 * 1e9)
  }

  private func request(
    _ stage: BoundStage, _ found: FoundInputs, _ digests: [String: FileDigester.Digested],
    _ skipped: [String: String], _ externals: inout [ExternalTree]
  ) -> StageRequest {
    var request = StageRequest(
      stage: stage.name, kind: stage.spec.kind, version: stage.version,
      parameters: stage.parameters.values, outputs: stage.parameters.ports.outputs,
      needs: stage.spec.needs.map(\.stage), retry: stage.spec.retry,
      timeoutSeconds: stage.spec.timeoutSeconds, shards: stage.spec.shards,
      executor: stage.spec.executor, resources: stage.spec.resources,
      priority: stage.spec.priority)
    for (parameter, files) in found.files[stage.name] ?? [:] {
      request.files[parameter] = files.compactMap { file in
        digests[file.path].map {
          InputFile(name: file.name, path: file.path, digest: $0.digest, bytes: $0.size)
        }
      }
    }
    for (port, source) in stage.inputs {
      switch source {
      case .stage(let name, let output):
        guard skipped[name] == nil,
          let first = stages.first(where: { $0.name == name })?.parameters.ports.outputs.first
        else { continue }
        request.inputs[port] = .stage(name: name, port: output ?? first.name)
      case .path:
        guard let tree = found.trees[stage.name]?[port] else { continue }
        let external = external(tree, digests)
        if !externals.contains(external) { externals.append(external) }
        request.inputs[port] = .artifact(external.digest)
      }
    }
    if request.kind == .approval { addApproved(stage, skipped, &request) }
    return request
  }

  private func external(_ tree: FoundTree, _ digests: [String: FileDigester.Digested])
    -> ExternalTree
  {
    let files = tree.files.compactMap { file in
      digests[file.path].map {
        ArtifactManifest.File(name: file.name, size: $0.size, digest: $0.digest)
      }
    }
    return ExternalTree(
      folder: tree.folder, manifest: ArtifactManifest(type: tree.type, files: files))
  }

  private static func text(_ node: Node) -> String {
    node.scalar?.text ?? JSONWriter.compact(CoreSchema.json(node))
  }
}
