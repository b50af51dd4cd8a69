internal import GRDB
private import Glibc

extension RunStore {
  /// The file of a database that nobody changes for a while.
  package struct StillFile {
    /// Stays open as long as this process: to close it would take away the locks that SQLite holds on
    /// the file (sqlite.org/howtocorrupt.html, section 2.2).
    package let descriptor: Int32
    package let path: String
    package let bytes: Int
    /// How a copy begins that needs no journal beside it: the file's first bytes, but for the two
    /// that ask for a write-ahead log (sqlite.org/fileformat2.html, section 1.3).
    package let beginning: [UInt8]
  }

  /// Calls `body` while the file stands still and holds everything; what the store reads meanwhile is
  /// of the same instant. Others may go on writing: into their journal.
  ///
  /// SQLite lets nobody write into the file beside a reader of it. In WAL mode the reader's instant
  /// is in the file alone when the log is empty after the reader has begun: a log it needed could not
  /// have been emptied.
  ///
  /// - Returns: nil, without the call, where a journal holds some of it.
  package func whileStill<T>(_ body: (StillFile) throws -> T) throws -> T? {
    try translating {
      try queue.read { db in
        // The first question makes the instant.
        let page = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        let bytes = try page * (Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0)
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM engine") == 1, isWithoutJournal,
          let file = still(path, bytes)
        else { return nil }
        return try body(file)
      }
    }
  }

  private var isWithoutJournal: Bool {
    ["-wal", "-journal"].allSatisfy { bytesOfFile(path + $0) == 0 }
  }
}

/// Nil unless the file holds so many bytes and is a database.
private func still(_ path: String, _ bytes: Int) -> RunStore.StillFile? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  if descriptor < 0 { return nil }
  var beginning = [UInt8](repeating: 0, count: 100)
  guard bytes > beginning.count, bytesOfFile(path) >= bytes,
    pread(descriptor, &beginning, beginning.count, 0) == beginning.count,
    beginning.starts(with: Array("SQLite format 3\0".utf8))
  else { return nil }
  beginning[18] = 1
  beginning[19] = 1
  return RunStore.StillFile(
    descriptor: descriptor, path: path, bytes: bytes, beginning: beginning)
}

/// 0 where there is none.
private func bytesOfFile(_ path: String) -> Int {
  var info = stat()
  return stat(path, &info) == 0 ? Int(info.st_size) : 0
}
