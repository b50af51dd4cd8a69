import ArgumentParser
import Glibc

/// The command line: `orchestrate <command>`.
@main
struct Orchestrate: ParsableCommand {
  static let toolVersion = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "orchestrate",
    abstract: "Turns raw records into a gated, shippable language model.",
    version: toolVersion,
    subcommands: [
      RunCommand.self,
      ResumeCommand.self,
      CancelCommand.self,
      ApproveCommand.self,
      RejectCommand.self,
      PlanCommand.self,
      ValidateCommand.self,
      StatusCommand.self,
      LogsCommand.self,
      DiagnoseCommand.self,
      ArtifactsCommand.self,
      RegistryCommand.self,
      CICommand.self,
      WatchCommand.self,
      HooksCommand.self,
      ExplainCommand.self,
      ForgetCommand.self,
      VerifyCommand.self,
      CollectCommand.self,
      CleanCommand.self,
      BackupCommand.self,
      RestoreCommand.self,
      InitCommand.self,
      DoctorCommand.self,
      SchemaCommand.self,
      ImportCommand.self,
      InspectCommand.self,
      GenerateCommand.self,
      ScoreCommand.self,
      ExportCommand.self,
      EvalCommand.self,
      CompareCommand.self,
      PIICommand.self,
      PreviewCommand.self,
      ExecStageCommand.self,
    ])

  /// Runs the command and ends the process with the status of DESIGN §5.
  static func main() {
    do {
      var command = try parseAsRoot(
        SelectionOptions.spread(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch {
      Glibc.exit(Ending.status(of: error))
    }
  }
}
