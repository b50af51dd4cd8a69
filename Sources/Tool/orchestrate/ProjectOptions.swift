import ArgumentParser
import Artifacts
import Diagnostics
import Execution
import Foundation
import Reproducibility
import RunStore
import StageKit

/// Where the project's state lies.
struct ProjectOptions: ParsableArguments {
  @Option(help: "The folder that holds '.orchestrate' (default: where the pipeline file is).")
  var project: String?

  /// - Parameter pipeline: a pipeline file whose folder is meant unless another one was named.
  func folder(of pipeline: String? = nil) -> ProjectFolder {
    let named = project ?? pipeline.map { DurableFile.parent(of: $0) } ?? ""
    let url = URL(fileURLWithPath: named.isEmpty ? "." : named)
    return ProjectFolder(root: url.standardizedFileURL.resolvingSymlinksInPath().path)
  }

  /// The record for looking only.
  ///
  /// - Throws: ``Failure`` of class `nothingToDo` when nothing ever ran here.
  func store() throws -> (RunStore, ProjectFolder) {
    let folder = folder()
    guard let store = try RunStore.openToRead(folder.database) else {
      throw Diagnostic(
        "run.none", "no run is recorded in '\(folder.root)'",
        fix: "type 'orchestrate run PIPELINE', or name the folder with '--project'"
      ).failure(.badInput)
    }
    return (store, folder)
  }

  /// The newest run.
  func lastRun() throws -> (RunStore, ProjectFolder, RunRecord) {
    let (store, folder) = try store()
    guard let run = try store.lastRun() else {
      throw Diagnostic("run.none", "no run is recorded in '\(folder.root)'").failure(.badInput)
    }
    return (store, folder, run)
  }
}

/// How a run is executed and shown.
struct ExecutionOptions: ParsableArguments {
  @Option(help: "Threads a stage may use (default: all processors).")
  var threads: Int?

  @Option(help: "Stages that may run at the same time.")
  var jobs = 1

  @Option(help: "Where all stages run: local, or slurm (default: as the pipeline says).")
  var executor: String?

  @Flag(help: "Print the event stream as NDJSON.")
  var json = false

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 4096")
    }
    if let executor, ExecutorRequest.Kind(rawValue: executor) == nil {
      throw ValidationError("--executor is '\(executor)', expected local or slurm")
    }
    if !(1...1024).contains(jobs) { throw ValidationError("--jobs is \(jobs), expected 1 to 1024") }
  }

  func engineOptions(_ project: ProjectFolder) -> Engine.Options {
    var options = Engine.Options(
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, places: jobs,
      toolVersion: Orchestrate.toolVersion)
    options.resumeCommand = Self.resumeCommand(project)
    return options
  }

  func launcher(_ project: ProjectFolder) -> any StageLauncher {
    LauncherByExecutor(
      local: ProcessLauncher(marker: ProjectSession.marker(project)), slurm: SlurmLauncher(project),
      forced: executor.flatMap(ExecutorRequest.Kind.init(rawValue:)))
  }

  func observer(_ project: ProjectFolder) -> any RunObserver {
    if json { return JSONView() }
    return Console.output.isTerminal ? TerminalView() : PlainView()
  }

  /// As it works from here.
  static func resumeCommand(_ project: ProjectFolder) -> String {
    let here = URL(fileURLWithPath: ".").standardizedFileURL.resolvingSymlinksInPath().path
    if project.root == here { return "orchestrate resume" }
    var shown = project.root
    if shown.hasPrefix(here + "/") { shown = String(shown.dropFirst(here.count + 1)) }
    return "orchestrate resume --project \(quoted(shown))"
  }

  private static func quoted(_ path: String) -> String {
    let isPlain = path.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_./".unicodeScalars.contains($0))
    }
    return isPlain ? path : "'" + path.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
