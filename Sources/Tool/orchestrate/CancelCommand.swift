import ArgumentParser
import Diagnostics
import Execution
import RunStore
import StageKit

/// `orchestrate cancel [RUN]`: ends a run, or one stage of it, from another terminal.
struct CancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancels the run that is going on, or one stage of it.",
    discussion: """
      What runs is asked to write a checkpoint and end, and is killed after 8 seconds; what has not \
      started does not start. Everything finished stays, and 'orchestrate resume' goes on.
      """)

  @Argument(help: ArgumentHelp("The number of the run (default: the last one).", valueName: "run"))
  var number: Int64?

  @Option(help: "Only this stage; what depends on it is blocked, the rest goes on.")
  var stage: String?

  @OptionGroup var projectOptions: ProjectOptions

  func run() throws {
    let request = try ProjectRequest(projectOptions, run: number)
    if let stage, request.run.spec.stage(stage) == nil {
      throw ApprovalDesk.noStage(stage, in: request.run)
    }
    try request.send(.cancel, stage: stage) {
      let run = request.run
      let state = run.state == .running ? "its engine has died" : "it is \(run.state.rawValue)"
      throw Diagnostic(
        "run.not-running", "run \(run.id) is not going on: \(state)",
        fix: "there is nothing to cancel; 'orchestrate status' shows where it stands"
      ).failure(.nothingToDo)
    }
  }
}
