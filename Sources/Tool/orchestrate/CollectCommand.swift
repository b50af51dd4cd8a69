import ArgumentParser
import Artifacts
import BuiltinStages
import Diagnostics
import Documents
import Execution
import Foundation
import Planning
import Reproducibility
import RunStore
import StageKit

/// `orchestrate gc`: removes what no run and no pipeline needs any more.
struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Finds and removes what nothing needs any more.",
    discussion: """
      Kept are the results of the last runs (--keep-runs), what today's pipeline file would take, every \
      version of the registry, and all that those refer to. Everything else goes: objects, checkpoints, kept results of chunks, \
      logs of older runs, damaged files that were set aside. Answers of endpoints were paid for and \
      stay unless --answers is given. The history of runs stays.

      Without --yes it only tells what it found.

        orchestrate gc
        orchestrate gc --keep-runs 3 --yes
      """)

  @Option(help: "Runs whose results are kept.")
  var keepRuns = 10

  @Option(help: "The pipeline file whose results are kept (default: that of the last run).")
  var pipeline: String?

  @Flag(help: "Keep nothing for the sake of the pipeline file.")
  var noPipeline = false

  @Flag(help: "Remove answers of endpoints too.")
  var answers = false

  @Flag(help: "Remove what was found.")
  var yes = false

  @Flag(help: "Only tell what was found (what happens without --yes).")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var projectOptions: ProjectOptions

  func validate() throws {
    if keepRuns < 0 { throw ValidationError("--keep-runs is \(keepRuns), expected 0 or more") }
    if yes, dryRun { throw ValidationError("--yes and --dry-run exclude each other") }
  }

  func run() throws {
    let (reading, folder) = try projectOptions.store()
    if yes {
      let session = try ProjectSession(folder)
      Terminal.show(session.takeWarnings())
      let garbage = try find(session.store, folder)
      try garbage.remove(from: session)
      show(garbage)
    } else {
      show(try find(reading, folder))
    }
  }

  private func find(_ store: RunStore, _ folder: ProjectFolder) throws -> Garbage {
    let plan = try noPipeline ? nil : self.plan(store, folder)
    return try GarbageSearch.run(
      folder, store, roots: CollectionRoot.collection(keepRuns: keepRuns, plan: plan),
      keepRuns: keepRuns, withAnswers: answers)
  }

  /// Today's plan; nil when there is no pipeline file any more.
  private func plan(_ store: RunStore, _ folder: ProjectFolder) throws -> Plan? {
    let last = try store.lastRun()
    guard let path = pipeline ?? last?.spec.pipelinePath else { return nil }
    if pipeline == nil, !FileManager.default.fileExists(atPath: path) { return nil }
    do {
      let overrides = (last?.spec.parameters ?? [:]).sorted { $0.key < $1.key }.map {
        "\($0.key)=\($0.value)"
      }
      let environment = ProcessInfo.processInfo.environment
      // Parameters of the last run may be gone from the file.
      let loaded =
        try
        (try? Planner.load(
          path, overrides: overrides, environment: environment, catalogue: .builtin))
        ?? Planner.load(path, environment: environment, catalogue: .builtin)
      let records = ProjectRecords(store: store, toRead: folder)
      return try loaded.plan(
        results: records, statCache: ReadOnlyStatCache(ProjectStatCache(store)),
        checkpoints: records)
    } catch let failure as Failure {
      Terminal.show(failure)
      throw Diagnostic(
        "gc.no-plan", "the pipeline file cannot be planned, so nobody knows what it needs",
        fix: "correct it, or add --no-pipeline to keep results of the last runs alone"
      ).failure(failure.failureClass)
    }
  }

  private func show(_ garbage: Garbage) {
    if json {
      Console.output.line(JSONWriter.compact(report(garbage)))
      return
    }
    if garbage.isEmpty {
      Console.output.line("nothing to collect")
      return
    }
    for line in GarbageView.lines(garbage, isRemoved: yes) { Console.output.line(line) }
    if !yes { Console.output.line("type it again with --yes to remove it") }
  }

  private func report(_ garbage: Garbage) -> JSONValue {
    .object([
      "removed": .bool(yes), "bytes": .integer(Int64(garbage.bytes)),
      "results": .array(garbage.results.map { .string($0.hex) }),
      "kinds": .object(
        Garbage.Kind.allCases.map { kind in
          JSONMember(
            kind.rawValue,
            .object([
              "count": .integer(Int64(garbage.items[kind]?.count ?? 0)),
              "bytes": .integer(Int64(garbage.bytes(kind))),
            ]))
        }),
    ])
  }
}
