internal import Diagnostics
private import Glibc

/// A child process with input, captured output and limits.
package struct LimitedCommand: Sendable {
  /// The program, looked up in `/usr/local/bin`, `/usr/bin` and `/bin` unless it is a path, and its
  /// arguments.
  package var arguments: [String]
  /// Of wall-clock time; processor time is limited to twice that.
  package var seconds: Double
  package var memoryMiB: Int
  /// Output beyond it ends the command.
  package var outputBytesMax: Int
  /// Where it runs; nil: among the user's files, with the limits alone.
  package var sandbox: Sandbox?
  /// Absolute paths that a sandbox shows beside the system's.
  package var readable: [String]

  package init(
    _ arguments: [String], seconds: Double, memoryMiB: Int, outputBytesMax: Int = 1 << 20,
    sandbox: Sandbox? = nil, readable: [String] = []
  ) {
    self.arguments = arguments
    self.seconds = seconds
    self.memoryMiB = memoryMiB
    self.outputBytesMax = outputBytesMax
    self.sandbox = sandbox
    self.readable = readable
  }

  package enum End: Sendable, Hashable {
    case exit(ChildProcess.Exit)
    case timedOut
    case tooMuchOutput
  }

  /// Runs it; standard error is thrown away. Everything it started in its process group, or in its
  /// sandbox, is gone when this returns.
  ///
  /// - Throws: ``Failure`` of class `io` when no process, file or pipe is to be had.
  package func run(input: [UInt8]) throws -> (end: End, output: [UInt8]) {
    guard let source = MemoryFile.make(input) else {
      throw Self.failure("hold the input of the command")
    }
    defer { close(source) }
    guard let pipe = Pipe.make() else { throw Self.failure("open a pipe for the command") }
    defer { close(pipe.read) }
    let child: ChildProcess
    do {
      defer { close(pipe.write) }
      child = try start(source, pipe.write)
    }
    Pipe.setNonBlocking(pipe.read)
    return wait(child, pipe.read, until: .now + .seconds(seconds))
  }

  private func start(_ input: Int32, _ output: Int32) throws -> ChildProcess {
    // A shell looks the program up, and answers 127 where there is none.
    if let sandbox {
      let limits = SandboxLimits(
        processorSeconds: Int((2 * seconds).rounded(.up)), memoryMiB: memoryMiB)
      return try sandbox.start(
        "/bin/sh", ["sh", "-c", "exec \"$@\"", "sh"] + arguments, environment: Sandbox.environment,
        descriptors: [input, output, nil], readable: readable, limits: limits)
    }
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard null >= 0 else { throw Self.failure("open /dev/null") }
    defer { close(null) }
    return try ChildProcess.spawn(
      "/bin/sh", ["sh", "-c", Self.limits, "sh", processorSeconds, memoryKiB] + arguments,
      environment: ["LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"], input: input,
      output: output, errors: null)
  }

  /// Sets limits, then becomes the command: $1 processor seconds, $2 KiB, the rest the command.
  private static let limits =
    "ulimit -c 0; ulimit -t \"$1\"; ulimit -v \"$2\"; shift 2; exec \"$@\""

  private var processorSeconds: String { String(Int((2 * seconds).rounded(.up))) }
  private var memoryKiB: String { String(memoryMiB * 1024) }

  private func wait(
    _ child: ChildProcess, _ descriptor: Int32, until deadline: ContinuousClock.Instant
  ) -> (end: End, output: [UInt8]) {
    var output: [UInt8] = []
    var end: End?
    while end == nil {
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      poll(&watched, 1, 5)
      read(descriptor, into: &output)
      // A closed pipe makes poll return at once while the child may live on.
      if watched.revents & Int16(POLLHUP) != 0 { usleep(500) }
      if child.hasEnded { break }
      if output.count > outputBytesMax { end = .tooMuchOutput }
      if ContinuousClock.now >= deadline { end = .timedOut }
    }
    let exit = child.end()
    read(descriptor, into: &output)
    if output.count > outputBytesMax { end = .tooMuchOutput }
    return (end ?? .exit(exit), output)
  }

  /// What is there, up to a little more than the bound.
  private func read(_ descriptor: Int32, into output: inout [UInt8]) {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while output.count <= outputBytesMax {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      output += piece[0..<count]
    }
  }

  private static func failure(_ what: String) -> Failure {
    let reason = String(cString: strerror(errno)).lowercased()
    return Diagnostic("process.command", "cannot \(what): \(reason)").failure(.io)
  }
}
