package import Reproducibility

/// A run as planned: frozen into the run's record, so that `resume` continues this and nothing
/// else.
package struct RunSpec: Sendable, Hashable, Codable {
  package var formatVersion = 1
  package var pipelineName: String
  /// Absolute.
  package var pipelinePath: String
  /// Of the pipeline file's bytes: tells whether it changed since.
  package var pipelineDigest: Digest
  /// Values of `params` after overrides, as text.
  package var parameters: [String: String]
  /// In topological order; a stage comes after everything it waits for.
  package var stages: [StageRequest]
  package var externals: [ExternalTree]
  /// Run after its end.
  package var hooks: RunHooks?
  package var tracking: TrackingTargets?
  /// Files that `include:` named, as they were when planned; nil when there are none.
  package var includes: [IncludedFile]?
  /// Names of `params` whose values were given beside the file, sorted; nil in older records, where
  /// nobody can tell.
  package var overridden: [String]?
  /// What the run was limited to, as asked for; nil: everything.
  package var selection: PlanSelection?
  /// Stages that run though a result of the same request is recorded; nil: none.
  package var forced: [String]?
  /// Why a stage was to run, by its name, as the plan said.
  package var reasons: [String: String]?

  package init(
    pipelineName: String, pipelinePath: String, pipelineDigest: Digest,
    parameters: [String: String] = [:], stages: [StageRequest], externals: [ExternalTree] = [],
    hooks: RunHooks? = nil, tracking: TrackingTargets? = nil
  ) {
    self.pipelineName = pipelineName
    self.pipelinePath = pipelinePath
    self.pipelineDigest = pipelineDigest
    self.parameters = parameters
    self.stages = stages
    self.externals = externals
    self.hooks = hooks
    self.tracking = tracking
  }

  package func stage(_ name: String) -> StageRequest? { stages.first { $0.stage == name } }
}

/// A folder outside the store that an input names by path, with the digests it had when planned.
package struct ExternalTree: Sendable, Hashable, Codable {
  /// Absolute.
  package var folder: String
  package var manifest: ArtifactManifest

  package init(folder: String, manifest: ArtifactManifest) {
    self.folder = folder
    self.manifest = manifest
  }

  /// The same digest an artifact of the store with these files has.
  package var digest: Digest { manifest.digest }
  package var type: ArtifactType { manifest.type }
}
