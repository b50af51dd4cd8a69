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
  /// - Throws: ``Failure`` of class `io` when it cannot be started.
  package static func spawn(
    _ executable: String, _ arguments: [String], environment: [String],
    input: Int32? = nil, output: Int32, errors: Int32, group: Bool = true
  ) throws -> ChildProcess {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    // The order matters when `errors` is descriptor 1.
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    posix_spawn_file_actions_adddup2(&actions, output, 1)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&defaults, signal) }
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setsigmask(&attributes, &mask)
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    if group {
      posix_spawnattr_setpgroup(&attributes, 0)
      flags |= POSIX_SPAWN_SETPGROUP
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, executable, &actions, &attributes, argv, envp)
    if status != 0 {
      throw Diagnostic(
        "process.spawn",
        "cannot start '\(SafeText.escaped(executable))': \(String(cString: strerror(status)))"
      ).failure(.io)
    }
    return ChildProcess(pid: pid)
  }

  /// Sends a signal to the process alone.
  package func send(_ signal: Int32) { Glibc.kill(pid, signal) }

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
  package func reap() -> Exit? {
    var status: Int32 = 0
    while true {
      let result = waitpid(pid, &status, WNOHANG)
      if result == pid { break }
      if result == 0 { return nil }
      if errno != EINTR { return .exited(255) }
    }
    // WIFEXITED and its kin are macros: low seven bits are the signal, the next byte the status.
    return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
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
