import ArgumentParser
import Artifacts
import BuiltinStages
import Diagnostics
import Documents
import Execution
import Foundation
import Planning
import Processes
import Reproducibility
import RunStore
import StageKit

/// `orchestrate resume`: goes on with the last run as it was planned.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Goes on with the last run, from the last checkpoint of what was interrupted.",
    discussion: """
      The run keeps the pipeline and the parameters it was started with. When the pipeline file has \
      changed since, say which one you mean: 'orchestrate run' uses today's file.
      """)

  @OptionGroup var projectOptions: ProjectOptions
  @OptionGroup var execution: ExecutionOptions

  func run() throws {
    let signals = SignalPipe.install()
    let project = projectOptions.folder()
    guard FileManager.default.fileExists(atPath: project.state) else { throw nothing(project.root) }
    let session = try ProjectSession(
      project, shared: .ofEnvironment(ProcessInfo.processInfo.environment),
      patience: execution.patience(signals))
    Terminal.show(session.takeWarnings())
    guard let last = try session.store.lastRun() else { throw nothing(project.root) }
    if last.state == .succeeded {
      if execution.json {
        JSONView().finish(last)
      } else {
        Console.output.line("nothing to resume: run \(last.id) has succeeded")
      }
      return
    }
    try refuseChanges(last)
    let options = execution.engineOptions(project)
    let observer = TrackedObserver(execution.observer(project))
    let engine = try Engine.resume(
      last, in: session, launcher: execution.launcher(project), observer: observer,
      options: options, signals: signals)
    observer.track(engine.record, in: session)
    defer { observer.finish() }
    try RunEnding.run(
      engine, in: session, resume: options.resumeCommand, isResumed: true)
  }

  private func nothing(_ root: String) -> Failure {
    Diagnostic(
      "run.none", "there is no run to resume in '\(SafeText.escaped(root, limit: 300))'",
      fix: "type 'orchestrate run PIPELINE', or name the folder with '--project'"
    ).failure(.badInput)
  }

  /// A run goes on with the file it was planned from; a file that has changed is named, with the
  /// stages that would differ.
  private func refuseChanges(_ run: RunRecord) throws {
    let path = run.spec.pipelinePath
    let files =
      [IncludedFile(path: path, digest: run.spec.pipelineDigest)] + (run.spec.includes ?? [])
    let changed = files.first { file in
      // A file that is gone is no reason to stop: the run has all that it held.
      (try? DurableFile.read(file.path)).map { Digest(of: $0) != file.digest } ?? false
    }
    guard let changed else { return }
    var notes: [String] = []
    // What stands in the file counts as it stands there now.
    let given = run.spec.overridden.map(Set.init) ?? Set(run.spec.parameters.keys)
    let overrides = run.spec.parameters.filter { given.contains($0.key) }
      .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    if let loaded = try? Planner.load(
      path, overrides: overrides, environment: ProcessInfo.processInfo.environment,
      catalogue: .builtin),
      let plan = try? loaded.plan(
        results: NoRecords(), statCache: MemoryStatCache(), checkpoints: NoRecords(),
        selection: scope(of: run, loaded))
    {
      notes = SpecDifference.between(run.spec, plan.spec)
      if notes.isEmpty { return }
    }
    let listed = notes.isEmpty ? "" : ": " + notes.joined(separator: "; ")
    throw Diagnostic(
      "run.pipeline-changed",
      "'\(SafeText.escaped(changed.path, limit: 300))' has changed since run \(run.id) was planned\(listed)",
      fix: "type 'orchestrate run' to use today's file (what is done stays done), or undo the edit"
    ).failure(.badInput)
  }

  /// The stages of the run that the file still has, where the run was limited.
  private func scope(of run: RunRecord, _ loaded: LoadedPipeline) -> PlanSelection {
    guard run.spec.selection?.isLimited == true else { return PlanSelection() }
    let names = Set(loaded.spec.stages.map(\.name))
    return PlanSelection(only: run.spec.stages.map(\.stage).filter(names.contains))
  }
}

/// What differs between the runs of two pipeline files, in words.
enum SpecDifference {
  static func between(_ old: RunSpec, _ new: RunSpec) -> [String] {
    var notes: [String] = []
    for stage in old.stages where new.stage(stage.stage) == nil {
      notes.append("'\(stage.stage)' is gone")
    }
    for stage in new.stages {
      guard let before = old.stage(stage.stage) else {
        notes.append("'\(stage.stage)' is new")
        continue
      }
      if before == stage { continue }
      notes.append("'\(stage.stage)' differs" + keys(before, stage))
    }
    return notes
  }

  private static func keys(_ old: StageRequest, _ new: StageRequest) -> String {
    let names = Set((old.parameters.objectValue ?? []).map(\.key))
      .union((new.parameters.objectValue ?? []).map(\.key))
    let changed = names.filter { old.parameters[$0] != new.parameters[$0] }.sorted()
    return changed.isEmpty ? "" : " in \(changed.joined(separator: ", "))"
  }
}
