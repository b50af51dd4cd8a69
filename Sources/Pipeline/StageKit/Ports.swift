/// What flows along an edge of the pipeline (DESIGN §8).
package enum ArtifactType: String, Sendable, Codable, CaseIterable {
  /// Rows: `records.json` and its chunks.
  case records
  /// `clusters.jsonl`: which rows are near-duplicates of each other.
  case clusters
  /// A model folder: Hugging Face files and `model.json`.
  case model
  /// Counts and findings of a stage: `report.json`, `report.md`.
  case report
  /// Per-item results of an evaluation: `scores.json`, `items.jsonl`.
  case scores
  /// A gate's decision: `verdict.json`.
  case verdict
  /// Files for other programs: GGUF, Modelfile, whatever a `shell` stage makes.
  case files
  /// A version of a model for the registry: `version.json`, a ``VersionManifest``.
  case version
}

/// A named place where an artifact enters or leaves a stage.
package struct Port: Sendable, Hashable, Codable {
  package var name: String
  /// Types an input takes (an output has exactly one).
  package var types: [ArtifactType]
  package var isOptional: Bool
  package var help: String
  /// Set on an output that the stage writes into the pipeline's folder, under this name.
  package var workspace: WorkspacePath?
  /// Whether the stage copes with an alias of the registry that points to nothing yet: the input is
  /// then left out. Nil: no.
  package var copesWithNoVersion: Bool?

  package init(_ name: String, _ types: ArtifactType..., optional: Bool = false, help: String) {
    self.name = name
    self.types = types
    self.isOptional = optional
    self.help = help
  }
}

/// The inputs and outputs of a stage; a pure function of its parameters.
package struct Ports: Sendable, Hashable, Codable {
  package var inputs: [Port]
  /// The first one is meant when a pipeline names the stage alone.
  package var outputs: [Port]

  package init(inputs: [Port] = [], outputs: [Port] = []) {
    self.inputs = inputs
    self.outputs = outputs
  }
}
