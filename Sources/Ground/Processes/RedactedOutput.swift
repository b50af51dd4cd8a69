private import Diagnostics
private import Foundation
private import Glibc
private import Reproducibility
private import Synchronization

/// A pipe in front of a file: what a process writes into it arrives there without secrets.
///
/// A thread carries it over. What is on its way when this program is killed is lost with it, so that
/// no secret is ever in the file.
package final class RedactedOutput: Sendable {
  private struct State {
    var redactor: SecretRedactor
    var isClosing = false
  }

  /// For the process.
  package let descriptor: Int32
  private let source: Int32
  private let target: Int32
  private let ended: (read: Int32, write: Int32)
  private let state: Mutex<State>
  /// After the process has ended something that it left behind may keep the pipe open.
  private static let pauseMilliseconds: Int32 = 50

  /// - Parameter file: stays open here on its own.
  /// - Throws: ``Failure`` of class `io` when there is no descriptor left.
  package init(to file: Int32, without secrets: [String]) throws {
    let copy = fcntl(file, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0, let pipe = Pipe.make() else {
      let failure = SystemError.failure("open", "a pipe")
      if copy >= 0 { close(copy) }
      throw failure
    }
    guard let ended = Pipe.make() else {
      let failure = SystemError.failure("open", "a pipe")
      for end in [copy, pipe.read, pipe.write] { close(end) }
      throw failure
    }
    target = copy
    source = pipe.read
    descriptor = pipe.write
    self.ended = ended
    state = Mutex(State(redactor: SecretRedactor(secrets)))
    Pipe.setNonBlocking(source)
    Thread.detachNewThread { self.carry() }
  }

  deinit { close(ended.read) }

  /// The process has its own copy of the pipe's end, or could not be started: from now on only that
  /// copy keeps it open.
  package func didStart() { close(descriptor) }

  /// The process has ended: returns when all it wrote is in the file.
  package func finish() {
    state.withLock { $0.isClosing = true }
    var end = pollfd(fd: ended.read, events: Int16(POLLIN), revents: 0)
    while poll(&end, 1, -1) < 0, errno == EINTR {}
  }

  private func carry() {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(source, &piece, piece.count)
      if count > 0 {
        write(state.withLock { $0.redactor.take(piece[..<count]) })
      } else if count == 0 {
        break
      } else if errno == EAGAIN {
        var news = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
        let isClosing = state.withLock(\.isClosing)
        if poll(&news, 1, Self.pauseMilliseconds) == 0, isClosing { break }
      } else if errno != EINTR {
        break
      }
    }
    write(state.withLock { $0.redactor.end() })
    close(source)
    close(target)
    close(ended.write)
  }

  /// A disk that is full keeps nobody from going on: what a log cannot take is lost.
  private func write(_ bytes: [UInt8]) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(target, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count > 0 { done += count } else if errno != EINTR { return }
    }
  }
}
