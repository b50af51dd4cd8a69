import ArgumentParser
import Artifacts
import Diagnostics
import Execution
import Foundation
import Glibc
import Reproducibility
import RunStore

/// `orchestrate clean STAGE`: removes what a stage has made, so that it runs again.
struct CleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Removes what stages have made, so that they run again.",
    discussion: """
      Names of stages: their results, the objects that nothing else refers to, and their checkpoints. \
      With --all: everything that can be made again; the history of runs stays, and answers of \
      endpoints, which were paid for, unless --answers is given.

        orchestrate clean sft
        orchestrate clean --all --yes
      """)

  @Argument(help: "Stages.")
  var stages: [String] = []

  @Flag(help: "Everything but the database.")
  var all = false

  @Flag(help: "With --all: answers of endpoints too.")
  var answers = false

  @Flag(help: "Remove without asking.")
  var yes = false

  @OptionGroup var projectOptions: ProjectOptions

  func validate() throws {
    if stages.isEmpty != all { throw ValidationError("name stages, or give --all") }
    if answers, !all { throw ValidationError("--answers needs --all") }
  }

  func run() throws {
    let (reading, folder) = try projectOptions.store()
    for stage in stages where try !reading.hasAsked(stage) {
      let names = try reading.askingStages()
      throw Diagnostic(
        "run.no-stage", "no stage '\(SafeText.escaped(stage))' has ever run in this project",
        fix: NearestName.suggestion(for: stage, among: names).map { "did you mean '\($0)'?" }
          ?? "there are \(names.prefix(20).joined(separator: ", "))"
      ).failure(.usage)
    }
    if !yes {
      let garbage = try find(reading, folder)
      if garbage.isEmpty {
        Console.output.line("nothing to clean")
        return
      }
      for line in GarbageView.lines(garbage, isRemoved: false) { Console.output.line(line) }
      try ask()
    }
    let session = try ProjectSession(folder)
    let garbage = try find(session.store, folder)
    try garbage.remove(from: session)
    for line in GarbageView.lines(garbage, isRemoved: true).suffix(1) { Console.output.line(line) }
  }

  private func find(_ store: RunStore, _ folder: ProjectFolder) throws -> Garbage {
    if all {
      return try GarbageSearch.run(
        folder, store, roots: CollectionRoot.protected, keepRuns: 0, withAnswers: answers)
    }
    return try GarbageSearch.run(
      folder, store, roots: CollectionRoot.others(than: stages), keepRuns: .max,
      withAnswers: false, withInputs: false, kinds: [.manifests, .objects, .checkpoints])
  }

  private func ask() throws {
    guard isatty(0) == 1 else {
      throw Diagnostic(
        "clean.not-confirmed", "nobody can be asked here, so nothing was removed",
        fix: "add --yes"
      ).failure(.usage)
    }
    Console.output.write("remove them? [y/N] ")
    let answer = (readLine() ?? "").lowercased()
    guard ["y", "yes"].contains(answer) else {
      Console.output.line("nothing was removed")
      throw ExitCode(0)
    }
  }
}
