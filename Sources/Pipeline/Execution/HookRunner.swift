private import Diagnostics
private import Foundation
private import Glibc
private import Processes
internal import Reproducibility
internal import StageKit

/// Runs the commands under `hooks:` once a run has ended. What they do never changes how it ended.
struct HookRunner {
  /// How a command ended.
  struct Ending {
    var moment: RunHooks.Moment
    /// Nil: all well.
    var problem: String?
    var seconds: Double
  }

  let hooks: RunHooks
  /// `KEY=value` beside the environment of this process.
  let environment: [String: String]
  /// Variables of this process that hold secrets.
  let withheld: Set<String>
  /// The working directory: the folder of the pipeline file.
  let folder: String
  /// What they print is appended here.
  let log: String
  /// The descriptor of ``SignalPipe``, or -1: a signal ends the command that runs.
  let signals: Int32
  private static let graceSeconds = 2.0

  func run(_ hook: RunHooks.Hook) -> Ending {
    let start = ContinuousClock.now
    let problem: String?
    do {
      let (child, redacted) = try spawn(hook)
      problem = wait(for: child, since: start)
      redacted?.finish()
    } catch let failure as Failure {
      problem = failure.diagnostics.first?.message
    } catch {
      problem = "could not be started"
    }
    return Ending(
      moment: hook.moment, problem: problem, seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private func spawn(_ hook: RunHooks.Hook) throws -> (ChildProcess, RedactedOutput?) {
    let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw SystemError.failure("open", log) }
    defer { close(file) }
    let line = Array("# \(hook.moment.rawValue): \(hook.arguments.joined(separator: " "))\n".utf8)
    _ = write(file, line, line.count)
    var variables = ProcessInfo.processInfo.environment
    for name in withheld { variables[name] = nil }
    variables.merge(hooks.environment ?? [:]) { $1 }
    variables.merge(environment) { $1 }
    var secrets: [String] = []
    for (name, variable) in (hooks.secrets ?? [:]).sorted(by: { $0.key < $1.key }) {
      let value = try SecretReference.value(variable)
      variables[name] = value
      secrets.append(value)
    }
    let redacted = secrets.isEmpty ? nil : try RedactedOutput(to: file, without: secrets)
    let output = redacted?.descriptor ?? file
    defer { redacted?.didStart() }
    variables["ORCHESTRATE_HOOK"] = hook.moment.rawValue
    // The shell changes the folder and looks the program up in PATH; arguments stay arguments.
    let child = try ChildProcess.spawn(
      "/bin/sh", ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + hook.arguments,
      environment: variables.map { "\($0.key)=\($0.value)" }.sorted(), output: output,
      errors: output, diesWithThread: true)
    return (child, redacted)
  }

  /// What went wrong, in words; nil when nothing did.
  private func wait(for child: ChildProcess, since start: ContinuousClock.Instant) -> String? {
    let deadline = start + .seconds(hooks.timeoutSeconds)
    var stopped: String?
    var killAt: ContinuousClock.Instant?
    while !child.hasEnded {
      let now = ContinuousClock.now
      if stopped == nil {
        if signals >= 0, !SignalPipe.drain(signals).isEmpty { stopped = "was interrupted" }
        if now >= deadline { stopped = "ran longer than its \(hooks.timeoutSeconds) s" }
        if stopped != nil {
          child.send(SIGTERM)
          killAt = now + .seconds(Self.graceSeconds)
        }
      }
      if let killAt, now >= killAt { child.killGroup() }
      usleep(5000)
    }
    child.killGroup()
    let exit = child.reap()
    if let stopped { return stopped }
    switch exit {
    case .exited(0)?, nil: return nil
    case .exited(let status)?: return "ended with status \(status)"
    case .signalled(let signal)?: return "was ended by \(ChildProcess.signalName(signal))"
    }
  }
}
