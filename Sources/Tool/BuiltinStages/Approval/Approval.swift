internal import Diagnostics
internal import StageKit

/// Waits for a person: what needs it starts once `orchestrate approve` has said yes.
///
/// An approval belongs to what was looked at: its fingerprint covers its message, its inputs and
/// all that the stages under `needs:` made, so that a change of those is asked for again.
struct Approval: Stage {
  static let kind = StageKind.approval
  static let version = 1
  static let summary = "Waits until a person approves what the stages before it made."

  struct Parameters: StageParameters {
    let message: String
    let inputs: [String]

    init(_ read: inout ParameterReader) {
      message = read.string("message", help: "What the person is asked.")
      inputs = read.strings(
        "inputs", default: [], help: "Names of input ports to show beside the message.")
    }
  }

  static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: parameters.inputs.map { name in
        var port = Port(name, help: "Shown to the person, and part of what is approved.")
        port.types = ArtifactType.allCases
        return port
      })
  }

  /// The engine asks a person and never starts a process for this kind.
  func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    throw Diagnostic(
      "stage.approval", "an approval is given by a person, not by a process",
      fix: "type 'orchestrate approve STAGE' or 'orchestrate reject STAGE'"
    ).failure(.usage)
  }
}
