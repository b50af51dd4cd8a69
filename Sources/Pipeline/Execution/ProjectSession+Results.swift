internal import Artifacts
private import Foundation
internal import Planning
internal import Reproducibility
internal import RunStore
internal import StageKit

extension ProjectSession {
  /// The recorded result of a request whose artifacts are whole: of this project, or fetched from the
  /// shared store and recorded.
  func outcome(of request: StageRequest, _ fingerprint: Digest, inputs: [String: Digest]) throws
    -> (outcome: StageOutcome, outputs: [String: Digest], isShared: Bool)?
  {
    if let taken = try store.outcome(for: fingerprint), try artifacts.isWhole(taken) {
      if shared != nil, let result = try store.result(for: fingerprint) { offer(result) }
      return (taken.outcome, taken.outputs, false)
    }
    // A person's word is given in one project.
    guard request.kind != .approval, let shared,
      let found = shared.find(fingerprint, local: artifacts),
      Set(found.outputs.keys).isSuperset(of: request.outputs.filter { !$0.isOptional }.map(\.name)),
      shared.fetch(found, into: artifacts)
    else { return nil }
    let result = ResultRecord(
      fingerprint: fingerprint, request: request, inputs: inputs, outcome: found.outcome,
      outputs: found.outputs, seconds: found.seconds, provenance: found.provenance)
    try store.adopt(result, at: Date().timeIntervalSince1970)
    return (result.outcome, result.outputs, true)
  }

  /// An artifact that a request names; of the shared store when the project has none.
  func artifact(_ digest: Digest) throws -> InputArtifact? {
    if let artifact = try artifacts.artifact(digest) { return artifact }
    guard let shared, shared.fetch(digest, into: artifacts) else { return nil }
    return try artifacts.artifact(digest)
  }

  /// Copies a result to the shared store, in the background.
  func offer(_ result: ResultRecord) {
    if result.request.kind == .approval { return }
    shared?.offer(
      SharedResult(
        request: Fingerprint.document(result.request, inputs: result.inputs),
        outcome: result.outcome, outputs: result.outputs, seconds: result.seconds,
        provenance: result.provenance), from: artifacts)
  }
}
