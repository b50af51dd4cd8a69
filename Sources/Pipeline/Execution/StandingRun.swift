private import Artifacts
private import Documents
private import Foundation
package import Planning
private import Reproducibility
private import RunStore
private import StageKit

/// The last run, when today's plan asks for exactly what it made and all of it is there: nothing is
/// to be done, and nothing to be recorded.
package enum StandingRun {
  /// The number of that run; files that stages wrote into the pipeline's folder are put back first.
  package static func find(_ plan: Plan, in session: ProjectSession) throws -> Int64? {
    var stages: [(stage: String, fingerprint: Digest)] = []
    for verdict in plan.verdicts {
      guard verdict.decision == .cached, !verdict.isShared, let fingerprint = verdict.fingerprint
      else { return nil }
      stages.append((verdict.stage, fingerprint))
    }
    guard
      let run = try session.store.lastRun(
        ofPipeline: plan.spec.pipelinePath, isMadeOf: stages)
    else { return nil }
    let keeper = WorkspaceKeeper(
      WorkspaceStore(session.artifacts, folder: plan.spec.folder),
      cache: ProjectStatCache(session.store))
    let wanted = zip(plan.spec.stages, plan.verdicts).flatMap { request, verdict in
      request.workspaceOutputs(verdict.outputs)
    }
    for item in try keeper.differing(wanted) { try keeper.putBack(item, from: session.artifacts) }
    try keeper.settle(isLast: true)
    return run
  }

  /// Shows the run as one in which every stage was taken as it is.
  package static func show(_ run: Int64, _ plan: Plan, _ observer: any RunObserver) {
    let stages = plan.verdicts.map { verdict in
      (verdict.stage, verdict.outputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.hex) })
    }
    show(run, plan.spec.pipelineName, stages, observer)
  }

  /// - Parameter stages: names with their outputs, digests by port in order.
  static func show(
    _ run: Int64, _ pipeline: String, _ stages: [(String, [(String, String)])],
    _ observer: any RunObserver
  ) {
    let time = Date().timeIntervalSince1970
    var seq = 0
    func show(_ stage: String?, _ body: RunEvent.Body) {
      seq += 1
      observer.receive(RunEvent(seq: seq, time: time, stage: stage, body: body))
    }
    show(
      nil, .runStarted(run: run, pipeline: pipeline, stages: stages.map(\.0), isResumed: true))
    for (stage, outputs) in stages {
      show(
        stage,
        .job(
          event: .reused, state: .succeeded,
          detail: [
            .init("reused", true),
            .init("outputs", .object(outputs.map { .init($0.0, .string($0.1)) })),
          ]))
    }
    show(nil, .runFinished(state: .succeeded, exitStatus: 0, resume: nil))
  }
}
