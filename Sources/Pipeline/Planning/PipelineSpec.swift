package import Diagnostics
package import Documents
package import StageKit

/// A pipeline file as read: what it says, every piece with its place. Interpolations are resolved.
package struct PipelineSpec: Sendable {
  package var name: String
  /// Values of `params` after overrides, in the order of the file.
  package var parameters: [Node.Entry]
  /// In the order of the file.
  package var stages: [StageSpec]
  package var hooks: RunHooks?
  package var tracking: TrackingTargets?
  /// Stages with `strategy: matrix`, by the name in the file.
  package var matrices: [String: MatrixSpec] = [:]
}

/// One entry of `stages:`.
package struct StageSpec: Sendable {
  package var name: String
  /// Of the name.
  package var span: SourceSpan
  package var kind: StageKind
  package var kindSpan: SourceSpan
  /// The mapping under `with:`; an empty one when there is none.
  package var parameters: Node
  package var inputs: [InputSpec] = []
  package var needs: [(stage: String, span: SourceSpan)] = []
  /// Nil: runs. Otherwise the text of the `if:` that came out false.
  package var skippedBy: String?
  /// An `if:` that is decided while the run goes on, and where it names stages.
  package var condition: RunCondition?
  package var metricPlaces: [(stage: String, span: SourceSpan)] = []
  /// Of an instance of a matrix: which one.
  package var instance: MatrixInstance?
  /// Of the stage that stands for the best instance of a matrix.
  package var choice: MatrixChoiceSpec?
  package var retry = RetryPolicy()
  package var timeoutSeconds: Double?
  package var resources = ResourceRequest()
  /// Of `resources:`, when there is one.
  package var resourcesSpan: SourceSpan?
  package var priority = 0
  /// Processes that share the work.
  package var shards = 1
  package var executor = ExecutorRequest()
  /// Variables of its secrets that are not set, or unfit: an error once it would run.
  package var unsetSecrets: [Diagnostic] = []
}

/// One entry of `inputs:`.
package struct InputSpec: Sendable {
  package var port: String
  package var portSpan: SourceSpan
  package var source: InputSource
  package var span: SourceSpan
}

/// What an input names.
package enum InputSource: Sendable, Hashable {
  /// `stage` or `stage.port`.
  case stage(String, port: String?)
  /// A path: it starts with `./`, `../` or `/`.
  case path(String)
  /// A model of the registry: it starts with `registry:`.
  case registered(String)

  package init(_ text: String) {
    if text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("/") || text == "."
      || text == ".."
    {
      self = .path(text)
    } else if text.hasPrefix(RegistryReference.prefix) {
      self = .registered(text)
    } else if let dot = text.firstIndex(of: ".") {
      self = .stage(String(text[..<dot]), port: String(text[text.index(after: dot)...]))
    } else {
      self = .stage(text, port: nil)
    }
  }
}
