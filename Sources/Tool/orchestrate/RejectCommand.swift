import ArgumentParser
import Execution
import RunStore

/// `orchestrate reject STAGE`: says no to a stage that awaits approval.
struct RejectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject",
    abstract: "Rejects a stage that awaits a person: what needs it is blocked.",
    discussion: """
      Like a gate's refusal this is final for what was looked at, and asked again when the inputs of \
      the stage change. The decision is recorded with your name.
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
    try request.send(.reject, stage: stage, note: note) {
      try request.decide(.rejected, stage, note: note)
    }
  }
}
