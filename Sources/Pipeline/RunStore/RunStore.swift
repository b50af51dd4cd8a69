internal import Diagnostics
private import Foundation
internal import GRDB
private import Glibc
private import Processes
private import Reproducibility

/// Runs, jobs, attempts, results and events of a project, in one SQLite file.
///
/// One engine writes (it holds the project's lock); commands that only look read beside it. Every
/// move of a job and its event are one transaction. docs/jobs.md gives the reason of each
/// setting.
package final class RunStore: Sendable {
  let queue: DatabaseQueue
  package let path: String

  /// Opens the database for the engine: creates it, brings an older one up to date.
  ///
  /// - Throws: ``Failure`` of class `io` when it is damaged, cannot be written, or was written by
  ///   a newer version.
  package static func open(_ path: String) throws -> RunStore {
    let store = try RunStore(path)
    try store.translating {
      try store.refuseNewer()
      try Schema.migrator.migrate(store.queue)
    }
    return store
  }

  /// Opens the database for looking; nil when there is none yet.
  package static func openToRead(_ path: String) throws -> RunStore? {
    guard access(path, F_OK) == 0 else { return nil }
    let store = try RunStore(path)
    return try store.translating {
      try store.refuseNewer()
      let isComplete = try store.queue.read { try Schema.migrator.hasCompletedMigrations($0) }
      return isComplete ? store : nil
    }
  }

  private init(_ path: String) throws {
    self.path = path
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    // A reader may hold a page for a moment; the lock keeps other writers away.
    configuration.busyMode = .timeout(10)
    // WAL needs shared memory, which a network file system does not give.
    let folder = DurableFile.parent(of: path)
    let journal = FileSystem.isOnNetwork(folder) ? "TRUNCATE" : "WAL"
    configuration.prepareDatabase { db in
      let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
      if mode != journal.lowercased() {
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(journal)")
      }
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      try db.execute(sql: "PRAGMA journal_size_limit = 4194304")
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch let error as DatabaseError {
      throw Self.failure(error, path)
    }
  }

  private func refuseNewer() throws {
    if try queue.read({ try Schema.migrator.hasBeenSuperseded($0) }) {
      throw Diagnostic(
        "store.newer", "'\(path)' was written by a newer version of orchestrate",
        fix: "update orchestrate, or use another project folder with '--project'"
      ).failure(.badInput)
    }
  }

  // MARK: - Access

  /// How much a transaction must survive: the process only, or a loss of power as well.
  enum Durability {
    /// A lost record is only redone.
    case normal
    /// A lost record would be wrong.
    case full
  }

  func write<T>(_ durability: Durability = .normal, _ body: (Database) throws -> T) throws -> T {
    try translating {
      try queue.writeWithoutTransaction { db in
        if durability == .full { try db.execute(sql: "PRAGMA synchronous = FULL") }
        defer {
          if durability == .full { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
        }
        var result: T?
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        guard let result else { preconditionFailure("a committed transaction has a result") }
        return result
      }
    }
  }

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try translating { try queue.read(body) }
  }

  private func translating<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw Self.failure(error, path)
    }
  }

  /// SQLite's words as ours: a full disk, a damaged file, a lock.
  private static func failure(_ error: DatabaseError, _ path: String) -> Failure {
    let name = SafeText.escaped(path, limit: 300)
    let words = error.message ?? "error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL:
      return Diagnostic(
        "io.enospc", "cannot write '\(name)': \(words) (SQLITE_FULL)",
        fix: "free some space, then type 'orchestrate resume'"
      ).failure(.io)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return Diagnostic(
        "store.damaged", "'\(name)' is damaged: \(words)",
        fix: "move it away; the next run makes a new one and everything again"
      ).failure(.io)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Diagnostic(
        "run.locked", "'\(name)' is in use by another program: \(words)",
        fix: "close it, then try again"
      ).failure(.locked)
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_NOMEM, .SQLITE_NOLFS:
      return Diagnostic("io.database", "cannot use '\(name)': \(words)").failure(.io)
    case .SQLITE_PERM, .SQLITE_AUTH:
      return Diagnostic("io.database", "cannot use '\(name)': \(words)").failure(.permission)
    default:
      return Diagnostic("internal.database", "'\(name)': \(words)").failure(.internal)
    }
  }
}
