package import Diagnostics
package import Processes
package import Reproducibility
package import StageKit

/// A run as recorded.
package struct RunRecord: Sendable, Hashable {
  package var id: Int64
  package var state: RunState
  package var spec: RunSpec
  /// Seconds since 1970.
  package var created: Double
  package var finished: Double?
  package var exitStatus: Int32?
}

/// A stage of a run.
package struct JobRecord: Sendable, Hashable {
  package var id: Int64
  package var run: Int64
  package var stage: String
  package var state: JobState
  package var fingerprint: Digest?
  /// Tries since the run began or was last resumed after a failure.
  package var tries: Int
  package var isReused: Bool
  /// One sentence on why it stands where it stands.
  package var cause: String?
  package var started: Double?
  package var finished: Double?
}

/// One try of a job: a child process with a private folder.
package struct AttemptRecord: Sendable {
  package var id: Int64
  package var job: Int64
  package var stage: String
  package var fingerprint: Digest
  package var token: Int64
  package var process: ProcessIdentity?
  package var state: AttemptState
  package var started: Double
  package var seconds: Double?
  package var failure: Failure?
}

package enum AttemptState: String, Sendable, Hashable, Codable, CaseIterable {
  case running, succeeded, refused, failed, stopped, lost
}

/// The finished result of a request.
package struct ResultRecord: Sendable, Hashable {
  package var fingerprint: Digest
  package var request: StageRequest
  /// As resolved, by port.
  package var inputs: [String: Digest]
  package var outcome: StageOutcome
  /// By port.
  package var outputs: [String: Digest]
  package var seconds: Double
  /// What the bits may depend on but the request does not hold: threads, host, arithmetic.
  package var provenance: [String: String]
  /// Every file of the outputs, where they are few: what has to be in the store for the result to
  /// be whole. Nil: the manifests say it.
  package var objects: [ResultObject]?
  /// What it said and cost; kept with it, read by ``RunStore/facts(of:)``.
  package var facts = ResultFacts()

  package init(
    fingerprint: Digest, request: StageRequest, inputs: [String: Digest], outcome: StageOutcome,
    outputs: [String: Digest], seconds: Double, provenance: [String: String] = [:],
    objects: [ResultObject]? = nil
  ) {
    self.objects = objects
    self.fingerprint = fingerprint
    self.request = request
    self.inputs = inputs
    self.outcome = outcome
    self.outputs = outputs
    self.seconds = seconds
    self.provenance = provenance
  }
}

/// An object of the store and its size.
package struct ResultObject: Sendable, Hashable {
  package var digest: Digest
  package var size: Int

  package init(digest: Digest, size: Int) {
    self.digest = digest
    self.size = size
  }
}

/// What a result is needed for when it is taken.
package struct TakenResult: Sendable, Hashable {
  package var outcome: StageOutcome
  /// By port.
  package var outputs: [String: Digest]
  package var objects: [ResultObject]?
  package var seconds: Double
}

/// A value of a step of a job.
package struct MetricRecord: Sendable, Hashable {
  package var name: String
  package var step: Int
  package var value: Double

  package init(name: String, step: Int, value: Double) {
    self.name = name
    self.step = step
    self.value = value
  }
}

/// A row of the stat cache.
package struct StatRecord: Sendable, Hashable {
  package var device: UInt64
  package var inode: UInt64
  package var size: Int64
  package var modified: Int64
  package var changed: Int64
  package var digest: Digest
  /// When the file was read, nanoseconds since 1970.
  package var recorded: Int64

  package init(
    device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64, digest: Digest,
    recorded: Int64
  ) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
    self.changed = changed
    self.digest = digest
    self.recorded = recorded
  }
}
