import ArgumentParser
import Diagnostics
import Glibc
import Foundation

/// The command line: `orchestrate <command>`.
@main
struct Orchestrate: ParsableCommand {
  static let toolVersion = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "orchestrate",
    abstract: "Turns raw records into a gated, shippable language model.",
    version: toolVersion,
    subcommands: [
      RunCommand.self, ResumeCommand.self, StatusCommand.self, LogsCommand.self,
      ArtifactsCommand.self, PIICommand.self, ExecStageCommand.self,
    ])

  /// Exit statuses are those of DESIGN §5; ArgumentParser's 64 becomes 2.
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
    } catch let failure as Failure {
      Glibc.exit(FailureOutput.show(failure))
    } catch {
      let status = exitCode(for: error).rawValue
      let text = fullMessage(for: error)
      if !text.isEmpty { (status == 0 ? Console.output : Console.errors).line(text) }
      Glibc.exit(status == 64 ? FailureClass.usage.rawValue : status)
    } catch {
      Foundation.exit(Ending.status(of: error))
    }
  }
}
