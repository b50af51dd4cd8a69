import ArgumentParser
import Artifacts
import BuiltinStages
import CUDADevices
import Diagnostics
import Execution
import Foundation
import Parallelism
import Planning
import Processes
import RunStore
import StageKit

/// `orchestrate run [PIPELINE]`: plans with today's files and runs what is not known yet.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs a pipeline: every stage whose result is not recorded yet.",
    discussion: """
      orchestrate run pipeline.yaml
      orchestrate run pipeline.yaml -p lora_r=32
      orchestrate run --from sft              (sft and what is downstream of it)
      orchestrate run --only gate --force gate
      orchestrate run --plan plan.json        (exactly what 'plan --out plan.json' showed)

      Exit status: 0 done, 1 a stage failed, 2 usage, 3 a gate refused, 5 an approval is awaited, 65 \
      bad input, 74 I/O, 75 locked by another run, 130 or 143 interrupted.
      """)

  @Argument(help: "The pipeline file.")
  var pipeline: String?

  @Option(name: .customShort("p"), help: "A parameter of the pipeline: name=value.")
  var parameter: [String] = []

  @Option(help: "Runs a plan that 'plan --out FILE' kept; refused when it would be another today.")
  var plan: String?

  @Flag(
    help:
      "Tries the whole pipeline on little: 100 rows of each source, one epoch. Checks that losses fall and models change. Its results are kept apart."
  )
  var smoke = false

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var projectOptions: ProjectOptions
  @OptionGroup var execution: ExecutionOptions

  func run() throws {
    let signals = SignalPipe.install()
    var limits = selection
    let late = limits.takePipeline()
    let saved = try self.plan.map { try SavedPlan.read($0) }
    if saved != nil, smoke || pipeline != nil || !parameter.isEmpty || !limits.selection.isEmpty {
      throw ValidationError(
        "--plan says which pipeline, parameters and stages; leave the others out")
    }
    let path = saved?.file ?? pipeline ?? late ?? defaultPipeline
    let chosen = saved?.selection ?? limits.selection
    let real = projectOptions.folder(of: path)
    let question =
      saved == nil && !smoke && chosen.isEmpty
      ? SettledRun.Question(path: path, overrides: parameter) : nil
    let device = { ComputeDevice.inventory.isUsable ? "cuda" : "cpu" }
    if let question, let settled = SettledRun.find(question, in: real, device: device) {
      settled.show(execution.observer(real))
      return
    }
    let loaded = try Planner.load(
      path, overrides: saved?.overrides ?? parameter,
      environment: ProcessInfo.processInfo.environment, catalogue: .builtin, isSmoke: smoke)
    let project = smoke ? real.smoke : real
    let session = try ProjectSession(
      project, shared: smoke ? nil : .ofEnvironment(ProcessInfo.processInfo.environment),
      patience: execution.patience(signals))
    let records = ProjectRecords(
      store: session.store, artifacts: session.artifacts, shared: session.shared)
    let options = execution.engineOptions(project)
    try options.check(loaded)
    let plan = try loaded.plan(
      results: records, statCache: ProjectStatCache(session.store), checkpoints: records,
      selection: chosen, pool: ThreadPool(threads: options.threads))
    try saved?.compare(with: plan)
    Terminal.show(plan.warnings + session.takeWarnings())
    let observer = TrackedObserver(execution.observer(project))
    if let run = try StandingRun.find(plan, in: session) {
      StandingRun.show(run, plan, observer)
      if let question { SettledRun.keep(question, loaded, plan.spec, in: session, device: device) }
      return
    }
    let engine = try Engine.start(
      plan.spec, in: session, launcher: execution.launcher(project), observer: observer,
      options: options, signals: signals)
    observer.track(engine.record, in: session)
    defer { observer.finish() }
    try RunEnding.run(engine, in: session, resume: options.resumeCommand)
    if let question { SettledRun.keep(question, loaded, plan.spec, in: session, device: device) }
    if smoke, let run = try session.store.lastRun() {
      try SmokeCheck(session.store, session.artifacts).check(run)
    }
  }

  private var defaultPipeline: String {
    guard let folder = projectOptions.project else { return "pipeline.yaml" }
    return folder + "/pipeline.yaml"
  }
}

/// What both `run` and `resume` do with an engine.
enum RunEnding {
  /// Runs to the end; leaves with the run's exit status.
  static func run(
    _ engine: Engine, in session: ProjectSession, resume: String, isResumed: Bool = false
  ) throws {
    let conclusion: RunConclusion
    do {
      conclusion = try engine.runToEnd()
      Terminal.show(session.takeWarnings())
    } catch let failure as Failure {
      Terminal.show(session.takeWarnings())
      Terminal.show(failure)
      Console.errors.line("resume with: \(resume)")
      throw ExitCode(failure.failureClass.rawValue)
    }
    if isResumed {
      for (stage, reasons) in conclusion.refusals {
        for reason in reasons { Console.errors.line("\(stage) refused: \(reason)") }
      }
    }
    for (stage, message) in conclusion.awaiting {
      Console.errors.line("'\(stage)' awaits approval: \(SafeText.escaped(message, limit: 300))")
      let command = resume.replacing("orchestrate resume", with: "orchestrate approve \(stage)")
      Console.errors.line("  approve with: \(command)")
    }
    if conclusion.canResume { Console.errors.line("resume with: \(resume)") }
    if conclusion.exitStatus != 0 { throw ExitCode(conclusion.exitStatus) }
  }
}

extension Engine.Options {
  /// All of this machine.
  static var machine: Engine.Options {
    var options = Engine.Options(threads: Machine.threads)
    options.memoryBytes = Machine.memoryBytes
    options.gpus = Machine.gpus
    return options
  }

  /// Refuses stages that ask for more than there is, with their places in the file.
  func check(_ pipeline: LoadedPipeline) throws {
    let spans = pipeline.spec.stages.compactMap { stage in
      stage.resourcesSpan.map { (stage.name, $0) }
    }
    let requests = pipeline.spec.stages.filter { $0.skippedBy == nil }.map {
      StageRequest(
        stage: $0.name, kind: $0.kind, version: 0,
        executor: ExecutorRequest(executor ?? $0.executor.kind), resources: $0.resources)
    }
    try capacity.check(requests, spans: Dictionary(spans, uniquingKeysWith: { $1 }))
  }
}
