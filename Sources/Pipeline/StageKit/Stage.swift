package import Diagnostics

/// A step of a pipeline: what it is called, what it takes, what it makes, what it does.
///
/// A stage reads its inputs and parameters, writes its outputs, and touches nothing else: no clock,
/// no environment, no network. The same inputs and parameters give the same bytes. A stage that asks
/// an endpoint keeps its answers (``StageContext/answers``), and is a function of those too.
///
/// ```swift
/// struct CountRows: Stage {
///   static let kind: StageKind = "count_rows"
///   static let version = 1
///   static let summary = "Counts rows."
///   struct Parameters: StageParameters { init(_ read: inout ParameterReader) {} }
///   static func ports(for parameters: Parameters) -> Ports {
///     Ports(inputs: [Port("records", .records, help: "Rows to count.")],
///           outputs: [Port("report", .report, help: "The count.")])
///   }
///   init() {}
///   func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome { … }
/// }
/// ```
package protocol Stage: Sendable {
  associatedtype Parameters: StageParameters

  /// The word after `uses:`.
  static var kind: StageKind { get }
  /// Raised when the output bytes can change for the same inputs.
  static var version: Int { get }
  /// One sentence for `explain` and the docs.
  static var summary: String { get }

  /// A pure function of the parameters.
  static func ports(for parameters: Parameters) -> Ports

  /// Checks that need the declared files or inputs that exist already, before anything runs.
  /// All problems at once; a warning does not stop the run.
  static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs) -> [Diagnostic]

  /// Under which licences the rows stand that it brings in.
  static func licenses(of parameters: Parameters) -> [LicenseNote]

  init()

  /// Does the work. Throws ``Failure`` for what the user can change, `CancellationError` after a
  /// request to stop.
  func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome
}

extension Stage {
  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  { [] }

  package static func licenses(of parameters: Parameters) -> [LicenseNote] { [] }
}

/// Parameters of a stage: `let` fields, each read once by name.
package protocol StageParameters: Sendable {
  /// Reads every parameter; problems collect in the reader.
  init(_ read: inout ParameterReader)
}

/// How a stage ended that did not throw.
package enum StageOutcome: Sendable, Hashable, Codable {
  case succeeded
  /// A gate's no: one sentence per rule that refused. Outputs are kept.
  case refused([String])
}

/// What a preflight check may look at: inputs that exist before the run.
package struct PreflightInputs {
  /// Inputs whose artifact is already known, by port.
  package var artifacts: [String: InputArtifact]
  /// Declared files, by parameter path.
  package var files: [String: [InputFile]]
  /// What is known of the licences of everything that the artifact at a port is, or will be, made of.
  package var licenses: (_ port: String) -> [LicenseNote]

  package init(
    artifacts: [String: InputArtifact], files: [String: [InputFile]],
    licenses: @escaping (_ port: String) -> [LicenseNote] = { _ in [] }
  ) {
    self.artifacts = artifacts
    self.files = files
    self.licenses = licenses
  }
}
