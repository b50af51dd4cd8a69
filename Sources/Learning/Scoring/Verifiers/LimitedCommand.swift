internal import Diagnostics
private import Foundation
private import Glibc
internal import Processes

/// A child process with input, output and limits.
struct LimitedCommand: Sendable {
  static let outputMax = 1 << 20

  let arguments: [String]
  /// Of wall-clock time; processor time is limited to twice that.
  let seconds: Double
  let memoryMiB: Int

  enum End: Sendable, Hashable {
    case exit(ChildProcess.Exit)
    case timedOut
    case tooMuchOutput
  }

  /// - Throws: ``Failure`` of class `io` when no process, file or pipe is to be had.
  func run(input: [UInt8]) throws -> (end: End, output: [UInt8]) {
    let source = try Self.file(holding: input)
    defer { close(source) }
    let errors = open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard errors >= 0, let pipe = Pipe.make() else {
      if errors >= 0 { close(errors) }
      throw Self.failure("open a pipe for the command")
    }
    defer {
      close(errors)
      close(pipe.read)
    }
    let child: ChildProcess
    do {
      defer { close(pipe.write) }
      child = try ChildProcess.spawn(
        "/bin/sh", ["sh", "-c", Self.limits, "sh", processorSeconds, memoryKiB] + arguments,
        environment: ["LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"], input: source,
        output: pipe.write, errors: errors)
    }
    Pipe.setNonBlocking(pipe.read)
    return Self.wait(child, pipe.read, until: .now + .seconds(seconds))
  }

  /// Sets limits, then becomes the command: $1 processor seconds, $2 KiB, the rest the command.
  private static let limits =
    "ulimit -c 0; ulimit -t \"$1\"; ulimit -v \"$2\"; shift 2; exec \"$@\""

  private var processorSeconds: String { String(Int((2 * seconds).rounded(.up))) }
  private var memoryKiB: String { String(memoryMiB * 1024) }

  private static func wait(
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
      if output.count > outputMax { end = .tooMuchOutput }
      if ContinuousClock.now >= deadline { end = .timedOut }
    }
    // The group goes before the child is collected: until then its number is the child's.
    child.killGroup()
    var exit = child.reap()
    while exit == nil {
      usleep(500)
      exit = child.reap()
    }
    read(descriptor, into: &output)
    if output.count > outputMax { end = .tooMuchOutput }
    return (end ?? .exit(exit ?? .exited(255)), output)
  }

  /// What is there, up to a little more than the bound.
  private static func read(_ descriptor: Int32, into output: inout [UInt8]) {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while output.count <= outputMax {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      output += piece[0..<count]
    }
  }

  /// A file without a name, read from its start.
  private static func file(holding bytes: [UInt8]) throws -> Int32 {
    var template = Array((NSTemporaryDirectory() + "/verifier-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure("make a temporary file") }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let failure = failure("write a temporary file")
        close(descriptor)
        throw failure
      }
      written += count
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }

  private static func failure(_ what: String) -> Failure {
    let reason = String(cString: strerror(errno)).lowercased()
    return Diagnostic("verifier.command", "cannot \(what): \(reason)").failure(.io)
  }
}
