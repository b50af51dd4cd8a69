import ArgumentParser
import Artifacts
import BuiltinStages
import Diagnostics
import Execution
import Foundation
import Glibc
import Planning
import Processes
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
  @Option(help: "Threads of all stages together (default: all processors).")
  var threads: Int?

  @Option(help: "Stages that may run at the same time; they share the threads.")
  var jobs = 1

  @Option(help: "Where all stages run: local, or slurm (default: as the pipeline says).")
  var executor: String?
  @Option(help: "Memory for stages that say how much they need: 16GB (default: the machine's).")
  var memory: String?

  @Option(help: "Gpus for stages that ask for some (default: all that are visible).")
  var gpus: Int?

  @Flag(
    help: """
      After a failure or refusal: go on with what does not depend on it, or start nothing more.
      """)
  var failure = FailureChoice.keepGoing

  @Flag(help: "Wait for another run of the project to end, and for approvals, instead of ending.")
  var wait = false

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
    if let memory, MemoryText.bytes(memory) == nil {
      throw ValidationError(
        "--memory is '\(SafeText.escaped(memory, limit: 40))', expected an amount such as 16GB")
    }
    if let gpus, !(0...64).contains(gpus) {
      throw ValidationError("--gpus is \(gpus), expected 0 to 64")
    }
  }

  /// The first of those that are visible; numbers go on where more are asked for.
  private var devices: [String] {
    let visible = Machine.gpus
    guard let gpus else { return visible }
    return Array(visible.prefix(gpus))
      + (visible.count..<max(visible.count, gpus)).map { String($0) }
  }

  func engineOptions(_ project: ProjectFolder) -> Engine.Options {
    var options = Engine.Options(
      threads: threads ?? Machine.threads, places: jobs, toolVersion: Orchestrate.toolVersion)
    options.memoryBytes = memory.flatMap { MemoryText.bytes($0) } ?? Machine.memoryBytes
    options.gpus = devices
    options.executor = executor.flatMap(ExecutorRequest.Kind.init(rawValue:))
    options.isFailFast = failure == .failFast
    options.waitsForApproval = wait
    options.resumeCommand = Self.resumeCommand(project)
    return options
  }

  func launcher(_ project: ProjectFolder) -> any StageLauncher {
    LauncherByExecutor(
      local: ProcessLauncher(marker: ProjectSession.marker(project), catalogue: .builtin),
      slurm: SlurmLauncher(project))
  }

  /// - Parameter signals: the descriptor of ``SignalPipe``.
  func patience(_ signals: Int32) -> LockPatience {
    LockPatience(
      isPatient: wait, notify: { Console.errors.line($0) },
      pause: { milliseconds in
        var descriptor = pollfd(fd: signals, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) == 0
      })
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

/// What a failure does to the rest of the run.
enum FailureChoice: String, EnumerableFlag {
  case keepGoing
  case failFast
}
