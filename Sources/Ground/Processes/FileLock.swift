internal import Diagnostics
private import Foundation
private import Glibc

/// A lock on a file that the kernel drops when its holder dies, however it dies.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock without waiting and writes who holds it into the file.
  ///
  /// - Throws: ``Failure`` of class `locked` that names the holder's pid and command.
  package init(path: String) throws {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else {
      let reason = String(cString: strerror(errno)).lowercased()
      throw Diagnostic("io.lock", "cannot open the lock '\(path)': \(reason)").failure(
        errno == EACCES || errno == EPERM ? .permission : .io)
    }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let isHeld = errno == EWOULDBLOCK
      let reason = String(cString: strerror(errno)).lowercased()
      let holder = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      close(file)
      if !isHeld { throw Diagnostic("io.lock", "cannot lock '\(path)': \(reason)").failure(.io) }
      let name = holder.isEmpty ? "another process" : SafeText.escaped(holder, limit: 160)
      throw Diagnostic(
        "run.locked", "this project is in use by \(name)",
        fix: "wait until it ends, or stop it; 'orchestrate status' shows what it does"
      ).failure(.locked)
    }
    descriptor = file
    let arguments = CommandLine.arguments
    let command = (["orchestrate"] + arguments.dropFirst()).joined(separator: " ")
    let text = Array("process \(getpid()) ('\(command)')".utf8)
    ftruncate(file, 0)
    _ = pwrite(file, text, text.count, 0)
  }

  deinit { close(descriptor) }

  /// Whether a living process holds the lock at `path`.
  package static func isHeld(_ path: String) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
