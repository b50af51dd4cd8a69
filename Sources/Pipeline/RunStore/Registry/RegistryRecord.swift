package import Documents
package import Reproducibility
package import StageKit

/// One entry of a registry's history. Records are numbered from 1 without gaps, each names the
/// digest of the one before, and none is ever changed.
package struct RegistryRecord: Sendable, Hashable {
  package enum Body: Sendable, Hashable {
    case version(Registration)
    /// A version that is known was measured again.
    case gate(name: String, version: Int, artifact: Digest, verdict: Verdict)
    case alias(AliasMove)
  }

  /// A new version of a model.
  package struct Registration: Sendable, Hashable {
    /// Counted for each name from 1.
    package var version: Int
    package var manifest: VersionManifest
    /// The artifact that holds the manifest; it refers to the model.
    package var artifact: Digest
    package var code: CodeIdentity
    package var origin: VersionOrigin

    package init(
      version: Int, manifest: VersionManifest, artifact: Digest, code: CodeIdentity,
      origin: VersionOrigin
    ) {
      self.version = version
      self.manifest = manifest
      self.artifact = artifact
      self.code = code
      self.origin = origin
    }
  }

  /// An alias that points elsewhere from now on.
  package struct AliasMove: Sendable, Hashable {
    package enum Cause: String, Sendable, CaseIterable { case register, promote, rollback }

    package var name: String
    package var alias: String
    /// Where it points to.
    package var version: Int
    /// Where it pointed before; nil: nowhere.
    package var was: Int?
    package var cause: Cause
    /// Whether it was moved against the gate's decision.
    package var isForced: Bool
    package var reason: String?

    package init(
      name: String, alias: String, version: Int, was: Int?, cause: Cause, isForced: Bool = false,
      reason: String? = nil
    ) {
      self.name = name
      self.alias = alias
      self.version = version
      self.was = was
      self.cause = cause
      self.isForced = isForced
      self.reason = reason
    }
  }

  package var number: Int
  /// The SHA-256 of the record before; nil for the first.
  package var previous: Digest?
  /// Seconds since 1970, for people; nothing is decided by it.
  package var time: Double
  package var body: Body

  package init(number: Int, previous: Digest?, time: Double, body: Body) {
    self.number = number
    self.previous = previous
    self.time = time
    self.body = body
  }

  /// The bytes of the record's file.
  package var bytes: [UInt8] { JSONWriter.canonical(json) }
  package var digest: Digest { Digest(of: bytes) }
}

/// What made a version: the program's version and those of the stages on the way.
package struct CodeIdentity: Sendable, Hashable {
  package var tool: String
  /// Versions by kind.
  package var stages: [String: Int]

  package init(tool: String, stages: [String: Int]) {
    self.tool = tool
    self.stages = stages
  }

  package var json: JSONValue {
    .object([
      "stages": .object(
        stages.sorted { $0.key < $1.key }.map { JSONMember($0.key, .integer(Int64($0.value))) }),
      "tool": .string(tool),
    ])
  }

  package var digest: Digest { Digest(canonical: json) }
}

/// Where a version came from, for people who look for it.
package struct VersionOrigin: Sendable, Hashable {
  package var pipeline: String
  /// The number of the run in its project.
  package var run: Int64
  /// Fingerprints of the requests on the way, by stage.
  package var requests: [String: Digest]
  /// The commit of the sources, where the surroundings name it.
  package var commit: String?

  package init(pipeline: String, run: Int64, requests: [String: Digest], commit: String? = nil) {
    self.pipeline = pipeline
    self.run = run
    self.requests = requests
    self.commit = commit
  }
}
