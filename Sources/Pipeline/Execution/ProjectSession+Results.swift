internal import Artifacts
private import Foundation
internal import Planning
internal import Reproducibility
internal import RunStore
internal import StageKit

extension ProjectSession {
  /// The recorded result of a request whose artifacts are whole: of this project, or fetched from the
  /// shared store and recorded.
  func result(of request: StageRequest, _ fingerprint: Digest, inputs: [String: Digest]) throws -> (
    result: ResultRecord, isShared: Bool
  )? {
    if let result = try store.result(for: fingerprint),
      try result.outputs.values.allSatisfy({ try artifacts.isWhole($0) })
    {
      offer(result)
      return (result, false)
    }
    guard let shared, let found = shared.find(fingerprint, local: artifacts),
      Set(found.outputs.keys).isSuperset(of: request.outputs.filter { !$0.isOptional }.map(\.name)),
      shared.fetch(found, into: artifacts)
    else { return nil }
    let result = ResultRecord(
      fingerprint: fingerprint, request: request, inputs: inputs, outcome: found.outcome,
      outputs: found.outputs, seconds: found.seconds, provenance: found.provenance)
    try store.adopt(result, at: Date().timeIntervalSince1970)
    return (result, true)
  }

  /// Copies a result to the shared store, in the background.
  func offer(_ result: ResultRecord) {
    shared?.offer(
      SharedResult(
        request: Fingerprint.document(result.request, inputs: result.inputs),
        outcome: result.outcome, outputs: result.outputs, seconds: result.seconds,
        provenance: result.provenance), from: artifacts)
  }
}
