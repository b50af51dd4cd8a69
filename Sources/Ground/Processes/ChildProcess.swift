private import CKernels
internal import Diagnostics
private import Glibc

/// A child process that leads its own process group.
package struct ChildProcess: Sendable, Hashable {
  package let pid: Int32

  /// How a process ended.
  package enum Exit: Sendable, Hashable, Codable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// Starts `executable` with explicit arguments, environment and streams; every other descriptor
  /// of this process must be close-on-exec.
  ///
  /// - Parameters:
  ///   - arguments: all of them, the name first.
  ///   - environment: `KEY=value`.
  ///   - group: true: the child leads a new process group; false: it stays in the caller's.
  ///   - diesWithThread: true: it is killed as soon as the calling thread ends.
  ///   - folder: where it starts; nil: where this process is.
  ///   - guardian: kills the group when this process ends.
  /// - Throws: ``Failure`` of class `io` when it cannot be started.
  package static func spawn(
    _ executable: String, _ arguments: [String], environment: [String],
    input: Int32? = nil, output: Int32, errors: Int32, group: Bool = true,
    diesWithThread: Bool = false, in folder: String? = nil, guardedBy guardian: GroupGuard? = nil
  ) throws -> ChildProcess {
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: Int32 = 0
    let status = ck_spawn(
      executable, argv, envp, input ?? -1, output, errors, group ? 1 : 0,
      diesWithThread ? SIGKILL : 0, guardian?.descriptor ?? -1, folder, &pid)
    if status != 0 {
      if pid > 0 { waitpid(pid, nil, 0) }
      throw Diagnostic(
        "process.spawn",
        "cannot start '\(SafeText.escaped(executable))': \(String(cString: strerror(status)))"
      ).failure(.io)
    }
    return ChildProcess(pid: pid)
  }

  /// Sends a signal to the process alone.
  package func send(_ signal: Int32) { Glibc.kill(pid, signal) }

  /// Sends a signal to every process of the group that it leads.
  package func send(_ signal: Int32, toGroup: Bool) { Glibc.kill(toGroup ? -pid : pid, signal) }

  /// Kills every process of the group. Call before ``reap()`` has returned an exit: until then the
  /// number belongs to this child.
  package func killGroup() { Glibc.kill(-pid, SIGKILL) }

  /// Whether the process has ended (it stays a zombie, and its group may live on).
  package var hasEnded: Bool {
    var info = siginfo_t()
    let result = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
    return result == 0 && info.si_signo == SIGCHLD
  }

  /// Collects the exit once the process has ended; nil while it runs.
  package func reap() -> Exit? { reapMeasured()?.exit }

  /// The same, with the most memory that the process, or one it waited for, held at a time, in bytes.
  package func reapMeasured() -> (exit: Exit, peakBytes: Int)? {
    var status: Int32 = 0
    var usage = rusage()
    while true {
      let result = wait4(pid, &status, WNOHANG, &usage)
      if result == pid { break }
      if result == 0 { return nil }
      if errno != EINTR { return (.exited(255), 0) }
    }
    // Linux counts in KiB.
    return (Self.exit(status), Int(usage.ru_maxrss) * 1024)
  }

  private static func exit(_ status: Int32) -> Exit {
    // WIFEXITED and its kin are macros: low seven bits are the signal, the next byte the status.
    return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
  }

  /// Kills the group and waits for the process; what it exited with if it had ended before.
  package func end() -> Exit {
    killGroup()
    while true {
      if let exit = reap() { return exit }
      usleep(200)
    }
  }

  /// `SIGSEGV` and its kin.
  package static func signalName(_ signal: Int32) -> String {
    let names: [Int32: String] = [
      SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL",
      SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
      SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGPIPE: "SIGPIPE", SIGTERM: "SIGTERM",
      SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
