import ArgumentParser
import Foundation

/// The command line: `orchestrate <command>`.
@main
struct Orchestrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orchestrate",
    abstract: "Turns raw records into a gated, shippable language model.",
    version: "0.1.0",
    subcommands: [
      PlanCommand.self,
      ValidateCommand.self,
      ExplainCommand.self,
      InitCommand.self,
      SchemaCommand.self,
      InspectCommand.self,
      PIICommand.self,
    ])

  /// Runs the command and ends the process with the status of DESIGN §5.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Foundation.exit(Ending.status(of: error))
    }
  }
}
