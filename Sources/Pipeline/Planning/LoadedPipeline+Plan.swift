internal import Diagnostics
internal import Documents
private import Foundation
package import Parallelism
internal import Reproducibility
package import StageKit

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
    selection: PlanSelection = PlanSelection(), pool: ThreadPool = ThreadPool(threads: 2),
    now: @escaping @Sendable () -> Int64 = LoadedPipeline.clock
  ) throws -> Plan {
    let scope = try PlanScope(selection, stages)
    let limited = LoadedPipeline(
      path: path, digest: digest, spec: spec,
      stages: stages.filter { scope.planned.contains($0.name) },
      warnings: warnings, includes: includes, overridden: overridden)
    var plan = try limited.plan(
      scope: scope, results: results, statCache: statCache, checkpoints: checkpoints, pool: pool,
      now: now)
    plan.spec.selection = selection.isEmpty ? nil : selection
    plan.spec.forced = scope.forced.isEmpty ? nil : scope.forced.sorted()
    plan.spec.overridden = overridden
    plan.spec.includes = includes.isEmpty ? nil : includes
    if limited.stages.count < stages.count {
      let planned = Dictionary(uniqueKeysWithValues: plan.verdicts.map { ($0.stage, $0) })
      plan.verdicts = stages.map { stage in
        planned[stage.name]
          ?? StageVerdict(
            stage: stage.name, kind: stage.spec.kind, decision: .unselected, reasons: [])
      }
    }
    return plan
  }

  private func plan(
    scope: PlanScope, results: any RecordedResults, statCache: any StatCache,
    checkpoints: any RecordedCheckpoints, pool: ThreadPool, now: @escaping @Sendable () -> Int64
  ) throws -> Plan {
    let found = try findFiles()
    let digester = FileDigester(cache: statCache, pool: pool, now: now)
    let digests = try digester.digests(of: found.all)
    let skipped = skippedStages()
    let registered = try registeredModels(results, skipped)
    var requests = RequestBuilder(
      stages, found, digests, folders: try digester.digests(of: found.folders),
      registered: registered.inputs, skipped: skipped)
    requests.build()
    var builder = PlanBuilder(
      stages: stages, requests: requests.requests, externals: requests.externals,
      skipped: requests.skipped, results: results, checkpoints: checkpoints, scope: scope)
    try results.reading { try builder.build() }
    var spec = RunSpec(
      pipelineName: spec.name, pipelinePath: path, pipelineDigest: digest,
      parameters: Dictionary(
        uniqueKeysWithValues: self.spec.parameters.map { ($0.name, Self.text($0.value)) }),
      stages: requests.requests, externals: requests.externals, hooks: self.spec.hooks,
      tracking: self.spec.tracking)
    let reasons = builder.verdicts.filter { !$0.chain.isEmpty }.map { ($0.stage, $0.reason) }
    if !reasons.isEmpty { spec.reasons = Dictionary(uniqueKeysWithValues: reasons) }
    return Plan(
      spec: spec, verdicts: builder.verdicts,
      warnings: warnings + registered.warnings + builder.warnings)
  }

  /// Nanoseconds since 1970.
  package static let clock: @Sendable () -> Int64 = {
    Int64(Date().timeIntervalSince1970 * 1e9)
  }

  private static func text(_ node: Node) -> String {
    node.scalar?.text ?? JSONWriter.compact(CoreSchema.json(node))
  }
}
