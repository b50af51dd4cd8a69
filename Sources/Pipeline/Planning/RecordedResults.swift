package import Reproducibility
package import StageKit

/// What the planner asks of the past; answered by whoever keeps runs and artifacts.
package protocol RecordedResults: Sendable {
  /// The finished result of exactly this request, or nil. Failed and interrupted attempts are none.
  func result(for fingerprint: Digest) throws -> RecordedResult?

  /// The same without the request, for one that is only to be taken.
  func outcome(for fingerprint: Digest) throws -> RecordedOutcome?

  /// Calls `body`, during which many questions are asked and nothing is recorded.
  func reading<T>(_ body: () throws -> T) throws -> T

  /// The result that the stage called `name` had in the last run in which it finished, for diffs.
  func lastResult(ofStage name: String) throws -> RecordedResult?

  /// A published artifact by the digest of its manifest, or nil when it is not (wholly) there.
  func artifact(_ digest: Digest) throws -> InputArtifact?

  /// What a finished result said and cost, or nil when nothing is known.
  func facts(of fingerprint: Digest) throws -> ResultFacts?

  /// Whether there is a finished result of this shape (``StageRequest/shape``) with these input
  /// artifacts, whatever its other inputs.
  func hasResult(ofShape shape: Digest, inputs: [String: Digest]) throws -> Bool

  /// The model that a reference to the registry means now, or nil when there is none.
  func registered(_ reference: RegistryReference) throws -> Digest?
}

extension RecordedResults {
  package func registered(_ reference: RegistryReference) throws -> Digest? { nil }

  package func outcome(for fingerprint: Digest) throws -> RecordedOutcome? {
    try result(for: fingerprint).map {
      RecordedOutcome(outcome: $0.outcome, outputs: $0.outputs, isComplete: $0.isComplete)
    }
  }

  package func reading<T>(_ body: () throws -> T) throws -> T { try body() }
}

/// What a result is needed for when it is taken.
package struct RecordedOutcome: Sendable, Hashable {
  package var outcome: StageOutcome
  /// Output artifacts by port.
  package var outputs: [String: Digest]
  /// Whether every object of the outputs is still in the store.
  package var isComplete: Bool
  /// It lies in the shared store, not in the project's own.
  package var isShared: Bool

  package init(
    outcome: StageOutcome, outputs: [String: Digest], isComplete: Bool, isShared: Bool = false
  ) {
    self.outcome = outcome
    self.outputs = outputs
    self.isComplete = isComplete
    self.isShared = isShared
  }
}

/// How a request ended once.
package struct RecordedResult: Sendable, Hashable {
  package var fingerprint: Digest
  /// As it was asked, for a diff with today's request.
  package var request: StageRequest
  /// Input artifacts by port, as they were resolved.
  package var inputs: [String: Digest]
  package var outcome: StageOutcome
  /// Output artifacts by port.
  package var outputs: [String: Digest]
  /// Whether every object of the outputs is still in the store.
  package var isComplete: Bool
  /// Whether it is another project's, in the shared store.
  package var isShared: Bool

  package init(
    fingerprint: Digest, request: StageRequest, inputs: [String: Digest], outcome: StageOutcome,
    outputs: [String: Digest], isComplete: Bool, isShared: Bool = false
  ) {
    self.fingerprint = fingerprint
    self.request = request
    self.inputs = inputs
    self.outcome = outcome
    self.outputs = outputs
    self.isComplete = isComplete
    self.isShared = isShared
  }
}

/// Knows which interrupted requests left a checkpoint.
package protocol RecordedCheckpoints: Sendable {
  /// The newest step with an intact checkpoint for this request, or nil.
  func latestStep(for fingerprint: Digest) throws -> Int?
}

/// A project without a past.
package struct NoRecords: RecordedResults, RecordedCheckpoints {
  package init() {}
  package func result(for fingerprint: Digest) throws -> RecordedResult? { nil }
  package func lastResult(ofStage name: String) throws -> RecordedResult? { nil }
  package func artifact(_ digest: Digest) throws -> InputArtifact? { nil }
  package func latestStep(for fingerprint: Digest) throws -> Int? { nil }
  package func facts(of fingerprint: Digest) throws -> ResultFacts? { nil }
  package func hasResult(ofShape shape: Digest, inputs: [String: Digest]) throws -> Bool { false }
}
