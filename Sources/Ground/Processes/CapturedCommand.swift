internal import Diagnostics
private import Foundation
private import Glibc

/// A program of the system that is asked something: runs in the caller's environment, with a time
/// limit, and what it prints is kept.
package struct CapturedCommand: Sendable {
  /// The program, looked up in `PATH`, and its arguments.
  package var arguments: [String]
  package var seconds: Double

  package init(_ arguments: [String], seconds: Double) {
    precondition(!arguments.isEmpty, "a command has a name")
    self.arguments = arguments
    self.seconds = seconds
  }

  package struct Answer: Sendable, Hashable {
    /// 127 when there is no such program, 124 when it ran too long.
    package var status: Int32
    package var output: String
    /// What it wrote to its standard error.
    package var complaint: String

    package init(status: Int32, output: String, complaint: String = "") {
      self.status = status
      self.output = output
      self.complaint = complaint
    }
  }

  /// - Throws: ``Failure`` of class `io` when no process or pipe is to be had.
  package func run() throws -> Answer {
    guard let output = Pipe.make() else { throw Self.failure("open a pipe") }
    defer { close(output.read) }
    guard let errors = Pipe.make() else {
      close(output.write)
      throw Self.failure("open a pipe")
    }
    defer { close(errors.read) }
    let child: ChildProcess
    do {
      defer {
        close(output.write)
        close(errors.write)
      }
      let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
      child = try ChildProcess.spawn(
        "/bin/sh", ["sh", "-c", "exec \"$@\"", "sh"] + arguments,
        environment: environment.sorted(), output: output.write, errors: errors.write)
    }
    var texts = [output.read: [UInt8](), errors.read: [UInt8]()]
    let deadline = ContinuousClock.now + .seconds(seconds)
    var isLate = false
    for descriptor in [output.read, errors.read] { Pipe.setNonBlocking(descriptor) }
    while !child.hasEnded {
      isLate = ContinuousClock.now > deadline
      if isLate { break }
      var watched = texts.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&watched, nfds_t(watched.count), 20)
      if watched.contains(where: { $0.revents & Int16(POLLHUP) != 0 }) { usleep(500) }
      Self.read(into: &texts)
    }
    let exit = child.end()
    Self.read(into: &texts)
    var status: Int32 = 124
    if !isLate, case .exited(let code) = exit { status = code }
    if !isLate, case .signalled(let signal) = exit { status = 128 + signal }
    return Answer(
      status: status, output: String(decoding: texts[output.read] ?? [], as: UTF8.self),
      complaint: String(decoding: texts[errors.read] ?? [], as: UTF8.self))
  }

  private static func read(into texts: inout [Int32: [UInt8]]) {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    for descriptor in texts.keys.sorted() {
      while true {
        let count = Glibc.read(descriptor, &piece, piece.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
        texts[descriptor, default: []] += piece[0..<count]
      }
    }
  }

  private static func failure(_ what: String) -> Failure {
    let reason = String(cString: strerror(errno)).lowercased()
    return Diagnostic("process.command", "cannot \(what): \(reason)").failure(.io)
  }
}
