package import Diagnostics
private import Foundation
internal import GRDB
private import Glibc
private import Processes
private import Reproducibility
private import Synchronization

/// Runs, jobs, attempts, results and events of a project, in one SQLite file.
///
/// One engine writes (it holds the project's lock); commands that only look read beside it. Every
/// move of a job and its event are one transaction. docs/jobs.md gives the reason of each
/// setting.
package final class RunStore: Sendable {
  let queue: DatabaseQueue
  package let path: String
  private let isWriter: Bool
  private let state = Mutex(State())

  private struct State {
    /// The sum of the file still stands: nothing was written.
    var isUntouched = true
    var isClosed = false
    /// Set: every write makes sure that no other engine has taken a later one.
    var guardedToken: Int64?
  }
  /// Whether writes join one transaction until ``commit()``.
  private let isBatching = Atomic<Bool>(false)

  /// Opens the database for the engine: creates it, brings an older one up to date.
  ///
  /// - Throws: ``Failure`` of class `io` when it is damaged or cannot be written, `badInput` when it
  ///   was written by a newer version; nothing is changed then.
  package static func open(_ path: String) throws -> RunStore {
    try refuseNewer(path)
    let isSound = try checkSum(path)
    let store = try RunStore(path, isWriter: true)
    try store.translating {
      if !isSound { try store.refuseDamaged() }
      try store.refuseNewer()
      if try store.queue.read({ try !Schema.migrator.hasCompletedMigrations($0) }) {
        DatabaseSum.remove(path)
        try Schema.migrator.migrate(store.queue)
      }
    }
    return store
  }

  /// What to know of the files before they are opened: what SQLite heals by leaving out.
  package static func warnings(_ path: String) -> [Diagnostic] {
    let name = SafeText.escaped(path, limit: 300)
    if access(path, F_OK) != 0, DatabaseSum.exists(path) {
      return [
        Diagnostic(
          "store.lost", "'\(name)' is gone: no run and no result of this project is known any more",
          fix: "'orchestrate restore' brings a backup back; else everything is made again",
          severity: .warning)
      ]
    }
    if WriteAheadLog.isDamaged(path) {
      return [
        Diagnostic(
          "store.damaged-log",
          "'\(name)-wal' is damaged: the last transactions cannot be read",
          fix: "what they recorded is looked up or done again", severity: .warning)
      ]
    }
    return []
  }

  /// Opens the database for looking; nil when there is none yet.
  package static func openToRead(_ path: String) throws -> RunStore? {
    guard access(path, F_OK) == 0 else { return nil }
    _ = try checkSum(path)
    return try openToCheck(path)
  }

  /// A database of an older version, opened by a command that only looks.
  ///
  /// - Throws: ``Failure`` of class `locked` while an engine of that version is at work.
  private func bringUpToDate() throws {
    let lock = try FileLock(path: DurableFile.parent(of: path) + "/lock")
    DatabaseSum.remove(path)
    try Schema.migrator.migrate(queue)
    withExtendedLifetime(lock) {}
  }

  /// Opens the database to see what is wrong with it, whatever its sum says; nil when it has no
  /// tables.
  package static func openToCheck(_ path: String) throws -> RunStore? {
    try refuseNewer(path)
    let store = try RunStore(path, isWriter: false)
    return try store.translating {
      let applied = try store.queue.read { try Schema.migrator.appliedIdentifiers($0) }
      if applied.isEmpty { return nil }
      if !applied.isSuperset(of: Schema.migrator.migrations) { try store.bringUpToDate() }
      return store
    }
  }

  /// Whether the file is the one that the last engine left; false when nobody can tell.
  ///
  /// - Throws: ``Failure`` of class `io` when it is not.
  private static func checkSum(_ path: String) throws -> Bool {
    guard access(path, F_OK) == 0 else { return false }
    switch DatabaseSum.check(path) {
    case .sound: return true
    case .unknown: return false
    case .changed: throw changed(path)
    }
  }

  private static func changed(_ path: String) -> Failure {
    Diagnostic(
      "store.damaged",
      "'\(SafeText.escaped(path, limit: 300))' is not what the last engine left: it was damaged, or "
        + "changed by another program",
      fix: "'orchestrate verify' says more, 'orchestrate restore' brings a backup back"
    ).failure(.io)
  }

  /// After an end that nobody took note of.
  private func refuseDamaged() throws {
    let findings = try integrityFindings()
    guard let first = findings.first else { return }
    throw Diagnostic(
      "store.damaged",
      "'\(SafeText.escaped(path, limit: 300))' is damaged: \(SafeText.escaped(first, limit: 160))",
      fix: "'orchestrate verify --repair' sets it aside, 'orchestrate restore' brings a backup back"
    ).failure(.io)
  }

  /// Reads the file again and compares it with what the last engine left.
  ///
  /// - Returns: nil when nobody can tell, since no engine has closed it.
  package static func isAsLeft(_ path: String) -> Bool? {
    switch DatabaseSum.check(path, trustingStamp: false) {
    case .sound: true
    case .unknown: nil
    case .changed: false
    }
  }

  /// The sum of the file's bytes as the last engine left them; nil when nobody can tell.
  package static func sumAsLeft(_ path: String) -> String? { DatabaseSum.sum(path) }

  /// What tells this state of a closed database from every other; nil while an engine is at work and
  /// when the file is not the one that the last engine left.
  package static func mark(_ path: String) -> String? { DatabaseSum.mark(path) }

  /// Takes the file as it is for what the last engine left. Only for a holder of the lock that has
  /// found it whole.
  package static func acceptAsLeft(_ path: String) { DatabaseSum.remove(path) }

  /// Forgets the files of a database: they were moved away.
  package static func forgetSum(_ path: String) {
    DatabaseSum.remove(path)
    StructureNote.remove(path)
  }

  private init(_ path: String, isWriter: Bool) throws {
    self.path = path
    self.isWriter = isWriter
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    // A batch stays open from one call to the next.
    configuration.allowsUnsafeTransactions = true
    // A reader may hold a page for a moment; the lock keeps other writers away.
    configuration.busyMode = .timeout(10)
    // WAL needs shared memory, which a network file system does not give.
    let folder = DurableFile.parent(of: path)
    let journal = FileSystem.isOnNetwork(folder) ? "TRUNCATE" : "WAL"
    configuration.prepareDatabase { db in
      let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode")
      // Whoever only looks leaves the file as it is, also where the engine's host sees another folder.
      if isWriter, mode != journal.lowercased() {
        DatabaseSum.remove(path)
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(journal)")
      }
      // Pieces of a batch can be taken back: what they changed is kept in memory for that, not in a
      // temporary file for every transaction.
      if isWriter { try db.execute(sql: "PRAGMA temp_store = MEMORY") }
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      try db.execute(sql: "PRAGMA journal_size_limit = 4194304")
    }
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch let error as DatabaseError {
      throw Self.failure(error, path)
    }
  }

  deinit { close() }

  /// Moves the journal into the file and notes what it is now. Nothing else is called afterwards.
  package func close() {
    let (wasClosed, wasTouched, token) = state.withLock { state in
      defer { state.isClosed = true }
      return (state.isClosed, !state.isUntouched, state.guardedToken)
    }
    if wasClosed { return }
    let isUnknown = isWriter && !DatabaseSum.exists(path)
    guard isWriter, wasTouched || isUnknown else {
      try? queue.close()
      return
    }
    let schema = try? queue.writeWithoutTransaction { db -> [String] in
      // Whoever was replaced has nothing to say of the file.
      if let token { try Self.check(token, db) }
      _ = try db.checkpoint(.truncate)
      return try Schema.migrator.appliedIdentifiers(db).sorted()
    }
    guard (try? queue.close()) != nil, let schema else { return }
    DatabaseSum.write(path, schema: schema)
  }

  private func refuseNewer() throws {
    if try queue.read({ try Schema.migrator.hasBeenSuperseded($0) }) { throw Self.newer(path) }
  }

  /// A file of a newer version is left as it is.
  private static func refuseNewer(_ path: String) throws {
    if access(path, F_OK) == 0, try isNewer(path) { throw newer(path) }
  }

  private static func newer(_ path: String) -> Failure {
    Diagnostic(
      "store.newer",
      "'\(SafeText.escaped(path, limit: 300))' was written by a newer version of orchestrate",
      fix: "update orchestrate, or use another project folder with '--project'"
    ).failure(.badInput)
  }

  private static func isNewer(_ path: String) throws -> Bool {
    if let schema = DatabaseSum.schema(path) {
      return !Set(schema).isSubset(of: Schema.migrator.migrations)
    }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }
      return try queue.read { try Schema.migrator.hasBeenSuperseded($0) }
    } catch let error as DatabaseError {
      // A journal that has to be recovered wants to be written: whoever opens the file for that
      // finds the same, or what is wrong.
      let wantsMore: [ResultCode] = [.SQLITE_READONLY, .SQLITE_CANTOPEN]
      if wantsMore.contains(error.resultCode) { return false }
      throw failure(error, path)
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
    let (isFirst, token) = state.withLock { state in
      defer { state.isUntouched = false }
      return (state.isUntouched, state.guardedToken)
    }
    if isFirst { DatabaseSum.remove(path) }
    return try translating {
      try queue.writeWithoutTransaction { db in
        if durability == .full {
          // What is open is less than this promises.
          if db.isInsideTransaction { try db.commit() }
          try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        defer {
          if durability == .full { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
        }
        var result: T?
        let check = { (db: Database) in if let token { try Self.check(token, db) } }
        if durability == .normal, isBatching.load(ordering: .relaxed) {
          if !db.isInsideTransaction { try db.beginTransaction(.immediate) }
          result = try Self.whole(db) {
            try check(db)
            return try body(db)
          }
        } else {
          try db.inTransaction(.immediate) {
            try check(db)
            result = try body(db)
            return .commit
          }
        }
        guard let result else { preconditionFailure("a committed transaction has a result") }
        return result
      }
    }
  }

  /// From now on nothing is written once another engine has taken a later token: for a project that
  /// an engine on another host may take over while this one sleeps.
  package func guardWrites(with token: Int64) { state.withLock { $0.guardedToken = token } }

  private static func check(_ token: Int64, _ db: Database) throws {
    guard try Int64.fetchOne(db, sql: "SELECT token FROM engine") != token else { return }
    throw Diagnostic(
      "run.fenced", "another engine has taken over this project",
      fix: "nothing of it is lost or done twice; 'orchestrate status' shows where the run stands"
    ).failure(.locked)
  }

  /// From now on writes that need not survive a loss of power share a transaction, which ends with
  /// ``commit()``. Reads see what it has written.
  package func beginBatch() { isBatching.store(true, ordering: .relaxed) }

  /// Ends the open transaction, if there is one; the next write opens another.
  package func commit() throws {
    try translating {
      try queue.writeWithoutTransaction { db in if db.isInsideTransaction { try db.commit() } }
    }
  }

  /// Commits, and lets every write be a transaction again.
  package func endBatch() throws {
    isBatching.store(false, ordering: .relaxed)
    try commit()
  }

  /// All of `body` within the open transaction, or nothing of it. As `Database.inSavepoint`, with
  /// statements that are compiled once.
  private static func whole<T>(_ db: Database, _ body: () throws -> T) throws -> T {
    try db.cachedStatement(sql: "SAVEPOINT piece").execute()
    do {
      let result = try body()
      try db.cachedStatement(sql: "RELEASE piece").execute()
      return result
    } catch {
      // An error that ended the transaction has taken the savepoint along.
      if db.isInsideTransaction {
        try db.cachedStatement(sql: "ROLLBACK TO piece").execute()
        try db.cachedStatement(sql: "RELEASE piece").execute()
      }
      throw error
    }
  }

  /// An engine is the only one that writes, over one connection: what it reads needs no transaction
  /// to hold still.
  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try translating {
      isWriter ? try queue.unsafeReentrantWrite(body) : try queue.unsafeReentrantRead(body)
    }
  }

  /// Calls `body`, which reads a lot and writes nothing, within one snapshot.
  package func reading<T>(_ body: () throws -> T) throws -> T {
    try translating { try queue.read { _ in try body() } }
  }

  func translating<T>(_ body: () throws -> T) throws -> T {
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
        "io.enospc", "cannot write '\(name)': \(words) (ENOSPC, SQLITE_FULL)",
        fix: "free some space, then type 'orchestrate resume'"
      ).failure(.io)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return Diagnostic(
        // SQLite says so as well where it could not read its own tables' descriptions.
        "store.damaged", "'\(name)' is damaged: \(words) (\(SQLiteCode.name(error)))",
        fix: "'orchestrate verify' looks whether it is; '--repair' sets it aside, "
          + "'orchestrate restore' brings a backup back"
      ).failure(.io)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Diagnostic(
        "run.locked", "'\(name)' is in use by another program: \(words)",
        fix: "close it, then try again"
      ).failure(.locked)
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_NOMEM, .SQLITE_NOLFS:
      return Diagnostic(
        "io.database", "cannot use '\(name)': \(words) (\(SQLiteCode.name(error)))",
        fix: "check the disk and its free space, then type 'orchestrate resume'"
      ).failure(.io)
    case .SQLITE_PERM, .SQLITE_AUTH:
      return Diagnostic("io.database", "cannot use '\(name)': \(words) (\(SQLiteCode.name(error)))")
        .failure(.permission)
    default:
      return Diagnostic("internal.database", "'\(name)': \(words)").failure(.internal)
    }
  }
}
