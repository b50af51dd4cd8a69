internal import Artifacts
private import Foundation
internal import Planning
package import Reproducibility
package import RunStore
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
      outputs: found.outputs, seconds: found.seconds, provenance: found.provenance,
      objects: try resultObjects(Array(found.outputs.values)))
    try store.adopt(result, at: Date().timeIntervalSince1970)
    return (result.outcome, result.outputs, true)
  }

  /// Of more objects a result keeps no list: the manifests are read instead.
  static let resultObjectsMax = 256

  /// The objects of a result's outputs, as its record lists them; nil where it lists none.
  func resultObjects(_ outputs: [Digest]) throws -> [ResultObject]? {
    guard let objects = try artifacts.objects(of: outputs),
      objects.count <= Self.resultObjectsMax
    else { return nil }
    return objects.map { ResultObject(digest: $0.digest, size: $0.size) }
  }

  /// The same of a recorded result; what an older program, or another project, has left out is
  /// worked out and recorded.
  package func objects(of result: TakenResult, _ fingerprint: Digest) throws -> [ResultObject]? {
    if let objects = result.objects { return objects }
    guard let objects = try resultObjects(Array(result.outputs.values)) else { return nil }
    try store.record(objects, ofResult: fingerprint)
    return objects
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
