import ArgumentParser
import Artifacts
import Diagnostics
import Reproducibility
import RunStore
import StageKit

/// `orchestrate logs [STAGE]`: what stages printed, or what happened in the last run.
struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Shows what a stage printed, or the events of the last run.")

  @Argument(help: "A stage; without one the events of the last run are shown.")
  var stage: String?

  @OptionGroup var projectOptions: ProjectOptions

  @Flag(help: "Print the kept events as NDJSON.")
  var json = false

  func run() throws {
    let (store, folder, run) = try projectOptions.lastRun()
    if let stage, run.spec.stage(stage) == nil {
      let names = run.spec.stages.map(\.stage)
      throw Diagnostic(
        "run.no-stage", "run \(run.id) has no stage '\(SafeText.escaped(stage))'",
        fix: NearestName.suggestion(for: stage, among: names).map { "did you mean '\($0)'?" }
          ?? "it has \(names.joined(separator: ", "))"
      ).failure(.usage)
    }
    guard let stage, !json else {
      for line in try store.eventLines(ofRun: run.id, stage: stage) { Console.output.line(line) }
      return
    }
    guard let attempt = try store.lastAttempt(ofStage: stage) else {
      throw Diagnostic("run.no-log", "stage '\(stage)' has never run in this project")
        .failure(.badInput)
    }
    for diagnostic in attempt.failure?.diagnostics ?? [] {
      Console.errors.write(Terminal.text([diagnostic]))
    }
    let bytes = try DurableFile.read(folder.log(ofAttempt: attempt.id))
    if bytes.isEmpty {
      Console.errors.line(
        "stage '\(stage)' printed nothing; 'orchestrate logs' shows the events of the last run")
    }
    Console.output.write(String(decoding: bytes, as: UTF8.self))
  }
}
