import ArgumentParser
import Execution
import RunStore

/// `orchestrate approve STAGE`: says yes to a stage that awaits approval.
struct ApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Approves a stage that awaits a person; the run, or a resume, goes on.",
    discussion: """
      The decision is recorded with your name and belongs to what was looked at: when the inputs of \
      the stage change, it is asked for again. 'orchestrate status' shows what waits.
      """)

  @Argument(help: "The stage.")
  var stage: String

  @Option(name: .customLong("run"), help: "The number of the run (default: the last one).")
  var number: Int64?

  @Option(help: "Why; kept with the decision.")
  var note: String?

  @OptionGroup var projectOptions: ProjectOptions

  func run() throws {
    let request = try ProjectRequest(projectOptions, run: number)
    try request.send(.approve, stage: stage, note: note) {
      try request.decide(.approved, stage, note: note)
    }
  }
}
