internal import Diagnostics
private import Foundation
private import Glibc
internal import Processes
private import Reproducibility
internal import StageKit
private import Synchronization

/// An attempt that is a job of a cluster: what the engine sees of it. ``SlurmMonitor`` fills it from
/// another thread.
final class SlurmAttempt: StageProcess, Sendable {
  /// What the engine has asked for.
  enum Wish: Sendable { case run, stop, kill }

  private struct State {
    var wish = Wish.run
    var exit: ChildProcess.Exit?
    var hasStarted = false
    var job: SlurmJobName
  }

  let folder: String
  /// Where the engine finds what it made: `out` below this.
  let target: String
  /// Where its parts ran, if it has any.
  let parts: String?
  let events: Int32
  private let writeEnd: Int32
  private let state: Mutex<State>

  /// - Throws: ``Failure`` when there is no descriptor left.
  ///
  /// - Parameter target: of the attempt that goes on with the job of an earlier one; `folder` otherwise.
  init(folder: String, job: SlurmJobName, parts: String?, target: String? = nil) throws {
    guard let pipe = Pipe.make() else { throw SystemError.failure("open", "a pipe") }
    Pipe.setNonBlocking(pipe.read)
    self.folder = folder
    self.target = target ?? folder
    state = Mutex(State(job: job))
    self.parts = parts
    events = pipe.read
    writeEnd = pipe.write
  }

  deinit {
    close(events)
    if state.withLock({ $0.exit == nil }) { close(writeEnd) }
  }

  var identity: ProcessIdentity? { nil }
  var adoptedFolder: String? { folder == target ? nil : folder }
  var isQueued: Bool { state.withLock { !$0.hasStarted && $0.exit == nil } }

  func requestStop() { state.withLock { if $0.wish == .run { $0.wish = .stop } } }
  func kill() { state.withLock { $0.wish = .kill } }
  func reap() -> ChildProcess.Exit? { state.withLock(\.exit) }

  // MARK: - The monitor's side

  var wish: Wish { state.withLock(\.wish) }

  /// What it is in the queue; a task of an array once it was handed in as one.
  var job: SlurmJobName {
    get { state.withLock(\.job) }
    set { state.withLock { $0.job = newValue } }
  }

  func started() { state.withLock { $0.hasStarted = true } }

  /// Passes whole lines on to the engine.
  func forward(_ lines: [UInt8]) {
    var done = 0
    while done < lines.count {
      let count = lines.withUnsafeBytes {
        write(writeEnd, $0.baseAddress?.advanced(by: done), lines.count - done)
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        return
      }
    }
  }

  func say(_ message: ChildMessage) {
    guard let line = try? JSONEncoder().encode(message) else { return }
    forward(Array(line) + [UInt8(ascii: "\n")])
  }

  func note(_ code: String, _ text: String) {
    say(.event(.message(Diagnostic(code, text, severity: .note))))
  }

  /// - Parameter exit: how the job is to be seen; nothing may be said after it.
  func end(_ exit: ChildProcess.Exit) {
    close(writeEnd)
    state.withLock { $0.exit = exit }
  }
}
