import ArgumentParser
import Artifacts
import BuiltinStages
import Diagnostics
import Documents
import Execution
import Foundation
import Parallelism
import Planning
import Processes
import Reports
import RunStore
import StageKit

/// `orchestrate ci [PIPELINE]`: trains again what is stale, gates it, promotes it or says why not.
struct CICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ci",
    abstract: "Retrains what is stale, gates it against the champion, promotes it or refuses.",
    discussion: """
      orchestrate ci pipeline.yaml
      orchestrate ci pipeline.yaml --base-ref origin/main --no-promote

      Nothing runs unless a stage that trains is stale, or a model was trained and never registered. \
      A report for people and files for CI systems are written to --output; docs/ci.md lists them.

      Exit status: 0 promoted (or done, where nothing is to be promoted), 3 a gate refused, 4 \
      nothing to do, 1 a stage failed, 65 bad input, 75 locked by another run or the champion was \
      moved meanwhile, 130 or 143 interrupted.
      """)

  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline = "pipeline.yaml"

  @Option(
    name: [.customShort("p"), .customLong("param")],
    help: "A parameter of the pipeline: name=value.")
  var parameter: [String] = []

  @Option(help: "The alias that a model which passes is given.")
  var alias = "champion"

  @Flag(help: "Gate and register, and leave the alias where it is: for pull requests.")
  var noPromote = false

  @Option(help: "A git ref: the summary lists what changed since.")
  var baseRef: String?

  @Option(help: "The folder for the report and the files that CI systems read.")
  var output = "orchestrate-ci"

  @OptionGroup var projectOptions: ProjectOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var registryOptions: RegistryOptions

  func validate() throws {
    if !VersionManifest.isName(alias) {
      throw ValidationError(
        "--alias '\(SafeText.escaped(alias, limit: 40))' is not fit for an alias")
    }
    if let baseRef, baseRef.hasPrefix("-") || baseRef.isEmpty {
      throw ValidationError("--base-ref is no git ref")
    }
  }

  func run() throws {
    registryOptions.settle()
    let files = CIFiles(output: output, environment: ProcessInfo.processInfo.environment)
    let signals = SignalPipe.install()
    let report: CIReport
    do {
      report = try work(signals)
    } catch let failure as Failure {
      // A file that cannot be read or planned: the report says so, too.
      try? files.write(failed(failure))
      throw failure
    }
    try files.write(report)
    if !execution.json { Console.output.line("\(report.ending.title): \(report.sentence)") }
    if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
  }

  private func failed(_ failure: Failure) -> CIReport {
    var report = CIReport(
      pipeline: pipeline, file: pipeline, ending: .failed,
      exitStatus: failure.failureClass.rawValue,
      sentence: failure.diagnostics.first?.message ?? "it failed")
    report.findings = failure.diagnostics
    return report
  }

  private func work(_ signals: Int32) throws -> CIReport {
    let loaded = try Planner.load(
      pipeline, overrides: parameter, environment: ProcessInfo.processInfo.environment,
      catalogue: .builtin)
    let project = projectOptions.folder(of: pipeline)
    let session = try ProjectSession(
      project, shared: .ofEnvironment(ProcessInfo.processInfo.environment),
      patience: execution.patience(signals))
    let records = ProjectRecords(
      store: session.store, artifacts: session.artifacts, shared: session.shared)
    let options = execution.engineOptions(project)
    let registry = RegistryOptions.folder(project)
    let before = try registry.read()
    let plan = try loaded.plan(
      results: records, statCache: ProjectStatCache(session.store), checkpoints: records,
      pool: ThreadPool(threads: options.threads))
    let target = CITarget(plan, before, alias: noPromote ? nil : alias)
    var facts = CIFacts(loaded: loaded, plan: plan, file: pipeline, session: session)
    facts.changes = GitChanges(since: baseRef, plan: plan, folder: loaded.folder)?.lines ?? []
    if let reason = target.nothingToDo {
      return facts.nothing(reason, FailureClass.nothingToDo.rawValue)
    }
    Terminal.show(plan.warnings + target.warnings)
    let engine = try Engine.start(
      plan.spec, in: session,
      launcher: ProcessLauncher(marker: ProjectSession.marker(project)),
      observer: execution.observer(project), options: options, signals: signals)
    let conclusion = try engine.runToEnd()
    if conclusion.canResume {
      Console.errors.line("resume with: \(options.resumeCommand)")
    }
    return try facts.report(
      conclusion, promotion: try promote(conclusion, target, facts, registry, before))
  }

  /// Lets the alias point to the model of a run that succeeded.
  private func promote(
    _ conclusion: RunConclusion, _ target: CITarget, _ facts: CIFacts, _ registry: RegistryFolder,
    _ before: ModelRegistry
  ) throws -> CIFacts.Promotion? {
    guard conclusion.state == .succeeded, let stage = target.registerStage,
      let manifest = try facts.manifest(of: stage, conclusion.run),
      let version = try registry.read().known(manifest)
    else { return nil }
    let was = before.version(at: alias, of: manifest.name)?.number
    if !noPromote {
      try registry.promote(
        manifest.name, to: version.number, alias: alias,
        expecting: before.moved(alias, of: manifest.name), at: Date().timeIntervalSince1970)
    }
    let now = try registry.read().version(at: alias, of: manifest.name)?.number
    return CIFacts.Promotion(
      model: CIReport.Model(
        name: manifest.name, version: version.number, isNew: before.known(manifest) == nil,
        digest: manifest.model, lineage: manifest.lineage, alias: alias, was: was, now: now),
      isPromoted: !noPromote)
  }
}
