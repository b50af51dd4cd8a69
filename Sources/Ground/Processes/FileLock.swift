package import Diagnostics
private import Glibc
private import Reproducibility

/// A lock on a file that the kernel drops when its holder dies, however it dies.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock and writes who holds it into the file.
  ///
  /// - Throws: ``Failure`` of class `locked` that names the holder, `io` or `permission` when the
  ///   file cannot be used; `CancellationError` when a stop was asked for while waiting.
  package init(path: String, patience: LockPatience = .none) throws {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw SystemError.failure("open the lock", path) }
    do {
      try Self.take(file, path, patience)
    } catch {
      close(file)
      throw error
    }
    descriptor = file
    // Only said to others: a full disk is no reason not to hold the lock.
    let text = LockHolder.current.bytes
    _ = pwrite(file, text, text.count, 0)
    ftruncate(file, off_t(text.count))
  }

  deinit {
    // Whoever looks from now on finds no name of one that is gone.
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  /// A command that looks holds the lock for an instant, and a fresh holder needs one to write its
  /// name: nobody is named before this many milliseconds unless it lives.
  private static let doubtMilliseconds: Int32 = 100
  private static let pollMilliseconds: Int32 = 5
  private static let waitMilliseconds: Int32 = 200

  private static func take(_ file: Int32, _ path: String, _ patience: LockPatience) throws {
    var doubt: Int32 = 0
    var told: LockHolder??
    while try !tryToLock(file, path) {
      let holder = holder(path)
      let isKnown = holder.map { $0.process.isAlive || !$0.process.isOfThisBoot } ?? false
      if !isKnown, doubt < doubtMilliseconds {
        doubt += pollMilliseconds
        if !patience.pause(pollMilliseconds) { throw CancellationError() }
        continue
      }
      guard patience.isPatient else { throw held(by: isKnown ? holder : nil) }
      if told != .some(holder) {
        patience.notify("waiting for \(holder?.text ?? "another process"), which uses this project")
        told = .some(holder)
      }
      if !patience.pause(waitMilliseconds) { throw CancellationError() }
    }
  }

  private static func tryToLock(_ file: Int32, _ path: String) throws -> Bool {
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw SystemError.failure("lock", path) }
    }
    return true
  }

  /// The refusal that a holder gives rise to.
  package static func held(by holder: LockHolder?) -> Failure {
    Diagnostic(
      "run.locked", "this project is in use by \(holder?.text ?? "another process")",
      fix: "wait until it ends ('--wait' does), or stop it; 'orchestrate status' shows what it does"
    ).failure(.locked)
  }

  /// Who holds the lock at `path`, as the file says; the last holder when nobody does.
  package static func holder(_ path: String) -> LockHolder? {
    // A name is for a message only: one that cannot be read is no name.
    (try? DurableFile.read(path)).flatMap(LockHolder.init(bytes:))
  }

  /// Whether a living process holds the lock at `path`.
  package static func isHeld(_ path: String) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
