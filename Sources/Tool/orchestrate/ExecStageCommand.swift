import ArgumentParser
import BuiltinStages
import Execution
import Glibc
import StageKit

/// `orchestrate exec-stage --ticket F`: the process of one attempt; started by the engine.
struct ExecStageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec-stage", abstract: "Runs one attempt of a stage; started by the engine.",
    shouldDisplay: false)

  @Option(help: "The ticket of the attempt.")
  var ticket: String

  @Option(help: "Where this execution of a cluster's job writes.")
  var runFolder: String?

  func run() throws {
    Glibc.exit(StageChild.run(ticketPath: ticket, runFolder: runFolder, catalogue: .builtin))
  }
}
