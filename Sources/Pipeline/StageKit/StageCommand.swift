/// A user's command that the engine starts itself, under the same record as any other attempt: no
/// process of this program stands in between.
package struct StageCommand: Sendable, Hashable {
  /// Absolute.
  package var executable: String
  /// All of them, the name first.
  package var arguments: [String]
  /// Added to the engine's own.
  package var environment: [String: String]
  /// Values among them that nobody may see printed.
  package var secrets: [String] = []

  package init(executable: String, arguments: [String], environment: [String: String] = [:]) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
  }
}

/// What a stage may ask for when it says which command it is.
package protocol CommandPlace {
  var threads: Int { get }
  /// Variables of the attempt: its try, its devices.
  var environment: [String: String] { get }
  func input(_ port: String) throws -> InputArtifact
  /// The empty folder of an output port that does not lie in the workspace.
  func output(_ port: String) throws -> String
  /// A private folder, made when it is first asked for; gone with the attempt.
  func scratch() throws -> String
}

/// A stage that is nothing but a user's command.
package protocol CommandStage: Stage {
  /// Makes ready what the command reads and says how to start it, in the pipeline's folder.
  static func command(_ parameters: Parameters, in place: any CommandPlace) throws -> StageCommand
}
