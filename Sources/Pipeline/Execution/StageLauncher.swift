private import Diagnostics
private import Foundation
private import Glibc
package import Processes
private import Reproducibility
package import StageKit

/// Starts attempts; tests replace it.
package protocol StageLauncher {
  func launch(_ ticket: Ticket, ticketPath: String, log: String) throws -> any StageProcess

  /// Starts a stage that is a user's command in `folder`; nil for any other, which needs a ticket.
  func launch(_ request: StageRequest, in place: any CommandPlace, folder: String, log: String)
    throws -> CommandProcess?

  /// The run has ended: nothing of it may be left.
  func finish()
}

extension StageLauncher {
  package func launch(
    _ request: StageRequest, in place: any CommandPlace, folder: String, log: String
  ) throws -> CommandProcess? { nil }

  package func finish() {}
}

/// An attempt that runs.
package protocol StageProcess: AnyObject {
  /// A descriptor to read ``ChildMessage`` lines from; at its end the process has ended or will at
  /// once. Never blocks.
  var events: Int32 { get }
  /// False: ``events`` only becomes readable at the end.
  var speaks: Bool { get }
  var identity: ProcessIdentity? { get }
  /// Whether it waits for its turn in a cluster: that is no time of the stage.
  var isQueued: Bool { get }
  /// Asks it to write a checkpoint and end.
  func requestStop()
  /// Ends it and all it started, now.
  func kill()
  /// How it ended; nil while it runs. Whatever it left running is gone afterwards.
  func reap() -> ChildProcess.Exit?
  /// The most memory it held at a time, once it is collected; nil when unknown.
  var peakBytes: Int? { get }
  /// The private folder of an earlier attempt that it goes on in; removed with its own.
  var adoptedFolder: String? { get }
}

extension StageProcess {
  package var peakBytes: Int? { nil }
  package var adoptedFolder: String? { nil }
}

extension StageProcess {
  package var isQueued: Bool { false }
  package var speaks: Bool { true }
}

/// Runs `exec-stage` of this very program, or of another one, as a child process.
package struct ProcessLauncher: StageLauncher {
  private let executable: String
  /// `KEY=value`: marks every process of the project, so that leftovers can be found.
  let marker: String
  /// Knows which stages are commands; nil: none is.
  let catalogue: StageCatalogue?
  let guards = GuardOnce()
  /// The environment of this program, sorted.
  let inherited: [(name: String, line: String)]

  package init(
    executable: String = "/proc/self/exe", marker: String, catalogue: StageCatalogue? = nil
  ) {
    self.executable = executable
    self.marker = marker
    self.catalogue = catalogue
    inherited = ProcessInfo.processInfo.environment.map { ($0.key, "\($0.key)=\($0.value)") }
      .sorted { $0.1 < $1.1 }
  }

  package func launch(_ ticket: Ticket, ticketPath: String, log: String) throws
    -> any StageProcess
  {
    let logFile = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard logFile >= 0 else { throw SystemError.failure("open", log) }
    defer { close(logFile) }
    guard let pipe = Pipe.make() else { throw SystemError.failure("open", "a pipe") }
    defer { close(pipe.write) }
    Pipe.setNonBlocking(pipe.read)
    let environment = inherited.map(\.line) + [marker]
    do {
      let child = try ChildProcess.spawn(
        executable, ["orchestrate", "exec-stage", "--ticket", ticketPath],
        environment: environment, output: pipe.write, errors: logFile, diesWithThread: true)
      return LaunchedStage(child: child, events: pipe.read)
    } catch {
      close(pipe.read)
      throw error
    }
  }
}

private final class LaunchedStage: StageProcess {
  let events: Int32
  let identity: ProcessIdentity?
  private let child: ChildProcess
  /// Once collected; from then on the number may be another process's.
  private var exit: ChildProcess.Exit?
  private(set) var peakBytes: Int?

  init(child: ChildProcess, events: Int32) {
    self.child = child
    self.events = events
    identity = ProcessIdentity(of: child.pid)
  }

  deinit { close(events) }

  func requestStop() { if exit == nil { child.send(SIGTERM) } }
  func kill() { if exit == nil { child.killGroup() } }

  func reap() -> ChildProcess.Exit? {
    guard exit == nil, child.hasEnded else { return exit }
    child.killGroup()
    guard let end = child.reapMeasured() else { return nil }
    (exit, peakBytes) = (end.exit, end.peakBytes)
    return exit
  }
}
