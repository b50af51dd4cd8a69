package import Artifacts
private import Foundation
package import Planning
package import Reproducibility
package import RunStore
private import StageKit

/// A reason to keep results and artifacts. What no root names is garbage.
package struct CollectionRoot: Sendable {
  package struct Kept: Sendable {
    /// Requests whose results and checkpoints stay.
    package var fingerprints: Set<Digest>
    /// Artifacts that stay, with all they refer to.
    package var artifacts: Set<Digest>

    package init(fingerprints: Set<Digest> = [], artifacts: Set<Digest> = []) {
      self.fingerprints = fingerprints
      self.artifacts = artifacts
    }
  }

  /// In words, for whoever asks why something stays.
  package let name: String
  package let find: @Sendable (RunStore, ProjectFolder) throws -> Kept

  package init(
    _ name: String, _ find: @escaping @Sendable (RunStore, ProjectFolder) throws -> Kept
  ) {
    self.name = name
    self.find = find
  }

  package static func lastRuns(_ count: Int) -> CollectionRoot {
    CollectionRoot("results of the last \(count) runs") {
      store, _ in Kept(fingerprints: try store.fingerprints(ofLastRuns: count))
    }
  }

  /// What a run with today's file would take or go on with.
  package static func pipeline(_ plan: Plan) -> CollectionRoot {
    let fingerprints = Set(plan.verdicts.compactMap(\.fingerprint))
    let artifacts = Set(plan.verdicts.flatMap { $0.outputs.values })
    return CollectionRoot("results of '\(plan.spec.pipelineName)' as it is now") { _, _ in
      Kept(fingerprints: fingerprints, artifacts: artifacts)
    }
  }

  /// What nobody may remove, whatever is asked for.
  package static let protected: [CollectionRoot] = [
    // A version stays although every run that made it is old: it may be promoted, or rolled back to.
    CollectionRoot("versions of the registry") { store, project in
      let own = try store.registered()
      let folder = RegistryFolder(
        state: project.state, environment: ProcessInfo.processInfo.environment)
      let registry = try folder.read()
      return Kept(
        fingerprints: Set(own.map(\.fingerprint)),
        artifacts: Set(own.flatMap { [$0.artifact, $0.model] } + registry.roots))
    }
  ]

  /// The roots of a collection.
  package static func collection(keepRuns: Int, plan: Plan?) -> [CollectionRoot] {
    var roots = protected + [lastRuns(keepRuns)]
    if let plan { roots.append(pipeline(plan)) }
    return roots
  }

  /// The roots of cleaning one or several stages: all that other stages have made.
  package static func others(than stages: [String]) -> [CollectionRoot] {
    let names = stages.joined(separator: ", ")
    return protected + [
      CollectionRoot("results of other stages than \(names)") { store, project in
        var fingerprints = try store.resultFingerprints()
        // A request without a result may have a checkpoint.
        for name in try DurableFile.names(in: project.checkpoints) {
          guard let fingerprint = Digest(hex: name), try store.asker(of: fingerprint) != nil
          else { continue }
          fingerprints.insert(fingerprint)
        }
        for stage in stages { fingerprints.subtract(try store.fingerprints(ofStage: stage)) }
        return Kept(fingerprints: fingerprints)
      }
    ]
  }
}
